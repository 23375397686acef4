import { expect, test } from 'vitest';
import type { Log } from '../../../kafka/log/log.ts';
import { batchSizeAt, lastOffsetAt } from '../../../kafka/records/batch.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { Lab } from './lab.ts';

const MIN_ISR_2 = { 'min.insync.replicas': '2' };

function running(options: { brokers?: number; config?: Record<string, string> } = {}): Lab {
  const lab = new Lab({ brokers: 3, ...options });
  lab.untilRunning(...Array.from({ length: options.brokers ?? 3 }, (_, i) => i + 1));
  return lab;
}

/** The broker ids of a 3-broker lab other than `leader`. */
function others(leader: number): [number, number] {
  const [a, b] = [1, 2, 3].filter((id) => id !== leader);
  return [a as number, b as number];
}

function logsAgree(lab: Lab, endOffset: number): void {
  for (const id of [1, 2, 3]) {
    const { log } = lab.partition(id);
    expect([id, log?.logEndOffset, log?.highWatermark]).toEqual([id, endOffset, endOffset]);
  }
  const [first, ...rest] = [1, 2, 3].map((id) => allBytes(lab.partition(id).log as Log));
  for (const bytes of rest) expect(bytes).toEqual(first);
}

function allBytes(log: Log): number[] {
  const bytes: number[] = [];
  for (let at = log.logStartOffset; at < log.logEndOffset; ) {
    const { records } = log.read(at, 1_000_000, 'log_end', true);
    bytes.push(...records);
    for (let i = 0; i < records.length; i += batchSizeAt(records, i)) {
      at = lastOffsetAt(records, i) + 1;
    }
  }
  return bytes;
}

test.each([
  [
    { 'cluster.id': 'OtherOtherOtherOtherOA' },
    'INCONSISTENT_CLUSTER_ID, the cluster id is another',
  ],
  [{ 'node.id': '1' }, 'DUPLICATE_BROKER_REGISTRATION, another incarnation of the broker is still'],
  [{ 'controller.quorum.voters': '7@nowhere:1' }, 'nobody answered'],
])('a broker with %o gives up, and says what it was told', (keys, words) => {
  const own = { ...keys, 'initial.broker.registration.timeout.ms': '3000' };
  const lab = new Lab({ brokers: 2, own: { 2: own } });
  const reasons: string[] = [];
  lab.world.trace.subscribe('node.halted', (_event, _timeUs, _node, reason) => {
    reasons.push(reason as string);
  });

  // Of two with one id the second gives up.
  lab.world.kill('broker-2');
  lab.untilRunning(1);
  lab.world.start('broker-2');
  lab.advance(4_000);

  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toContain(`could not register with the controller quorum: ${words}`);
});

test('a record with acks=all is committed, replicated and readable', () => {
  const lab = running();
  lab.createTopic('orders', { config: MIN_ISR_2 });
  const leader = lab.leaderOf();

  expect(lab.produce(leader)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0 });
  expect(lab.produce(leader, { records: 4 })).toMatchObject({ baseOffset: 1 });

  const read = lab.fetch(leader, 0);
  expect(read).toMatchObject({ errorCode: ErrorCode.NONE, highWatermark: 5 });
  expect(read.records?.length).toBeGreaterThan(2 * 61);
  lab.advance(1000);
  logsAgree(lab, 5);
});

test('a killed leader is replaced within its session, truncates on return and rejoins the ISR', () => {
  const lab = running();
  lab.createTopic('orders', { config: MIN_ISR_2 });
  const leader = lab.leaderOf();
  lab.produce(leader);
  const followers = others(leader).map((id) => `broker-${id}`);
  lab.world.cut([`broker-${leader}`], followers);
  expect(lab.produce(leader, { acks: 1, records: 3 })).toMatchObject({ baseOffset: 1 });
  lab.world.kill(`broker-${leader}`);
  lab.world.resetConnections([`broker-${leader}`], followers);
  lab.world.heal();
  const killedAtMs = lab.nowMs;

  lab.until(() => lab.leaderOf() !== leader);
  expect(lab.nowMs - killedAtMs).toBeGreaterThan(6900);
  expect(lab.nowMs - killedAtMs).toBeLessThan(9100);
  expect(lab.produce(lab.leaderOf(), { records: 2 })).toMatchObject({ baseOffset: 1 });
  lab.world.start(`broker-${leader}`);
  lab.until(() => lab.isrOf().split(',').length === 3);

  const cuts = lab.events.filter((e) => e[2] === 'log.truncated' && e[3] === 'orders-0');
  expect(cuts.map((e) => e.slice(1, 6))).toEqual([
    [`broker-${leader}`, 'log.truncated', 'orders-0', 1, 4],
  ]);
  lab.advance(1000);
  logsAgree(lab, 3);
});

