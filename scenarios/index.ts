/** All stories: the first ones, then in the order of the claims and bugs they put to the test. */
import type { ScenarioInput } from '../sim/scenario/schema.ts';
import acknowledgedWriteIsVisibleInTheEnd from './acknowledged-write-is-visible-in-the-end.ts';
import acks0LosesSilently from './acks-0-loses-silently.ts';
import acks1LosesAnAcknowledgedRecord from './acks-1-loses-an-acknowledged-record.ts';
import acks1SwitchesIdempotenceOff from './acks-1-switches-idempotence-off.ts';
import acksAllIsSlowest from './acks-all-is-slowest.ts';
import acksAllSurvivesLeaderCrash from './acks-all-survives-leader-crash.ts';
import allReplicasDownAnEligibleOneLeads from './all-replicas-down-an-eligible-one-leads.ts';
import allReplicasDownUncleanElection from './all-replicas-down-unclean-election-is-sooner.ts';
import allReplicasDownWaitForTheLastInSync from './all-replicas-down-wait-for-the-last-in-sync.ts';
import asymmetricPartitionStopsWritesAnd from './asymmetric-partition-stops-writes-and-loses-nothing.ts';
import autoCommitBehindWorkersLoses from './auto-commit-behind-workers-loses.ts';
import autoCommitDuplicatesAfterACrash from './auto-commit-duplicates-after-a-crash.ts';
import batchesAndCompression from './batches-and-compression-raise-throughput.ts';
import bitThatFlipsInAFetch from './bit-that-flips-in-a-fetch-is-fetched-again.ts';
import bridgePartitionLeavesOneFollower from './bridge-partition-leaves-one-follower-behind.ts';
import brokerThatDiesWithThe from './broker-that-dies-with-the-controller-is-fenced-later.ts';
import burstsLeaveTheIsrAlone from './bursts-leave-the-isr-alone.ts';
import clientsLearnMetadataFromBrokers from './clients-learn-metadata-from-brokers.ts';
import commitAfterProcessingDuplicates from './commit-after-processing-duplicates.ts';
import commitBeforeProcessingLoses from './commit-before-processing-loses.ts';
import committedOffsetThatRetention from './committed-offset-that-retention-has-passed-is-reset.ts';
import consumerNoticesThatTheLogWasCut from './consumer-notices-that-the-log-was-cut.ts';
import consumersNeverReadAboveThe from './consumers-never-read-above-the-high-watermark.ts';
import consumingDeletesNothing from './consuming-deletes-nothing.ts';
import controllerCrashLeavesDataFlowing from './controller-crash-leaves-data-flowing.ts';
import coordinatorFailsOverWithAllCommits from './coordinator-fails-over-with-all-commits.ts';
import cutOffControllerCannotDecide from './cut-off-controller-cannot-decide.ts';
import cutOffFollowerStallsAcks from './cut-off-follower-stalls-acks-beyond-the-request-timeout.ts';
import deadFollowerStallsAcksUntil from './dead-follower-stalls-acks-until-it-is-fenced.ts';
import deadReplicaIsNotCreatedElsewhere from './dead-replica-is-not-created-elsewhere.ts';
import deadReplicaIsReplacedByReassignment from './dead-replica-is-replaced-by-reassignment.ts';
import electionCommandGivesLeadershipBack from './election-command-gives-leadership-back.ts';
import figure8CommitsNothingOld from './figure-8-commits-nothing-old.ts';
import fiveInFlightIdempotentKeepsOrder from './five-in-flight-idempotent-keeps-order.ts';
import fiveInFlightReorders from './five-in-flight-reorders.ts';
import followerThatFallsBehindLeaves from './follower-that-falls-behind-leaves-and-latency-recovers.ts';
import followerThatIsSlowBut from './follower-that-is-slow-but-keeps-up-costs-latency.ts';
import followerThatStopsInOrderCostsNoStall from './follower-that-stops-in-order-costs-no-stall.ts';
import followersPullFromTheLeader from './followers-pull-from-the-leader.ts';
import followersServeConsumersOfTheirRack from './followers-serve-consumers-of-their-rack.ts';
import fullBufferBlocksThenRefuses from './full-buffer-blocks-then-refuses.ts';
import groupReadsAgainFromAnOffset from './group-reads-again-from-an-offset-or-a-time.ts';
import groupSharesPartitionsAndIdles from './group-shares-partitions-and-idles-beyond-them.ts';
import groupsEachSeeEverything from './groups-each-see-everything.ts';
import idempotenceEndsWithTheSession from './idempotence-ends-with-the-session.ts';
import joiningFollowerCountsBeforeIt from './joining-follower-counts-before-it-is-confirmed.ts';
import keyedRecordsWaitForTheirPartition from './keyed-records-wait-for-their-partition.ts';
import laggingFollowerLeavesAndRejoinsIsr from './lagging-follower-leaves-and-rejoins-isr.ts';
import lastKnownLeaderMustBeBackToLead from './last-known-leader-must-be-back-to-lead.ts';
import lastReplicaStandingLosesItsTail from './last-replica-standing-loses-its-tail.ts';
import lastReplicaStandingWithElr from './last-replica-standing-with-elr-loses-nothing.ts';
import lateFollowerJoinsOnlyBehind from './late-follower-joins-only-behind-the-true-high-watermark.ts';
import latestOffsetDoesNotGoBack from './latest-offset-does-not-go-back.ts';
import leadershipReturnsToThePreferred from './leadership-returns-to-the-preferred-replica.ts';
import logIsKeptAndDeletedBySegments from './log-is-kept-and-deleted-by-segments.ts';
import lostAckDuplicates from './lost-ack-duplicates.ts';
import lostAckIdempotentDoesNotDuplicate from './lost-ack-idempotent-does-not-duplicate.ts';
import membersOfAGroupShareTheRecords from './members-of-a-group-share-the-records.ts';
import minIsr1UncleanElectionLoses from './min-isr-1-unclean-election-loses.ts';
import moreMembersWorkABacklogOff from './more-members-work-a-backlog-off.ts';
import newPartitionsMoveKeys from './new-partitions-move-keys.ts';
import nothingCommitsBelowMinIsr from './nothing-commits-below-min-isr.ts';
import offsetsKeptOutsideAre from './offsets-kept-outside-are-processed-once.ts';
import orderHoldsWithinAPartitionOnly from './order-holds-within-a-partition-only.ts';
import oversizeBatchIsFetchedAllTheSame from './oversize-batch-is-fetched-all-the-same.ts';
import oversizeBatchIsSplitAndSentAgain from './oversize-batch-is-split-and-sent-again.ts';
import oversizeRecordRefusedByBroker from './oversize-record-is-refused-by-the-broker.ts';
import oversizeRecordRefusedByProducer from './oversize-record-is-refused-by-the-producer.ts';
import partitionApLoses from './partition-ap-loses.ts';
import partitionCpRefuses from './partition-cp-refuses.ts';
import partitionLeaderWithOneFollower from './partition-leader-with-one-follower.ts';
import partitionMinIsr1LeaderAloneRefuses from './partition-min-isr-1-leader-alone-refuses.ts';
import partitionMinIsr3StopsBothSides from './partition-min-isr-3-stops-both-sides.ts';
import partitionWholeIsrWithoutControllers from './partition-whole-isr-without-controllers-goes-on.ts';
import partitionerExplicitKeyOrSticky from './partitioner-explicit-key-or-sticky.ts';
import powerLossOfAllReplicasLosesUnflushed from './power-loss-of-all-replicas-loses-unflushed.ts';
import powerLossOfAllReplicas from './power-loss-of-all-replicas-with-flush-loses-nothing.ts';
import quorumLeadersInQuickTurn from './quorum-leaders-in-quick-turn.ts';
import quorumMajorityLostAndBack from './quorum-majority-lost-and-back.ts';
import quorumPowerLossKeepsDecisions from './quorum-power-loss-keeps-decisions.ts';
import readsFromTheLeaderMoveOn from './reads-from-the-leader-move-on.ts';
import reassignmentWaitsForEveryTarget from './reassignment-waits-for-every-target.ts';
import rebootedReplicaIsNotAdmitted from './rebooted-replica-is-not-admitted-by-an-old-fetch.ts';
import recordWaitsForItsBatch from './record-waits-for-its-batch.ts';
import recordsWithoutKeyGoElsewhere from './records-without-key-go-elsewhere.ts';
import refusedFirstBatchIsNeverTaken from './refused-first-batch-is-never-taken.ts';
import replicaThatShutsDownStays from './replica-that-shuts-down-stays-out-of-the-isr.ts';
import replicationFactorAboveBrokersIs from './replication-factor-above-brokers-is-refused.ts';
import restartBehindLostAnswersDuplicates from './restart-behind-lost-answers-duplicates.ts';
import rollingRestartLosesNothing from './rolling-restart-loses-nothing.ts';
import shrinkAloneReleasesWhatWaits from './shrink-alone-releases-what-waits.ts';
import stopDuringRecoveryDoesNot from './stop-during-recovery-does-not-mark-a-clean-stop.ts';
import threeReplicasSurviveAnyOneCrash from './three-replicas-survive-any-one-crash.ts';
import topicIsMadeGrownChangedAndDeleted from './topic-is-made-grown-changed-and-deleted.ts';
import tornTailIsCutAtRecovery from './torn-tail-is-cut-at-recovery.ts';
import twoApplicationsWithOneGroupId from './two-applications-with-one-group-id-miss-data.ts';
import twoReplicasStopWritesWhileOneIsDown from './two-replicas-stop-writes-while-one-is-down.ts';
import unansweredSendIsInTheLog from './unanswered-send-fails-and-is-in-the-log.ts';
import uncleanElectionLosesAlthoughTwoHadIt from './unclean-election-loses-although-two-had-it.ts';
import uncleanRestartEndsEligibility from './unclean-restart-ends-eligibility.ts';
import whoIsNotHeardFromLoses from './who-is-not-heard-from-loses-its-partitions.ts';
import whoPollsTooLateLoses from './who-polls-too-late-loses-its-partitions.ts';
import withoutACommitTheResetPolicy from './without-a-commit-the-reset-policy-decides.ts';
import zombieControllerIsNotHeard from './zombie-controller-is-not-heard.ts';

