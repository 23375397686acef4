/**
 * recovery-sound. A log that is loaded after its process just ended, without being told to stop,
 * holds whole batches only in its newest segment: recovery reads that in any case, and cuts at the
 * first batch whose bytes do not match its CRC. What rots in older segments, or later, it does not
 * promise to find. A disk that lies about flushes may show it an older mark of a clean stop.
 * Source: Kafka's LogLoader.recoverLog, KAFKA-15375.
 */
import type { Check } from '../check.ts';
import type { ReplicaWatch } from '../replica-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

const FOUND_BY_CRC = /^bit rot /;

export class RecoveryIsSound implements Check {
  static readonly NAME = 'recovery-sound';
  static readonly DOC = 'a log that was not closed cleanly is read and cut before it is used';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  logLoaded(replica: ReplicaWatch, event: number, uncleanly: boolean): void {
    if (!uncleanly) return;
    const [offset] = this.witness.logs.corruptInLastSegment(replica.log);
    if (offset === undefined) return;
    const { node, partition } = replica;
    const damages = this.witness.damages.filter((one) => one.node === node);
    const other = damages.find(({ fault }) => !FOUND_BY_CRC.test(fault));
    this.findings.push({
      allowedBy: other?.fault ?? null,
      at: event,
      evidence: [...damages.map((one) => one.event), event],
      explanation:
        `${node} died and has loaded ${partition.name} since with a batch at offset ${offset} ` +
        'whose CRC is wrong',
    });
  }

  verdict(): Judged {
    return verdictOf(RecoveryIsSound.NAME, this.findings, 'every log was whole when it was loaded');
  }
}
