/** Certificates for tests, made by the openssl command while they run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasOpenssl = spawnSync('openssl', ['version']).error === undefined;
if (!hasOpenssl) console.warn('NOTICE: no openssl here, tests of TLS are SKIPPED');

export interface Certificate {
  readonly cert: string;
  /** PKCS #8. */
  readonly key: string;
}

/** Somebody who vouches for others, in a folder of its own. */
export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'trial-tls-'));
  readonly cert: string;

  constructor() {
    const subject = ['-subj', '/CN=Authority of a test'];
    this.openssl('req', '-x509', ...NEW_KEY, '-keyout', 'ca.key', '-out', 'ca.pem', ...subject);
    this.cert = this.read('ca.pem');
  }

  /**
   * @param subject as openssl takes it: `/O=acme/CN=alice`
   * @param hosts that it is good for: this machine, unless said otherwise
   */
  issue(subject: string, passphrase?: string, hosts = 'IP:127.0.0.1,DNS:localhost'): Certificate {
    const lock = passphrase === undefined ? ['-nodes'] : ['-passout', `pass:${passphrase}`];
    const key = NEW_KEY.filter((one) => one !== '-nodes');
    this.openssl('req', ...key, ...lock, '-keyout', 'a.key', '-out', 'a.csr', '-subj', subject);
    writeFileSync(join(this.folder, 'a.ext'), `subjectAltName=${hosts}\n`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'a.ext'];
    this.openssl('x509', '-req', '-in', 'a.csr', '-out', 'a.pem', '-days', '2', ...by);
    return { cert: this.read('a.pem'), key: this.read('a.key') };
  }

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
