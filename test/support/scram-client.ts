/** The client's side of SCRAM (RFC 5802), with Node's cryptography and nothing of ours. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

export type ScramHash = 'sha256' | 'sha512';

export class ScramClient {
  private readonly hash: ScramHash;
  private readonly password: string;
  private readonly bare: string;
  private authMessage = '';
  private salted: Buffer = Buffer.alloc(0);

  constructor(hash: ScramHash, user: string, password: string, nonce = 'fyko+d2lbbFgONRv9qkxdawL') {
    const name = user.replaceAll('=', '=3D').replaceAll(',', '=2C');
    this.hash = hash;
    this.password = password;
    this.bare = `n=${name},r=${nonce}`;
  }

  first(): Uint8Array {
    return Buffer.from(`n,,${this.bare}`);
  }

  /** @param repeats what stands before the nonce once more, as some clients have it. */
  final(serverFirst: Uint8Array, repeats = ''): Uint8Array {
    const text = Buffer.from(serverFirst).toString();
    const [, nonce, salt, iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(
      text,
    ) as unknown as string[];
    this.salted = saltedPassword(
      this.hash,
      this.password,
      Buffer.from(salt!, 'base64'),
      Number(iterations),
    );
    const clientKey = this.hmac(this.salted, 'Client Key');
    const storedKey = createHash(this.hash).update(clientKey).digest();
    const withoutProof = `c=biws,r=${repeats}${nonce}`;
    this.authMessage = `${this.bare},${text},${withoutProof}`;
    const signature = this.hmac(storedKey, this.authMessage);
    const proof = clientKey.map((byte, i) => byte ^ signature[i]!);
    return Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`);
  }

  /** Whether the server has shown that it knows the password, too. */
  trusts(serverFinal: Uint8Array): boolean {
    const signature = this.hmac(this.hmac(this.salted, 'Server Key'), this.authMessage);
    return Buffer.from(serverFinal).toString() === `v=${signature.toString('base64')}`;
  }

  private hmac(key: Uint8Array, text: string): Buffer {
    return createHmac(this.hash, key).update(text).digest();
  }
}

export function saltedPassword(
  hash: ScramHash,
  password: string,
  salt: Uint8Array,
  iterations: number,
): Buffer {
  return pbkdf2Sync(password, salt, iterations, hash === 'sha256' ? 32 : 64, hash);
}
