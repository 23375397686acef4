/**
 * Copies and wrong orders of an idempotent producer's records: which come from what Kafka's leaders
 * do not know of it, by what stands in the log, what was refused and how old everything was.
 */
import { describe, expect, test } from 'vitest';
import { Blamer } from '../../../../../sim/check/blame.ts';
import type { FinalPartition, FinalState } from '../../../../../sim/check/final-state.ts';
import { Column } from '../../../../../sim/check/history/column.ts';
import { ClientHistory, Outcome } from '../../../../../sim/check/history/history.ts';
import { NoDuplicates } from '../../../../../sim/check/history/no-dup.ts';
import { ProducerOrder } from '../../../../../sim/check/history/producer-order.ts';
import { Witness } from '../../../../../sim/check/witness.ts';
import type { RunWorld } from '../../../../../sim/run-world.ts';

const PARTITION = 'orders-0';
const EXPIRATION_MS = 500;
const HEARD = 90;

/** A record that stands in the log, in a batch of its own; its offset is its place. */
interface Stands {
  readonly number: number;
  readonly epoch?: number;
  readonly sequence: number;
  /** When it was written: the event, and the millisecond. */
  readonly at: number;
  readonly ms?: number;
}

interface Course {
  /** By number: sent at event `number + 1` in this ms, never answered. */
  readonly sentMs: readonly number[];
  readonly log: readonly Stands[];
  readonly refusedAt?: number;
  /** Of a gap. */
  readonly heardAt?: number;
  readonly failed?: { readonly number: number; readonly at: number };
  readonly answered?: { readonly number: number; readonly at: number };
  /** When leaders were elected. */
  readonly elections?: readonly number[];
  readonly clockJumpMs?: number;
  readonly drifting?: string;
}

type Tell = (event: number, timeUs: number, node: number, ...fields: unknown[]) => void;

function judged(Check: typeof NoDuplicates | typeof ProducerOrder, course: Course) {
  const history = new ClientHistory();
  const sends = history.addProducer({ name: 'p1', topic: 'orders', acks: -1, idempotent: true });
  for (const [number, ms] of course.sentMs.entries()) sends.invoked(number + 1, ms * 1_000);
  const { failed, answered } = course;
  if (failed !== undefined) {
    sends.answered(failed.number, { event: failed.at, timeUs: failed.at }, Outcome.failed);
    sends.errors.set(failed.number, 'TimeoutException');
  }
  if (answered !== undefined) {
    sends.answered(answered.number, { event: answered.at, timeUs: answered.at }, Outcome.ok);
  }
  const { log } = course;
  const witness = new Witness({
    disks: { paths: () => [], contents: () => new Uint8Array(0) },
    history,
    settings: {
      topics: [],
      defaults: { minInSyncReplicas: 2, uncleanLeaderElection: false },
      tightReplication: null,
      eligibleLeaderReplicas: true,
      replicaLagTimeMaxMs: 30_000,
      retention: { retentionMs: -1, limitBytes: -1, appendTime: false },
      producerIdExpirationMs: EXPIRATION_MS,
    },
    voterName: String,
    blamer: (...parts) =>
      Object.assign(new Blamer(...parts), {
        appendedAt: (_node: string, _partition: string, offset: number) => log[offset]!.at,
      }),
  });
  tell(witness, course);
  const final = { partitions: new Map([[PARTITION, finalLog(history, log)]]) };
  return new Check(witness).verdict(final as unknown as FinalState);
}

