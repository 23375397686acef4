/**
 * One application that is a member of a consumer group: it polls, processes what it was given
 * record by record, which takes time, and commits before, after, outside of Kafka or not at all.
 * What it processed is in the group's history; a crash of its client is a crash of the application,
 * wherever it stood.
 */
import type {
  ClientCommand,
  CommandResult,
  ConsumedRecord,
  TopicPartition,
} from '../../kafka/client/commands.ts';
import type { GroupHistory } from '../check/history/group-history.ts';
import type { ClientHistory, PollHistory } from '../check/history/history.ts';
import type { RunWorld } from '../run-world.ts';
import type { GroupEntry } from '../scenario/schema.ts';
import type { OutsideStore } from './outside-store.ts';

/** After a failed poll an application does not ask again at once. */
const PAUSE_AFTER_FAILURE_US = 100_000;
/** A paused process looks again after this long. */
const PAUSED_US = 10_000;
const CLOSE_TIMEOUT_MS = 30_000;
const STALLED_AFTER_US = 5_000_000;

interface Parts {
  readonly entry: GroupEntry;
  readonly history: ClientHistory;
  /** Shared by the members whose results go to the same place. */
  readonly store: OutsideStore;
  readonly originUs: number;
  /** auto.offset.reset */
  readonly reset: string;
  readonly limits: PollLimits;
}

/** max.poll.records and max.poll.interval.ms */
export interface PollLimits {
  readonly maxPollRecords: number;
  readonly maxPollIntervalMs: number;
}

export class GroupLoad {
  readonly entry: GroupEntry;
  readonly group: GroupHistory;
  readonly reset: string;
  records = 0;
  polls = 0;
  commits = 0;
  readonly errors: string[] = [];
  /** Told of every record that it is given, in order. */
  onRecords: ((records: readonly ConsumedRecord[]) => void) | null = null;
  private readonly world: RunWorld;
  private readonly all: ClientHistory;
  /** By topic. */
  readonly histories = new Map<string, PollHistory>();
  private readonly store: OutsideStore;
  private readonly limits: PollLimits;
  private readonly originUs: number;
  private readonly member: number;
  private stopped = false;
  private life = 0;
  /** When its application closed it. */
  readonly closings: { readonly event: number; readonly timeUs: number }[] = [];
  /** The poll that is under way. */
  private waits: readonly { readonly polls: PollHistory; readonly poll: number }[] | null = null;
  /** What polls gave and no worker has begun with. */
  private handed: ConsumedRecord[] = [];
  /** A worker has something to do. */
  private works = false;
  private processedUs = 0;
  /** The timestamp of the newest record that it was given. */
  private newestMs = 0;
  /** What its group has given it, as the last poll said. */
  private assignment: readonly TopicPartition[] = [];

  constructor(world: RunWorld, { entry, history, store, originUs, reset, limits }: Parts) {
    this.world = world;
    this.entry = entry;
    this.all = history;
    this.store = store;
    this.originUs = originUs;
    this.reset = reset;
    this.limits = limits;
    this.group = history.group(entry.group);
    this.member = this.group.members.length;
    const { consumer: client, topics, commit, handOver: handsOver = false } = entry;
    this.group.members.push({ client, topics, commit, handsOver, reset });
    for (const topic of topics) this.histories.set(topic, history.addConsumer(client, topic));
    world.trace.subscribe('input.started', (_event, timeUs, node) => {
      if (world.nodes[node - 1]?.name !== client || this.life === 0) return;
      world.schedule(timeUs, '', () => this.begin());
    });
    world.trace.subscribe('consumer.position', (_event, _timeUs, node, name, offset, how) => {
      if (how === 'polled' || world.nodes[node - 1]?.name !== client) return;
      this.group.reached(name as string, offset as number);
    });
  }

