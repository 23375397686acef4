import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { Timers } from '../../../kafka/base/timers.ts';
import { FetchSession, SessionPart } from '../../../kafka/broker/fetch-session.ts';
import { FetchSessions, nextEpoch } from '../../../kafka/broker/fetch-sessions.ts';
import { baseOffsetAt, batchSizeAt } from '../../../kafka/records/batch.ts';
import { Deadlines } from '../../../kafka/replication/deadlines.ts';
import { FetchSessionHandler } from '../../../kafka/rpc/fetch-session-handler.ts';
import { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import {
  type FetchPartition,
  fetchPartition,
  fetchRequest,
  fetchTopic,
  forgottenTopic,
} from '../../../kafka/wire/generated/fetch-request.ts';
import type { FetchResponse, PartitionData } from '../../../kafka/wire/generated/fetch-response.ts';
import { Lab } from './lab.ts';

interface Asked {
  id?: number;
  epoch?: number;
  wanted?: (Partial<FetchPartition> & { partition: number })[];
  forgotten?: number[];
  maxBytes?: number;
  version?: number;
}

const ONE_MB = 1_000_000;

/** One raw fetch of `orders`; it does not wait for records unless told to. */
function fetch(lab: Lab, broker: number, asked: Asked, maxWaitMs = 0): FetchResponse {
  const { topicId } = lab.partition(broker);
  const partitions = (asked.wanted ?? []).map((one) =>
    fetchPartition({ partitionMaxBytes: ONE_MB, ...one }),
  );
  const forgotten = asked.forgotten ?? [];
  const names = { topic: 'orders', topicId };
  const request = fetchRequest({
    sessionId: asked.id ?? 0,
    sessionEpoch: asked.epoch ?? 0,
    maxWaitMs,
    minBytes: 1,
    maxBytes: asked.maxBytes ?? ONE_MB,
    topics: partitions.length === 0 ? [] : [fetchTopic({ ...names, partitions })],
    forgottenTopicsData:
      forgotten.length === 0 ? [] : [forgottenTopic({ ...names, partitions: forgotten })],
  });
  return lab.ask(broker, apis.Fetch, request, asked.version);
}

function told(response: FetchResponse): PartitionData[] {
  return response.responses.flatMap((topic) => topic.partitions);
}

function toldIndexes(response: FetchResponse): number[] {
  return told(response).map((one) => one.partitionIndex);
}

function lab(options: { brokers?: number; partitions?: number; config?: Record<string, string> }) {
  const made = new Lab({ brokers: options.brokers ?? 1, config: options.config ?? {} });
  const brokers = Array.from({ length: options.brokers ?? 1 }, (_, i) => i + 1);
  made.untilRunning(...brokers);
  made.createTopic('orders', { partitions: options.partitions ?? 3, replicas: brokers.length });
  return made;
}

const FROM_START = [{ partition: 0 }, { partition: 1 }, { partition: 2 }];

describe('a session', () => {
  let cluster: Lab;
  let id: number;

  beforeEach(() => {
    cluster = lab({});
    const opened = fetch(cluster, 1, { wanted: FROM_START });
    id = opened.sessionId;
    expect(id).toBeGreaterThan(0);
    expect(toldIndexes(opened)).toEqual([0, 1, 2]);
  });

  test.each([
    ['an id that nobody gave out', () => ({ id: id + 1, epoch: 1 }), 70],
    ['an epoch too high', () => ({ id, epoch: 2 }), 71],
    ['the epoch before', () => ({ id, epoch: -2 }), 71],
    ['names after ids', () => ({ id, epoch: 1, version: 12 }), 106],
  ] as [string, () => Asked, number][])('is refused for %s and lives on', (_, asked, error) => {
    expect(fetch(cluster, 1, asked()).errorCode).toBe(error);
    expect(fetch(cluster, 1, { id, epoch: 1 }).errorCode).toBe(ErrorCode.NONE);
    expect(fetch(cluster, 1, { id, epoch: 1 }).errorCode).toBe(71);
  });

  test('tells nothing when nothing changed, then only what did', () => {
    expect(fetch(cluster, 1, { id, epoch: 1 }).responses).toEqual([]);
    cluster.produce(1, {}, 'orders', 1);

    const response = fetch(cluster, 1, { id, epoch: 2 });

    expect(toldIndexes(response)).toEqual([1]);
    expect(told(response)[0]).toMatchObject({ highWatermark: 1, errorCode: ErrorCode.NONE });
  });

  test('does not tell what it was made to forget, and ends when it has nothing left', () => {
    cluster.produce(1, {}, 'orders', 0);
    cluster.produce(1, {}, 'orders', 2);

    expect(toldIndexes(fetch(cluster, 1, { id, epoch: 1, forgotten: [0, 1] }))).toEqual([2]);
    expect(fetch(cluster, 1, { id, epoch: 2, forgotten: [2] })).toMatchObject({ sessionId: 0 });
    expect(fetch(cluster, 1, { id, epoch: 3 }).errorCode).toBe(70);
  });

  test('is closed by whole fetches that name it', () => {
    const next = fetch(cluster, 1, { id, epoch: 0, wanted: FROM_START });
    expect(next.sessionId).not.toBe(id);
    expect(fetch(cluster, 1, { id, epoch: 1 }).errorCode).toBe(70);

    expect(fetch(cluster, 1, { id: next.sessionId, epoch: -1 })).toMatchObject({ sessionId: 0 });
    expect(fetch(cluster, 1, { id: next.sessionId, epoch: 1 }).errorCode).toBe(70);
  });

  test('dies with its broker', () => {
    cluster.world.kill('broker-1');
    cluster.world.start('broker-1');
    cluster.untilRunning(1);
    cluster.advance(1000);
    expect(fetch(cluster, 1, { id, epoch: 1 }).errorCode).toBe(70);
  });

  test('tells an error again and again, and the partition anew when it is over', () => {
    const beyond = fetch(cluster, 1, { id, epoch: 1, wanted: [{ partition: 1, fetchOffset: 7 }] });
    const again = fetch(cluster, 1, { id, epoch: 2 });
    for (const response of [beyond, again]) {
      expect(told(response)).toMatchObject([
        { partitionIndex: 1, errorCode: ErrorCode.OFFSET_OUT_OF_RANGE },
      ]);
    }
    const over = fetch(cluster, 1, { id, epoch: 3, wanted: [{ partition: 1 }] });
    expect(told(over)).toMatchObject([{ partitionIndex: 1, errorCode: 0, highWatermark: 0 }]);
    expect(fetch(cluster, 1, { id, epoch: 4 }).responses).toEqual([]);
  });

  test('serves every partition in turn when only one batch fits', () => {
    for (const index of [0, 1, 2]) cluster.produce(1, {}, 'orders', index);
    const served = [1, 2, 3].map((epoch) =>
      toldIndexes(fetch(cluster, 1, { id, epoch, maxBytes: 1 })),
    );
    // All are told once, for their high watermark; what matters is who has records.
    expect(served[0]).toEqual([0, 1, 2]);
    expect(served.slice(1)).toEqual([[1], [2]]);
  });
});

test('a session fences by the leader epoch that it was told when it began', () => {
  const cluster = lab({ brokers: 3, partitions: 1 });
  const dying = cluster.leaderOf();
  const other = [1, 2, 3].find((one) => one !== dying) as number;
  cluster.advance(1000);
  const wanted = [{ partition: 0, currentLeaderEpoch: 0 }];
  // A consumer may read from any replica.
  const { sessionId } = fetch(cluster, other, { wanted });
  expect(fetch(cluster, other, { id: sessionId, epoch: 1 }).responses).toEqual([]);

  cluster.world.kill(`broker-${dying}`);
  cluster.until(() => cluster.leaderOf() !== dying && cluster.leaderOf() !== 0, 60_000);
  cluster.advance(2000);

  const response = fetch(cluster, other, { id: sessionId, epoch: 2 });
  expect(told(response)[0]?.errorCode).toBe(ErrorCode.FENCED_LEADER_EPOCH);
});

test('a topic that appears later is found by the session that asked for it before', () => {
  const cluster = lab({});
  const ask = (sessionId: number, sessionEpoch: number, topics: ReturnType<typeof fetchTopic>[]) =>
    cluster.ask(1, apis.Fetch, fetchRequest({ sessionId, sessionEpoch, topics }), 12);
  const partitions = [fetchPartition({ partitionMaxBytes: ONE_MB })];
  const opened = ask(0, 0, [fetchTopic({ topic: 'later', partitions })]);
  expect(told(opened)[0]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);

  cluster.createTopic('later', { replicas: 1 });

  expect(told(ask(opened.sessionId, 1, []))[0]).toMatchObject({ errorCode: 0, highWatermark: 0 });
});

test('followers that wait are woken by whichever partition of the session gets records', () => {
  const cluster = lab({ brokers: 3, partitions: 9 });
  cluster.advance(20_000);
  for (let round = 0; round < 3; round++) {
    for (let index = 0; index < 9; index++) {
      const startMs = cluster.nowMs;
      const leader = cluster.leaderOf(`orders-${index}`);
      expect(cluster.produce(leader, {}, 'orders', index).errorCode).toBe(ErrorCode.NONE);
      expect(cluster.nowMs - startMs).toBeLessThan(100);
      // Some of the time the parts are found between two fetches.
      cluster.advance(index * 7);
    }
  }
});

test('an idle partition keeps its followers known as caught up', () => {
  const cluster = lab({ brokers: 3, partitions: 2 });
  const leader = cluster.leaderOf();
  cluster.advance(20_000);
  const partition = cluster.partition(leader);
  const started = partition.followers.map((one) => one.lastCaughtUpMs);
  cluster.advance(5000);
  partition.followers.forEach((follower, i) => {
    expect(follower.lastCaughtUpMs - (started[i] as number)).toBeGreaterThanOrEqual(4000);
  });
});

describe('the memory for sessions', () => {
  const MINUTES = 60_000;
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs, wallMs: () => nowMs };
  let nextId = 0;
  const random = {
    uint32: () => 0,
    int: () => (nextId += 1),
    bytes: (count: number) => new Uint8Array(count),
  };

  beforeEach(() => {
    nowMs = 1_000_000;
    nextId = 0;
  });

  function session(kind: 'follower' | 'consumer', size: number): FetchSession {
    const owner = {
      deadlines: new Deadlines(new Timers(), clock),
      resolve: () => {},
      addLeaderHints: () => {},
      admit: () => true,
    };
    const spec = {
      replicaId: kind === 'follower' ? 2 : -1,
      replicaEpoch: -1,
      isolation: 'log_end' as const,
      leaderOnly: true,
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 1,
    };
    const made = new FetchSession(owner, spec, false);
    const partitions = Array.from({ length: size }, (_, i) => fetchPartition({ partition: i }));
    made.update([fetchTopic({ topic: 'orders', partitions })]);
    return made;
  }

  function lives(sessions: FetchSessions, one: FetchSession): boolean {
    return sessions.claim(one.id, one.epoch, false) === one;
  }

  test('has no room when it has no slots', () => {
    const sessions = new FetchSessions(0, clock, random);
    expect(sessions.admit(session('follower', 5))).toBe(false);
  });

  test.each([
    // [what is there, how old, what comes, whether it gets in]
    ['consumer', 2, 1 * MINUTES, 'consumer', 9, false],
    ['consumer', 9, 1 * MINUTES, 'follower', 1, true],
    ['follower', 2, 1 * MINUTES, 'follower', 9, false],
    ['consumer', 2, 3 * MINUTES, 'consumer', 9, true],
    ['consumer', 9, 3 * MINUTES, 'consumer', 2, false],
    ['follower', 2, 3 * MINUTES, 'follower', 9, true],
    ['follower', 9, 3 * MINUTES, 'follower', 2, false],
    ['follower', 2, 3 * MINUTES, 'consumer', 9, false],
  ] as const)('a %s of %i in use for %i ms, a %s of %i comes: %s', (...row) => {
    const [kind, size, ageMs, newKind, newSize, getsIn] = row;
    const sessions = new FetchSessions(1, clock, random);
    const there = session(kind, size);
    expect(sessions.admit(there)).toBe(true);
    nowMs += ageMs;
    expect(lives(sessions, there)).toBe(true);

    const newcomer = session(newKind, newSize);

    expect(sessions.admit(newcomer)).toBe(getsIn);
    expect(lives(sessions, there)).toBe(!getsIn);
    expect(lives(sessions, newcomer)).toBe(getsIn);
    expect(sessions.size).toBe(1);
  });

  test('gives up what was not used for the longest time first, whatever it is', () => {
    const sessions = new FetchSessions(2, clock, random);
    const [used, unused] = [session('consumer', 1), session('follower', 50)];
    sessions.admit(unused);
    sessions.admit(used);
    nowMs += 2 * MINUTES;
    expect(lives(sessions, used)).toBe(true);
    nowMs += 1;

    expect(sessions.admit(session('consumer', 1))).toBe(true);

    expect(lives(sessions, unused)).toBe(false);
    expect(lives(sessions, used)).toBe(true);
  });

  test('counts epochs on from 1 again after the largest', () => {
    expect([0, 1, 0x7ffffffe, 0x7fffffff].map(nextEpoch)).toEqual([1, 2, 0x7fffffff, 1]);
  });
});

