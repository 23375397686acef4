/**
 * Addresses of clients as ACLs name them: as Java writes them, an IPv6 address with all of its eight
 * numbers (InetAddress.getHostAddress). What is no address, as the names of the laboratory's nodes,
 * stays as it is.
 */
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const GROUPS = 8;

export function hostText(host: string): string {
  const groups = ipv6Groups(host);
  return groups === null ? host : groups.map((one) => one.toString(16)).join(':');
}

/** For an Envelope; a host without an address counts as this machine. */
export function hostBytes(host: string): Uint8Array {
  if (IPV4.test(host)) return new Uint8Array(host.split('.').map(Number));
  const groups = ipv6Groups(host);
  if (groups === null) return new Uint8Array([127, 0, 0, 1]);
  return new Uint8Array(groups.flatMap((one) => [one >> 8, one & 255]));
}

/** null: neither of the two kinds of addresses. */
export function hostOfBytes(bytes: Uint8Array): string | null {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 2 * GROUPS) return null;
  const groups: string[] = [];
  for (let i = 0; i < bytes.length; i += 2) {
    groups.push((((bytes[i] as number) << 8) | (bytes[i + 1] as number)).toString(16));
  }
  return groups.join(':');
}

function ipv6Groups(host: string): number[] | null {
  const [address] = host.split('%');
  if (address === undefined || !/^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(address)) return null;
  const [head, tail, more] = address
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':')));
  if (head === undefined || more !== undefined) return null;
  const missing = GROUPS - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const zeros = new Array<string>(missing).fill('0');
  const groups = [...head, ...zeros, ...(tail ?? [])].map((one) => Number.parseInt(one, 16));
  return groups.every((one) => one >= 0 && one <= 0xffff) ? groups : null;
}