  get client(): string {
    return this.entry.consumer;
  }
  get startUs(): number {
    return this.originUs + this.entry.startAt * 1_000;
  }
  private get stopUs(): number {
    const { stopAt } = this.entry;
    return stopAt === undefined ? Number.POSITIVE_INFINITY : this.originUs + stopAt * 1_000;
  }

  /** It polls, or will. */
  get takesPart(): boolean {
    return !this.stopped && this.world.nowUs < this.stopUs;
  }

  /**
   * Whether it is back in time with its next poll, whatever it is given: who is not is thrown out
   * of its group, given the same records again, and may never come to an end.
   */
  get pollsInTime(): boolean {
    const { process, pollEvery } = this.entry;
    const { maxPollRecords, maxPollIntervalMs } = this.limits;
    const processed = this.entry.handOver === true ? 0 : maxPollRecords;
    return process * processed + pollEvery < maxPollIntervalMs;
  }

  /** Slowly perhaps, but it goes on. */
  get progresses(): boolean {
    return this.world.nowUs - this.processedUs < STALLED_AFTER_US;
  }

  start(): void {
    const { world } = this;
    world.schedule(this.startUs, '', () => this.begin());
    if (this.entry.stopAt !== undefined) world.schedule(this.stopUs, '', () => this.leave());
    for (const seek of this.entry.seeks) {
      world.schedule(this.originUs + seek.at * 1_000, '', () => this.pending.push(seek));
    }
  }

  /** No further polls. */
  stop(): void {
    this.stopped = true;
  }

  /** Seeks whose time has come, for after the poll that is under way. */
  private readonly pending: GroupEntry['seeks'][number][] = [];

  private begin(): void {
    this.life += 1;
    this.waits = null;
    this.works = false;
    this.handed = [];
    this.assignment = [];
    if (!this.takesPart) return;
    const { topics, commit } = this.entry;
    const life = this.life;
    this.command(
      {
        kind: 'subscribe',
        topics,
        commitOnRevoke: commit === 'after',
        tellAssignment: commit === 'outside',
      },
      life,
      () => this.poll(life),
    );
  }

  /** Its time is over: what it is processing it processes to the end, a poll is woken up. */
  private leave(): void {
    if (this.waits !== null && !this.works) this.close();
  }

  private close(): void {
    this.life += 1;
    const { world, client } = this;
    const { waits } = this;
    this.waits = null;
    if (world.node(client).node === null) return;
    const at = { event: world.events + 1, timeUs: world.nowUs };
    // It is woken up and returns with nothing.
    for (const { polls, poll } of waits ?? []) polls.answered(poll, at, true);
    this.closings.push(at);
    world.command(client, { kind: 'close', timeoutMs: CLOSE_TIMEOUT_MS }, () => {});
  }

  /** The answer is heard only in the life that asked. */
  private command(
    command: ClientCommand,
    life: number,
    answered: (result: CommandResult, event: number) => void,
  ): void {
    this.world.command(this.client, command, (result, event) => {
      if (life === this.life) answered(result, event);
    });
  }

  private isAlive(life: number): boolean {
    return life === this.life && this.world.node(this.client).node !== null;
  }

  /** It was told to end, and its consumer closes. */
  private get isEnding(): boolean {
    return this.world.node(this.client).state === 'stopping';
  }

  private poll(life: number): void {
    if (this.stopped || !this.isAlive(life) || this.isEnding) return;
    if (this.world.nowUs >= this.stopUs) {
      if (!this.works) this.close();
      return;
    }
    const askedAt = this.world.events + 1;
    const begun = [...this.histories.values()].map((polls) => ({
      polls,
      poll: polls.invoked(askedAt, this.world.nowUs),
    }));
    this.waits = begun;
    const { pollTimeout: timeoutMs } = this.entry;
    this.command({ kind: 'poll', timeoutMs }, life, (result, event) => {
      this.polls += 1;
      this.waits = null;
      const at = { event, timeUs: this.world.nowUs };
      for (const { polls, poll } of begun) polls.answered(poll, at, result.kind === 'polled');
      if (result.kind === 'polled') this.took(result, { event, askedAt }, life);
      else this.failed(result, event, life);
    });
  }

