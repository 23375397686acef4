/**
 * log-match. For any two replicas and any offset below both their high watermarks the record and
 * its leader epoch are the same. Checked against the committed log whenever a replica's high
 * watermark moves, for what it newly covers and what was rewritten below it. Source: HK, JV.
 */
import type { Check, HighWatermarkEvent } from '../check.ts';
import { type Finding, type Verdict, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class LogsMatch implements Check {
  static readonly NAME = 'log-match';
  static readonly DOC = 'replicas hold the same records below their high watermarks';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  /** By replica id. */
  private readonly checkedUpTo: number[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  highWatermark(seen: HighWatermarkEvent): void {
    const { replica, highWatermark } = seen;
    const from = Math.min(this.checkedUpTo[replica.id] ?? 0, replica.log.takeChangedFrom());
    this.checkedUpTo[replica.id] = highWatermark;
    if (from >= highWatermark) return;
    const { committed } = replica.partition;
    const offset = committed.firstDifference(replica.log, from, highWatermark);
    if (offset >= 0) this.differs(seen, offset);
  }

  private differs(seen: HighWatermarkEvent, offset: number): void {
    const { event } = seen;
    const { node } = seen.replica;
    const partition = seen.replica.partition.name;
    const unclean = this.witness.elections.uncleanSince(partition, 0);
    const lossy = this.witness.lossyStops(partition);
    const needed = this.witness.minInSyncReplicas(partition);
    const allowedBy =
      unclean !== null
        ? `${unclean.how} election`
        : lossy >= needed
          ? `data loss on ${lossy} replicas`
          : null;
    this.findings.push({
      allowedBy,
      at: event,
      evidence: unclean === null ? [event] : [unclean.event, event],
      explanation:
        `${node} has another record at ${partition} offset ${offset}, below its high watermark ` +
        `${seen.highWatermark}, than the committed log`,
    });
  }

  verdict(): Verdict {
    return verdictOf(
      LogsMatch.NAME,
      this.findings,
      'every replica agrees below its high watermark',
    );
  }
}
