/**
 * TLS of one listener (Kafka: SslChannelBuilder, DefaultSslEngineFactory): its certificate and
 * key, whom it trusts, and the handshake, before which a node hears nothing of a connection.
 */
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import {
  createSecureContext,
  createServer,
  type SecureVersion,
  type Server,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls';
import { type BrokerConfig, brokerConfigs } from '../../kafka/config/broker.ts';
import { protocolOf, usesSasl, usesTls } from '../../kafka/config/listener-security.ts';
import { LISTENER_PREFIX, parseConfig } from '../../kafka/config/parse.ts';
import { asLines, certificateProblem } from './pem.ts';

/** Whoever has not shown who it is by then is dropped. */
const HANDSHAKE_MS = 30_000;
/** Handshakes under way; one more, and the oldest is dropped. A node does not hear of them. */
const MOST_SHAKING = 1_000;

/** Told from which host, and why it was not let in. */
export type Refused = (host: string, why: string) => void;

export class TlsListener {
  private readonly server: Server;
  /** By whom they are with; the oldest first. */
  private readonly shaking = new Map<string, Socket>();
  private readonly hosts = new WeakMap<Socket, string>();
  private onSecured: (socket: TLSSocket) => void = () => {};
  private onRefused: Refused = () => {};

  constructor(options: TlsOptions, clientAuth: ClientAuth, handshakeMs = HANDSHAKE_MS) {
    this.server = createServer({
      ...options,
      requestCert: clientAuth !== 'none',
      rejectUnauthorized: clientAuth === 'required',
      handshakeTimeout: handshakeMs,
    });
    this.server.on('secureConnection', (socket) => {
      // One that shows a certificate has to show a good one, though it need not show any.
      const shown = socket.getPeerX509Certificate() !== undefined;
      this.shaking.delete(peerOf(socket));
      if (shown && !socket.authorized) this.refuse(socket, String(socket.authorizationError));
      else {
        // A client could keep a processor busy with it (Kafka: SslTransportLayer refuses it, too).
        // Node tells of the error, and would go on all the same.
        socket.disableRenegotiation();
        socket.on('error', () => socket.destroy());
        this.onSecured(socket);
      }
    });
    this.server.on('tlsClientError', (error, socket) => {
      // Of a certificate that was not good enough nothing is left but this.
      const why = socket.authorizationError ?? reasonOf(error);
      if (why === null) socket.destroy();
      else this.refuse(socket, String(why));
    });
  }

  /** After a time-out Node leaves the socket open. */
  private refuse(socket: TLSSocket, why: string): void {
    // Where Node has destroyed it itself, for a bad certificate, only the socket below is known.
    const below: unknown = Reflect.get(socket, '_parent');
    const known = below instanceof Socket ? this.hosts.get(below) : undefined;
    this.onRefused(socket.remoteAddress ?? known ?? 'unknown', `SSL handshake failed: ${why}`);
    socket.destroy();
  }

  /**
   * @param secured is called once the handshake has succeeded
   * @param refused for those that were not let in
   */
  accept(socket: Socket, secured: (socket: TLSSocket) => void, refused: Refused): void {
    const peer = peerOf(socket);
    this.onRefused = refused;
    this.shaking.set(peer, socket);
    this.hosts.set(socket, socket.remoteAddress ?? 'unknown');
    socket.once('close', () => {
      if (this.shaking.get(peer) === socket) this.shaking.delete(peer);
    });
    const [oldest] = this.shaking.values();
    if (this.shaking.size > MOST_SHAKING) oldest?.destroy();
    this.onSecured = secured;
    this.server.emit('connection', socket);
  }

  /** Drops who is not through its handshake yet. */
  release(): void {
    this.onSecured = (socket) => socket.destroy();
    for (const socket of this.shaking.values()) socket.destroy();
  }
}

/** null: its client went away, of which there is nothing to say. */
function reasonOf(error: NodeJS.ErrnoException & { readonly reason?: string }): string | null {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return null;
  return error.reason ?? error.code ?? error.message;
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

type ClientAuth = 'none' | 'requested' | 'required';

/** Of a listener of this configuration; null: it has no TLS. @throws TlsProblem */
export function tlsListener(
  raw: Readonly<Record<string, string>>,
  listener: string,
): TlsListener | null {
  const config = parseConfig(brokerConfigs, raw, { at: 'listener' });
  const protocol = protocolOf(config.get('listener.security.protocol.map'), listener);
  if (protocol === null || !usesTls(protocol)) return null;
  const keyPassword = config.ofListener(listener, 'ssl.key.password');
  const keystore = fileOf(config, listener, 'ssl.keystore.location');
  const ca = trusted(config, listener);
  const versions = config.ofListener(listener, 'ssl.enabled.protocols') as SecureVersion[];
  const chain = keystore ?? textOf(config, listener, 'ssl.keystore.certificate.chain') ?? '';
  checkCertificates(listener, 'its keystore', chain);
  const options: TlsOptions = {
    cert: chain,
    key: keystore ?? textOf(config, listener, 'ssl.keystore.key') ?? '',
    ...(keyPassword === null ? {} : { passphrase: keyPassword }),
    ...(ca === null ? {} : { ca }),
    minVersion: versions.includes('TLSv1.2') ? 'TLSv1.2' : 'TLSv1.3',
    maxVersion: versions.includes('TLSv1.3') ? 'TLSv1.3' : 'TLSv1.2',
  };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new TlsProblem(listener, 'its certificate and key cannot be used', error);
  }
  // With SASL a certificate is asked for only where the listener itself says so (KIP-684).
  const own = `${LISTENER_PREFIX}${listener.toLowerCase()}.ssl.client.auth`;
  const asks = !usesSasl(protocol) || raw[own] !== undefined;
  const auth = asks ? config.ofListener(listener, 'ssl.client.auth') : 'none';
  return new TlsListener(options, auth);
}

/** What stands in files or in PEM texts and is of no use. */
export class TlsProblem extends Error {
  constructor(listener: string, what: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`listener ${listener}: ${what}: ${why}`, { cause });
    this.name = 'TlsProblem';
  }
}

function textOf(
  config: BrokerConfig,
  listener: string,
  key: 'ssl.keystore.certificate.chain' | 'ssl.keystore.key' | 'ssl.truststore.certificates',
): string | null {
  const text = config.ofListener(listener, key);
  return text === null ? null : asLines(text);
}

function trusted(config: BrokerConfig, listener: string): string | null {
  const text =
    fileOf(config, listener, 'ssl.truststore.location') ??
    textOf(config, listener, 'ssl.truststore.certificates');
  if (text !== null) checkCertificates(listener, 'its truststore', text);
  return text;
}

function checkCertificates(listener: string, what: string, text: string): void {
  const problem = certificateProblem(text);
  if (problem !== null) throw new TlsProblem(listener, `${what} ${problem.what}`, problem.why);
}

function fileOf(
  config: BrokerConfig,
  listener: string,
  key: 'ssl.keystore.location' | 'ssl.truststore.location',
): string | null {
  const path = config.ofListener(listener, key);
  if (path === null) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new TlsProblem(listener, `${key} cannot be read`, error);
  }
}

/**
 * The name in a peer's certificate as Kafka has it by default: `CN=alice,OU=it,O=acme`
 * (X500Principal.getName, RFC 2253: the last part first). undefined: it showed none.
 */
export function certificateName(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  return certificate.subject.split('\n').reverse().join(',').replaceAll(' + ', '+');
}