  private failed(result: CommandResult, event: number, life: number): void {
    this.note(result, event);
    const { nowUs } = this.world;
    this.world.schedule(nowUs + PAUSE_AFTER_FAILURE_US, '', () => this.poll(life));
  }

  private note(result: CommandResult, event: number): void {
    const told = result.kind === 'failed' ? result : { error: result.kind, message: '' };
    const [polls] = this.histories.values();
    polls?.failures.push({ event, error: told.error, message: told.message });
    this.errors.push(told.error);
  }

  private took(
    result: Extract<CommandResult, { kind: 'polled' }>,
    { event, askedAt }: { readonly event: number; readonly askedAt: number },
    life: number,
  ): void {
    const { records, assignment } = result;
    for (const record of records) {
      const polls = this.histories.get(record.topic);
      polls?.event.push(event);
      polls?.timeUs.push(this.world.nowUs);
      polls?.partition.push(record.partition);
      polls?.offset.push(record.offset);
      polls?.record.push(this.all.recordIdOf(record));
      this.newestMs = Math.max(this.newestMs, record.timestampMs);
    }
    this.records += records.length;
    if (records.length > 0) this.onRecords?.(records);
    if (assignment !== undefined)
      this.assigned(assignment, { event: askedAt, polls: this.polls - 1 });
    const next = (): void => this.afterProcessing(records, life);
    const goOn = (): void => {
      if (this.entry.handOver === true) this.handOver(records, life, next);
      else if (this.entry.commit !== 'before' || records.length === 0)
        this.process(records, life, next);
      else this.commit(life, () => this.process(records, life, next));
    };
    if (assignment !== undefined && this.entry.commit === 'outside') {
      this.seekAll(this.store.positions(assignment), life, goOn);
    } else goOn();
  }

  /** An assignment, or a seek, is where a reader's run of records begins anew. */
  private assigned(
    assignment: readonly TopicPartition[],
    at: { readonly event: number; readonly polls: number },
  ): void {
    this.assignment = assignment;
    for (const [topic, polls] of this.histories) {
      polls.assigned.push({
        ...at,
        timeUs: this.world.nowUs,
        partitions: assignment.filter((one) => one.topic === topic).map((one) => one.partition),
      });
    }
  }

  private afterProcessing(records: readonly ConsumedRecord[], life: number): void {
    const next = (): void => this.rest(life);
    if (this.entry.commit === 'after' && records.length > 0) this.commit(life, next);
    else next();
  }

  private rest(life: number): void {
    const { pollEvery } = this.entry;
    const go = (): void => this.seekPending(life, () => this.poll(life));
    if (pollEvery === 0) go();
    else this.world.schedule(this.world.nowUs + pollEvery * 1_000, '', go);
  }

  private commit(life: number, done: () => void): void {
    const { commitMode } = this.entry;
    const command = { kind: 'commit', mode: commitMode, offsets: null } as const;
    this.command(command, life, (result, event) => {
      if (result.kind === 'done') this.commits += 1;
      else this.note(result, event);
      if (commitMode === 'sync') done();
    });
    if (commitMode === 'async') done();
  }

  // Processing

  private handOver(records: readonly ConsumedRecord[], life: number, done: () => void): void {
    this.handed.push(...records);
    if (!this.works && this.handed.length > 0) this.work(life);
    done();
  }

  /** Until nothing is left; who is to leave leaves then. */
  private work(life: number): void {
    this.works = this.handed.length > 0;
    if (this.works) {
      const next = this.handed;
      this.handed = [];
      this.process(next, life, () => this.work(life));
    } else if (this.world.nowUs >= this.stopUs) this.close();
  }

