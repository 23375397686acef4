/**
 * Other ways to the addresses that a node is told to connect to, such as through a proxy of its own
 * for each peer: a JSON object, `{ "127.0.0.1:9093": "127.0.0.1:40123" }`. What it does not name is
 * reached as it is called.
 */
import { addressText } from '../../kafka/base/address-text.ts';
import type { Address } from '../../kafka/host.ts';

export class LinkMap {
  private readonly ways: ReadonlyMap<string, Address>;

  constructor(ways: ReadonlyMap<string, Address>) {
    this.ways = ways;
  }

  /** Where to connect to for this address. */
  way(address: Address): Address {
    return this.ways.get(addressText(address)) ?? address;
  }
}

/** A file that is no map of links. */
export class InvalidLinkMap extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidLinkMap';
  }
}

/** @throws InvalidLinkMap */
export function readLinkMap(text: string): LinkMap {
  const ways = new Map<string, Address>();
  for (const [from, to] of Object.entries(objectIn(text))) {
    const target = typeof to === 'string' ? addressIn(to) : null;
    if (addressIn(from) === null) throw new InvalidLinkMap(`"${from}" is not host:port`);
    if (target === null)
      throw new InvalidLinkMap(`"${from}": ${JSON.stringify(to)} is not host:port`);
    ways.set(from, target);
  }
  return new LinkMap(ways);
}

function objectIn(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidLinkMap(error instanceof Error ? error.message : String(error));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InvalidLinkMap('expected an object of addresses');
}

/** `[::1]:9092` → ::1, 9092; null when it is no address. */
function addressIn(text: string): Address | null {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port };
}