describe('a partition of a session has news', () => {
  test.each([
    ['nothing', {}, false],
    ['records', { records: new Uint8Array(1) }, true],
    ['another high watermark', { highWatermark: 6 }, true],
    ['a lower high watermark', { highWatermark: 4 }, true],
    ['another log start', { logStartOffset: 1 }, true],
    ['another last stable offset alone', { lastStableOffset: 3 }, false],
    ['an error', { errorCode: ErrorCode.OFFSET_OUT_OF_RANGE }, true],
    ['a divergence', { divergingEpoch: { epoch: 1, endOffset: 2 } }, true],
    ['a replica nearer by', { preferredReadReplica: 3 }, true],
  ])('%s: %o', (_, change, expected) => {
    const topic = { topic: 'orders' } as unknown as SessionPart['topic'];
    const part = new SessionPart(topic, fetchPartition(), false);
    Object.assign(part.answer, { highWatermark: 5, logStartOffset: 0, lastStableOffset: 5 });
    expect(part.hasNews()).toBe(true);
    expect(part.hasNews()).toBe(false);
    Object.assign(part.answer, change);
    expect(part.hasNews()).toBe(expected);
  });
});

/** A reader with a session that loses answers, leaves and joins partitions and begins anew. */
class Reader {
  readonly session = new FetchSessionHandler<number>();
  readonly wanted = new Set([0, 1, 2]);
  readonly got: number[][] = [[], [], []];
  private readonly cluster: Lab;