  private process(records: readonly ConsumedRecord[], life: number, done: () => void): void {
    const { process } = this.entry;
    if (records.length === 0) return done();
    if (process === 0) {
      const run = (): void => this.processed(records);
      this.whileAlive(life, () => {
        run();
        done();
      });
      return;
    }
    this.processFrom(records, 0, life, done);
  }

  private processFrom(
    records: readonly ConsumedRecord[],
    index: number,
    life: number,
    done: () => void,
  ): void {
    const { world } = this;
    if (index === records.length) return done();
    world.schedule(world.nowUs + this.entry.process * 1_000, '', () =>
      this.whileAlive(life, () => {
        this.processed([records[index] as ConsumedRecord]);
        this.processFrom(records, index + 1, life, done);
      }),
    );
  }

  /** In a step of its own, when the process is not paused; never when it has died. */
  private whileAlive(life: number, action: () => void): void {
    const { world, client } = this;
    if (!this.isAlive(life)) return;
    if (world.node(client).state === 'paused') {
      world.schedule(world.nowUs + PAUSED_US, '', () => this.whileAlive(life, action));
    } else world.schedule(world.nowUs, '', () => (this.isAlive(life) ? action() : undefined));
  }

  /** Told in runs of neighbouring offsets. */
  private processed(records: readonly ConsumedRecord[]): void {
    this.processedUs = this.world.nowUs;
    for (let from = 0; from < records.length; ) {
      const first = records[from] as ConsumedRecord;
      let to = from + 1;
      while (to < records.length && continues(records[to - 1], records[to])) to += 1;
      this.processedRun(records.slice(from, to), `${first.topic}-${first.partition}`);
      from = to;
    }
  }

  private processedRun(run: readonly ConsumedRecord[], partition: string): void {
    const { world, group } = this;
    const first = run[0] as ConsumedRecord;
    const again = run.filter(({ offset }) => group.timesProcessed(partition, offset) > 0).length;
    const traceNode = world.node(this.client).index + 1;
    const told = [group.group, partition, first.offset, run.length, again] as const;
    const event = world.trace.emit('app.processed', traceNode, ...told);
    const at = { event, timeUs: world.nowUs };
    for (const record of run) {
      const id = this.all.recordIdOf(record);
      group.processed(at, this.member, { partition, offset: record.offset, record: id });
    }
    if (this.entry.commit === 'outside') this.store.put(first, first.offset + run.length);
  }

  // Seeking

  private seekPending(life: number, done: () => void): void {
    const seek = this.pending.shift();
    if (seek === undefined) return done();
    const again = (): void => this.seekPending(life, done);
    this.assigned(this.assignment, { event: this.world.events + 1, polls: this.polls });
    if (seek.to !== undefined) {
      const { to } = seek;
      this.seekAll(
        this.assignment.map((one) => ({ ...one, offset: to })),
        life,
        again,
      );
      return;
    }
    const timestampMs = this.newestMs - (seek.back ?? 0);
    const partitions = this.assignment.map((one) => ({ ...one, timestampMs }));
    this.command({ kind: 'offsetsForTimes', partitions }, life, (result, event) => {
      if (result.kind !== 'offsets') {
        this.note(result, event);
        return again();
      }
      this.seekAll(
        result.offsets.filter(({ offset }) => offset >= 0),
        life,
        again,
      );
    });
  }

  private seekAll(
    to: readonly (TopicPartition & { readonly offset: number })[],
    life: number,
    done: () => void,
  ): void {
    const [first, ...rest] = to;
    if (first === undefined) return done();
    const { topic, partition, offset } = first;
    this.command({ kind: 'seek', to: { topic, partition }, offset }, life, () =>
      this.seekAll(rest, life, done),
    );
  }
}

function continues(before: ConsumedRecord | undefined, after: ConsumedRecord | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  const same = before.topic === after.topic && before.partition === after.partition;
  return same && after.offset === before.offset + 1;
}
