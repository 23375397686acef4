/**
 * TLS of a client (Kafka: SslChannelBuilder, DefaultSslEngineFactory in client mode): whom it
 * trusts, whether a certificate has to name the host, and what it shows itself.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect, createSecureContext, type SecureVersion } from 'node:tls';
import type { ClientSecurityConfig } from '../../kafka/config/client-security.ts';
import { usesTls } from '../../kafka/config/listener-security.ts';
import type { Securing } from './connection.ts';
import { asLines, certificateProblem } from './pem.ts';

/** A file or a PEM text that is of no use. */
export class ClientTlsProblem extends Error {
  constructor(what: string, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'ClientTlsProblem';
  }
}

/** null: the client talks without. @throws ClientTlsProblem */
export function clientTls(config: ClientSecurityConfig): Securing | null {
  if (!usesTls(config.get('security.protocol'))) return null;
  const named = config.get('ssl.endpoint.identification.algorithm') === 'https';
  const options: ConnectionOptions = {
    secureContext: contextOf(config),
    // The chain is judged in any case.
    ...(named ? {} : { checkServerIdentity: () => undefined }),
  };
  return (socket, host) =>
    connect({ ...options, socket, ...(isIP(host) === 0 ? { servername: host } : { host }) });
}

function contextOf(config: ClientSecurityConfig): ReturnType<typeof createSecureContext> {
  const keystore = fileOf(config, 'ssl.keystore.location');
  const cert = keystore ?? textOf(config, 'ssl.keystore.certificate.chain');
  const key = keystore ?? textOf(config, 'ssl.keystore.key');
  const ca =
    fileOf(config, 'ssl.truststore.location') ?? textOf(config, 'ssl.truststore.certificates');
  check('the keystore', cert);
  check('the truststore', ca);
  const passphrase = config.get('ssl.key.password');
  const versions = config.get('ssl.enabled.protocols') as SecureVersion[];
  try {
    return createSecureContext({
      ...(cert === null || key === null ? {} : { cert, key }),
      ...(passphrase === null ? {} : { passphrase }),
      ...(ca === null ? {} : { ca }),
      minVersion: versions.includes('TLSv1.2') ? 'TLSv1.2' : 'TLSv1.3',
      maxVersion: versions.includes('TLSv1.3') ? 'TLSv1.3' : 'TLSv1.2',
    });
  } catch (error) {
    throw new ClientTlsProblem('the certificates and keys of the client cannot be used', error);
  }
}

function check(what: string, certificates: string | null): void {
  const problem = certificates === null ? null : certificateProblem(certificates);
  if (problem !== null) throw new ClientTlsProblem(`${what} ${problem.what}`, problem.why);
}

function textOf(
  config: ClientSecurityConfig,
  key: 'ssl.keystore.certificate.chain' | 'ssl.keystore.key' | 'ssl.truststore.certificates',
): string | null {
  const text = config.get(key);
  return text === null ? null : asLines(text);
}

function fileOf(
  config: ClientSecurityConfig,
  key: 'ssl.keystore.location' | 'ssl.truststore.location',
): string | null {
  const path = config.get(key);
  if (path === null) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ClientTlsProblem(`${key} cannot be read`, error);
  }
}
