/**
 * All the checks of a run, wired to the world: invariants that see every node while the run goes
 * on, and history checks that judge at the end what the clients saw. `checkCatalog` is the list
 * that `trial list checks`, the scenario schema and the reference are made from.
 */
import type { RunNode, RunWorld } from '../run-world.ts';
import type { World } from '../world.ts';
import type { Check, CheckKind } from './check.ts';
import { readFinalPartition } from './final-logs.ts';
import type { FinalPartition, FinalState } from './final-state.ts';
import { AcknowledgedIsDurable } from './history/acked-durable.ts';
import { EveryRecordIsProcessed } from './history/at-least-once.ts';
import { CommitsAreDurable } from './history/commit-durable.ts';
import { CommitsAreLatest } from './history/commit-latest.ts';
import type { ClientHistory } from './history/history.ts';
import { NoDuplicates } from './history/no-dup.ts';
import { OffsetsAreUnique } from './history/offset-unique.ts';
import { ProducerOrder } from './history/producer-order.ts';
import { ReadsAreStable } from './history/read-stable.ts';
import { CandidatesAreComplete } from './invariants/candidate-complete.ts';
import { CommittedIsSomewhere } from './invariants/committed-somewhere.ts';
import { HighWatermarkIsMonotonic } from './invariants/hw-mono.ts';
import { IsrIsLive } from './invariants/isr-live.ts';
import { LeaderIsComplete } from './invariants/leader-complete.ts';
import { LeaderIsLive } from './invariants/leader-live.ts';
import { LogsMatch } from './invariants/log-match.ts';
import { MetadataMatches } from './invariants/metadata-match.ts';
import { OffsetsAreInBounds } from './invariants/offset-bounds.ts';
import { OffsetsAreMonotonic } from './invariants/offset-mono.ts';
import { OneLeaderPerEpoch } from './invariants/one-leader-per-epoch.ts';
import { QuorumSuperset } from './invariants/quorum-superset.ts';
import { RaftIsDurable } from './invariants/raft-durable.ts';
import { RaftLeaderIsComplete } from './invariants/raft-leader-complete.ts';
import { ReassignmentIsSafe } from './invariants/reassign-safe.ts';
import { RecoveryIsSound } from './invariants/recovery-sound.ts';
import { RetentionIsBounded } from './invariants/retention-bound.ts';
import { EveryPartitionHasOneOwner } from './invariants/single-owner.ts';
import { StrongIsr } from './invariants/strong-isr.ts';
import { UncleanIsExcluded } from './invariants/unclean-excluded.ts';
import { EveryConsumerCatchesUp } from './liveness/consume-progress.ts';
import { EveryReplicaCatchesUp } from './liveness/follower-progress.ts';
import { IsrIsStable } from './liveness/isr-stable.ts';
import { MetadataConverges } from './liveness/metadata-progress.ts';
import { EveryWriteIsAnswered } from './liveness/produce-progress.ts';
import type { RunSettings } from './settings.ts';
import { allowed, type Judged, unknownTo, type Verdict } from './verdict.ts';
import { Watch } from './watch.ts';
import { Witness } from './witness.ts';

/** In the order of reports. */
const kinds: readonly (CheckKind & (new (witness: Witness) => Check))[] = [
  AcknowledgedIsDurable,
  NoDuplicates,
  ProducerOrder,
  ReadsAreStable,
  OffsetsAreUnique,
  RetentionIsBounded,
  LogsMatch,
  HighWatermarkIsMonotonic,
  OffsetsAreMonotonic,
  OneLeaderPerEpoch,
  OffsetsAreInBounds,
  RecoveryIsSound,
  LeaderIsComplete,
  CandidatesAreComplete,
  StrongIsr,
  QuorumSuperset,
  UncleanIsExcluded,
  CommittedIsSomewhere,
  IsrIsLive,
  LeaderIsLive,
  ReassignmentIsSafe,
  MetadataMatches,
  RaftLeaderIsComplete,
  RaftIsDurable,
  EveryPartitionHasOneOwner,
  CommitsAreDurable,
  CommitsAreLatest,
  EveryRecordIsProcessed,
  EveryWriteIsAnswered,
  EveryReplicaCatchesUp,
  EveryConsumerCatchesUp,
  MetadataConverges,
  IsrIsStable,
];

/** They can be judged only of a cluster that was healed. */
export const LIVENESS_CHECKS: readonly string[] = [
  EveryWriteIsAnswered,
  EveryReplicaCatchesUp,
  EveryConsumerCatchesUp,
  MetadataConverges,
].map(({ NAME }) => NAME);

export const checkCatalog: readonly { readonly name: string; readonly doc: string }[] = kinds.map(
  ({ NAME: name, DOC: doc }) => ({ name, doc }),
);

