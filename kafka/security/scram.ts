/**
 * The arithmetic of SCRAM (RFC 5802, RFC 7677; Kafka: ScramFormatter, ScramMechanism): what a
 * server keeps instead of a password, and how a client proves that it knows the password.
 */
import { encodeText } from '../base/text.ts';
import type { Crypto, HashName } from '../host.ts';

export interface ScramMechanism {
  readonly name: 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  /** ScramMechanism.type of the protocol. */
  readonly id: number;
  readonly hash: HashName;
}

export const scramMechanisms: readonly ScramMechanism[] = [
  { name: 'SCRAM-SHA-256', id: 1, hash: 'SHA-256' },
  { name: 'SCRAM-SHA-512', id: 2, hash: 'SHA-512' },
];

export const MIN_ITERATIONS = 4096;
export const MAX_ITERATIONS = 16_384;

/** What the metadata log keeps of a user and a mechanism. */
export interface ScramCredential {
  readonly salt: Uint8Array;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
  readonly iterations: number;
}

export class ScramFormatter {
  private readonly crypto: Crypto;
  private readonly hashName: HashName;

  constructor(crypto: Crypto, { hash }: ScramMechanism) {
    this.crypto = crypto;
    this.hashName = hash;
  }

  /** Kafka does not normalize passwords (no SASLprep): their UTF-8 bytes. */
  saltedPassword(password: string, salt: Uint8Array, iterations: number): Uint8Array {
    return this.crypto.pbkdf2(this.hashName, encodeText(password), salt, iterations);
  }

  credential(salted: Uint8Array, salt: Uint8Array, iterations: number): ScramCredential {
    const storedKey = this.hash(this.clientKey(salted));
    return { salt, storedKey, serverKey: this.hmac(salted, 'Server Key'), iterations };
  }

  clientKey(saltedPassword: Uint8Array): Uint8Array {
    return this.hmac(saltedPassword, 'Client Key');
  }

  /** @param authMessage the three messages of the exchange, without the proof. */
  clientSignature(storedKey: Uint8Array, authMessage: string): Uint8Array {
    return this.hmac(storedKey, authMessage);
  }

  /** The stored key that a proof belongs to. */
  provenKey(proof: Uint8Array, storedKey: Uint8Array, authMessage: string): Uint8Array {
    return this.hash(xor(proof, this.clientSignature(storedKey, authMessage)));
  }

  serverSignature(serverKey: Uint8Array, authMessage: string): Uint8Array {
    return this.hmac(serverKey, authMessage);
  }

  private hash(bytes: Uint8Array): Uint8Array {
    return this.crypto.hash(this.hashName, bytes);
  }

  private hmac(key: Uint8Array, text: string): Uint8Array {
    return this.crypto.hmac(this.hashName, key, encodeText(text));
  }
}

export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] ?? 0));
}
