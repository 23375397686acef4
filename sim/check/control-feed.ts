/**
 * Feeds the witness with what the quorum decides: the batches of the metadata log as they are
 * committed, and who leads the quorum. What controllers tell of their decisions only adds the
 * event at which it was told; when the committed log was lost with the controllers' disks, their
 * word is all there is.
 */
import { ELIGIBLE_LEADER_REPLICAS } from '../../kafka/metadata/features.ts';
import type { PartitionRegistration } from '../../kafka/metadata/partition-registration.ts';
import { brokerIds } from '../cluster/cluster-view.ts';
import { brokerName } from '../cluster/names.ts';
import type { RunWorld } from '../run-world.ts';
import type { Check, QuorumCommitted } from './check.ts';
import type { ControlChange, PartitionChange } from './control-watch.ts';
import { type Election, electedHow } from './elections.ts';
import { METADATA_LOG } from './replica-logs.ts';
import type { PartitionWatch } from './replica-watch.ts';
import type { Witness } from './witness.ts';

/**
 * A change of min.insync.replicas forgets who was eligible and who led last, of partitions without
 * a member of the ISR, too (Kafka: ClearElrRecord, ReplicationControlManager.removeTopicElrs): only
 * an unclean election finds a leader then. No epoch rises, unlike with any other change.
 * @param written what it was, with all that the batch wrote of it.
 * @returns the event, while nobody has been in sync since; else -1.
 */
function clearedAt(
  known: number,
  [written, after]: [PartitionRegistration | null, PartitionRegistration],
  event: number,
): number {
  if (after.isr.length + after.elr.length + after.lastKnownElr.length > 0) return -1;
  if (written === null || written.partitionEpoch !== after.partitionEpoch) return known;
  return written.elr.length + written.lastKnownElr.length > 0 ? event : known;
}

export class ControlFeed {
  private readonly world: RunWorld;
  private readonly witness: Witness;
  private readonly checks: readonly Check[];
  /** The newest epoch in which a node was seen to lead the quorum. */
  private quorumEpoch = -1;

  constructor(world: RunWorld, witness: Witness, checks: readonly Check[]) {
    this.world = world;
    this.witness = witness;
    this.checks = checks;
    this.watchQuorum();
    this.watchTold();
  }

  private nodeName(traceNode: number): string {
    return this.world.nodes[traceNode - 1]?.name ?? 'lab';
  }

  private watchQuorum(): void {
    const { trace } = this.world;
    const { witness } = this;
    trace.subscribe('quorum.state', (event, _timeUs, node, state, epoch) => {
      const name = this.nodeName(node);
      if (state !== 'leader') {
        if (witness.quorumLeader === name) witness.quorumLeader = null;
        return;
      }
      const replica = witness.replica(name, METADATA_LOG);
      const led = { event, replica, epoch: epoch as number };
      for (const check of this.checks) check.quorumLed?.(led);
      // A voter may count the votes of an election when a later one has been decided already.
      if (led.epoch < this.quorumEpoch && witness.voterDamage === null) return;
      witness.quorumLeader = name;
      this.quorumEpoch = Math.max(this.quorumEpoch, led.epoch);
      const { trueHighWatermark } = replica.partition.committed;
      if (witness.agreesUpTo(replica, trueHighWatermark) < trueHighWatermark) witness.quorumLost();
    });
    trace.subscribe('quorum.committed', (event, timeUs, node, highWatermark, epoch, role) => {
      const committed: QuorumCommitted = {
        event,
        replica: witness.replica(this.nodeName(node), METADATA_LOG),
        epoch: epoch as number,
        highWatermark: highWatermark as number,
        role: role as string,
      };
      this.committed(committed, timeUs);
    });
  }

  private committed(told: QuorumCommitted, timeUs: number): void {
    const { witness } = this;
    const { replica, highWatermark, event } = told;
    for (const check of this.checks) check.quorumCommitted?.(told);
    witness.learned(replica.process, highWatermark);
    replica.highWatermark = highWatermark;
    const { committed } = replica.partition;
    if (told.role !== 'leader' || highWatermark <= committed.trueHighWatermark) return;
    if (told.epoch < this.quorumEpoch || !witness.control.sound) return;
    const before = committed.trueHighWatermark;
    if (witness.agreesUpTo(replica, before) < before) return witness.quorumLost();
    committed.extend(replica.log, highWatermark, event);
    const at = { event, timeUs };
    const voters = witness.control.settleVoters(replica.log, highWatermark);
    if (voters !== null) witness.votersChanged(voters, event);
    witness.control.commit(replica.log, highWatermark, at, (change) => this.changed(change));
  }

  private changed(change: ControlChange): void {
    const { witness } = this;
    const elrLevel = change.image.featureLevel(ELIGIBLE_LEADER_REPLICAS);
    witness.elections.elrIs(elrLevel > 0, change.event);
    for (const { node, before, after } of change.brokers) {
      if (after === null || after.epoch === before?.epoch) continue;
      witness.blamer.registered(node, change.event);
      const process = witness.node(node);
      process.registered = process.alive && process.startedAt < change.decidedAt;
    }
    for (const one of change.partitions) this.partitionChanged(one, change);
    for (const check of this.checks) check.controlChanged?.(change);
  }