  constructor(cluster: Lab) {
    this.cluster = cluster;
  }

  fetch(options: { maxBytes: number; lost?: boolean }): number {
    const { session, cluster } = this;
    const { topicId } = cluster.partition(1);
    session.begin();
    for (const index of this.wanted) {
      const asked = session.partition('orders', topicId, index);
      asked.owner = index;
      const { leaderEpoch } = cluster.partition(1, 'orders', index);
      session.want(asked, leaderEpoch, this.got[index]!.length, -1, -1, ONE_MB);
    }
    const request = fetchRequest({ maxBytes: options.maxBytes, minBytes: 1, maxWaitMs: 20 });
    if (!session.finish(request)) return 0;
    const response = cluster.ask(1, apis.Fetch, request);
    if (options.lost === true) session.failed();
    else if (session.answered(response)) return this.take(response);
    else expect([70, 71]).toContain(response.errorCode);
    return -1;
  }

  private take(response: FetchResponse): number {
    let count = 0;
    for (const { topic, topicId, partitions } of response.responses) {
      for (const { partitionIndex, errorCode, records } of partitions) {
        expect(errorCode).toBe(ErrorCode.NONE);
        const index = this.session.find(topic, topicId, partitionIndex)?.owner as number;
        for (const offset of offsetsOf(records as Uint8Array)) {
          count += 1;
          this.got[index]!.push(offset);
        }
      }
    }
    return count;
  }
}

