/**
 * A client's talk with a cluster at a bootstrap address, for the commands that work like Kafka's
 * own tools. Whatever goes wrong on the way ends as one sentence and an exit code.
 */
import { loadCodecs } from '../../codecs/load.ts';
import { createAdminNode } from '../../kafka/client/admin/admin-node.ts';
import type { ClientCommand, CommandResult } from '../../kafka/client/commands.ts';
import { isForeign, type Reached } from '../../server/client/reached.ts';
import type { RemoteClientParts } from '../../server/client/remote-client.ts';
import { RemoteClient } from '../../server/client/remote-client.ts';
import { ClientTlsProblem } from '../../server/network/client-tls.ts';
import { CliError, inputError } from '../errors.ts';
import type { ConnectOptions } from './connect-options.ts';
import { adminConfig } from './connect-options.ts';
import { hiddenWords, unreachableWords } from './unreachable.ts';

/** A cluster that starts just now may refuse connections for a moment. */
const REFUSED_FOR_MS = 3_000;
const LOOK_EVERY_MS = 50;
/**
 * A broker that has come up answers within these 5 s. In looks, as a busy process that slept over the
 * answer has not looked either.
 */
const SILENT_LOOKS = 100;
const CLOSE_MS = 5_000;

export class Session {
  readonly client: RemoteClient;
  private readonly bootstrap: readonly string[];
  private readonly startedAtMs = performance.now();
  private readonly unreachable: Promise<never>;
  /** In how many looks somebody had come up who said nothing. */
  private silentLooks = 0;
  private watch: NodeJS.Timeout | null = null;
  private readonly warn: (text: string) => void;
  private readonly warnedOf = new Set<string>();

  /** Use `openSession`. */
  constructor(client: RemoteClient, bootstrap: readonly string[], warn: (text: string) => void) {
    this.client = client;
    this.bootstrap = bootstrap;
    this.warn = warn;
    this.unreachable = new Promise((_, reject) => {
      this.watch = setInterval(() => this.look(reject), LOOK_EVERY_MS);
    });
    this.unreachable.catch(() => undefined);
  }

  /** What came of a command that may fail with one of these errors. */
  async attempt(
    command: ClientCommand,
    mayFailWith: readonly string[] = ['UnsupportedVersionException'],
  ): Promise<CommandResult> {
    const result = await Promise.race([this.client.ask(command), this.unreachable]);
    if (result.kind === 'failed' && !mayFailWith.includes(result.error)) throw this.failure(result);
    return result;
  }

  /** Rejects with an error for `main` when it failed as a whole. */
  async ask(command: ClientCommand): Promise<CommandResult> {
    const result = await this.attempt(command);
    if (result.kind === 'failed') throw this.failure(result);
    return result;
  }

  /** As `ask`, for a result of one kind. */
  async expect<Kind extends CommandResult['kind']>(
    kind: Kind,
    command: ClientCommand,
  ): Promise<CommandResult & { readonly kind: Kind }> {
    const result = await this.ask(command);
    if (result.kind === kind) return result as CommandResult & { readonly kind: Kind };
    throw new Error(`${command.kind} was answered with ${result.kind}`);
  }

  /** Rejects as soon as it is clear that nobody answers. */
  async whileReachable<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.unreachable]);
  }

  /** What a failed command means to the user. */
  failure({ error, message }: CommandResult & { readonly kind: 'failed' }): CliError {
    if (error !== 'TimeoutException') return refused(error, message);
    return new CliError(74, unreachableWords(this.bootstrap, this.client.addresses, message));
  }

  async close(timeoutMs = CLOSE_MS): Promise<void> {
    if (this.watch !== null) clearInterval(this.watch);
    await this.client.close(timeoutMs);
  }

  /** Without waiting for anything. */
  abandon(): void {
    if (this.watch !== null) clearInterval(this.watch);
    this.client.kill();
  }

  /** Clients that know a broker by an address that they cannot reach try for minutes. */
  private warnOfHidden(): void {
    for (const [address, reached] of this.client.addresses) {
      if (reached === null || typeof reached === 'string') continue;
      if (this.bootstrap.includes(address) || this.warnedOf.has(address)) continue;
      this.warnedOf.add(address);
      this.warn(`warning: ${hiddenWords(address, reached)}\n`);
    }
  }

  private mayStillCome(reached: readonly Reached[]): boolean {
    const isSilent = reached.includes('silent');
    if (isSilent) this.silentLooks += 1;
    if (performance.now() - this.startedAtMs < REFUSED_FOR_MS) return true;
    return reached.includes('connecting') || (isSilent && this.silentLooks < SILENT_LOOKS);
  }

  /** Gives up once every address has refused for a while; what hangs may still come. */
  private look(reject: (reason: CliError) => void): void {
    const reached = [...this.client.addresses.values()];
    if (reached.includes(null)) return this.warnOfHidden();
    if (reached.length < this.bootstrap.length) return;
    if (!reached.every(isForeign) && this.mayStillCome(reached)) return;
    reject(new CliError(74, unreachableWords(this.bootstrap, this.client.addresses, '')));
  }
}

/** The cluster said no. */
export function refused(error: string, message: string | null): CliError {
  return new CliError(1, message === null || message === '' ? error : `${error}: ${message}`);
}

/** `warn` hears of brokers that cannot be reached while others can. */
export async function openSession(
  parts: Omit<RemoteClientParts, 'codecs'>,
  bootstrap: readonly string[],
  warn: (text: string) => void = () => undefined,
): Promise<Session> {
  const codecs = await loadCodecs();
  try {
    return new Session(new RemoteClient({ ...parts, codecs }), bootstrap, warn);
  } catch (error) {
    if (error instanceof ClientTlsProblem) throw inputError(error.message);
    throw error;
  }
}

/** Opens an admin client for `work` and closes it, whatever comes of it. */
export async function withAdmin<T>(
  options: ConnectOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const config = adminConfig(options);
  const parts = { name: 'admin', config, create: createAdminNode };
  const session = await openSession(parts, options.bootstrapServer);
  try {
    return await work(session);
  } finally {
    session.abandon();
  }
}
