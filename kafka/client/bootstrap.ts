/** Reads `bootstrap.servers`: `host:port` entries, with `[v6]:port` for literal addresses. */
import type { Address } from '../host.ts';

/** @throws RangeError when an entry is not `host:port`, or there is none. */
export function parseBootstrapServers(entries: readonly string[]): Address[] {
  const addresses: Address[] = [];
  for (const entry of entries) {
    const colon = entry.lastIndexOf(':');
    const host = entry.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
    const port = Number(entry.slice(colon + 1));
    if (colon <= 0 || host === '' || !Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new RangeError(`bootstrap.servers: '${entry}' is not host:port`);
    }
    addresses.push({ host, port });
  }
  if (addresses.length === 0) throw new RangeError('bootstrap.servers names no address');
  return addresses;
}
