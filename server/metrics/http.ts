/** `/metrics` for Prometheus and `/healthz` for whoever restarts processes. */

import { createServer, type Server, type ServerResponse } from 'node:http';
import { addressText } from '../../kafka/base/address-text.ts';
import type { ServerMetrics } from './metrics.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly metrics: ServerMetrics;
  /** What does not serve, as `name: state`; empty while all is well. */
  readonly ailing: () => readonly string[];
}

export interface HttpEndpoint {
  readonly url: string;
  close(): void;
}

/** Rejects when the port cannot be had. */
export function serveHttp(options: HttpOptions): Promise<HttpEndpoint> {
  const { host, port, metrics, ailing } = options;
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(response, 405, 'text/plain', 'only GET\n');
    } else if (path === '/metrics') {
      answer(response, 200, metrics.contentType, await metrics.text());
    } else if (path === '/healthz') {
      const lines = ailing();
      if (lines.length === 0) answer(response, 200, 'text/plain', 'ok\n');
      else answer(response, 503, 'text/plain', `${lines.join('\n')}\n`);
    } else answer(response, 404, 'text/plain', '/metrics and /healthz are here\n');
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      const closing = (): void => {
        server.close();
        server.closeAllConnections();
      };
      resolve({ url: urlOf(server, host), close: closing });
    });
  });
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return `http://${addressText({ host, port })}`;
}

function answer(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'Content-Type': type }).end(text);
}
