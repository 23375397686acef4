/**
 * Where `trial consume` reads: all partitions of some topics, found by looking again and again, or
 * what a group gives its member. Topics may come later, and more partitions may.
 */
import { createAdminNode } from '../../../kafka/client/admin/admin-node.ts';
import type { TopicDescription, TopicPartition } from '../../../kafka/client/commands.ts';
import { ErrorCode, errorMessage, errorName } from '../../../kafka/wire/errors.ts';
import { CliError } from '../../errors.ts';
import { adminConfigOf, type ConnectOptions } from '../connect-options.ts';
import { openSession, refused, type Session } from '../session.ts';
import { knownTopics } from '../topics/known-topics.ts';

export interface Source {
  /** Before each poll. @returns how long that may wait at most, ms. */
  prepare(): Promise<number>;
  close(): void;
}

interface Wanted extends ConnectOptions {
  readonly partition?: number;
  readonly offset?: number | 'earliest' | 'latest';
}

export interface SourceParts {
  readonly consumer: Session;
  /** Of the consumer; whoever looks at topics for it comes in as it does. */
  readonly config: Readonly<Record<string, string>>;
  readonly options: Wanted;
  /** A name, or what fits names. */
  readonly wanted: string | RegExp;
  readonly warn: (text: string) => void;
}

/** While nothing is there to read, and while something is. */
const LOOK_SOON_MS = 250;
const LOOK_AGAIN_MS = 5_000;

/** Waiting cures neither. */
const FINAL_ERRORS = [ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.INVALID_TOPIC_EXCEPTION];

/** Looks at the topics of the cluster now and then. */
abstract class Looking implements Source {
  protected readonly consumer: Session;
  protected readonly options: Wanted;
  private readonly config: SourceParts['config'];
  private readonly wanted: string | RegExp;
  private admin: Session | null = null;
  private readonly warn: (text: string) => void;
  private lookAtMs = 0;
  private hasWarned = false;

  constructor(parts: SourceParts) {
    this.consumer = parts.consumer;
    this.options = parts.options;
    this.config = parts.config;
    this.wanted = parts.wanted;
    this.warn = parts.warn;
  }

  async prepare(): Promise<number> {
    if (performance.now() >= this.lookAtMs) await this.look();
    return Math.ceil(Math.max(1, this.lookAtMs - performance.now()));
  }

  private async look(): Promise<void> {
    this.admin ??= await openSession(
      { name: 'admin', config: adminConfigOf(this.config), create: createAdminNode },
      this.options.bootstrapServer,
    );
    const { wanted } = this;
    const topics =
      typeof wanted === 'string'
        ? await namedTopic(this.admin, wanted)
        : (await knownTopics(this.admin)).filter(({ name }) => wanted.test(name));
    const isReading = await this.found(topics.filter(canBeRead));
    if (!isReading && !this.hasWarned) {
      this.hasWarned = true;
      const what = typeof wanted === 'string' ? `topic ${wanted}` : 'topic that fits';
      this.warn(`warning: there is no ${what} yet; waiting for it\n`);
    }
    this.lookAtMs = performance.now() + (isReading ? LOOK_AGAIN_MS : LOOK_SOON_MS);
  }

  close(): void {
    this.admin?.abandon();
  }

  /** @returns whether there is something to read. */
  protected abstract found(topics: readonly TopicDescription[]): Promise<boolean>;
}

/** Asked for by its name: a list of all leaves out what one may not describe. */
async function namedTopic(admin: Session, name: string): Promise<readonly TopicDescription[]> {
  const { topics } = await admin.expect('topicsDescribed', {
    kind: 'describeTopics',
    topics: [name],
  });
  for (const { error } of topics) {
    for (const code of FINAL_ERRORS) {
      if (error === errorName(code)) throw refused(error, `${errorMessage(code)}: ${name}`);
    }
  }
  return topics;
}

function canBeRead({ partitions, error }: TopicDescription): boolean {
  return error === 'NONE' || partitions.length > 0;
}

export class AssignedSource extends Looking {
  private readonly assigned = new Map<string, TopicPartition>();
  /** What comes after the first look is new and read from its beginning. */
  private looks = 0;

  protected async found(topics: readonly TopicDescription[]): Promise<boolean> {
    const fresh: TopicPartition[] = [];
    for (const { name: topic, partitions } of topics) {
      for (const { partition } of partitions) {
        if (this.options.partition !== undefined && partition !== this.options.partition) continue;
        if (!this.assigned.has(`${topic}-${partition}`)) fresh.push({ topic, partition });
      }
    }
    this.looks += 1;
    if (topics.length > 0 && this.assigned.size === 0 && fresh.length === 0)
      this.noPartition(topics);
    if (fresh.length > 0) await this.assign(fresh);
    return this.assigned.size > 0;
  }

  private async assign(fresh: readonly TopicPartition[]): Promise<void> {
    for (const one of fresh) this.assigned.set(`${one.topic}-${one.partition}`, one);
    await this.consumer.ask({ kind: 'assign', partitions: [...this.assigned.values()] });
    const { offset } = this.options;
    const from = typeof offset === 'number' ? offset : this.looks > 1 ? 0 : null;
    if (from === null) return;
    for (const to of fresh) await this.consumer.ask({ kind: 'seek', to, offset: from });
  }

  private noPartition(topics: readonly TopicDescription[]): never {
    const [topic] = topics;
    const count = topic?.partitions.length ?? 0;
    const there = count === 1 ? 'it has only partition 0' : `it has partitions 0 to ${count - 1}`;
    throw new CliError(1, `${topic?.name} has no partition ${this.options.partition}: ${there}`);
  }
}

export class GroupSource extends Looking {
  private subscribed = '';

  protected async found(topics: readonly TopicDescription[]): Promise<boolean> {
    const names = topics.map(({ name }) => name);
    if (names.length === 0 || names.join(',') === this.subscribed) return this.subscribed !== '';
    this.subscribed = names.join(',');
    await this.consumer.ask({
      kind: 'subscribe',
      topics: names,
      commitOnRevoke: false,
      tellAssignment: false,
    });
    return true;
  }
}
