import { describe, expect, test } from 'vitest';
import { STILL_WAITING } from '../../../kafka/replication/partition.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { LeaderHarness } from './harness.ts';

const NO_BYTES = new Uint8Array(0);

describe('high watermark', () => {
  test.each([
    // isr, min ISR, fetch offsets of 2 and 3 (log end 10), expected high watermark
    [[1, 2, 3], 1, 10, 10, 10],
    [[1, 2, 3], 1, 10, 7, 7],
    [[1, 2, 3], 2, 4, 7, 4],
    [[1, 2], 2, 10, 3, 3],
    [[1], 1, 10, 10, 10],
    [[1], 2, 10, 10, 0],
    [[1, 2], 3, 10, 10, 0],
  ])('with ISR %j, min ISR %i and followers at %i and %i it is %i', (isr, min, two, three, hw) => {
    const leader = new LeaderHarness().lead({ isr });
    leader.log.config = { minInsyncReplicas: min };
    leader.fetch(2, 0);
    leader.fetch(3, 0);
    leader.appendTo(10);

    leader.fetch(2, two);
    leader.fetch(3, three);

    expect(leader.log.highWatermark).toBe(hw);
  });

  test('waits for every ISR member to fetch from a new leader', () => {
    const leader = new LeaderHarness();
    leader.log.logEndOffset = 10;
    leader.log.highWatermark = 6;
    leader.lead();

    leader.fetch(2, 10);
    expect(leader.log.highWatermark).toBe(6);
    leader.fetch(3, 10);
    expect(leader.log.highWatermark).toBe(10);
  });

  test('waits for a replica about to join the ISR, not for one that lags or may not join', () => {
    const caughtUp = (prepare: (leader: LeaderHarness) => void) => {
      const leader = new LeaderHarness().lead({ isr: [1, 2] });
      leader.appendTo(10);
      leader.fetch(2, 10);
      leader.alive.delete(3);
      leader.fetch(3, 10, 13);
      leader.alive.set(3, 13);
      leader.appendTo(15);
      prepare(leader);
      leader.fetch(2, 15);
      expect(leader.proposals).toEqual([]);
      return leader.log.highWatermark;
    };

    expect(caughtUp(() => {})).toBe(10);
    expect(caughtUp((leader) => void leader.alive.delete(3))).toBe(15);
    expect(caughtUp((leader) => void leader.leaving.add(3))).toBe(15);
    expect(caughtUp((leader) => void leader.alive.set(3, 14))).toBe(15);
    expect(caughtUp((leader) => leader.pass(30_001))).toBe(15);
  });

  test('min ISR counts at most as many replicas as there are', () => {
    const leader = new LeaderHarness();
    leader.log.config = { minInsyncReplicas: 3 };
    leader.lead({ replicas: [1], isr: [1] });

    leader.appendTo(4);

    expect(leader.log.highWatermark).toBe(4);
    expect(leader.partition.appendAsLeader(NO_BYTES, -1).error).toBe(ErrorCode.NONE);
  });

  test('does not pass what the flush policy has not made durable on the leader', () => {
    const leader = new LeaderHarness().lead({ replicas: [1], isr: [1] });
    leader.log.flushOwedFrom = 0;
    leader.appendTo(3);
    expect(leader.log.highWatermark).toBe(0);
    expect(leader.partition.localAcknowledgement(3)).toBe(STILL_WAITING);

    leader.log.flushed();

    expect(leader.log.highWatermark).toBe(3);
    expect(leader.partition.localAcknowledgement(3)).toBe(ErrorCode.NONE);
  });
});

