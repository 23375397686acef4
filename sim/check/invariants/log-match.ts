/**
 * log-match. For any two replicas and any offset below both their high watermarks the record and
 * its leader epoch are the same. Checked against the committed log whenever a replica's high
 * watermark moves, for what it newly covers and what was rewritten below it; after every step of a
 * running node that rewrites what was committed; and at the end for all of it, with the bytes of
 * every batch against its CRC: of a log that nobody has recovered since its process ended only what
 * was flushed before, for it may end in a torn batch, which recovery cuts. A loss that settings or
 * faults permit excuses that replicas differ for a while, and not those that still do when
 * everything has come to rest: who follows a leader has cut what that leader does not have
 * (KIP-101). Source: HK, JV.
 */
import type { Check, HighWatermarkEvent } from '../check.ts';
import type { FinalState } from '../final-state.ts';
import { isRunning, type ReplicaWatch } from '../replica-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class LogsMatch implements Check {
  static readonly NAME = 'log-match';
  static readonly DOC = 'replicas hold the same records below their high watermarks';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  /** By replica id: the offset at which it was last said to differ. */
  private readonly told: number[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  highWatermark({ replica, highWatermark, event }: HighWatermarkEvent): void {
    this.check(replica, highWatermark, event);
  }

  logWasCut(replica: ReplicaWatch, event: number): void {
    const { partition, highWatermark } = replica;
    // Recovery cuts one file after the other, and takes several steps.
    if (replica.awaitsRecovery) return;
    if (isRunning(replica) && partition.registration !== null) {
      this.check(replica, highWatermark, event);
    }
  }

  private check(replica: ReplicaWatch, highWatermark: number, event: number): void {
    const bound = Math.min(highWatermark, replica.partition.committed.trueHighWatermark);
    const offset = this.witness.agreesUpTo(replica, bound);
    if (offset >= bound || offset >= this.witness.endOf(replica)) return;
    if (this.told[replica.id] === offset) return;
    this.told[replica.id] = offset;
    this.differs(replica, offset, event);
  }

  private differs(replica: ReplicaWatch, offset: number, event: number): void {
    const { node, log, highWatermark } = replica;
    const { name, committed } = replica.partition;
    const { blamer } = this.witness;
    // One of the two was displaced by the other: the loss of either may be allowed.
    const theirs = log.batchAt(offset);
    const common = committed.batchAt(offset);
    const blames = [theirs, common].map((one) =>
      one === null ? null : blamer.blameNow(name, one, true),
    );
    const blame = blames.find((one) => (one?.allowedBy ?? null) !== null) ?? null;
    const where = `${name} offset ${offset}, below its high watermark ${highWatermark}`;
    this.findings.push({
      allowedBy: blame === null ? blamer.beyondPromise(name) : blame.allowedBy,
      at: event,
      evidence: [...(blame?.evidence ?? []), event],
      explanation:
        theirs === null
          ? `${node} has a hole at ${where}, where the committed log has a record`
          : `${node} has another record at ${where}, than the committed log`,
    });
  }

  private stillDiffers({ node, partition }: ReplicaWatch, offset: number, event: number): void {
    this.findings.push({
      allowedBy: this.witness.blamer.beyondPromise(partition.name),
      at: event,
      evidence: [event],
      explanation:
        `${node} has come to rest with another record at ${partition.name} offset ${offset} ` +
        'than the committed log',
    });
  }

  verdict(final: FinalState): Judged {
    for (const partition of this.witness.partitions()) {
      for (const replica of this.witness.partition(partition).replicas)
        this.atTheEnd(replica, final);
    }
    return verdictOf(
      LogsMatch.NAME,
      this.findings,
      'every replica agrees below its high watermark',
    );
  }

  private atTheEnd(replica: ReplicaWatch, final: FinalState): void {
    const { event } = final;
    const { node, log, highWatermark } = replica;
    const { name, committed } = replica.partition;
    const bound = Math.min(highWatermark, committed.trueHighWatermark);
    const offset = committed.firstDifference(log, 0, bound);
    const atRest = final.restedAt !== null && isRunning(replica) && final.partitions.has(name);
    const mustAgree = atRest && replica.partition.leading;
    // Nobody reads what lies below its log start any more, nor cuts what the leader had deleted.
    const differsYet = committed.firstDifference(log, replica.logStartOffset, bound);
    if (mustAgree && differsYet >= 0) this.stillDiffers(replica, differsYet, event);
    else if (offset >= 0 && this.told[replica.id] !== offset) this.differs(replica, offset, event);
    const corruptOnes = this.witness.logs.corruptBatches(log, { durable: replica.awaitsRecovery });
    for (const corrupt of corruptOnes) {
      this.findings.push({
        allowedBy: this.witness.blamer.beyondPromise(name),
        at: event,
        evidence: [event],
        explanation: `${node} holds a batch at ${name} offset ${corrupt} whose CRC is wrong`,
      });
    }
  }
}
