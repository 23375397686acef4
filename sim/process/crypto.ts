/**
 * The cryptography of simulated hosts: @noble/hashes, in plain JavaScript, so that it gives the
 * same bytes in Node and in a browser's worker without waiting for anything. It takes its time.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import type { Crypto, HashName } from '../../kafka/host.ts';
import type { Process } from './process.ts';
import type { ServiceTimes } from './service-times.ts';

const HASHES = { 'SHA-256': sha256, 'SHA-512': sha512 } as const;

export const simCrypto: Crypto = {
  hash: (name, bytes) => HASHES[name](bytes),
  hmac: (name, key, bytes) => hmac(HASHES[name], key, bytes),
  pbkdf2: (name, password, salt, iterations) =>
    pbkdf2(HASHES[name], password, salt, { c: iterations, dkLen: HASHES[name].outputLen }),
};

export class HostCrypto implements Crypto {
  private readonly process: Process;
  private readonly serviceTimes: ServiceTimes;

  constructor(process: Process, serviceTimes: ServiceTimes) {
    this.process = process;
    this.serviceTimes = serviceTimes;
  }

  hash(name: HashName, bytes: Uint8Array): Uint8Array {
    this.spend(1);
    return simCrypto.hash(name, bytes);
  }

  hmac(name: HashName, key: Uint8Array, bytes: Uint8Array): Uint8Array {
    this.spend(2);
    return simCrypto.hmac(name, key, bytes);
  }

  pbkdf2(name: HashName, password: Uint8Array, salt: Uint8Array, iterations: number): Uint8Array {
    this.spend(2 * iterations);
    return simCrypto.pbkdf2(name, password, salt, iterations);
  }

  /** What is hashed here is short: a block or two each. */
  private spend(hashes: number): void {
    this.process.costNs += hashes * this.serviceTimes.hashNs;
  }
}