  private partitionChanged(
    { name, topicId, before, after, steps }: PartitionChange,
    change: ControlChange,
  ): void {
    const { witness } = this;
    const { event } = change;
    if (after === null) {
      // What was decided in the same batch before the deletion is learned by brokers, too.
      const last = steps.at(-1);
      if (last !== undefined) {
        this.partitionChanged({ name, topicId, before, after: last, steps }, change);
      }
      witness.deleted(name, event);
      witness.beginAnew(name, null);
      return;
    }
    const known = witness.partition(name);
    const watch = known.topicId === topicId ? known : witness.beginAnew(name, topicId);
    watch.registration = after;
    const written = steps.at(-1) ?? before;
    watch.elrClearedAt = clearedAt(watch.elrClearedAt, [written, after], event);
    const nodes = [...after.isr, ...after.elr].map(brokerName);
    watch.members = nodes.map((node) => witness.memberOf(watch, node));
    witness.elections.membersChanged(name, event, nodes, after.replicas.map(brokerName));
    let previous = before;
    for (const step of steps.length > 0 ? steps : [after]) {
      this.decided(watch, [previous, step], change);
      previous = step;
    }
  }

  /** One decision about a partition; a batch may hold several, each with its election. */
  private decided(
    watch: PartitionWatch,
    [before, after]: [PartitionRegistration | null, PartitionRegistration],
    { event, timeUs, brokers, decidedAt, forwarded }: ControlChange,
  ): void {
    if (before !== null && before.leaderEpoch === after.leaderEpoch) return;
    const leader = after.leader < 0 ? null : brokerName(after.leader);
    const { name: partition, topicId } = watch;
    const elected = { event, partition, topicId, leader, leaderEpoch: after.leaderEpoch };
    for (const check of this.checks) check.leaderElected?.(elected);
    // Who registered anew after an unclean stop is removed and somebody else elected in one go.
    const removed = brokers.filter((one) => one.before?.epoch !== one.after?.epoch);
    const nodes = [...after.isr, ...after.elr].map(brokerName);
    const eligibleBefore = [...(before?.isr ?? []), ...(before?.elr ?? [])]
      .map(brokerName)
      .filter((node) => nodes.includes(node) || !removed.some((one) => one.node === node));
    this.elected(watch, {
      event,
      timeUs,
      leader,
      leaderEpoch: after.leaderEpoch,
      how: electedHow(before, after),
      eligibleBefore,
      uncleanIsOn: this.witness.promise(watch.name).uncleanLeaderElection,
      uncleanIsAsked: this.witness.history.acts.explain('unclean election', watch.name, {
        decidedAt,
        forwarded,
      }),
    });
  }

  private elected(watch: PartitionWatch, election: Election): void {
    this.witness.elections.add(watch.name, election);
    watch.current = election;
    watch.leading = false;
  }

  private watchTold(): void {
    const { trace } = this.world;
    const { witness } = this;
    trace.subscribe(
      'leader.elected',
      (event, timeUs, _node, partition, leader, epoch, isr, elr, how) => {
        const name = partition as string;
        const told = {
          event,
          partition: name,
          leader: (leader as number) < 0 ? null : brokerName(leader as number),
          leaderEpoch: epoch as number,
        };
        if (witness.control.sound) return witness.elections.told(name, told.leaderEpoch, event);
        const watch = witness.partition(name);
        const { topicId } = watch;
        for (const check of this.checks) check.leaderElected?.({ ...told, topicId });
        // A controller tells its newest decisions again when it restarts.
        if (told.leaderEpoch <= (watch.current?.leaderEpoch ?? -1)) return;
        const { uncleanLeaderElection: uncleanIsOn } = witness.promise(name);
        const eligibleBefore = witness.elections.eligibleAt(name, event - 1);
        const decision = { decidedAt: event, forwarded: true };
        const uncleanIsAsked = witness.history.acts.explain('unclean election', name, decision);
        const asked = { uncleanIsOn, uncleanIsAsked };
        this.elected(watch, { ...told, timeUs, how: how as string, eligibleBefore, ...asked });
        this.membersTold(event, name, `${isr},${elr}`);
      },
    );
    trace.subscribe('isr.changed', (event, _timeUs, _node, name, isr, elr) => {
      if (!witness.control.sound) this.membersTold(event, name as string, `${isr},${elr}`);
    });
  }

  private membersTold(event: number, partition: string, ids: string): void {
    const { witness } = this;
    const nodes = brokerIds(ids).map(brokerName);
    witness.partition(partition).members = nodes.map((node) => witness.replica(node, partition));
    witness.elections.membersChanged(partition, event, nodes);
  }
}
