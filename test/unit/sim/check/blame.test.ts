/** What permits a loss is what had happened when it was seen, and nothing that happens later. */
import { expect, test } from 'vitest';
import { baseOffsetAt, crcAt, leaderEpochAt } from '../../../../kafka/records/batch.ts';
import { Blamer, type QuorumLoss, type Told } from '../../../../sim/check/blame.ts';
import { Elections } from '../../../../sim/check/elections.ts';
import { type LossCause, ReplicaLog } from '../../../../sim/check/replica-log.ts';
import { ReplicaLogs } from '../../../../sim/check/replica-logs.ts';
import { batchOf } from '../../../support/log-lab.ts';

const bytes = batchOf(1, { baseOffset: 0, leaderEpoch: 0 });
const batch = {
  baseOffset: baseOffsetAt(bytes, 0),
  epoch: leaderEpochAt(bytes, 0),
  crc: crcAt(bytes, 0),
};

/** Both replicas were in sync; the power of the first goes at event 10, of the second at event 50. */
function blamer(): Blamer {
  const logs = new ReplicaLogs({ paths: () => [], contents: () => new Uint8Array(0) });
  const elections = new Elections();
  elections.membersChanged('orders-0', 1, ['broker-1', 'broker-2']);
  for (const [node, event] of [['broker-1', 10] as const, ['broker-2', 50] as const]) {
    const log = logs.of(node, 'orders-0');
    log.append({ segment: 0 }, { position: 0, bytes, event: 2 });
    log.replaceWith(new ReplicaLog(node, 'orders-0'), event, 'power');
  }
  return new Blamer(logs, elections, {
    spoiledBy: () => null,
    committedBefore: () => true,
    minInSync: () => 1,
  });
}

test('the loss of every copy permits that the record is gone at the end', () => {
  const { allowedBy, evidence } = blamer().blame('orders-0', batch, true);

  expect(allowedBy).toBe('data loss on 2 in-sync replicas at once');
  expect(evidence).toEqual([10, 50]);
});

test('a copy that was there when the record was missed first permits nothing by going later', () => {
  const { allowedBy, evidence } = blamer().blame('orders-0', batch, true, 30);

  expect(allowedBy).toBeNull();
  expect(evidence).toEqual([10, 50]);
});

/** broker-1 cut its only copy at event 10; broker-3 held a former leader's record until event 40. */
function cutBlamer(): { readonly blamer: Blamer; readonly former: string } {
  const logs = new ReplicaLogs({ paths: () => [], contents: () => new Uint8Array(0) });
  const cut = logs.of('broker-1', 'orders-0');
  cut.append({ segment: 0 }, { position: 0, bytes, event: 2 });
  cut.cutSegment(0, 0, 10);
  const other = batchOf(1, { baseOffset: 0, leaderEpoch: 0, fill: 9 });
  const former = 'broker-3';
  logs.of(former, 'orders-0').append({ segment: 0 }, { position: 0, bytes: other, event: 1 });
  const blamer = new Blamer(logs, new Elections(), {
    spoiledBy: () => null,
    committedBefore: () => true,
    minInSync: () => 1,
  });
  return { blamer, former };
}

test('a log that begins behind a batch permits that it is gone', () => {
  const { blamer } = cutBlamer();
  blamer.logStarts.told('orders-0', { node: 'broker-2', event: 5, offset: 1 });

  expect(blamer.blame('orders-0', batch, true).allowedBy).toBe('retention');
});

test('a log that held another batch in its place permits nothing by beginning behind it', () => {
  const { blamer, former } = cutBlamer();
  blamer.logStarts.told('orders-0', { node: former, event: 5, offset: 1 });

  expect(blamer.blame('orders-0', batch, true).allowedBy).toBeNull();
});

/**
 * Both replicas were in sync; the disk of the first goes at event 10, at event 20 the partition is
 * moved to it alone, and at event 30 the second gives up its copy.
 */
function moved({
  strikesOff = false,
  targets = ['broker-1'],
  target = 'broker-1',
  cause = 'deleted' as LossCause,
}): Blamer {
  const logs = new ReplicaLogs({ paths: () => [], contents: () => new Uint8Array(0) });
  const elections = new Elections();
  const both = ['broker-1', 'broker-2'];
  elections.membersChanged('orders-0', 1, both, both);
  if (strikesOff) elections.membersChanged('orders-0', 15, ['broker-2'], both);
  elections.membersChanged('orders-0', 20, [target], targets);
  const losses = [
    ['broker-1', 10, 'disk'],
    ['broker-2', 30, cause],
  ] as const;
  for (const [node, event, how] of losses) {
    const log = logs.of(node, 'orders-0');
    log.append({ segment: 0 }, { position: 0, bytes, event: 2 });
    log.replaceWith(new ReplicaLog(node, 'orders-0'), event, how);
  }
  return new Blamer(logs, elections, {
    spoiledBy: () => null,
    committedBefore: () => true,
    minInSync: () => 1,
  });
}