test('a broker that restarts within its session waits until the old one is fenced', () => {
  const lab = running();
  lab.createTopic('orders');
  const leader = lab.leaderOf();
  lab.produce(leader);
  lab.world.kill(`broker-${leader}`);
  const killedAtMs = lab.nowMs;
  lab.advance(500);
  lab.world.start(`broker-${leader}`);
  lab.advance(5000);
  expect(lab.stateOf(leader)).toBe('STARTING');

  lab.untilRunning(leader);

  expect(lab.nowMs - killedAtMs).toBeGreaterThan(6900);
  lab.until(() => lab.isrOf().split(',').length === 3);
  expect(lab.leaderOf()).not.toBe(leader);
});

test('a clean stop hands leadership over at once and the log comes back without recovery', () => {
  const lab = running();
  lab.createTopic('orders', { config: MIN_ISR_2 });
  const leader = lab.leaderOf();
  lab.produce(leader, { records: 5 });
  lab.world.stop(`broker-${leader}`);
  const stoppedAtMs = lab.nowMs;

  lab.until(() => lab.world.node(`broker-${leader}`).state === 'down');
  expect(lab.nowMs - stoppedAtMs).toBeLessThan(5000);
  expect(lab.leaderOf()).not.toBe(leader);
  expect(lab.produce(lab.leaderOf(), { records: 2 })).toMatchObject({ baseOffset: 5 });
  lab.world.start(`broker-${leader}`);
  lab.until(() => lab.isrOf().split(',').length === 3);

  const recovered = lab.events.find((e) => e[2] === 'log.recovered' && e[3] === 'orders-0');
  expect(recovered?.slice(3)).toEqual(['orders-0', 0, 5, 'clean']);
  lab.advance(1000);
  logsAgree(lab, 7);
});

test('with too few replicas a write first times out, then is refused unwritten', () => {
  const lab = running();
  lab.createTopic('orders', { config: MIN_ISR_2 });
  const leader = lab.leaderOf();
  for (const id of others(leader)) lab.world.kill(`broker-${id}`);

  const stalled = lab.produce(leader, { timeoutMs: 3000 });
  expect(stalled).toMatchObject({ errorCode: ErrorCode.REQUEST_TIMED_OUT, baseOffset: 0 });
  lab.until(() => lab.isrOf() === String(leader));
  lab.advance(100);
  const refused = lab.produce(leader);
  expect(refused).toMatchObject({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS, baseOffset: -1 });
  expect(lab.partition(leader).log?.logEndOffset).toBe(1);
  expect(lab.partition(leader).log?.highWatermark).toBe(0);

  for (const id of others(leader)) lab.world.start(`broker-${id}`);
  lab.until(() => lab.isrOf().split(',').length === 3);
  expect(lab.produce(leader)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 1 });
});

test('a follower cut off from its leader alone leaves the ISR after 30 to 45 s and returns', () => {
  const lab = running();
  lab.createTopic('orders');
  const leader = lab.leaderOf();
  const [cut] = others(leader);
  lab.advance(2000);
  lab.world.cut([`broker-${cut}`], [`broker-${leader}`]);
  const cutAtMs = lab.nowMs;
  const write = lab.produceLater(leader, { timeoutMs: 60_000 });

  lab.until(() => lab.isrOf().split(',').length === 2);

  expect(lab.nowMs - cutAtMs).toBeGreaterThan(29_000);
  expect(lab.nowMs - cutAtMs).toBeLessThan(45_600);
  lab.advance(100);
  expect(write()).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0 });
  expect(lab.stateOf(cut)).toBe('RUNNING');
  lab.world.heal();
  lab.until(() => lab.isrOf().split(',').length === 3);
  lab.advance(1000);
  logsAgree(lab, 1);
});

