/** Lies about leaders, in-sync replicas and the metadata log. */
import { Fetcher as ConsumerFetcher } from '../../kafka/client/consumer/fetcher.ts';
import { PartitionState } from '../../kafka/client/consumer/partition-state.ts';
import { ReplicationControl } from '../../kafka/controller/replication-control.ts';
import { Log } from '../../kafka/log/log.ts';
import { Elections } from '../../kafka/raft/elections.ts';
import { LeaderState } from '../../kafka/raft/leader-state.ts';
import { RaftClient } from '../../kafka/raft/raft-client.ts';
import { computeCrc, putInt32 } from '../../kafka/records/batch.ts';
import { FollowerState } from '../../kafka/replication/follower-state.ts';
import { Partition } from '../../kafka/replication/partition.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import cutOffController from '../../scenarios/cut-off-controller-cannot-decide.ts';
import figure8 from '../../scenarios/figure-8-commits-nothing-old.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import {
  altered,
  type Canary,
  cluster,
  quiet,
  slowFollowersThenLeaderDies,
  twoBrokersLeaderDies,
} from './canary.ts';
import { lie } from './lie.ts';

const CRC_AT = 17;
/** Which of many chances a lie takes that is told once. */
const CHANCE = 50;

const oneBroker = cluster({ brokers: 1, minInSync: 1 });
const threeControllers = cluster({ controllers: 3 });
const theLeaderOfTheQuorumIsCutOff = cluster({
  controllers: 3,
  runFor: 8_000,
  faults: [{ at: 500, isolate: 'controller:leader' }],
});
const followerDies = cluster({
  faults: [{ at: 1_000, kill: 'follower:orders-0', restartAfter: 1_000 }],
});
const longAndQuiet = cluster({ runFor: 20_000 });
/** The two that are left stand for election before they hear of each other. */
const twoCandidates = cluster({
  controllers: 3,
  runFor: 12_000,
  faults: [
    { at: 0, delay: ['controller-101', ['controller-102', 'controller-103']], by: 300 },
    { at: 0, delay: ['controller-102', 'controller-103'], by: 300 },
    { at: 1_000, isolate: 'controller:leader' },
  ],
});
/** The fenced follower stays eligible while two are fewer than min.insync.replicas. */
const followerLosesItsPower = cluster({
  minInSync: 3,
  faults: [{ at: 1_000, powerCut: 'follower:orders-0', style: 'drop-all', restartAfter: 1_000 }],
});

const isOrders = (name: string): boolean => name === 'orders-0';

const followersCountAsLevel = lie(Partition, 'recordFollowerFetch', (honest) => {
  return (self, follower, _fetchOffset, logStartOffset, leaderLogEndOffset, brokerEpoch) =>
    honest(self, follower, leaderLogEndOffset, logStartOffset, leaderLogEndOffset, brokerEpoch);
});

const everyWriteCountsAsReplicated = lie(Partition, 'acknowledgement', () => {
  return () => ErrorCode.NONE;
});

const aFollowerWritesAnotherRecord = lie(Log, 'appendAsFollower', (honest) => {
  let calls = 0;
  return (self, batches, leaderEpoch) => {
    if (!isOrders(self.name) || ++calls !== CHANCE) return honest(self, batches, leaderEpoch);
    const lied = altered(batches);
    putInt32(lied, CRC_AT, computeCrc(lied, 0));
    return honest(self, lied, leaderEpoch);
  };
});

const aLeaderForgetsItsFollowers = lie(Partition, 'setIsr', (honest) => {
  return (self, state) =>
    honest(self, { ...state, maximalIsr: (state.maximalIsr as number[]).slice(0, 1) });
});

const everyStopWasClean = lie(ReplicationControl, 'brokerRestartedUncleanly', (honest) => {
  return (self, broker) => (broker < 0 ? honest(self, broker) : []);
});

const aLeaderThrowsAwayRecords = lie(Log, 'appendAsLeader', (honest) => {
  let calls = 0;
  return (self, ...args) => {
    if (isOrders(self.name) && ++calls === CHANCE) self.truncateTo(self.logEndOffset - 5);
    return honest(self, ...args);
  };
});

const whoIsFencedStaysInSync = lie(ReplicationControl, 'brokerLeaves', () => () => []);

const whatItsLeaderHasIsCommitted = lie(LeaderState, 'advance', () => (self) => {
  const { endOffset } = self.voters.get(self.local.id) as { endOffset: number };
  if (endOffset <= Math.max(self.highWatermark, self.epochStartOffset)) return false;
  self.highWatermark = endOffset;
  return true;
});

/** KAFKA-12619: a majority that has all of the epochs before is enough. */
const olderEpochsCountOffByOne = lie(LeaderState, 'advance', () => (self) => {
  const ends = [...self.voters.values()].map((one: { endOffset: number }) => one.endOffset);
  const majority = ends.sort((a, b) => b - a)[ends.length >> 1] as number;
  if (majority < self.epochStartOffset || majority <= self.highWatermark) return false;
  self.highWatermark = majority;
  return true;
});

const everyCandidateGetsTheVote = lie(Elections, 'canGrant', () => () => true);

const whatIsWrittenCountsAsCommitted = lie(RaftClient, 'committedTo', (honest) => {
  return (self) => honest(self, self.logEndOffset);
});

const aBrokerHearsNoMoreDecisions = lie(RaftClient, 'committedTo', (honest) => {
  return (self, highWatermark) => {
    if (self.isLeader || highWatermark < CHANCE) honest(self, highWatermark);
  };
});

