/**
 * Feeds the witness and the checks while a run goes on, in the order of events: what brokers tell
 * of their replicas is here, what is written to disks is in `disk-feed.ts`, what the quorum decides in
 * `control-feed.ts`, and what processes and clients go through in `common-feed.ts`.
 */
import { brokerIds } from '../cluster/cluster-view.ts';
import type { World } from '../world.ts';
import type { Check, HighWatermarkEvent } from './check.ts';
import { CommonFeed } from './common-feed.ts';
import { ControlFeed } from './control-feed.ts';
import { DiskFeed } from './disk-feed.ts';
import { isRunning, type ReplicaWatch } from './replica-watch.ts';
import type { Witness } from './witness.ts';

type HighWatermarkListener = Check & Required<Pick<Check, 'highWatermark'>>;

/** Create it before anything is started: it must see every write. */
export class Watch {
  private readonly world: World;
  private readonly witness: Witness;
  private readonly checks: readonly Check[];
  private readonly listening: readonly HighWatermarkListener[];
  private readonly seen: HighWatermarkEvent;

  constructor(world: World, witness: Witness, checks: readonly Check[]) {
    this.world = world;
    this.witness = witness;
    this.checks = checks;
    this.listening = checks.filter(listensToHighWatermarks);
    this.seen = {
      event: 0,
      timeUs: 0,
      replica: witness.replica('', ''),
      highWatermark: 0,
      leaderEpoch: 0,
      role: '',
      legitimate: false,
      lacking: null,
    };
    new DiskFeed(world, witness, checks);
    new ControlFeed(world, witness, checks);
    new CommonFeed(world, witness, checks);
    this.watchLeaders();
    this.watchLogs();
    this.watchShrinks();
    witness.producerLoads.watch(world);
    witness.appendTimes.watch(world);
  }

  private nodeName(traceNode: number): string {
    return this.world.nodes[traceNode - 1]?.name ?? 'lab';
  }

  private watchLeaders(): void {
    const { trace } = this.world;
    const { witness } = this;
    trace.subscribe('leader.started', (event, _timeUs, node, partition, epoch, startOffset) => {
      this.leaderStarted(event, witness.replica(this.nodeName(node), partition as string), {
        leaderEpoch: epoch as number,
        epochStartOffset: startOffset as number,
      });
    });
    trace.subscribe(
      'isr.held',
      (event, _t, node, partition, isr, maximalIsr, leaderEpoch, partitionEpoch) => {
        const { partition: watch } = witness.replica(this.nodeName(node), partition as string);
        watch.held = {
          event,
          node: this.nodeName(node),
          isr: brokerIds(isr as string),
          maximalIsr: brokerIds(maximalIsr as string),
          leaderEpoch: leaderEpoch as number,
          partitionEpoch: partitionEpoch as number,
        };
        for (const check of this.checks) check.isrHeld?.(watch, watch.held);
      },
    );
    trace.subscribe('hw.advanced', (event, timeUs, node, partition, offset, epoch, role) => {
      const { seen } = this;
      seen.event = event;
      seen.timeUs = timeUs;
      seen.replica = witness.replica(this.nodeName(node), partition as string);
      seen.highWatermark = offset as number;
      seen.leaderEpoch = epoch as number;
      seen.role = role as string;
      this.highWatermark(seen);
    });
  }

