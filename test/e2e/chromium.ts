/** Finds the browser of the machine; none is downloaded. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** null: there is none, or what `CHROMIUM` names is not there. */
export function findChromium(): string | null {
  const wished = process.env['CHROMIUM'];
  const places = wished === undefined ? PLACES : [wished];
  return places.find((place) => existsSync(place)) ?? null;
}

/** With a profile of its own, and quiet: no sandbox (for root), no GPU, no calls home. */
export function launch(executablePath: string, args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  });
}
