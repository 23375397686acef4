/**
 * no-dup. A record of an idempotent producer stands in its partition's log at most once.
 * Producers without idempotence may duplicate on retry; their copies are reported as allowed.
 * Source: KIP-98, Jepsen's duplicate.
 */
import type { Check } from '../check.ts';
import type { FinalState } from '../final-state.ts';
import { type Finding, type Verdict, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class NoDuplicates implements Check {
  static readonly NAME = 'no-dup';
  static readonly DOC = 'an idempotent producer’s record is in the log at most once';
  /** Copies beyond the first, of all producers. */
  duplicateCount = 0;
  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  verdict(final: FinalState): Verdict {
    const { history } = this.witness;
    const findings: Finding[] = [];
    const seen = history.sends.map((sends) => new Float64Array(sends.count).fill(-1));
    for (const { partition, records, offsets } of final.partitions.values()) {
      for (let i = 0; i < records.length; i++) {
        const record = records.at(i);
        if (record < 0) continue;
        const sends = history.producerOf(record);
        const first = seen[history.sends.indexOf(sends)] as Float64Array;
        const number = history.numberOf(record);
        const before = first[number] as number;
        if (before < 0) {
          first[number] = offsets.at(i);
          continue;
        }
        this.duplicateCount += 1;
        const answered = sends.answeredEvent.at(number);
        findings.push({
          allowedBy: sends.producer.idempotent ? null : 'enable.idempotence=false',
          at: answered < 0 ? sends.invokedEvent.at(number) : answered,
          evidence: [sends.invokedEvent.at(number), answered].filter((event) => event >= 0),
          explanation:
            `record ${history.nameOf(record)} stands in ${partition} at offset ${before} and ` +
            `again at ${offsets.at(i)}`,
        });
      }
    }
    return verdictOf(NoDuplicates.NAME, findings, 'no record is in a log twice');
  }
}