describe('ISR', () => {
  test('a follower joins at the high watermark, and is waited for from the proposal on', () => {
    const leader = new LeaderHarness().lead({ isr: [1, 2] });
    leader.appendTo(10);
    leader.fetch(2, 10);
    expect(leader.log.highWatermark).toBe(10);

    leader.fetch(3, 10);
    leader.appendTo(12);
    leader.fetch(2, 12);

    expect(leader.proposals).toEqual([
      {
        kind: 'expand',
        leaderEpoch: 5,
        partitionEpoch: 8,
        newIsr: [
          { brokerId: 1, brokerEpoch: 11 },
          { brokerId: 2, brokerEpoch: 12 },
          { brokerId: 3, brokerEpoch: 13 },
        ],
      },
    ]);
    // Even long after it stopped fetching: the controller may have admitted it (maximal ISR).
    leader.nowMs += 100_000;
    leader.fetch(2, 12);
    expect(leader.log.highWatermark).toBe(10);
    expect(leader.partition.isrState.isr).toEqual([1, 2]);
  });

  test('a follower below the start of the leader epoch does not join, whatever the high watermark', () => {
    const leader = new LeaderHarness();
    leader.log.logEndOffset = 10;
    leader.log.highWatermark = 6;
    leader.lead({ isr: [1, 2] });

    leader.fetch(3, 6);
    expect(leader.proposals).toEqual([]);
    leader.fetch(3, 10);
    expect(leader.proposals).toHaveLength(1);
  });

  test.each([
    ['fenced', (leader: LeaderHarness) => void leader.alive.delete(3), 13],
    ['shutting down', (leader: LeaderHarness) => void leader.leaving.add(3), 13],
    ['of another incarnation than the registered one', () => {}, 14],
  ])('a follower that is %s does not join', (_what, prepare, epoch) => {
    const leader = new LeaderHarness().lead({ isr: [1, 2] });
    prepare(leader);
    leader.fetch(3, 0, epoch);
    expect(leader.proposals).toEqual([]);
  });

  test('a fetch of an older incarnation changes nothing', () => {
    const leader = new LeaderHarness().lead({ isr: [1, 2] });
    expect(leader.fetch(3, 0, 12)).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    expect(leader.partition.follower(3)?.logEndOffset).toBe(-1);
  });

  test('a replica that lags longer than replica.lag.time.max.ms leaves', () => {
    const leader = new LeaderHarness().lead();
    leader.appendTo(5);
    leader.fetch(2, 5);
    leader.fetch(3, 5);
    leader.appendTo(9);
    leader.fetch(2, 9);
    leader.nowMs += 30_000;
    leader.fetch(2, 9);
    leader.partition.maybeShrinkIsr();
    expect(leader.proposals).toEqual([]);

    leader.nowMs += 1;
    leader.partition.maybeShrinkIsr();

    expect(leader.proposals.map((one) => [one.kind, one.newIsr.map((m) => m.brokerId)])).toEqual([
      ['shrink', [1, 2]],
    ]);
    // Until it is committed nothing gets easier.
    expect(leader.partition.isrState.maximalIsr).toEqual([1, 2, 3]);
    expect(leader.log.highWatermark).toBe(5);
  });

  test('a committed shrink alone moves the high watermark', () => {
    const leader = new LeaderHarness().lead();
    leader.fetch(2, 0);
    leader.fetch(3, 0);
    leader.appendTo(9);
    leader.nowMs += 30_001;
    leader.fetch(2, 9);
    leader.partition.maybeShrinkIsr();

    leader.partition.isrAltered(leader.proposals[0]!, {
      leaderEpoch: 5,
      partitionEpoch: 9,
      isr: [1, 2],
    });

    expect(leader.log.highWatermark).toBe(9);
    expect(leader.partition.partitionEpoch).toBe(9);
  });

  test.each([
    ['INELIGIBLE_REPLICA', 'reverts'],
    ['OPERATION_NOT_ATTEMPTED', 'reverts'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'stays'],
    ['UNKNOWN_TOPIC_ID', 'stays'],
    ['FENCED_LEADER_EPOCH', 'stays'],
    ['INVALID_UPDATE_VERSION', 'stays'],
    ['INVALID_REQUEST', 'stays'],
    ['NEW_LEADER_ELECTED', 'stays'],
    ['NOT_CONTROLLER', 'retries'],
    ['UNKNOWN_SERVER_ERROR', 'retries'],
  ] as const)('after %s a proposal %s', (error, reaction) => {
    const leader = new LeaderHarness().lead({ isr: [1, 2] });
    leader.fetch(3, 0);
    const proposal = leader.proposals[0]!;

    leader.partition.isrRefused(proposal, ErrorCode[error]);

    const { isrState } = leader.partition;
    expect(isrState.maximalIsr).toEqual(reaction === 'reverts' ? [1, 2] : [1, 2, 3]);
    expect(isrState.proposal).toBe(reaction === 'reverts' ? null : proposal);
    expect(leader.proposals).toHaveLength(reaction === 'retries' ? 2 : 1);
  });

  test('an answer to a proposal that metadata has overtaken is ignored', () => {
    const leader = new LeaderHarness().lead({ isr: [1, 2] });
    leader.fetch(3, 0);
    leader.lead({ partitionEpoch: 9, isr: [1] });

    leader.partition.isrAltered(leader.proposals[0]!, {
      leaderEpoch: 5,
      partitionEpoch: 9,
      isr: [1, 2, 3],
    });

    expect(leader.partition.isrState.isr).toEqual([1]);
  });

  test('metadata that only repeats a known answer keeps a later proposal', () => {
    const leader = new LeaderHarness().lead({ isr: [1] });
    leader.fetch(2, 0);
    leader.partition.isrAltered(leader.proposals[0]!, {
      leaderEpoch: 5,
      partitionEpoch: 9,
      isr: [1, 2],
    });
    leader.fetch(3, 0);
    expect(leader.partition.isrState.maximalIsr).toEqual([1, 2, 3]);

    leader.lead({ partitionEpoch: 9, isr: [1, 2] });

    expect(leader.partition.isrState.maximalIsr).toEqual([1, 2, 3]);
  });
});

