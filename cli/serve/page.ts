/**
 * Puts the page on a local address for `trial view`, `trial run --open` and `npm start`, prints
 * where it is, and keeps it there until somebody interrupts.
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError, reasonOf } from '../errors.ts';
import type { Terminal } from '../terminal.ts';
import { openBrowser } from './open-browser.ts';
import { type Served, serve } from './static-server.ts';

export const DEFAULT_PORT = 4_180;
/** Without a wish for a port, the next free one is taken. */
const PORTS_TRIED = 20;

export interface PageOptions {
  /** Absent: the default one, or the next that is free. 0: any. */
  readonly port?: number;
  /** Also start the user's browser. */
  readonly open?: boolean;
  /** Traces, failures, scenarios. One is opened at once, of several a list is shown. */
  readonly files?: readonly string[];
  /** What stands behind the address: `?scenario=…`, `#v1.…`. */
  readonly query?: string;
}

/** From the bundle's main file and from its parts. */
const PLACES = ['../page/', '../../page/'];

function fromHere(place: string): string {
  return fileURLToPath(new URL(place, import.meta.url));
}

/** Beside the bundled command; `TRIAL_PAGE` names another place (tests, development). */
export function pageFolder(env: Terminal['env']): string {
  const wished = env['TRIAL_PAGE'];
  const places = wished === undefined ? PLACES.map(fromHere) : [wished];
  const folder = places.find((one) => existsSync(join(one, 'index.html')));
  if (folder !== undefined) return folder;
  throw new CliError(74, `the page is not built: nothing is in ${places[0]}; run npm run build`);
}

/** Resolves when it was interrupted. */
export async function showPage(terminal: Terminal, options: PageOptions): Promise<void> {
  const folder = pageFolder(terminal.env);
  const { files = [] } = options;
  const named = new Map(files.map((file) => [`files/${basename(file)}`, file]));
  const list = JSON.stringify([...named.keys()].map((path) => basename(path)));
  const texts = new Map(files.length > 1 ? [['files/index.json', list]] : []);
  const served = await serveSomewhere(options.port, (port) =>
    serve({ folder, port, files: named, texts }),
  );
  const url = served.url + queryOf([...named.keys()], options.query);
  terminal.out(`${url}\n`);
  terminal.err('serving the page on this machine only; Ctrl-C ends it\n');
  if (options.open === true) {
    openBrowser(url, (why) => terminal.err(`no browser could be started: ${why}\n`));
  }
  await terminal.untilInterrupted();
  await served.close();
}

function queryOf(paths: readonly string[], query: string | undefined): string {
  const [only] = paths;
  if (only === undefined) return query ?? '';
  if (paths.length > 1) return '?list=files/index.json';
  return `?open=${encodeURIComponent(only).replaceAll('%2F', '/')}`;
}

async function serveSomewhere(
  wished: number | undefined,
  start: (port: number) => Promise<Served>,
): Promise<Served> {
  const first = wished ?? DEFAULT_PORT;
  const last = wished === undefined ? first + PORTS_TRIED - 1 : first;
  for (let port = first; ; port += 1) {
    try {
      return await start(port);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === 'EADDRINUSE' && port < last) continue;
      const why = code === 'EADDRINUSE' ? 'something else listens there' : reasonOf(error);
      throw new CliError(74, `cannot serve the page on port ${port}: ${why}`);
    }
  }
}