  private watchLogs(): void {
    const { trace } = this.world;
    const { witness } = this;
    const loading = this.checks.filter((check) => check.logLoaded !== undefined);
    trace.subscribe('log.appended', (event, _timeUs, node, partition, _base, end, _epoch, role) => {
      const replica = witness.replica(this.nodeName(node), partition as string);
      replica.toldEndOffset = end as number;
      if (witness.damages.length === 0 || role !== 'leader') return;
      witness.logEnds.told(partition as string, end as number, event);
    });
    trace.subscribe('log.recovered', (event, _timeUs, node, partition, startOffset, endOffset) => {
      const replica = witness.replica(this.nodeName(node), partition as string);
      const uncleanly = replica.endedUncleanly;
      replica.awaitsRecovery = false;
      replica.endedUncleanly = false;
      for (const check of loading) check.logLoaded?.(replica, event, uncleanly);
      replica.logStartOffset = startOffset as number;
      replica.toldEndOffset = endOffset as number;
      replica.highWatermark = Math.min(replica.highWatermark, endOffset as number);
    });
    trace.subscribe('log.truncated', (_event, _timeUs, node, partition, endOffset) => {
      const replica = witness.replica(this.nodeName(node), partition as string);
      replica.logStartOffset = Math.min(replica.logStartOffset, endOffset as number);
      replica.toldEndOffset = endOffset as number;
    });
    trace.subscribe('replica.deleted', (event, _timeUs, node, partition) => {
      witness.gaveUp(this.nodeName(node), partition as string);
      witness.unanswered.shrank(partition as string, event);
    });
    const listening = this.checks.filter((check) => check.logBegan !== undefined);
    trace.subscribe('log.started', (event, timeUs, traceNode, partition, offset, why) => {
      const node = this.nodeName(traceNode);
      const replica = witness.replica(node, partition as string);
      const place = {
        partition: partition as string,
        fromOffset: replica.logStartOffset,
        offset: offset as number,
        latestBefore: witness.blamer.logStarts.latest(partition as string),
        why: why as string,
      };
      replica.logStartOffset = place.offset;
      witness.blamer.logStarts.told(place.partition, { node, event, offset: place.offset });
      for (const check of listening) check.logBegan?.({ event, timeUs, node, ...place });
    });
  }

  private watchShrinks(): void {
    const { trace } = this.world;
    const listening = this.checks.filter((check) => check.isrShrinkProposed !== undefined);
    trace.subscribe('isr.proposed', (event, timeUs, node, partition, isr, why) => {
      if (why !== 'shrink') return;
      const replica = this.witness.replica(this.nodeName(node), partition as string);
      const proposed = { event, timeUs, replica, isr: isr as string };
      for (const check of listening) check.isrShrinkProposed?.(proposed);
    });
  }

  private leaderStarted(
    event: number,
    replica: ReplicaWatch,
    told: { leaderEpoch: number; epochStartOffset: number },
  ): void {
    const { witness } = this;
    const { node, partition } = replica;
    const { current, committed } = partition;
    const legitimate =
      current?.leader === node &&
      current.leaderEpoch === told.leaderEpoch &&
      witness.partition(partition.name) === partition;
    const { trueHighWatermark } = committed;
    const agreesUpTo = Math.min(
      trueHighWatermark,
      told.epochStartOffset,
      witness.agreesUpTo(replica, trueHighWatermark),
    );
    witness.elections.started(partition.name, told.leaderEpoch);
    const { name, topicId } = partition;
    const started = { ...told, event, node, partition: name, topicId, legitimate, agreesUpTo };
    for (const check of this.checks) check.leaderStarted?.(started);
    if (!legitimate) return;
    witness.cutCommitted(partition, agreesUpTo);
    partition.leading = true;
  }

  private highWatermark(seen: HighWatermarkEvent): void {
    const { replica, highWatermark } = seen;
    replica.highWatermark = highWatermark;
    const { current, committed } = replica.partition;
    seen.legitimate =
      seen.role === 'leader' &&
      current !== null &&
      current.leader === replica.node &&
      current.leaderEpoch === seen.leaderEpoch &&
      this.witness.partition(replica.partition.name) === replica.partition;
    seen.lacking = null;
    if (seen.role === 'leader') {
      this.witness.highWatermarks.told(replica.partition.name, highWatermark, seen.event);
    }
    // First what the leader adds to the committed log, then everybody against it.
    if (seen.legitimate) {
      committed.extend(replica.log, highWatermark, seen.event);
      seen.lacking = this.lacking(replica.partition.members, highWatermark);
    }
    for (const check of this.listening) check.highWatermark(seen);
  }

  private lacking(members: readonly ReplicaWatch[], highWatermark: number): ReplicaWatch | null {
    for (let i = 0; i < members.length; i++) {
      const member = members[i] as ReplicaWatch;
      if (!isRunning(member)) continue;
      if (this.witness.agreesUpTo(member, highWatermark) < highWatermark) return member;
    }
    return null;
  }
}

function listensToHighWatermarks(check: Check): check is HighWatermarkListener {
  return check.highWatermark !== undefined;
}