describe('roles and epochs', () => {
  test('a new leader marks the start of its epoch before any write', () => {
    const leader = new LeaderHarness();
    leader.log.logEndOffset = 7;
    leader.lead();
    expect(leader.log.epochs).toEqual([[5, 7]]);
    expect(leader.events).toContainEqual(['leader.started', 'orders-0', 5, 7]);
  });

  test('another partition epoch in the same leader epoch keeps what is known of followers', () => {
    const leader = new LeaderHarness().lead();
    leader.appendTo(4);
    leader.fetch(2, 4);

    leader.lead({ partitionEpoch: 9, isr: [1, 2] });

    expect(leader.partition.follower(2)?.logEndOffset).toBe(4);
    expect(leader.log.epochs).toHaveLength(1);
  });

  test('metadata with an older partition epoch is ignored', () => {
    const leader = new LeaderHarness().lead({ partitionEpoch: 9 });
    expect(leader.follow({ leaderEpoch: 6, partitionEpoch: 8 })).toBe('as-before');
    expect(leader.partition.isLeader).toBe(true);
  });

  test('a follower starts anew whenever the leader epoch rises, even under the same leader', () => {
    const follower = new LeaderHarness();
    expect(follower.follow({ leaderEpoch: 5, partitionEpoch: 8 })).toBe('anew');
    expect(follower.follow({ leaderEpoch: 5, partitionEpoch: 9 })).toBe('as-before');
    expect(follower.follow({ leaderEpoch: 7, partitionEpoch: 11 })).toBe('anew');
  });

  test('requests of another leader epoch are fenced or told to wait', () => {
    const { partition } = new LeaderHarness().lead();
    expect(partition.checkAccess(5, true)).toBe(ErrorCode.NONE);
    expect(partition.checkAccess(-1, true)).toBe(ErrorCode.NONE);
    expect(partition.checkAccess(4, true)).toBe(ErrorCode.FENCED_LEADER_EPOCH);
    expect(partition.checkAccess(6, true)).toBe(ErrorCode.UNKNOWN_LEADER_EPOCH);
    partition.close(ErrorCode.KAFKA_STORAGE_ERROR);
    expect(partition.checkAccess(5, true)).toBe(ErrorCode.KAFKA_STORAGE_ERROR);
  });

  test('latest is not available until the high watermark reaches the leader epoch', () => {
    const leader = new LeaderHarness();
    leader.log.logEndOffset = 10;
    leader.log.highWatermark = 6;
    leader.lead();
    const latest = () => leader.partition.lookUpOffset(-1, 'high_watermark');

    expect(latest().error).toBe(ErrorCode.OFFSET_NOT_AVAILABLE);
    expect(leader.partition.lookUpOffset(-1, 'log_end').offset).toBe(10);
    leader.fetch(2, 10);
    leader.fetch(3, 10);
    expect(latest()).toMatchObject({ error: ErrorCode.NONE, offset: 10, leaderEpoch: 5 });
  });
});

describe('acks=all', () => {
  test('is refused unwritten while the committed ISR is below min.insync.replicas', () => {
    const leader = new LeaderHarness().lead({ isr: [1] });
    leader.log.config = { minInsyncReplicas: 2 };

    expect(leader.partition.appendAsLeader(NO_BYTES, -1).error).toBe(ErrorCode.NOT_ENOUGH_REPLICAS);
    expect(leader.log.logEndOffset).toBe(0);
    expect(leader.partition.appendAsLeader(NO_BYTES, 1).error).toBe(ErrorCode.NONE);
  });

  test('a proposed member does not yet count for the test before the append', () => {
    const leader = new LeaderHarness().lead({ isr: [1] });
    leader.log.config = { minInsyncReplicas: 2 };
    leader.fetch(2, 0);
    expect(leader.partition.isrState.maximalIsr).toEqual([1, 2]);

    expect(leader.partition.appendAsLeader(NO_BYTES, -1).error).toBe(ErrorCode.NOT_ENOUGH_REPLICAS);
  });

  test('below the high watermark with too few replicas is told after the append', () => {
    const leader = new LeaderHarness().lead();
    leader.log.config = { minInsyncReplicas: 2 };
    leader.appendTo(5);
    leader.fetch(2, 5);
    expect(leader.partition.acknowledgement(5)).toBe(STILL_WAITING);
    leader.fetch(3, 5);
    expect(leader.partition.acknowledgement(5)).toBe(ErrorCode.NONE);

    leader.lead({ partitionEpoch: 9, isr: [1] });

    expect(leader.partition.acknowledgement(5)).toBe(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    leader.follow({ leaderEpoch: 6, partitionEpoch: 10 });
    expect(leader.partition.acknowledgement(5)).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER);
  });
});
