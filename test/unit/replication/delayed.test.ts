import { expect, test } from 'vitest';
import { Timers } from '../../../kafka/base/timers.ts';
import { Deadlines } from '../../../kafka/replication/deadlines.ts';
import { DelayedFetch, FetchPart } from '../../../kafka/replication/delayed-fetch.ts';
import { DelayedProduce } from '../../../kafka/replication/delayed-produce.ts';
import type { FetchSpec } from '../../../kafka/replication/fetch-read.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { fetchPartition } from '../../../kafka/wire/generated/fetch-request.ts';
import { partitionData } from '../../../kafka/wire/generated/fetch-response.ts';
import { partitionProduceResponse } from '../../../kafka/wire/generated/produce-response.ts';
import { LeaderHarness } from './harness.ts';

/** Two led partitions and the deadlines of their waiting requests, on one clock. */
class Broker {
  readonly orders = new LeaderHarness().lead();
  readonly users = new LeaderHarness().lead();
  readonly timers = new Timers();
  readonly deadlines: Deadlines;
  answers = 0;

  constructor() {
    const clock = { monotonicMs: () => this.orders.nowMs, wallMs: () => this.orders.nowMs };
    this.deadlines = new Deadlines(this.timers, clock);
    for (const leader of [this.orders, this.users]) {
      leader.fetch(2, 0);
      leader.fetch(3, 0);
    }
  }

  produce(to: LeaderHarness[], timeoutMs = 1000) {
    const operation = new DelayedProduce(this.deadlines, true, () => this.answered());
    const parts = to.map((leader) => {
      const { lastOffset } = leader.partition.appendAsLeader(new Uint8Array(0), -1);
      const answer = partitionProduceResponse();
      operation.add(leader.partition, lastOffset + 1, answer);
      return answer;
    });
    operation.start(timeoutMs);
    this.endStep();
    return parts;
  }

  fetch(overrides: Partial<FetchSpec>, offsets: [LeaderHarness, number][], lastFetchedEpoch = -1) {
    const spec: FetchSpec = {
      replicaId: -1,
      replicaEpoch: -1,
      isolation: 'high_watermark',
      leaderOnly: true,
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: 1000,
      ...overrides,
    };
    const parts = offsets.map(([leader, fetchOffset]) => {
      const request = fetchPartition({
        fetchOffset,
        currentLeaderEpoch: 5,
        lastFetchedEpoch,
        partitionMaxBytes: 1000,
      });
      return new FetchPart(leader.partition, ErrorCode.NONE, request, partitionData());
    });
    new DelayedFetch(this.deadlines, spec, parts, () => this.answered()).start();
    this.endStep();
    return parts.map((part) => part.answer);
  }

  private answered(): void {
    this.answers += 1;
  }

  replicate(leader: LeaderHarness): void {
    leader.fetch(2, leader.log.logEndOffset);
    leader.fetch(3, leader.log.logEndOffset);
    this.endStep();
  }

  pass(ms: number): void {
    this.orders.nowMs += ms;
    this.timers.runDue(this.orders.nowMs);
  }

  endStep(): void {
    this.orders.endStep();
    this.users.endStep();
  }
}

test('a produce is answered once, when all its partitions are replicated', () => {
  const broker = new Broker();
  const answers = broker.produce([broker.orders, broker.users]);

  broker.replicate(broker.orders);
  expect(broker.answers).toBe(0);
  broker.replicate(broker.users);

  expect(broker.answers).toBe(1);
  expect(answers.map((one) => one.errorCode)).toEqual([ErrorCode.NONE, ErrorCode.NONE]);
  broker.pass(10_000);
  expect(broker.answers).toBe(1);
});

test('when its time is up only what is not settled is told as timed out', () => {
  const broker = new Broker();
  const [orders, users] = broker.produce([broker.orders, broker.users]);
  broker.replicate(broker.orders);
  broker.pass(999);
  expect(broker.answers).toBe(0);

  broker.pass(1);

  expect(broker.answers).toBe(1);
  expect(orders?.errorCode).toBe(ErrorCode.NONE);
  expect(users?.errorCode).toBe(ErrorCode.REQUEST_TIMED_OUT);
  broker.replicate(broker.users);
  expect(users?.errorCode).toBe(ErrorCode.REQUEST_TIMED_OUT);
});

test('a leader that is deposed answers waiting produces at once', () => {
  const broker = new Broker();
  const [answer] = broker.produce([broker.orders]);

  broker.orders.follow({ leaderEpoch: 6, partitionEpoch: 9 });
  broker.endStep();

  expect(answer?.errorCode).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER);
});

test('one replicated batch completes exactly the produces that it covers', () => {
  const broker = new Broker();
  broker.produce([broker.orders]);
  broker.produce([broker.orders]);
  broker.produce([broker.orders]);

  broker.orders.fetch(2, 2);
  broker.orders.fetch(3, 2);
  broker.endStep();

  expect(broker.answers).toBe(2);
});