test('a copy is given up rightly for a replica in sync whose loss nobody knows yet', () => {
  const { allowedBy } = moved({}).blame('orders-0', batch, true);

  expect(allowedBy).toBe('data loss on 1 in-sync replica at once');
});

test.each([
  ['deleted by a broker that is to keep it', { targets: ['broker-1', 'broker-2'] }],
  ['cut off by a broker from which the partition was moved', { cause: 'truncated' as const }],
  ['given up for a replica that was struck off since it lost its own', { strikesOff: true }],
  ['given up for a replica that never had it', { target: 'broker-3', targets: ['broker-3'] }],
])('no loss before it permits that a copy is %s', (_what, course) => {
  expect(moved(course).blame('orders-0', batch, true).allowedBy).toBeNull();
});

test('a copy is not given up rightly for a broker that registered anew without its own', () => {
  const blamer = moved({});

  blamer.registered('broker-1', 15);

  expect(blamer.blame('orders-0', batch, true).allowedBy).toBeNull();
});

test('what another topic of the same name wrote later is not what a client was told of', () => {
  const logs = new ReplicaLogs({ paths: () => [], contents: () => new Uint8Array(0) });
  const log = logs.of('broker-1', 'orders-0');
  for (const [fill, writtenAt, lostAt] of [
    [1, 2, 10],
    [2, 40, 50],
  ] as const) {
    const batch = batchOf(1, { baseOffset: 0, leaderEpoch: 0, fill });
    log.append({ segment: 0 }, { position: 0, bytes: batch, event: writtenAt });
    log.replaceWith(new ReplicaLog('broker-1', 'orders-0'), lostAt, 'truncated');
  }
  const blamer = new Blamer(logs, new Elections(), {
    spoiledBy: () => null,
    committedBefore: () => false,
    minInSync: () => 1,
  });
  const lostAt = (told: Omit<Told, 'committed'>): number | undefined =>
    blamer.lostBatchAt('orders-0', 0, { ...told, committed: true })?.event;

  expect(lostAt({ event: 20 })).toBe(10);
  expect(lostAt({ event: 45 })).toBe(50);
  expect(lostAt({ event: 60 })).toBe(50);
  expect(lostAt({ event: 60, sentAt: 30 })).toBe(50);
  expect(lostAt({ event: 60, sentAt: 45 })).toBeUndefined();
});

/**
 * broker-1 led and still has its record; broker-2 was elected without it and leads with another.
 * Where a fault spoiled it, it has led from the beginning.
 */
function undecided(how: string, spoiled: QuorumLoss | null = null): Blamer {
  const logs = new ReplicaLogs({ paths: () => [], contents: () => new Uint8Array(0) });
  const elections = new Elections();
  const other = batchOf(1, { baseOffset: 0, leaderEpoch: 1, fill: 9 });
  logs.of('broker-1', 'orders-0').append({ segment: 0 }, { position: 0, bytes, event: 2 });
  logs.of('broker-2', 'orders-0').append({ segment: 0 }, { position: 0, bytes: other, event: 20 });
  const election = { timeUs: 0, uncleanIsOn: true, uncleanIsAsked: false, how };
  const former = spoiled === null ? [['broker-1', 0, 1] as const] : [];
  const next = spoiled === null ? (['broker-2', 1, 10] as const) : (['broker-2', 0, 1] as const);
  for (const [leader, leaderEpoch, event] of [...former, next]) {
    elections.add('orders-0', { ...election, leader, leaderEpoch, event, eligibleBefore: [] });
    elections.started('orders-0', leaderEpoch);
  }
  const blamer = new Blamer(logs, elections, {
    spoiledBy: () => spoiled,
    committedBefore: (_partition, _event, one) => one.epoch === 0,
    minInSync: () => 1,
  });
  blamer.endedEarly = true;
  return blamer;
}

test.each([
  ['unclean', 'unclean.leader.election.enable=true'],
  ['elected', null],
])('a run may end before who led cuts what the next leader (%s) lacks', (how, allowedBy) => {
  const blamer = undecided(how);

  const lost = blamer.lostBatchAt('orders-0', 0, { event: 5, committed: true });

  expect(lost).toMatchObject({ ...batch, writtenAt: 2 });
  expect(lost && blamer.blame('orders-0', lost, true)).toMatchObject({ allowedBy, decidedAt: 10 });
});

test('after healing nobody will cut anything: what the leader lacks and others keep nobody lost', () => {
  const blamer = undecided('unclean');
  blamer.endedEarly = false;

  expect(blamer.lostBatchAt('orders-0', 0, { event: 5, committed: true })).toBeNull();
});

test('what no replica has lost is gone for a fault since that fault', () => {
  const fault = { event: 9, fault: 'a misdirected write on broker-2' };

  const { allowedBy, at } = undecided('elected', fault).blame('orders-0', batch, true);

  expect([allowedBy, at]).toEqual([fault.fault, fault.event]);
});

test('what the leader has is not lost, whatever others have there', () => {
  const told = { event: 30, sentAt: 15, committed: true };

  expect(undecided('unclean').lostBatchAt('orders-0', 0, told)).toBeNull();
});
