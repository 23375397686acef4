/**
 * metadata-progress. After healing the quorum has a leader, every broker is registered and
 * unfenced, every node knows all that the quorum decided, and nothing that was begun is still
 * under way: no change of an ISR, no reassignment. Source: JV (liveness).
 */
import type { Check } from '../check.ts';
import type { FinalState } from '../final-state.ts';
import { type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { behindFindings } from './behind-findings.ts';

export class MetadataConverges implements Check {
  static readonly NAME = 'metadata-progress';
  static readonly DOC = 'after healing every node knows and follows what the quorum decided';

  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  verdict(final: FinalState): Judged {
    return verdictOf(
      MetadataConverges.NAME,
      behindFindings(this.witness, final, ['node', 'metadata']),
      'every node knows what was decided, and nothing is under way',
    );
  }
}
