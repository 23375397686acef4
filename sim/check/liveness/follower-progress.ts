/**
 * follower-progress. After healing every broker is back and unfenced, every partition has a
 * leader, and every replica has caught up with it and is in the ISR. A node whose disk lost or
 * spoiled what it had acknowledged need not come back. A partition without a leader stays so when
 * min.insync.replicas was changed while nobody was in sync: Kafka then forgets who was eligible
 * (ClearElrRecord), and waits for an unclean election. Source: JV (liveness), KIP-966.
 */
import type { Check } from '../check.ts';
import type { FinalState } from '../final-state.ts';
import { type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { behindFindings } from './behind-findings.ts';

export class EveryReplicaCatchesUp implements Check {
  static readonly NAME = 'follower-progress';
  static readonly DOC = 'after healing every replica catches up with its leader';

  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  verdict(final: FinalState): Judged {
    return verdictOf(
      EveryReplicaCatchesUp.NAME,
      behindFindings(this.witness, final, ['node', 'replica']),
      'every replica caught up and is in sync',
    );
  }
}
