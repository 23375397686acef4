/** Addresses as text: `host:port`, where an IPv6 address stands in brackets (RFC 3986). */
export function addressText({ host, port }: { readonly host: string; readonly port: number }) {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** `[::1]` → `::1`; every other host is as it is. */
export function bareHost(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
