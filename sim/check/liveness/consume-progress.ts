/**
 * consume-progress. After healing every consumer is given all that is committed: those of the
 * workload that poll without long pauses and start from somewhere by themselves, and a fresh one
 * that reads every partition from its beginning. Source: JV (liveness), Jepsen (unseen).
 */
import type { Check } from '../check.ts';
import type { FinalState } from '../final-state.ts';
import { type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { behindFindings } from './behind-findings.ts';

export class EveryConsumerCatchesUp implements Check {
  static readonly NAME = 'consume-progress';
  static readonly DOC = 'after healing every consumer reads to the end';

  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  verdict(final: FinalState): Judged {
    return verdictOf(
      EveryConsumerCatchesUp.NAME,
      behindFindings(this.witness, final, ['consumer']),
      'every consumer was given all that is committed',
    );
  }
}