test('a consumer waits for the high watermark, a follower for the log end', () => {
  const broker = new Broker();
  const [consumed] = broker.fetch({}, [[broker.orders, 0]]);
  const [fetched] = broker.fetch({ replicaId: 2, replicaEpoch: 12, isolation: 'log_end' }, [
    [broker.orders, 0],
  ]);
  expect(broker.answers).toBe(0);

  broker.orders.appendTo(3);
  broker.endStep();
  expect(broker.answers).toBe(1);
  expect(fetched?.records).toHaveLength(30);

  broker.replicate(broker.orders);
  expect(broker.answers).toBe(2);
  expect(consumed).toMatchObject({ errorCode: ErrorCode.NONE, highWatermark: 3 });
  expect(consumed?.records).toHaveLength(30);
});

test('a fetch with nothing to answer comes back empty after its wait', () => {
  const broker = new Broker();
  const [answer] = broker.fetch({ maxWaitMs: 300 }, [[broker.orders, 0]]);
  broker.pass(299);
  expect(broker.answers).toBe(0);
  broker.pass(1);
  expect(broker.answers).toBe(1);
  expect(answer).toMatchObject({ errorCode: ErrorCode.NONE, highWatermark: 0 });
  expect(broker.orders.partition.waiters.fetches.isEmpty).toBe(true);
});

test('min bytes count over all partitions', () => {
  const broker = new Broker();
  broker.fetch({ minBytes: 50 }, [
    [broker.orders, 0],
    [broker.users, 0],
  ]);
  broker.orders.appendTo(3);
  broker.replicate(broker.orders);
  expect(broker.answers).toBe(0);
  broker.users.appendTo(1);
  broker.replicate(broker.users);
  expect(broker.answers).toBe(0);
  broker.users.appendTo(2);
  broker.replicate(broker.users);
  expect(broker.answers).toBe(1);
});

test('a fetch behind the newest segment is answered however many bytes it waits for', () => {
  const broker = new Broker();
  broker.orders.appendTo(3);
  broker.replicate(broker.orders);
  broker.orders.log.activeSegmentStart = 2;

  const [answer] = broker.fetch({ minBytes: 50 }, [[broker.orders, 0]]);

  expect(broker.answers).toBe(1);
  expect(answer?.records).toHaveLength(30);
});

test('a fetch does not wait for bytes that are there, although its answer holds fewer', () => {
  const broker = new Broker();
  broker.orders.appendTo(6);
  broker.replicate(broker.orders);

  const [answer] = broker.fetch({ minBytes: 50, maxBytes: 25 }, [[broker.orders, 0]]);

  expect(broker.answers).toBe(1);
  expect(answer?.records).toHaveLength(20);
});

test('a waiting fetch is answered when a new segment begins', () => {
  const broker = new Broker();
  broker.fetch({ minBytes: 50 }, [[broker.orders, 0]]);
  broker.orders.appendTo(1);
  broker.replicate(broker.orders);
  expect(broker.answers).toBe(0);

  broker.orders.log.activeSegmentStart = 1;
  broker.orders.appendTo(2);
  broker.replicate(broker.orders);

  expect(broker.answers).toBe(1);
});

test('the first batch found goes out even when it is larger than every limit', () => {
  const broker = new Broker();
  broker.orders.appendTo(3);
  broker.users.appendTo(3);
  broker.replicate(broker.orders);
  broker.replicate(broker.users);

  const [orders, users] = broker.fetch({ maxBytes: 5 }, [
    [broker.orders, 0],
    [broker.users, 0],
  ]);

  expect(orders?.records).toHaveLength(10);
  expect(users?.records).toHaveLength(0);
});

test('a diverging follower is told so at once and its position is not recorded', () => {
  const broker = new Broker();
  broker.orders.appendTo(3);
  broker.orders.log.epochs.unshift([2, 0]);
  broker.orders.log.epochs[1] = [5, 2];

  const [answer] = broker.fetch(
    { replicaId: 2, replicaEpoch: 12, isolation: 'log_end' },
    [[broker.orders, 3]],
    4,
  );

  expect(broker.answers).toBe(1);
  expect(answer?.divergingEpoch).toEqual({ epoch: 2, endOffset: 2 });
  expect(broker.orders.partition.follower(2)?.logEndOffset).toBe(0);
  expect(broker.orders.events).toContainEqual(['fetch.diverged', 'orders-0', 2, 2, 2]);
});

test('an answer says the high watermark as it was before the fetch moved it', () => {
  const broker = new Broker();
  broker.orders.appendTo(3);
  broker.orders.fetch(3, 3);

  const [answer] = broker.fetch(
    { replicaId: 2, replicaEpoch: 12, isolation: 'log_end', maxWaitMs: 0 },
    [[broker.orders, 3]],
  );

  expect(broker.orders.log.highWatermark).toBe(3);
  expect(answer?.highWatermark).toBe(0);
});

test('a waiting fetch is answered with the error when the leader changes', () => {
  const broker = new Broker();
  const [answer] = broker.fetch({}, [[broker.orders, 0]]);

  broker.orders.follow({ leaderEpoch: 6, partitionEpoch: 9 });
  broker.endStep();

  expect(broker.answers).toBe(1);
  expect(answer?.errorCode).toBe(ErrorCode.FENCED_LEADER_EPOCH);
});
