/**
 * A client node in this process that talks to a cluster anywhere: admin client, producer or
 * consumer, with their commands as promises. It remembers which addresses could be reached.
 */
import { addressText } from '../../kafka/base/address-text.ts';
import type { ClientCommand, CommandResult } from '../../kafka/client/commands.ts';
import { loginOf, splitSecurity } from '../../kafka/config/client-security.ts';
import type { Codecs, Host, Node } from '../../kafka/host.ts';
import type { LoginSettings } from '../../kafka/security/login.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import { clientTls } from '../network/client-tls.ts';
import type { Connection } from '../network/connection.ts';
import { type Ended, NodeProcess } from '../node-process.ts';
import { AddressWatch, type Reached } from './reached.ts';

export interface RemoteClientParts {
  readonly name: string;
  /** Its own keys, and those of `clientSecurityKeys`. */
  readonly config: Readonly<Record<string, string>>;
  readonly codecs: Codecs;
  readonly create: (
    host: Host,
    config: Record<string, string>,
    login: LoginSettings | null,
  ) => Node;
}

export class RemoteClient {
  /** By `host:port`, in order of first use. */
  private readonly watches = new Map<string, AddressWatch>();
  private readonly login: LoginSettings | null;
  private readonly process: NodeProcess;
  private broken: unknown = null;

  /**
   * Begins to connect at once. The configuration must be valid.
   * @throws ClientTlsProblem for certificates that cannot be used
   */
  constructor(parts: RemoteClientParts) {
    const { security, rest } = splitSecurity(parts.config);
    const login = loginOf(security);
    this.login = login;
    this.process = new NodeProcess({
      ...parts,
      config: rest,
      create: (host, config) => parts.create(host, config, login),
      securing: clientTls(security),
      listeners: {},
      disk: new MemoryDisk(),
      told: () => undefined,
      opened: (connection) => this.watch(connection),
      ended: (ended) => this.ended(ended),
    });
  }

  /** Rejects when the client itself is broken; whatever the cluster says is a result. */
  async ask(command: ClientCommand): Promise<CommandResult> {
    const result = await new Promise<CommandResult>((resolve) => this.start(command, resolve));
    if (this.broken !== null) throw this.broken;
    return result;
  }

  /** The same without a promise for each, for many. */
  start(command: ClientCommand, answered: (result: CommandResult) => void): void {
    this.process.command(command, answered);
  }

  /** Finishes what is under way for at most `timeoutMs` and ends the client. */
  async close(timeoutMs: number): Promise<void> {
    if (this.process.state === 'ended') return;
    await this.ask({ kind: 'close', timeoutMs });
    this.process.kill();
  }

  kill(): void {
    this.process.kill();
  }

  private ended(ended: Ended): void {
    if (ended.how === 'broken') this.broken = ended.error;
  }

  /** What became of each address, in order of first use. */
  get addresses(): ReadonlyMap<string, Reached> {
    return new Map([...this.watches].map(([address, { reached }]) => [address, reached]));
  }

  private watch(connection: Connection): void {
    const address = addressText(connection.peer);
    const watch = this.watches.get(address) ?? new AddressWatch(answersBefore(this.login));
    this.watches.set(address, watch);
    connection.watcher = watch.watcher();
  }
}

/** Versions, handshake and tokens: what a client is told before anything else. */
function answersBefore(login: LoginSettings | null): number {
  if (login === null) return 1;
  return login.mechanism === 'PLAIN' ? 3 : 4;
}