function tell(witness: Witness, course: Course): void {
  const told = new Map<string, Tell[]>();
  const world = {
    nodes: [{ name: 'broker-1' }, { name: 'p1' }],
    trace: {
      subscribe: (kind: string, to: Tell) => told.set(kind, [...(told.get(kind) ?? []), to]),
    },
  } as unknown as RunWorld;
  witness.producerLoads.watchUnseen(world);
  witness.appendTimes.watch(world);
  const emit = (kind: string, ...of: Parameters<Tell>): void => {
    for (const to of told.get(kind) ?? []) to(...of);
  };
  const { refusedAt, heardAt, elections = [0], clockJumpMs, drifting } = course;
  if (refusedAt !== undefined) emit('produce.refused', refusedAt, 0, 1, PARTITION, 'ANY');
  const gap = 'OUT_OF_ORDER_SEQUENCE_NUMBER';
  if (heardAt !== undefined) emit('client.retried', heardAt, 0, 2, PARTITION, gap, 1);
  for (const { at, ms = 0 } of course.log) emit('log.appended', at, ms * 1_000, 1, PARTITION);
  for (const [leaderEpoch, event] of elections.entries()) {
    witness.elections.add(PARTITION, {
      event,
      timeUs: 0,
      leader: 'broker-1',
      leaderEpoch,
      how: 'elected',
      eligibleBefore: [],
      uncleanIsOn: false,
      uncleanIsAsked: false,
    });
  }
  if (clockJumpMs !== undefined) witness.clocks.jumped('broker-1', clockJumpMs);
  if (drifting !== undefined) witness.clocks.driftedAway(drifting);
}

function finalLog(history: ClientHistory, log: readonly Stands[]): FinalPartition {
  const column = (values: readonly number[]): Column => {
    const filled = new Column();
    for (const value of values) filled.push(value);
    return filled;
  };
  const named = ({ number }: Stands) => history.recordId(new TextEncoder().encode(`p1-${number}`));
  return {
    partition: PARTITION,
    node: 'broker-1',
    logStartOffset: 0,
    highWatermark: log.length,
    records: column(log.map(named)),
    offsets: column(log.map((_one, offset) => offset)),
    producerIds: column(log.map(() => 7)),
    producerEpochs: column(log.map(({ epoch = 0 }) => epoch)),
    batchOffsets: column(log.map((_one, offset) => offset)),
    baseSequences: column(log.map(({ sequence }) => sequence)) as unknown as Column<Int32Array>,
  };
}

const GAP = 'a gap before the first batch of a producer';
const EXPIRY = 'producer.id.expiration.ms';

/** Numbers 0 and 1 were refused, 2 was written; 1 came behind it in a new epoch. */
const overtaken: Course = {
  sentMs: [0, 0, 0],
  log: [
    { number: 2, sequence: 2, at: 50 },
    { number: 1, epoch: 1, sequence: 0, at: 99 },
  ],
  refusedAt: 40,
  heardAt: HEARD,
};
/** The same, and 2 had no answer yet. */
const again: Course = {
  ...overtaken,
  log: [...overtaken.log, { number: 2, epoch: 1, sequence: 1, at: 100 }],
};
const { heardAt: _heard, ...unheard } = overtaken;
const { refusedAt: _refused, ...unrefused } = overtaken;