test('an idempotent batch that comes again is acknowledged with its first offset', () => {
  const lab = running();
  lab.createTopic('orders', { config: MIN_ISR_2 });
  const leader = lab.leaderOf();
  const batch = { producerId: 7, producerEpoch: 0, baseSequence: 0, records: 2 };
  expect(lab.produce(leader, batch).baseOffset).toBe(0);
  expect(lab.produce(leader, { ...batch, baseSequence: 2 }).baseOffset).toBe(2);

  expect(lab.produce(leader, batch)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0 });

  const gap = lab.produce(leader, { ...batch, baseSequence: 9 });
  expect(gap.errorCode).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
  expect(lab.events.filter((e) => e[2] === 'produce.duplicate').map((e) => e.slice(3))).toEqual([
    ['orders-0', 7, 0],
  ]);
  lab.advance(1000);
  logsAgree(lab, 4);
});

test('a duplicate is not acknowledged before the first copy is replicated', () => {
  const lab = running();
  lab.createTopic('orders', { config: MIN_ISR_2 });
  const leader = lab.leaderOf();
  const followers = others(leader).map((id) => `broker-${id}`);
  lab.world.cut([`broker-${leader}`], followers);
  const batch = { producerId: 7, producerEpoch: 0, baseSequence: 0 };
  expect(lab.produce(leader, { ...batch, timeoutMs: 500 }).errorCode).toBe(
    ErrorCode.REQUEST_TIMED_OUT,
  );

  const again = lab.produceLater(leader, batch);
  lab.advance(1000);
  expect(again()).toBe(null);
  lab.world.heal();
  lab.until(() => again() !== null);

  expect(again()).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0 });
});

test('with flush.messages=1 a power cut of all brokers loses nothing acknowledged', () => {
  const lab = running();
  lab.createTopic('orders', { config: { ...MIN_ISR_2, 'flush.messages': '1' } });
  const leader = lab.leaderOf();
  expect(lab.produce(leader, { records: 3 })).toMatchObject({ baseOffset: 0 });
  expect(lab.produce(leader, { acks: 1, records: 2 })).toMatchObject({ baseOffset: 3 });
  for (const id of [1, 2, 3]) lab.world.powerCut(`broker-${id}`, { unflushed: 'drop-all' });
  lab.advance(20_000);

  for (const id of [1, 2, 3]) lab.world.start(`broker-${id}`);
  lab.untilRunning(1, 2, 3);
  lab.until(() => lab.leaderOf() > 0 && lab.isrOf().split(',').length === 3);
  lab.advance(2000);

  expect(lab.partition(lab.leaderOf()).log?.logEndOffset).toBeGreaterThanOrEqual(3);
  expect(lab.produce(lab.leaderOf())).toMatchObject({ errorCode: ErrorCode.NONE });
});

test('a broker that flushes its logs for good takes no more writes', () => {
  const lab = running({ brokers: 1, config: { 'controlled.shutdown.enable': 'false' } });
  lab.createTopic('orders', { replicas: 1 });
  lab.produce(1, { acks: 1 });
  const { log } = lab.partition(1);
  lab.world.diskSlow('broker-1', 200);
  lab.world.stop('broker-1');
  lab.until(() => lab.stateOf(1) === 'SHUTTING_DOWN');

  for (let i = 0; i < 40; i++) {
    lab.produceLater(1, { acks: 1 });
    lab.advance(5);
  }

  expect(lab.stateOf(1)).toBe('SHUTTING_DOWN');
  expect(log?.logEndOffset).toBe(1);
});

test('without a fetch backoff, followers of a dead leader try again as the network answers', () => {
  const lab = running({ config: { 'replica.fetch.backoff.ms': '0' } });
  lab.createTopic('orders', { config: MIN_ISR_2 });
  lab.produce(lab.leaderOf());

  const dead = lab.leaderOf();
  lab.world.kill(`broker-${dead}`);
  lab.until(() => lab.leaderOf() !== dead);

  expect(lab.produce(lab.leaderOf())).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 1 });
});

test('the same seed gives the same run', () => {
  const digest = () => {
    const lab = running();
    lab.createTopic('orders', { partitions: 2 });
    lab.produce(lab.leaderOf());
    lab.world.kill('broker-2');
    lab.advance(15_000);
    return lab.world.digest();
  };
  expect(digest()).toBe(digest());
});
