/**
 * What the clients saw, in columns: every send with its outcome and every record that a poll
 * returned. The runner fills it while the run goes on; the history checks read only this, so
 * they can also judge a history recorded elsewhere.
 */
import type { RecordHeader } from '../../../kafka/client/commands.ts';
import { nameIn } from '../../workload/named-records.ts';
import { hasName, nameLength, numberAfter } from '../../workload/record-value.ts';
import { OperatorActs } from '../operator-acts.ts';
import { Column } from './column.ts';
import { GroupHistory } from './group-history.ts';

/** `pending`: never answered. `unknown`: may or may not have been written. */
export const Outcome = { pending: 0, ok: 1, failed: 2, unknown: 3 } as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

export interface ProducerInfo {
  readonly name: string;
  readonly topic: string;
  /** -1 = all. */
  readonly acks: number;
  readonly idempotent: boolean;
  /** max.in.flight.requests.per.connection=1; when it is not known: no. */
  readonly oneInFlight?: boolean;
}

/** The sends of one producer; row n is its n-th send, whose value is `name-n`. */
export class SendHistory {
  readonly producer: ProducerInfo;
  readonly invokedEvent = new Column(1024, Int32Array);
  readonly invokedUs = new Column();
  readonly answeredEvent = new Column(1024, Int32Array);
  readonly answeredUs = new Column();
  readonly outcome = new Column(1024, Int8Array);
  /** -1 while unknown. */
  readonly partition = new Column(1024, Int32Array);
  readonly offset = new Column();
  /** When its client was started again. */
  readonly restarts: { readonly event: number; readonly timeUs: number }[] = [];
  /** Error names of sends that were not ok, by row. */
  readonly errors = new Map<number, string>();

  constructor(producer: ProducerInfo) {
    this.producer = producer;
  }
  get count(): number {
    return this.outcome.length;
  }
  /**
   * One send, or `count` sends handed over together.
   * @returns the (first) row, which is the number to put into the record's value.
   */
  invoked(event: number, timeUs: number, count = 1): number {
    const row = this.outcome.length;
    this.invokedEvent.extend(event, count);
    this.invokedUs.extend(timeUs, count);
    this.answeredEvent.extend(-1, count);
    this.answeredUs.extend(-1, count);
    this.outcome.extend(Outcome.pending, count);
    this.partition.extend(-1, count);
    this.offset.extend(-1, count);
    return row;
  }
  /** The same answer for `count` sends from `row` on. */
  answered(
    row: number,
    at: { readonly event: number; readonly timeUs: number },
    outcome: Outcome,
    count = 1,
  ): void {
    this.answeredEvent.put(row, count, at.event);
    this.answeredUs.put(row, count, at.timeUs);
    this.outcome.put(row, count, outcome);
  }
  /** `count` sends from `row` on, one behind the other in the log; `offset` -1 = not told. */
  landed(row: number, partition: number, offset: number, count = 1): void {
    this.partition.put(row, count, partition);
    const { values } = this.offset;
    for (let i = 0; i < count; i++) values[row + i] = offset < 0 ? offset : offset + i;
  }
}

/** One consumer's polls and the records that they gave it, in order. */
export class PollHistory {
  readonly consumer: string;
  readonly topic: string;
  /** By poll. `outcome` is ok, failed, or pending while it is not answered. */
  readonly polls = {
    invokedEvent: new Column(256, Int32Array),
    invokedUs: new Column(256),
    answeredEvent: new Column(256, Int32Array),
    answeredUs: new Column(256),
    outcome: new Column(256, Int8Array),
    /** The row of its first record; they end where the next poll's begin. */
    firstRecord: new Column(256, Int32Array),
  };
  /** When its client, anew, assigned itself its partitions, and how many polls it had made. */
  readonly assigned: {
    readonly event: number;
    readonly timeUs: number;
    readonly partitions: readonly number[];
    readonly polls: number;
  }[] = [];
  /** By record that it was given. */
  readonly event = new Column();
  readonly timeUs = new Column();
  readonly partition = new Column();
  readonly offset = new Column();
  /** Record id, see `ClientHistory.recordId`; -1 for a foreign value. */
  readonly record = new Column();
  /** Polls that failed: event, error name, message. */
  readonly failures: {
    readonly event: number;
    readonly error: string;
    readonly message: string;
  }[] = [];
  constructor(consumer: string, topic: string) {
    this.consumer = consumer;
    this.topic = topic;
  }
  /** @returns the poll's number. */
  invoked(event: number, timeUs: number): number {
    const { polls } = this;
    const poll = polls.outcome.length;
    polls.invokedEvent.push(event);
    polls.invokedUs.push(timeUs);
    polls.answeredEvent.push(-1);
    polls.answeredUs.push(-1);
    polls.outcome.push(Outcome.pending);
    polls.firstRecord.push(this.event.length);
    return poll;
  }
  /** Call it before its records are added. */
  answered(poll: number, at: { readonly event: number; readonly timeUs: number }, ok: boolean) {
    const { polls } = this;
    polls.answeredEvent.put(poll, 1, at.event);
    polls.answeredUs.put(poll, 1, at.timeUs);
    polls.outcome.put(poll, 1, ok ? Outcome.ok : Outcome.failed);
    polls.firstRecord.put(poll, 1, this.event.length);
  }
}

const NUMBER_LIMIT = 2 ** 32;

export class ClientHistory {
  readonly sends: SendHistory[] = [];
  readonly polls: PollHistory[] = [];
  readonly acts = new OperatorActs();
  readonly groups: GroupHistory[] = [];

  addProducer(producer: ProducerInfo): SendHistory {
    const sends = new SendHistory(producer);
    this.sends.push(sends);
    return sends;
  }
  addConsumer(consumer: string, topic: string): PollHistory {
    const polls = new PollHistory(consumer, topic);
    this.polls.push(polls);
    return polls;
  }
  group(name: string): GroupHistory {
    const known = this.groups.find(({ group }) => group === name);
    if (known !== undefined) return known;
    const group = new GroupHistory(name);
    this.groups.push(group);
    return group;
  }
  /** By the name in its headers, or by its value. */
  recordIdOf(record: {
    readonly value: Uint8Array | null;
    readonly headers: readonly RecordHeader[];
  }): number {
    const { headers, value } = record;
    return this.recordId(headers.length === 0 ? value : (nameIn(headers) ?? value));
  }
  /** One number for a record: which producer, which send. -1 when no producer of the run made it. */
  recordId(value: Uint8Array | null): number {
    if (value === null) return -1;
    const nameEnd = nameLength(value);
    for (let i = 0; i < this.sends.length; i++) {
      if (hasName(value, nameEnd, (this.sends[i] as SendHistory).producer.name)) {
        const number = numberAfter(value, nameEnd);
        return number < 0 ? -1 : i * NUMBER_LIMIT + number;
      }
    }
    return -1;
  }
  /** Its producer's place in `sends`. */
  producerIndex(recordId: number): number {
    return Math.floor(recordId / NUMBER_LIMIT);
  }
  producerOf(recordId: number): SendHistory {
    return this.sends[this.producerIndex(recordId)] as SendHistory;
  }
  numberOf(recordId: number): number {
    return recordId % NUMBER_LIMIT;
  }
  /** `p1-17` */
  nameOf(recordId: number): string {
    if (recordId < 0) return 'a foreign record';
    return `${this.producerOf(recordId).producer.name}-${this.numberOf(recordId)}`;
  }
}
