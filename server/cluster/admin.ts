/** What operators can ask of a cluster, as promises: an admin client of our own behind them. */
import type {
  ClientCommand,
  CommandResult,
  NewTopic,
  OperatorCommand,
  TopicDescription,
} from '../../kafka/client/commands.ts';
import type { Machine } from './machine.ts';

/** A command that was refused, or of which one part was. */
export class AdminError extends Error {
  /** Kafka's name of it: `TOPIC_ALREADY_EXISTS`, `TimeoutException`. */
  readonly error: string;
  constructor(error: string, message: string) {
    super(`${error}: ${message}`);
    this.name = 'AdminError';
    this.error = error;
  }
}

export type TopicOptions = { readonly name: string } & Partial<Omit<NewTopic, 'name'>>;

export const ADMIN_CLIENT_ID = 'trial-admin';

const TIMEOUT_MS = 30_000;

type Untimed<C> = C extends { readonly timeoutMs: number } ? Omit<C, 'timeoutMs'> : C;

export class ClusterAdmin {
  private readonly machine: Machine;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Any command of an operator, with its own result. Rejects when it failed as a whole. */
  async ask(command: Untimed<OperatorCommand>, timeoutMs = TIMEOUT_MS): Promise<CommandResult> {
    return this.command({ ...command, timeoutMs } as OperatorCommand);
  }

  /** Without further options: one partition, as many replicas as the brokers' default. */
  async createTopic(topic: TopicOptions): Promise<void> {
    const asked = { partitions: -1, replicationFactor: -1, config: {}, ...topic };
    succeeded(await this.ask({ kind: 'createTopics', topics: [asked] }));
  }

  async deleteTopic(name: string): Promise<void> {
    succeeded(await this.ask({ kind: 'deleteTopics', topics: [name] }));
  }

  async describeTopics(topics: readonly string[]): Promise<readonly TopicDescription[]> {
    const result = await this.command({ kind: 'describeTopics', topics });
    return result.kind === 'topicsDescribed' ? result.topics : [];
  }

  /** Keys of a topic (`null` takes one back). */
  async alterTopicConfig(
    topic: string,
    config: Readonly<Record<string, string | null>>,
  ): Promise<void> {
    const set: Record<string, string> = {};
    const gone: string[] = [];
    for (const [key, value] of Object.entries(config)) {
      if (value === null) gone.push(key);
      else set[key] = value;
    }
    const resource = { type: 'topic', name: topic } as const;
    const change = { resource, set, delete: gone, append: {}, subtract: {} };
    succeeded(await this.ask({ kind: 'alterConfigs', changes: [change] }));
  }

  private async command(command: ClientCommand): Promise<CommandResult> {
    const process = this.machine.process;
    if (process === null) throw new AdminError('IllegalStateException', 'the cluster is closed');
    const result = await new Promise<CommandResult>((resolve) => process.command(command, resolve));
    if (result.kind === 'failed') throw new AdminError(result.error, result.message);
    return result;
  }
}

/** Rejects for the first part of a result that has an error. */
export function succeeded(result: CommandResult): void {
  if (result.kind !== 'operated' && result.kind !== 'topicsCreated') return;
  const wrong = result.results.find((one) => one.error !== 'NONE');
  if (wrong !== undefined) throw new AdminError(wrong.error, wrong.message ?? wrong.name);
}
