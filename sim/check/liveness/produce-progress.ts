/**
 * produce-progress. After healing every send that was ever asked for is answered, with or without
 * an error: no client waits for ever. Source: JV (liveness), Kafka's delivery.timeout.ms.
 */
import type { Check } from '../check.ts';
import type { FinalState } from '../final-state.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';

export class EveryWriteIsAnswered implements Check {
  static readonly NAME = 'produce-progress';
  static readonly DOC = 'after healing every write is answered';

  verdict(final: FinalState): Judged {
    const findings: Finding[] = final.unanswered.map(({ client, count }) => ({
      allowedBy: null,
      at: final.event,
      evidence: [final.event],
      explanation: `${client} still waits for the answers to ${count} sends`,
    }));
    return verdictOf(EveryWriteIsAnswered.NAME, findings, 'every write was answered');
  }
}
