/**
 * The checks that need nothing but what clients saw, what nodes tell of themselves and the logs as
 * they lie there at the end: those by which a run of real processes is judged. What the others ask
 * for, every write and every flush, nobody sees there.
 */
import type { ClusterView } from '../cluster/cluster-view.ts';
import { topicOf } from '../cluster/names.ts';
import type { RunWorld } from '../run-world.ts';
import type { Check, CheckKind } from './check.ts';
import {
  type EndOfRun,
  type Judge,
  type Judgement,
  judgedBy,
  judgementOf,
  stillSending,
  voterName,
} from './checks.ts';
import { CommonFeed } from './common-feed.ts';
import { ControlFeed } from './control-feed.ts';
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
import { OneLeaderPerEpoch } from './invariants/one-leader-per-epoch.ts';
import { EveryPartitionHasOneOwner } from './invariants/single-owner.ts';
import { EveryConsumerCatchesUp } from './liveness/consume-progress.ts';
import { EveryReplicaCatchesUp } from './liveness/follower-progress.ts';
import { EveryWriteIsAnswered } from './liveness/produce-progress.ts';
import type { DiskView } from './replica-logs.ts';
import type { RunSettings } from './settings.ts';
import { ToldBlamer } from './told-blamer.ts';
import { ToldConfigs } from './told-configs.ts';
import { Witness } from './witness.ts';

/** In the order of reports. */
const kinds: readonly (CheckKind & (new (witness: Witness) => Check))[] = [
  AcknowledgedIsDurable,
  NoDuplicates,
  ProducerOrder,
  ReadsAreStable,
  OffsetsAreUnique,
  OneLeaderPerEpoch,
  EveryPartitionHasOneOwner,
  CommitsAreDurable,
  CommitsAreLatest,
  EveryRecordIsProcessed,
  EveryWriteIsAnswered,
  EveryReplicaCatchesUp,
  EveryConsumerCatchesUp,
];

export const TOLD_CHECKS: readonly string[] = kinds.map(({ NAME }) => NAME);

export class ToldChecks implements Judge {
  readonly witness: Witness;
  private readonly world: RunWorld;
  private readonly view: ClusterView;
  private readonly checks: readonly Check[];
  /** By topic, the id of the one that has the name now. */
  private readonly topicIds = new Map<string, string>();
  private readonly deletedTopics = new Set<string>();
  /** By topic. */
  private readonly partitions = new Map<string, Set<string>>();

  /** Create it before anything is started. `disks` is asked once the run has ended. */
  constructor(
    world: RunWorld,
    options: {
      readonly view: ClusterView;
      readonly history: ClientHistory;
      readonly settings: RunSettings;
      readonly disks: DiskView;
    },
  ) {
    const { view, history, settings, disks } = options;
    this.world = world;
    this.view = view;
    this.witness = new Witness({
      history,
      settings,
      disks,
      voterName: (id) => voterName(world, id),
      configs: new ToldConfigs(world, view),
      blamer: (...parts) => {
        const blamer = new ToldBlamer(...parts);
        blamer.watch(world);
        return blamer;
      },
    });
    // What the quorum decides is known by its controllers' word alone.
    this.witness.control.sound = false;
    this.checks = kinds.map((Kind) => new Kind(this.witness));
    this.watchTopics();
    new ControlFeed(world, this.witness, this.checks);
    new CommonFeed(world, this.witness, this.checks);
    this.witness.producerLoads.watchUnseen(world);
    this.witness.appendTimes.watch(world);
    this.watchLogs();
  }

  judge({ unanswered, behind, restedAt }: EndOfRun): Judgement {
    const final: FinalState = {
      partitions: this.finalPartitions(),
      unanswered,
      behind,
      restedAt,
      stillSending: stillSending(this.world),
      event: this.world.events,
    };
    return judgementOf(this.checks, judgedBy(kinds, this.checks, final), final);
  }

  /** A topic that is made anew under a former one’s name begins its epochs anew. */
  private watchTopics(): void {
    const { trace } = this.world;
    const { witness, topicIds, deletedTopics } = this;
    trace.subscribe('topic.created', (_event, _t, _n, topic, topicId) => {
      if (!deletedTopics.has(topicId as string)) topicIds.set(topic as string, topicId as string);
    });
    trace.subscribe('leader.elected', (_event, _t, _n, partition) => {
      const name = partition as string;
      const topic = topicOf(name);
      const topicId = topicIds.get(topic) ?? null;
      if (topicId !== witness.partition(name).topicId) witness.beginAnew(name, topicId);
      const known = this.partitions.get(topic);
      if (known === undefined) this.partitions.set(topic, new Set([name]));
      else known.add(name);
    });
    trace.subscribe('topic.deleted', (event, _t, _n, topic, topicId) => {
      // Told again by a controller that restarts.
      if (deletedTopics.has(topicId as string)) return;
      deletedTopics.add(topicId as string);
      topicIds.delete(topic as string);
      const names = this.partitions.get(topic as string) ?? [];
      for (const name of names) witness.deleted(name, event);
      this.partitions.delete(topic as string);
    });
  }

  private watchLogs(): void {
    const { trace, nodes } = this.world;
    const { blamer, elections } = this.witness;
    trace.subscribe('leader.started', (event, _t, node, partition, epoch, startOffset) => {
      const name = partition as string;
      elections.started(name, epoch as number);
      const started = {
        event,
        node: nodes[node - 1]?.name ?? 'lab',
        partition: name,
        topicId: this.witness.partition(name).topicId,
        leaderEpoch: epoch as number,
        epochStartOffset: startOffset as number,
        legitimate: false,
        agreesUpTo: 0,
      };
      for (const check of this.checks) check.leaderStarted?.(started);
    });
    trace.subscribe('log.started', (event, _t, traceNode, partition, offset) => {
      const node = nodes[traceNode - 1]?.name ?? 'lab';
      blamer.logStarts.told(partition as string, { node, event, offset: offset as number });
    });
  }

  /** As their leaders have them; a partition that nobody leads cannot be read. */
  private finalPartitions(): Map<string, FinalPartition> {
    const { witness, view } = this;
    const partitions = new Map<string, FinalPartition>();
    for (const { name: partition, leader, byNode } of view.partitions.values()) {
      if (leader === null) continue;
      const seen = byNode.get(leader);
      const read = readFinalPartition(witness.disks, witness.history, {
        node: leader,
        partition,
        highWatermark: seen?.highWatermark ?? 0,
        logStartOffset: seen?.logStartOffset ?? 0,
      });
      partitions.set(partition, read);
    }
    return partitions;
  }
}
