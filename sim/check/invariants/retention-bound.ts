/**
 * retention-bound. An acknowledged record stays readable for retention.ms, by true time, from when
 * it was sent: no replica begins its log behind it before. A limit of bytes permits more, and so
 * does a clock that faults have set wrong, by as much as it was wrong when it mattered: that of the
 * broker which deletes when it does, that of the producer, and with LogAppendTime that of any
 * broker, when the record got its timestamp. Who starts its log later because its leader's does
 * has decided nothing, and what DeleteRecords asks for is another matter. Source: the zoo's RETENTION-BOUND, Kafka's
 * UnifiedLog.deleteRetentionMsBreachedSegments.
 */

import type { MetadataImage } from '../../../kafka/metadata/image.ts';
import { topicOf } from '../../cluster/names.ts';
import type { Check, LogBegan } from '../check.ts';
import type { ControlChange } from '../control-watch.ts';
import { Outcome, type SendHistory } from '../history/history.ts';
import { type RetentionPromise, retentionOf } from '../settings.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

/** Brokers compare whole ms of two clocks, and a step takes its time. */
const TOLERANCE_MS = 100;

interface Deletion extends LogBegan, RetentionPromise {
  /** How far the clock that decided was ahead of true time. */
  readonly aheadMs: number;
}

export class RetentionIsBounded implements Check {
  static readonly NAME = 'retention-bound';
  static readonly DOC = 'no acknowledged record is deleted before its retention time';
  private readonly witness: Witness;
  /** By topic: what permits most of all that was ever configured; brokers hear of it later. */
  private readonly loosest = new Map<string, RetentionPromise>();
  /** By partition. */
  private readonly deletions = new Map<string, Deletion[]>();

  constructor(witness: Witness) {
    this.witness = witness;
  }

  controlChanged({ image }: ControlChange): void {
    for (const { name } of image.topicsById.values()) this.configured(name, image);
  }

  private configured(topic: string, image: MetadataImage): RetentionPromise {
    const now = retentionOf(topic, image, this.witness.settings);
    const loosest = looser(now, this.loosest.get(topic) ?? now);
    this.loosest.set(topic, loosest);
    return loosest;
  }

  logBegan(began: LogBegan): void {
    const { clocks, control } = this.witness;
    const { partition, node, why } = began;
    if (why === 'request') return;
    // Who follows its leader gives up no more than that, unless the leader never did.
    if (why === 'leader' && began.offset <= began.latestBefore) return;
    const topic = topicOf(partition);
    const retention = this.configured(topic, control.image);
    const known = this.deletions.get(partition) ?? [];
    known.push({ ...began, ...retention, aheadMs: clocks.aheadMs(node) });
    this.deletions.set(partition, known);
  }

  verdict(): Judged {
    const findings: Finding[] = [];
    for (const sends of this.witness.history.sends) this.checkSends(sends, findings);
    return verdictOf(
      RetentionIsBounded.NAME,
      findings,
      'nothing was deleted before its retention time',
    );
  }

  private checkSends(sends: SendHistory, findings: Finding[]): void {
    if (this.deletions.size === 0) return;
    for (let row = 0; row < sends.count; row++) {
      if (sends.outcome.at(row) !== Outcome.ok || sends.offset.at(row) < 0) continue;
      const partition = `${sends.producer.topic}-${sends.partition.at(row)}`;
      const deletion = this.deletionOf(partition, sends, row);
      if (deletion === null || deletion.retentionMs < 0) continue;
      const ageMs = (deletion.timeUs - sends.invokedUs.at(row)) / 1_000;
      if (ageMs + TOLERANCE_MS >= deletion.retentionMs) continue;
      findings.push(this.early(sends, row, { deletion, ageMs }));
    }
  }

  /** The one that took a record away which had been acknowledged; a topic's own end is another. */
  private deletionOf(partition: string, sends: SendHistory, row: number): Deletion | null {
    const offset = sends.offset.at(row);
    const answered = sends.answeredEvent.at(row);
    const all = this.deletions.get(partition) ?? [];
    const found = all.find((one) => {
      if (one.event <= answered || offset < one.fromOffset || offset >= one.offset) return false;
      return this.mayHold(one, offset, { sent: sends.invokedEvent.at(row), answered });
    });
    if (found === undefined) return null;
    const gone = this.witness.blamer.deletionSince(partition, answered);
    return gone === null ? found : null;
  }

  /**
   * Whether what a replica gave up may be the record that was sent and answered at those events.
   * Several may have stood at its offset: one that was written before it was sent (by a leader of
   * before, on a replica that comes back with it), or after it was answered (when it was lost).
   * Who held nothing there gave up nothing; but nobody's log may begin behind what none did.
   */
  private mayHold(
    { node, partition, event, latestBefore }: Deletion,
    offset: number,
    { sent, answered }: { readonly sent: number; readonly answered: number },
  ): boolean {
    const since = this.witness.blamer.heldSince(node, { partition, offset, at: event });
    if (since === null) return offset >= latestBefore;
    return since >= sent && since < answered;
  }

  private early(
    sends: SendHistory,
    row: number,
    { deletion, ageMs }: { readonly deletion: Deletion; readonly ageMs: number },
  ): Finding {
    const { node, partition, event, retentionMs } = deletion;
    const answered = sends.answeredEvent.at(row);
    return {
      allowedBy: this.permits(sends.producer.name, { deletion, ageMs }),
      at: event,
      evidence: [answered, event],
      explanation:
        `record ${sends.producer.name}-${row} at ${partition} offset ${sends.offset.at(row)} was ` +
        `deleted by ${node} ${Math.round(ageMs)} ms after it was sent (retention.ms=${retentionMs})`,
    };
  }

  private permits(
    producer: string,
    { deletion, ageMs }: { readonly deletion: Deletion; readonly ageMs: number },
  ): string | null {
    const { limitBytes, partition, retentionMs, aheadMs, appendTime } = deletion;
    const { blamer, clocks } = this.witness;
    if (limitBytes >= 0) return `retention.bytes=${limitBytes}`;
    const behindMs = appendTime ? clocks.behindMs() : clocks.behindMs(producer);
    if (ageMs + aheadMs + behindMs + TOLERANCE_MS >= retentionMs) return 'a wrong wall clock';
    return blamer.beyondPromise(partition);
  }
}

function looser(one: RetentionPromise, other: RetentionPromise): RetentionPromise {
  return {
    retentionMs: smallerLimit(one.retentionMs, other.retentionMs),
    limitBytes: smallerLimit(one.limitBytes, other.limitBytes),
    appendTime: one.appendTime || other.appendTime,
  };
}

/** Below 0 there is no limit. */
function smallerLimit(one: number, other: number): number {
  if (one < 0 || other < 0) return Math.max(one, other);
  return Math.min(one, other);
}
