/** Cryptography of the real world: Node's. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Crypto, HashName } from '../kafka/host.ts';

/** As Node calls them, with the length of what comes out. */
const HASHES: Readonly<Record<HashName, readonly [name: string, bytes: number]>> = {
  'SHA-256': ['sha256', 32],
  'SHA-512': ['sha512', 64],
};

export const nodeCrypto: Crypto = {
  hash: (name, bytes) => plain(createHash(HASHES[name][0]).update(bytes).digest()),
  hmac: (name, key, bytes) => plain(createHmac(HASHES[name][0], key).update(bytes).digest()),
  pbkdf2: (name, password, salt, iterations) => {
    const [digest, length] = HASHES[name];
    return plain(pbkdf2Sync(password, salt, iterations, length, digest));
  },
};

/** A Buffer's `slice` would share where ours copies. */
function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes);
}
