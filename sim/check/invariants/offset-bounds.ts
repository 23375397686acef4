/**
 * offset-bounds. A replica's high watermark lies within its log, between the start that it told and
 * the end that its files have (unless the disk took that end from under it); and no client is ever
 * given an offset at or above the highest high watermark that any leader had reached by then. The
 * offset of a batch is no part of what its checksum covers (DefaultRecordBatch): when it rots, a
 * client may be given one that no leader had ever reached with a record. Source: Kafka's UnifiedLog
 * (logStartOffset <= LSO <= HW <= LEO).
 */
import type { Check, HighWatermarkEvent } from '../check.ts';
import type { PollHistory } from '../history/history.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class OffsetsAreInBounds implements Check {
  static readonly NAME = 'offset-bounds';
  static readonly DOC = 'high watermarks lie within logs, and no client reads at or above one';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  highWatermark(seen: HighWatermarkEvent): void {
    const { replica, highWatermark } = seen;
    const { log } = replica;
    if (highWatermark > log.logEndOffset) this.aboveEnd(seen);
    if (highWatermark < replica.logStartOffset) {
      const bound = `begins at ${replica.logStartOffset}`;
      this.findings.push(outOfBounds(seen, bound, null));
    }
  }

  private aboveEnd(seen: HighWatermarkEvent): void {
    const { log } = seen.replica;
    const end = this.witness.logs.endOffset(log);
    if (seen.highWatermark <= end) return;
    const allowedBy = this.witness.blamer.beyondPromise(log.partition);
    this.findings.push(outOfBounds(seen, `ends at ${end}`, allowedBy));
  }

  verdict(): Judged {
    for (const polls of this.witness.history.polls) this.checkPolls(polls);
    return verdictOf(OffsetsAreInBounds.NAME, this.findings, 'every offset was within its bounds');
  }

  private checkPolls(polls: PollHistory): void {
    for (let i = 0; i < polls.event.length; i++) {
      const name = `${polls.topic}-${polls.partition.at(i)}`;
      const event = polls.event.at(i);
      const offset = polls.offset.at(i);
      const highest = this.witness.highWatermarks.reached(name, event);
      if (offset < highest) continue;
      this.findings.push({
        allowedBy: this.neverWritten(name, offset, event),
        at: event,
        evidence: [event],
        explanation:
          `${polls.consumer} was given ${name} offset ${offset} ` +
          `when no leader's high watermark was above ${highest}`,
      });
    }
  }

  /** The damage that an offset comes from which no leader had written; else null. */
  private neverWritten(partition: string, offset: number, event: number): string | null {
    const { witness } = this;
    const damage = witness.spoiledBy(partition);
    if (damage === null || damage.event > event) return null;
    return offset < witness.logEnds.reached(partition, event) ? null : damage.fault;
  }
}

function outOfBounds(
  { event, replica, highWatermark }: HighWatermarkEvent,
  bound: string,
  allowedBy: string | null,
): Finding {
  return {
    allowedBy,
    at: event,
    evidence: [event],
    explanation:
      `${replica.node} says the high watermark of ${replica.partition.name} is ` +
      `${highWatermark}, but its log ${bound}`,
  };
}