describe('a first batch behind a gap', () => {
  test.each<[string, Course]>([
    ['refused, and heard of the gap', overtaken],
    ['refused, and one of them was given up', { ...unheard, failed: { number: 0, at: HEARD } }],
    ['sent to the leader before', { ...unrefused, elections: [0, 30] }],
  ])('lets later ones overtake those before it that were %s', (_what, course) => {
    expect(judged(ProducerOrder, course)).toMatchObject({ verdict: 'allowed', allowedBy: GAP });
  });

  test.each<[string, Course]>([
    ['refused, and heard of the gap', again],
    [
      'refused, and one of them was given up',
      { ...unheard, log: again.log, failed: { number: 0, at: HEARD } },
    ],
  ])('is written again when those before it were %s', (_what, course) => {
    expect(judged(NoDuplicates, course)).toMatchObject({ verdict: 'allowed', allowedBy: GAP });
  });

  const [first, second] = overtaken.log as [Stands, Stands];
  const known: Stands = { number: 0, sequence: 0, at: 45 };
  test.each<[string, Course]>([
    ['nobody refused any and nobody else led', unrefused],
    ['they were refused only behind it', { ...overtaken, refusedAt: 60 }],
    ['another came to lead only behind it', { ...unrefused, elections: [0, 60] }],
    ['its producer heard of nothing', unheard],
    ['its producer heard of the gap only later', { ...overtaken, heardAt: 120 }],
    ['its producer gave only a later one up', { ...unheard, failed: { number: 2, at: HEARD } }],
    ['it was answered before', { ...overtaken, answered: { number: 1, at: 80 } }],
    ['the epoch is the same', { ...overtaken, log: [first, { ...second, epoch: 0 }] }],
    ['its numbers begin with it', { ...overtaken, log: [{ ...first, sequence: 0 }, second] }],
    ['the log knew the producer', { ...overtaken, log: [known, first, second] }],
  ])('is no excuse when %s', (_what, course) => {
    expect(judged(ProducerOrder, course).verdict).toBe('violated');
  });

  test.each<[string, Course]>([
    ['nobody refused any and nobody else led', { ...unrefused, log: again.log }],
    ['its producer heard of nothing', { ...unheard, log: again.log }],
    ['it was answered before', { ...again, answered: { number: 2, at: 80 } }],
    ['the epoch is the same', { ...again, log: again.log.map((one) => ({ ...one, epoch: 0 })) }],
  ])('is no excuse for a copy when %s', (_what, course) => {
    expect(judged(NoDuplicates, course).verdict).toBe('violated');
  });
});

/** Sent at 0 ms, written, and written again after so long. */
const repeated = (ms: number, between: readonly Stands[] = []): Course => ({
  sentMs: [0, 400],
  log: [
    { number: 0, sequence: 0, at: 50, ms: 2 },
    ...between,
    { number: 0, sequence: 0, at: 99, ms },
  ],
});
const since: Stands = { number: 1, sequence: 1, at: 60, ms: 401 };

describe('a producer whose last batch is older than producer.id.expiration.ms', () => {
  test.each<[string, Course]>([
    ['a record that nobody ever answered', repeated(600)],
    ['by a leader whose clock was set forward', { ...repeated(300), clockJumpMs: 400 }],
    ['by a leader whose clock runs fast', { ...repeated(300), drifting: 'broker-1' }],
    [
      'a second one behind the first',
      {
        sentMs: [0, 0],
        log: [
          { number: 0, sequence: 0, at: 50, ms: 2 },
          { number: 1, sequence: 1, at: 51, ms: 3 },
          { number: 0, sequence: 0, at: 98, ms: 600 },
          { number: 1, sequence: 1, at: 99, ms: 601 },
        ],
      },
    ],
  ])('may be forgotten: it may write again %s', (_what, course) => {
    expect(judged(NoDuplicates, course)).toMatchObject({ verdict: 'allowed', allowedBy: EXPIRY });
  });

  test.each<[string, Course]>([
    ['before that', repeated(300)],
    ['although it had written since', repeated(600, [since])],
    ['although the clock of somebody else ran fast', { ...repeated(300), drifting: 'broker-9' }],
    ['although its answer came late', { ...repeated(300), answered: { number: 0, at: 9_000_000 } }],
  ])('is not forgotten %s', (_what, course) => {
    expect(judged(NoDuplicates, course).verdict).toBe('violated');
  });

  const skipped = (ms: number): Course => ({
    sentMs: [0, 1, 2],
    log: [
      { number: 0, sequence: 0, at: 50, ms: 3 },
      { number: 2, sequence: 2, at: 60, ms },
      { number: 1, epoch: 1, sequence: 0, at: 99, ms: ms + 10 },
    ],
  });

  test('may have a batch overtaken when it is forgotten, and not before', () => {
    const late = judged(ProducerOrder, skipped(600));
    expect(late).toMatchObject({ verdict: 'allowed', allowedBy: EXPIRY });
    expect(judged(ProducerOrder, skipped(300)).verdict).toBe('violated');
  });
});
