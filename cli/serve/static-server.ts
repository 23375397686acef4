/**
 * Serves the page, and beside it the files that were named on the command line, on loopback only.
 * What can be asked for is a list made beforehand, so no path leads anywhere else; a request under
 * a foreign host name (DNS rebinding) is refused.
 */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, relative, sep } from 'node:path';

/** The policy of `viz/index.html`, and what only a header can say. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob: data:",
  "base-uri 'none'",
  "form-action 'none'",
];

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [...POLICY, "frame-ancestors 'none'"].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.trial': 'application/octet-stream',
};

const LOOPBACK = '127.0.0.1';
const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface ServeOptions {
  /** The built page. */
  readonly folder: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Served besides: path on the server → file. */
  readonly files?: ReadonlyMap<string, string>;
  /** Served besides: path on the server → text. */
  readonly texts?: ReadonlyMap<string, string>;
}

export interface Served {
  /** `http://127.0.0.1:4180/` */
  readonly url: string;
  close(): Promise<void>;
}

/** Rejects with the error of the port when it cannot be had. */
export async function serve(options: ServeOptions): Promise<Served> {
  const known = filesIn(options.folder);
  for (const [path, file] of options.files ?? []) known.set(path, file);
  const server = createServer((request, response) =>
    answer(request, response, { known, texts: options.texts ?? new Map() }),
  );
  await listening(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

interface Shelf {
  readonly known: ReadonlyMap<string, string>;
  readonly texts: ReadonlyMap<string, string>;
}

function answer(request: IncomingMessage, response: ServerResponse, shelf: Shelf): void {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (!LOOPBACK_NAMES.has(host)) return refuse(response, 403);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405);
  const path = pathOf(request.url ?? '/');
  if (path === null) return refuse(response, 400);
  const text = shelf.texts.get(path);
  const file = shelf.known.get(path);
  const isHead = request.method === 'HEAD';
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  if (text !== undefined) {
    response.writeHead(200, { ...HEADERS, 'Content-Type': type });
    response.end(isHead ? '' : text);
  } else if (file === undefined) refuse(response, 404);
  else sendFile(response, { file, type, isHead });
}

/** The path asked for, `index.html` for the root; null when it cannot be read. */
function pathOf(url: string): string | null {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '').replace(/^\/+/, '');
    return path === '' ? 'index.html' : path;
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return null;
  }
}

function sendFile(
  response: ServerResponse,
  { file, type, isHead }: { file: string; type: string; isHead: boolean },
): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) return refuse(response, 404);
  response.writeHead(200, { ...HEADERS, 'Content-Type': type, 'Content-Length': size });
  if (isHead) {
    response.end();
    return;
  }
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${status}\n`);
}

/** Path with '/' from the folder → file. */
function filesIn(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    found.set(relative(folder, file).split(sep).join('/'), file);
  }
  return found;
}
