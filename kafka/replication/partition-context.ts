/** What all partitions of one broker share (Kafka: what Partition takes of its ReplicaManager). */
import type { Clock } from '../host.ts';
import type { Rules } from '../protocol/rules.ts';
import type { Trace } from '../trace.ts';
import type { ClusterView } from './cluster-view.ts';
import type { IsrProposal } from './isr-state.ts';
import type { Partition } from './partition.ts';
import type { RecheckQueue } from './waiters.ts';

export interface PartitionContext {
  readonly brokerId: number;
  brokerEpoch(): number;
  readonly replicaLagTimeMaxMs: number;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly cluster: ClusterView;
  readonly rules: Rules;
  readonly rechecks: RecheckQueue;
  /** Sends an ISR change to the controller (AlterPartitionManager). */
  proposeIsr(partition: Partition, proposal: IsrProposal): void;
}
