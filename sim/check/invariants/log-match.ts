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
  private readonly checkedUpTo = new Map<string, number>();

  constructor(witness: Witness) {
    this.witness = witness;
  }

  highWatermark(seen: HighWatermarkEvent): void {
    const { node, partition, highWatermark } = seen;
    const key = `${partition} ${node}`;
    const log = this.witness.logs.of(node, partition);
    const from = Math.min(this.checkedUpTo.get(key) ?? 0, log.takeChangedFrom());
    this.checkedUpTo.set(key, highWatermark);
    if (from >= highWatermark) return;
    const committed = this.witness.committed(partition);
    const offset = committed.firstDifference(log, from, highWatermark);
    if (offset >= 0) this.differs(seen, offset);
  }

  private differs(seen: HighWatermarkEvent, offset: number): void {
    const { node, partition, event } = seen;
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