const aConsumerStopsToFetch = lie(ConsumerFetcher, 'send', (honest) => {
  let calls = 0;
  return (self) => {
    if (++calls < CHANCE) honest(self);
  };
});

const aPositionStepsBack = lie(PartitionState, 'advance', (honest) => {
  let calls = 0;
  return (self, offset, epoch) => honest(self, ++calls === CHANCE ? offset - 5 : offset, epoch);
});

/** From the second time on: the first is where the consumer begins. */
const theEndIsToldTooLow = lie(PartitionState, 'seek', (honest) => {
  let resets = 0;
  return (self, offset, movedBy) => {
    const isLate = movedBy === 'reset' && ++resets > 1;
    honest(self, isLate ? offset - 5 : offset, movedBy);
  };
});

const noFollowerEverCountsAsCaughtUp = lie(FollowerState, 'isCaughtUp', () => () => false);

const beginsAtTheEndTwice: ScenarioInput = {
  name: 'canary',
  cluster: { brokers: 1, topics: [{ name: 'orders', replicationFactor: 1 }] },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, stopAt: 1_500 },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'latest' } },
  ],
  faults: [{ at: 2_500, kill: 'client:c1', restartAfter: 500 }],
  runFor: 4_000,
};

export const controlCanaries: readonly Canary[] = [
  {
    check: 'offset-mono',
    what: 'a consumer steps back without a word',
    scenario: quiet,
    lies: [aPositionStepsBack],
  },
  {
    check: 'offset-mono',
    what: 'a consumer that starts again is told of an earlier end',
    scenario: beginsAtTheEndTwice,
    lies: [theEndIsToldTooLow],
  },
  {
    check: 'leader-complete',
    what: 'a leader is elected that lacks what was committed',
    scenario: slowFollowersThenLeaderDies,
    lies: [followersCountAsLevel],
  },
  {
    check: 'leader-complete',
    what: 'acks=all is answered before anybody has the record',
    scenario: quiet,
    lies: [everyWriteCountsAsReplicated],
  },
  {
    check: 'candidate-complete',
    what: 'an in-sync replica lacks what its leader commits',
    scenario: slowFollowersThenLeaderDies,
    lies: [followersCountAsLevel],
  },
  {
    check: 'strong-isr',
    what: 'an in-sync replica has another record than its leader',
    scenario: quiet,
    lies: [aFollowerWritesAnotherRecord],
  },
  {
    check: 'quorum-superset',
    what: 'a leader does not wait for an in-sync replica',
    scenario: quiet,
    lies: [aLeaderForgetsItsFollowers],
  },
  {
    check: 'unclean-excluded',
    what: 'the controller takes the loss of power for a clean stop',
    scenario: followerLosesItsPower,
    lies: [everyStopWasClean],
  },
  {
    check: 'committed-somewhere',
    what: 'the only replica throws committed records away',
    scenario: oneBroker,
    lies: [aLeaderThrowsAwayRecords],
  },
  {
    check: 'isr-live',
    what: 'a fenced broker stays in the ISR',
    scenario: twoBrokersLeaderDies,
    lies: [whoIsFencedStaysInSync],
  },
  {
    check: 'leader-live',
    what: 'a fenced broker goes on leading',
    scenario: twoBrokersLeaderDies,
    lies: [whoIsFencedStaysInSync],
  },
  {
    check: 'metadata-match',
    what: 'nodes take for committed what they have only fetched',
    scenario: threeControllers,
    lies: [whatIsWrittenCountsAsCommitted],
  },
  {
    check: 'raft-leader-complete',
    what: 'a voter is elected that has missed what was committed',
    scenario: theLeaderOfTheQuorumIsCutOff,
    lies: [whatItsLeaderHasIsCommitted],
  },
  {
    check: 'raft-leader-complete',
    what: 'a leader commits entries of older epochs before its own',
    scenario: figure8,
    lies: [olderEpochsCountOffByOne],
  },
  {
    check: 'raft-durable',
    what: 'entries of older epochs count as committed and are cut off',
    scenario: figure8,
    lies: [olderEpochsCountOffByOne],
  },
  {
    check: 'metadata-match',
    what: 'brokers follow what a controller decides that was cut off',
    scenario: cutOffController,
    lies: [whatItsLeaderHasIsCommitted],
  },
  {
    check: 'raft-leader-complete',
    what: 'a controller that was cut off commits its decisions alone',
    scenario: cutOffController,
    lies: [whatItsLeaderHasIsCommitted],
  },
  {
    check: 'one-leader-per-epoch',
    what: 'a voter votes for everybody',
    scenario: twoCandidates,
    lies: [everyCandidateGetsTheVote],
  },
  {
    check: 'raft-durable',
    what: 'a leader of the quorum commits what it alone has',
    scenario: threeControllers,
    lies: [whatItsLeaderHasIsCommitted],
  },
  {
    check: 'consume-progress',
    what: 'a consumer stops to fetch',
    scenario: quiet,
    lies: [aConsumerStopsToFetch],
  },
  {
    check: 'metadata-progress',
    what: 'nodes do not learn any more what the quorum decides',
    scenario: followerDies,
    lies: [aBrokerHearsNoMoreDecisions],
  },
  {
    check: 'isr-stable',
    what: 'a leader takes followers for late that are not',
    scenario: longAndQuiet,
    lies: [noFollowerEverCountsAsCaughtUp],
  },
];