export interface Judgement {
  readonly verdicts: readonly Verdict[];
  /** All that any check calls allowed, one by one. */
  readonly allowances: readonly Verdict[];
  /** What was judged: the logs at the end. */
  readonly final: FinalState;
  readonly acknowledgedLost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** Records that a consumer group passed and never processed. */
  missedIn(group: string): number;
}

export interface EndOfRun {
  readonly unanswered: FinalState['unanswered'];
  readonly behind: FinalState['behind'];
  readonly restedAt: FinalState['restedAt'];
  /** Before healing, or before the cluster had its time to come to rest. */
  readonly endedEarly: boolean;
}

/** Who sees a run as it goes on and judges it when it has ended. */
export interface Judge {
  readonly witness: Witness;
  /** Call once. */
  judge(end: EndOfRun): Judgement;
}

export class Checks implements Judge {
  readonly witness: Witness;
  private readonly world: World;
  private readonly checks: readonly Check[];

  /** Create it before anything is started: it must see every write. */
  constructor(world: World, options: { history: ClientHistory; settings: RunSettings }) {
    this.world = world;
    this.witness = new Witness({
      history: options.history,
      settings: options.settings,
      voterName: (id) => voterName(world, id),
      disks: {
        paths: (node) => world.node(node).disk.files(),
        contents: (node, path) => world.node(node).disk.contents(path),
      },
    });
    this.checks = kinds.map((Kind) => new Kind(this.witness));
    new Watch(world, this.witness, this.checks);
  }

  judge(end: EndOfRun): Judgement {
    const { endedEarly } = end;
    this.witness.blamer.endedEarly = endedEarly;
    const final: FinalState = {
      partitions: this.finalPartitions(endedEarly),
      unanswered: end.unanswered,
      behind: end.behind,
      restedAt: end.restedAt,
      stillSending: stillSending(this.world),
      event: this.world.events,
    };
    return judgementOf(this.checks, judgedBy(kinds, this.checks, final), final);
  }

  private finalPartitions(endedEarly: boolean): Map<string, FinalPartition> {
    const { witness } = this;
    const partitions = new Map<string, FinalPartition>();
    for (const partition of witness.partitions()) {
      const replica = witness.lastReplica(partition, endedEarly);
      if (replica === null) continue;
      const { node, highWatermark, logStartOffset } = replica;
      const { trueHighWatermark } = replica.partition.committed;
      const read = readFinalPartition(witness.disks, witness.history, {
        node,
        partition,
        highWatermark: Math.max(highWatermark, trueHighWatermark),
        logStartOffset,
      });
      partitions.set(partition, read);
    }
    return partitions;
  }
}

/** @param checks one of each kind, in this order. */
export function judgedBy(
  kinds: readonly CheckKind[],
  checks: readonly Check[],
  final: FinalState,
): Judged[] {
  return checks.map((check, i) =>
    verdictSafely((kinds[i] as CheckKind).NAME, () => check.verdict(final)),
  );
}

export function judgementOf(
  checks: readonly Check[],
  judged: readonly Judged[],
  final: FinalState,
): Judgement {
  const one = <T extends Check>(kind: abstract new (witness: Witness) => T): T =>
    checks.find((check) => check instanceof kind) as T;
  return {
    verdicts: judged.map(({ allowances: _all, ...verdict }) => verdict),
    allowances: judged.flatMap(({ name, allowances }) =>
      allowances.map((one) => allowed(name, one)),
    ),
    final,
    acknowledgedLost: one(AcknowledgedIsDurable).lostCount,
    duplicated: one(NoDuplicates).duplicateCount,
    reordered: one(ProducerOrder).reorderedCount,
    missedIn: (group) => one(EveryRecordIsProcessed).missed.get(group) ?? 0,
  };
}

export function voterName(world: RunWorld, id: number): string {
  const isIt = ({ config }: RunNode): boolean =>
    config['node.id'] === String(id) && (config['process.roles'] ?? '').includes('controller');
  return world.nodes.find(isIt)?.name ?? `controller-${id}`;
}

export function stillSending({ nodes }: RunWorld): ReadonlySet<string> {
  const clients = nodes.filter((one) => one.role === 'client' && one.bytesUnderWay > 0);
  return new Set(clients.map((one) => one.name));
}

/** A check that crashes knows nothing: `unknown`, never `holds`. */
function verdictSafely(name: string, judge: () => Judged): Judged {
  try {
    return judge();
  } catch (problem) {
    const said = problem instanceof Error ? problem.message : String(problem);
    return unknownTo(name, `the check itself broke: ${said}`);
  }
}
