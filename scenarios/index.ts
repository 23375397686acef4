/** All stories, in the order of the claims they put to the test. */
import type { ScenarioInput } from '../sim/scenario/schema.ts';
import acks0LosesSilently from './acks-0-loses-silently.ts';
import acks1LosesAnAcknowledgedRecord from './acks-1-loses-an-acknowledged-record.ts';
import acksAllSurvivesLeaderCrash from './acks-all-survives-leader-crash.ts';
import consumersNeverReadAboveTheHighWatermark from './consumers-never-read-above-the-high-watermark.ts';
import fiveInFlightIdempotentKeepsOrder from './five-in-flight-idempotent-keeps-order.ts';
import fiveInFlightReorders from './five-in-flight-reorders.ts';
import laggingFollowerLeavesAndRejoinsIsr from './lagging-follower-leaves-and-rejoins-isr.ts';
import lostAckDuplicates from './lost-ack-duplicates.ts';
import lostAckIdempotentDoesNotDuplicate from './lost-ack-idempotent-does-not-duplicate.ts';
import minIsr1UncleanElectionLoses from './min-isr-1-unclean-election-loses.ts';
import orderHoldsWithinAPartitionOnly from './order-holds-within-a-partition-only.ts';
import partitionApLoses from './partition-ap-loses.ts';
import partitionCpRefuses from './partition-cp-refuses.ts';
import powerLossOfAllReplicasLosesUnflushed from './power-loss-of-all-replicas-loses-unflushed.ts';
import powerLossOfAllReplicasWithFlushLosesNothing from './power-loss-of-all-replicas-with-flush-loses-nothing.ts';
import replicationFactorAboveBrokersIsRefused from './replication-factor-above-brokers-is-refused.ts';
import rollingRestartLosesNothing from './rolling-restart-loses-nothing.ts';
import tornTailIsCutAtRecovery from './torn-tail-is-cut-at-recovery.ts';

export const scenarios: readonly ScenarioInput[] = [
  acks0LosesSilently,
  acks1LosesAnAcknowledgedRecord,
  acksAllSurvivesLeaderCrash,
  minIsr1UncleanElectionLoses,
  powerLossOfAllReplicasLosesUnflushed,
  powerLossOfAllReplicasWithFlushLosesNothing,
  lostAckDuplicates,
  lostAckIdempotentDoesNotDuplicate,
  fiveInFlightReorders,
  fiveInFlightIdempotentKeepsOrder,
  orderHoldsWithinAPartitionOnly,
  laggingFollowerLeavesAndRejoinsIsr,
  consumersNeverReadAboveTheHighWatermark,
  partitionCpRefuses,
  partitionApLoses,
  tornTailIsCutAtRecovery,
  rollingRestartLosesNothing,
  replicationFactorAboveBrokersIsRefused,
];