export const scenarios: readonly ScenarioInput[] = [
  acks0LosesSilently,
  acks1LosesAnAcknowledgedRecord,
  acksAllSurvivesLeaderCrash,
  minIsr1UncleanElectionLoses,
  powerLossOfAllReplicasLosesUnflushed,
  powerLossOfAllReplicas,
  lostAckDuplicates,
  lostAckIdempotentDoesNotDuplicate,
  restartBehindLostAnswersDuplicates,
  fiveInFlightReorders,
  fiveInFlightIdempotentKeepsOrder,
  orderHoldsWithinAPartitionOnly,
  laggingFollowerLeavesAndRejoinsIsr,
  consumersNeverReadAboveThe,
  partitionCpRefuses,
  partitionApLoses,
  tornTailIsCutAtRecovery,
  rollingRestartLosesNothing,
  replicationFactorAboveBrokersIs,
  threeReplicasSurviveAnyOneCrash,
  twoReplicasStopWritesWhileOneIsDown,
  allReplicasDownAnEligibleOneLeads,
  allReplicasDownUncleanElection,
  allReplicasDownWaitForTheLastInSync,
  deadReplicaIsNotCreatedElsewhere,
  deadReplicaIsReplacedByReassignment,
  lastReplicaStandingLosesItsTail,
  lastReplicaStandingWithElr,
  acksAllIsSlowest,
  followerThatFallsBehindLeaves,
  followerThatIsSlowBut,
  cutOffFollowerStallsAcks,
  deadFollowerStallsAcksUntil,
  followerThatStopsInOrderCostsNoStall,
  followersPullFromTheLeader,
  electionCommandGivesLeadershipBack,
  leadershipReturnsToThePreferred,
  partitionMinIsr1LeaderAloneRefuses,
  partitionMinIsr3StopsBothSides,
  asymmetricPartitionStopsWritesAnd,
  bridgePartitionLeavesOneFollower,
  partitionLeaderWithOneFollower,
  partitionWholeIsrWithoutControllers,
  acknowledgedWriteIsVisibleInTheEnd,
  brokerThatDiesWithThe,
  controllerCrashLeavesDataFlowing,
  clientsLearnMetadataFromBrokers,
  cutOffControllerCannotDecide,
  zombieControllerIsNotHeard,
  topicIsMadeGrownChangedAndDeleted,
  uncleanElectionLosesAlthoughTwoHadIt,
  lateFollowerJoinsOnlyBehind,
  joiningFollowerCountsBeforeIt,
  replicaThatShutsDownStays,
  rebootedReplicaIsNotAdmitted,
  nothingCommitsBelowMinIsr,
  uncleanRestartEndsEligibility,
  lastKnownLeaderMustBeBackToLead,
  stopDuringRecoveryDoesNot,
  burstsLeaveTheIsrAlone,
  shrinkAloneReleasesWhatWaits,
  latestOffsetDoesNotGoBack,
  consumerNoticesThatTheLogWasCut,
  reassignmentWaitsForEveryTarget,
  refusedFirstBatchIsNeverTaken,
  quorumMajorityLostAndBack,
  quorumPowerLossKeepsDecisions,
  quorumLeadersInQuickTurn,
  figure8CommitsNothingOld,
  recordWaitsForItsBatch,
  partitionerExplicitKeyOrSticky,
  batchesAndCompression,
  fullBufferBlocksThenRefuses,
  unansweredSendIsInTheLog,
  oversizeRecordRefusedByProducer,
  oversizeRecordRefusedByBroker,
  oversizeBatchIsSplitAndSentAgain,
  logIsKeptAndDeletedBySegments,
  oversizeBatchIsFetchedAllTheSame,
  bitThatFlipsInAFetch,
  idempotenceEndsWithTheSession,
  acks1SwitchesIdempotenceOff,
  keyedRecordsWaitForTheirPartition,
  recordsWithoutKeyGoElsewhere,
  newPartitionsMoveKeys,
  groupSharesPartitionsAndIdles,
  groupsEachSeeEverything,
  membersOfAGroupShareTheRecords,
  commitBeforeProcessingLoses,
  commitAfterProcessingDuplicates,
  autoCommitBehindWorkersLoses,
  autoCommitDuplicatesAfterACrash,
  coordinatorFailsOverWithAllCommits,
  offsetsKeptOutsideAre,
  withoutACommitTheResetPolicy,
  committedOffsetThatRetention,
  whoPollsTooLateLoses,
  whoIsNotHeardFromLoses,
  consumingDeletesNothing,
  groupReadsAgainFromAnOffset,
  moreMembersWorkABacklogOff,
  twoApplicationsWithOneGroupId,
  readsFromTheLeaderMoveOn,
  followersServeConsumersOfTheirRack,
];
