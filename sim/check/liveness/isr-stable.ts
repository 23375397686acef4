/**
 * isr-stable. No replica leaves an ISR for nothing: while no fault has struck and no request was
 * refused, and again once everything has come to rest after healing, an ISR only grows. Replicas
 * that a reassignment takes away are not meant, nor brokers that an operator unregistered; settings
 * that give followers less time or fewer bytes than Kafka's defaults permit what they are too tight
 * for. And, faults or not, a leader drops nobody for lagging that has shown it everything within
 * replica.lag.time.max.ms: while all that it has written in its epoch is committed, every follower
 * in sync has all of it, unless it has lost some since and asks for it again; and whenever that was
 * so, each of them had fetched since the last batch was written. Lag is measured by the leader's wall
 * clock, and against the log that it believes to have: one that its disk spoiled may end elsewhere.
 * Source: KAFKA-1546, KAFKA-7152, JV (liveness).
 */
import { brokerIds } from '../../cluster/cluster-view.ts';
import { brokerName } from '../../cluster/names.ts';
import type { Check, HighWatermarkEvent, IsrShrinkProposed } from '../check.ts';
import type { ControlChange } from '../control-watch.ts';
import type { FinalState } from '../final-state.ts';
import type { ReplicaWatch } from '../replica-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

interface Shrink {
  readonly event: number;
  readonly partition: string;
  readonly left: readonly number[];
}

/** The last moment at which a leader saw that everybody had everything. */
interface Level {
  readonly event: number;
  readonly leaderEpoch: number;
  readonly highWatermark: number;
  /** Who had it then; who joined later need never have had everything. */
  readonly isr: readonly number[];
  /** Before the newest of it was written; µs. */
  readonly sinceUs: number;
}

/** Timers of brokers are as late as their steps. */
const TOLERANCE_US = 100_000;

export class IsrIsStable implements Check {
  static readonly NAME = 'isr-stable';
  static readonly DOC = 'no replica leaves the ISR when nothing is wrong';
  private readonly witness: Witness;
  private readonly shrinks: Shrink[] = [];
  private readonly hasty: Finding[] = [];
  /** Ids of brokers that an operator unregistered and that have not registered since. */
  private readonly unregistered = new Set<number>();
  /** By replica id: of leaders. */
  private readonly level: (Level | undefined)[] = [];
  /** By replica id: when its log last ended below what was committed, as it had lost the rest. */
  private readonly fellAt: (number | undefined)[] = [];
  /** By replica id: the newest log end that a leader was seen with, and when it was first seen. */
  private readonly ends: { offset: number; seenUs: number; beforeUs: number }[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  controlChanged(change: ControlChange): void {
    const { event } = change;
    const { acts } = this.witness.history;
    for (const { id, after } of change.brokers) {
      if (after !== null) this.unregistered.delete(id);
      else if (acts.explainUnregistration(id, change)) this.unregistered.add(id);
    }
    for (const { name, before, after } of change.partitions) {
      if (before === null || after === null) continue;
      const left = before.isr.filter(
        (id) =>
          !after.isr.includes(id) && after.replicas.includes(id) && !this.unregistered.has(id),
      );
      if (left.length > 0) this.shrinks.push({ event, partition: name, left });
    }
  }

  highWatermark({ event, timeUs, replica, highWatermark, leaderEpoch, role }: HighWatermarkEvent) {
    if (role !== 'leader') return;
    const end = replica.log.logEndOffset;
    const known = this.ends[replica.id];
    if (known === undefined) this.ends[replica.id] = { offset: end, seenUs: timeUs, beforeUs: -1 };
    else if (known.offset !== end) {
      known.beforeUs = known.seenUs;
      known.offset = end;
    }
    const { beforeUs } = this.ends[replica.id] as { beforeUs: number };
    (this.ends[replica.id] as { seenUs: number }).seenUs = timeUs;
    if (highWatermark !== end || beforeUs < 0) return;
    // What an earlier leader wrote nobody need have fetched from this one.
    if (replica.log.batchAt(end - 1)?.epoch !== leaderEpoch) return;
    const isr = replica.partition.held?.isr ?? [];
    this.level[replica.id] = { event, leaderEpoch, highWatermark, isr, sinceUs: beforeUs };
  }

  logShrank(replica: ReplicaWatch, event: number): void {
    const { trueHighWatermark } = replica.partition.committed;
    if (this.witness.endOf(replica) < trueHighWatermark) this.fellAt[replica.id] = event;
  }

  isrShrinkProposed({ event, timeUs, replica, isr }: IsrShrinkProposed): void {
    const level = this.level[replica.id];
    const { node, partition, log } = replica;
    const { held } = partition;
    if (level === undefined || held?.node !== node || level.leaderEpoch !== held.leaderEpoch)
      return;
    const staying = brokerIds(isr);
    const dropped = held.isr.filter((id) => !staying.includes(id));
    if (dropped.some((id) => !level.isr.includes(id))) return;
    const hasFallen = (id: number): boolean =>
      (this.fellAt[this.witness.memberOf(partition, brokerName(id)).id] ?? -1) > level.event;
    const isLevel = level.highWatermark === log.logEndOffset && !dropped.every(hasFallen);
    const { replicaLagTimeMaxMs } = this.witness.settings;
    const isRecent = timeUs - level.sinceUs + TOLERANCE_US < replicaLagTimeMaxMs * 1_000;
    if (!isLevel && !isRecent) return;
    this.hasty.push({
      allowedBy: this.excuseOf(replica),
      at: event,
      evidence: [level.event, event],
      explanation:
        `${node} wants only ${isr} to stay in the ISR of ${partition.name}, ` +
        (isLevel
          ? `and everybody in it has all ${log.logEndOffset} records`
          : `and everybody in it had everything less than ${replicaLagTimeMaxMs} ms ago`),
    });
  }

  /**
   * A leader counts by its own clock, and up to the end that it believes its log to have: followers
   * cannot show it what its disk put elsewhere, or spoiled, before they had it.
   */
  private excuseOf(leader: ReplicaWatch): string | null {
    const { witness } = this;
    const { node, toldEndOffset } = leader;
    if (!witness.clocks.isTrue(node)) return 'a wall clock that was set anew';
    const damage = toldEndOffset === witness.endOf(leader) ? null : witness.damageOf(node);
    return damage ?? witness.blamer.quorumLoss?.fault ?? null;
  }

  verdict({ restedAt }: FinalState): Judged {
    const { disturbedAt, settings } = this.witness;
    const findings: Finding[] = this.shrinks
      .filter(({ event }) => event < disturbedAt || (restedAt !== null && event > restedAt))
      .map(({ event, partition, left }) => ({
        allowedBy: settings.tightReplication,
        at: event,
        evidence: [event],
        explanation:
          `${left.map(brokerName).join(', ')} left the ISR of ${partition} ` +
          (event < disturbedAt
            ? 'before anything had struck'
            : 'after everything had come to rest'),
      }));
    return verdictOf(
      IsrIsStable.NAME,
      [...findings, ...this.hasty],
      'no replica left an ISR for nothing',
    );
  }
}
