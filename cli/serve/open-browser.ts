/** Starts the user's own browser, as the platform does it. */
import { spawn } from 'node:child_process';

/** `failed` is told when there is none; the page is served all the same. */
export function openBrowser(url: string, failed: (why: string) => void): void {
  const [command, args] = commandFor(url, process.platform);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', (error: NodeJS.ErrnoException) =>
    failed(error.code === 'ENOENT' ? `there is no ${command}` : error.message),
  );
  child.unref();
}

function commandFor(url: string, platform: NodeJS.Platform): [string, string[]] {
  if (platform === 'darwin') return ['open', [url]];
  if (platform === 'win32') return ['cmd', ['/c', 'start', '""', url.replaceAll('&', '^&')]];
  return ['xdg-open', [url]];
}
