/** One authentication of one client by one SASL mechanism, as its server sees it (RFC 4422). */

/** Kafka leaves the state of what failed; here an exchange that is over is dropped. */
export type SaslStep =
  | { readonly kind: 'more'; readonly token: Uint8Array }
  | { readonly kind: 'done'; readonly token: Uint8Array; readonly user: string }
  /** `message`: what the client may know; null: that it failed, and nothing more. */
  | { readonly kind: 'failed'; readonly message: string | null };

export interface SaslExchange {
  /** Takes the client's next token. Not called again once it is done or has failed. */
  evaluate(token: Uint8Array): SaslStep;
}

export function failed(message: string | null): SaslStep {
  return { kind: 'failed', message };
}

/** Takes as long wherever they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] ?? 0);
  return difference === 0;
}
