/** Who a connection belongs to (Kafka: KafkaPrincipal). */
export interface Principal {
  /** `User`; ACLs may name other types, which nobody has. */
  readonly type: string;
  readonly name: string;
}

/** Whoever comes in over PLAINTEXT, or over TLS without a certificate. */
export const ANONYMOUS: Principal = { type: 'User', name: 'ANONYMOUS' };

export function userPrincipal(name: string): Principal {
  return { type: 'User', name };
}

/** `User:alice` */
export function principalText({ type, name }: Principal): string {
  return `${type}:${name}`;
}

export function samePrincipal(a: Principal, b: Principal): boolean {
  return a.type === b.type && a.name === b.name;
}
