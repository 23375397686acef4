/**
 * offset-bounds. A replica's high watermark lies within its log, between the start that it told and
 * the end that its files have (unless the disk took that end from under it); and no client is ever
 * given an offset at or above the highest high watermark that any leader had reached by then.
 * Source: Kafka's UnifiedLog (logStartOffset <= LSO <= HW <= LEO).
 */
import type { Check, HighWatermarkEvent } from '../check.ts';
import { Column, type PollHistory } from '../history/history.ts';
import { type Finding, type Verdict, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

interface Bound {
  readonly events: Column;
  readonly highWatermarks: Column;
}

export class OffsetsAreInBounds implements Check {
  static readonly NAME = 'offset-bounds';
  static readonly DOC = 'high watermarks lie within logs, and no client reads at or above one';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  private readonly bounds = new Map<string, Bound>();

  constructor(witness: Witness) {
    this.witness = witness;
  }

  highWatermark(seen: HighWatermarkEvent): void {
    const { replica, highWatermark, event } = seen;
    const { log } = replica;
    if (highWatermark > log.logEndOffset) this.aboveEnd(seen);
    if (highWatermark < replica.logStartOffset) {
      const bound = `begins at ${replica.logStartOffset}`;
      this.findings.push(outOfBounds(seen, bound, null));
    }
    if (seen.role !== 'leader') return;
    let bound = this.bounds.get(replica.partition.name);
    if (bound === undefined) {
      bound = { events: new Column(), highWatermarks: new Column() };
      this.bounds.set(replica.partition.name, bound);
    }
    const last = bound.events.length - 1;
    if (last >= 0 && bound.highWatermarks.at(last) >= highWatermark) return;
    bound.events.push(event);
    bound.highWatermarks.push(highWatermark);
  }

  private aboveEnd(seen: HighWatermarkEvent): void {
    const { log } = seen.replica;
    const end = this.witness.logs.endOffset(log);
    if (seen.highWatermark <= end) return;
    const allowedBy = this.witness.blamer.beyondPromise(log.partition);
    this.findings.push(outOfBounds(seen, `ends at ${end}`, allowedBy));
  }

  verdict(): Verdict {
    for (const polls of this.witness.history.polls) this.checkPolls(polls);
    return verdictOf(OffsetsAreInBounds.NAME, this.findings, 'every offset was within its bounds');
  }

  private checkPolls(polls: PollHistory): void {
    const passed = new Map<number, number>();
    for (let i = 0; i < polls.event.length; i++) {
      const partition = polls.partition.at(i);
      const bound = this.bounds.get(`${polls.topic}-${partition}`);
      let index = passed.get(partition) ?? 0;
      const count = bound?.events.length ?? 0;
      while (index < count && (bound as Bound).events.at(index) <= polls.event.at(i)) index += 1;
      passed.set(partition, index);
      const highest = index === 0 ? 0 : (bound as Bound).highWatermarks.at(index - 1);
      if (polls.offset.at(i) < highest) continue;
      this.findings.push({
        allowedBy: null,
        at: polls.event.at(i),
        evidence: [polls.event.at(i)],
        explanation:
          `${polls.consumer} was given ${polls.topic}-${partition} offset ${polls.offset.at(i)} ` +
          `when no leader's high watermark was above ${highest}`,
      });
    }
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
