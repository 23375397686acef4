/** A producing application of the program's own: it sends what it is told to and keeps the answers. */
import { Outcome } from '../sim/check/history/history.ts';
import type { SendAnswer } from '../sim/workload/application-load.ts';
import { type ScenarioBytes, writtenBytes } from '../sim/workload/named-records.ts';
import { TrialError } from './errors.ts';
import { checkKnown, shownValue } from './known-options.ts';

/** Text goes out as UTF-8. */
export type Bytes = string | Uint8Array | null;

export interface NewRecord {
  readonly key?: Bytes;
  readonly value?: Bytes;
  readonly headers?: readonly { readonly key: string; readonly value: Bytes }[];
  /** Absent: the partitioner chooses. */
  readonly partition?: number;
}

export type AckState = 'waiting' | 'acknowledged' | 'failed' | 'unknown';

/** What became of one send. It changes while the cluster runs, and only then. */
export class Ack {
  readonly topic: string;
  /** `failed`: certainly not written. `unknown`: it may have been written, or may still be. */
  state: AckState = 'waiting';
  /** null: not told. */
  partition: number | null = null;
  offset: number | null = null;
  timestampMs: number | null = null;
  /** Kafka's name of it, such as NOT_ENOUGH_REPLICAS or TimeoutException. */
  error: string | null = null;
  message = '';

  constructor(topic: string) {
    this.topic = topic;
  }

  get settled(): boolean {
    return this.state !== 'waiting';
  }

  get acknowledged(): boolean {
    return this.state === 'acknowledged';
  }

  /** Partition and offset; throws a TrialError unless the record was acknowledged. */
  metadata(): { readonly topic: string; readonly partition: number; readonly offset: number } {
    const { topic, partition, offset, state, error, message } = this;
    if (state === 'acknowledged')
      return { topic, partition: partition ?? -1, offset: offset ?? -1 };
    if (state === 'waiting') {
      throw new TrialError('the send has no answer yet: let the cluster run until it has');
    }
    throw new TrialError(`the send ended as ${state}: ${error ?? ''} ${message}`.trim());
  }

  /** For the library. */
  settle(answer: SendAnswer): void {
    this.state = STATES[answer.outcome];
    this.partition = answer.partition < 0 ? null : answer.partition;
    this.offset = answer.offset < 0 ? null : answer.offset;
    this.timestampMs = answer.timestampMs < 0 ? null : answer.timestampMs;
    this.error = answer.error;
    this.message = answer.message;
  }
}

const STATES: Readonly<Record<Outcome, AckState>> = {
  [Outcome.pending]: 'waiting',
  [Outcome.ok]: 'acknowledged',
  [Outcome.failed]: 'failed',
  [Outcome.unknown]: 'unknown',
};

export class Producer {
  readonly name: string;
  /** Every send so far, in order. */
  readonly sends: Ack[] = [];
  private readonly ask: (producer: Producer, topic: string, record: NewRecord) => Ack;

  constructor(name: string, ask: (producer: Producer, topic: string, record: NewRecord) => Ack) {
    this.name = name;
    this.ask = ask;
  }

  /** Sends one record now; the answer comes while the cluster runs. */
  send(topic: string, record: NewRecord): Ack {
    return this.ask(this, topic, record);
  }

  get acknowledged(): number {
    return this.sends.filter((one) => one.acknowledged).length;
  }
}

/** As a scenario writes it; throws a TrialError for what is no record of text and bytes. */
export function scenarioSend(record: NewRecord, what: string) {
  checkKnown(what, record, ['key', 'value', 'headers', 'partition']);
  const written = (bytes: Bytes | undefined): ScenarioBytes => {
    if (bytes === undefined || bytes === null || typeof bytes === 'string') return bytes ?? null;
    if (bytes instanceof Uint8Array) return writtenBytes(bytes);
    throw new TrialError(`${what}: ${shownValue(bytes)} is neither text, bytes nor null`);
  };
  const given: unknown = record.headers ?? [];
  if (!Array.isArray(given)) {
    throw new TrialError(`${what}: headers: expected [{ key, value }], not ${shownValue(given)}`);
  }
  const headers = (record.headers ?? []).map((header) => {
    checkKnown(`${what}: headers`, header, ['key', 'value']);
    const { key, value } = header;
    if (typeof key === 'string') return { key, value: written(value) };
    throw new TrialError(`${what}: headers: key: expected a text, not ${shownValue(key)}`);
  });
  return {
    key: written(record.key),
    value: written(record.value),
    headers,
    ...(record.partition === undefined ? {} : { partition: record.partition }),
  };
}