function offsetsOf(bytes: Uint8Array): number[] {
  const offsets: number[] = [];
  // One record a batch.
  for (let at = 0; at < bytes.length; at += batchSizeAt(bytes, at)) {
    offsets.push(baseOffsetAt(bytes, at));
  }
  return offsets;
}

test('whatever happens to it, a session brings every record once and in order', () => {
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.record({ produce: fc.nat(2) }) },
    { weight: 6, arbitrary: fc.record({ fetch: fc.constantFrom(1, 200, ONE_MB) }) },
    { weight: 1, arbitrary: fc.record({ lose: fc.constant(true) }) },
    { weight: 2, arbitrary: fc.record({ toggle: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ crowd: fc.integer({ min: 1, max: 2 }) }) },
    { weight: 1, arbitrary: fc.record({ restart: fc.constant(true) }) },
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
      const cluster = lab({ config: { 'max.incremental.fetch.session.cache.slots': '2' } });
      const reader = new Reader(cluster);
      const produced = [0, 0, 0];
      for (const one of actions) {
        if ('produce' in one) {
          expect(cluster.produce(1, {}, 'orders', one.produce).errorCode).toBe(ErrorCode.NONE);
          produced[one.produce]! += 1;
        } else if ('fetch' in one) reader.fetch({ maxBytes: one.fetch });
        else if ('lose' in one) reader.fetch({ maxBytes: ONE_MB, lost: true });
        else if ('toggle' in one) {
          if (!reader.wanted.delete(one.toggle)) reader.wanted.add(one.toggle);
        } else if ('crowd' in one) {
          cluster.advance(121_000);
          for (let i = 0; i < one.crowd; i++) fetch(cluster, 1, { wanted: FROM_START });
        } else {
          cluster.world.kill('broker-1');
          cluster.world.start('broker-1');
          cluster.untilRunning(1);
          cluster.until(() => cluster.partition(1).isLeader);
        }
      }
      for (const index of [0, 1, 2]) reader.wanted.add(index);
      while (reader.fetch({ maxBytes: ONE_MB }) !== 0);
      expect(reader.got).toEqual(
        produced.map((count) => Array.from({ length: count }, (_, i) => i)),
      );
    }),
    { numRuns: 30 },
  );
});
