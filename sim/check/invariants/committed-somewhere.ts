/**
 * committed-somewhere. Every committed record is on the disk of at least one of its partition's
 * replicas, running or not, until retention or the deletion of its topic takes it. Checked
 * whenever batches leave a replica's log. Losing it is permitted only by what `blame.ts` lists:
 * the loss of every in-sync copy at once, an unclean election that cut the last one, and so on.
 * Source: JV.
 */
import type { Check } from '../check.ts';
import { METADATA_LOG } from '../replica-logs.ts';
import type { ReplicaWatch } from '../replica-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class CommittedIsSomewhere implements Check {
  static readonly NAME = 'committed-somewhere';
  static readonly DOC = 'a committed record is on some replica’s disk';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  private readonly reported = new Set<string>();

  constructor(witness: Witness) {
    this.witness = witness;
  }

  logShrank(replica: ReplicaWatch, event: number, fromOffset: number): void {
    const { partition, log } = replica;
    const { committed, name } = partition;
    if (name === METADATA_LOG || !this.witness.isMeant(partition)) return;
    if (fromOffset >= committed.trueHighWatermark) return;
    let offset = fromOffset;
    for (;;) {
      const batch = committed.batchAt(offset);
      if (batch === null) return;
      const holds = partition.replicas.some((one) => one.log.holds(batch));
      const isGone = !holds && log.howLost(batch)?.event === event;
      if (isGone && !this.witness.blamer.logStarts.mayHaveTaken(name, batch)) {
        this.lost(replica, batch, event);
      }
      offset = batch.endOffset;
    }
  }

  private lost(
    { partition: { name } }: ReplicaWatch,
    batch: { baseOffset: number; epoch: number; crc: number },
    event: number,
  ): void {
    const key = `${name} ${batch.baseOffset} ${batch.epoch}`;
    if (this.reported.has(key)) return;
    this.reported.add(key);
    const blame = this.witness.blamer.blameNow(name, batch, true);
    this.findings.push({
      allowedBy: blame.allowedBy,
      at: event,
      evidence: blame.evidence,
      explanation:
        `the committed batch at ${name} offset ${batch.baseOffset} is on no disk any more: ` +
        blame.explanation,
    });
  }

  verdict(): Judged {
    return verdictOf(
      CommittedIsSomewhere.NAME,
      this.findings,
      'every committed record was on a disk at any time',
    );
  }
}
