/**
 * isr-stable. No replica leaves an ISR for nothing: while no fault has struck and no request was
 * refused, and again once everything has come to rest after healing, an ISR only grows. Replicas
 * that a reassignment takes away are not meant; settings that give followers less time or fewer
 * bytes than Kafka's defaults permit what they are too tight for. Source: KAFKA-1546, KAFKA-7152, JV (liveness).
 */
import { brokerName } from '../../cluster/names.ts';
import type { Check } from '../check.ts';
import type { ControlChange } from '../control-watch.ts';
import type { FinalState } from '../final-state.ts';
import { type Finding, type Verdict, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

interface Shrink {
  readonly event: number;
  readonly partition: string;
  readonly left: readonly number[];
}

export class IsrIsStable implements Check {
  static readonly NAME = 'isr-stable';
  static readonly DOC = 'no replica leaves the ISR when nothing is wrong';
  private readonly witness: Witness;
  private readonly shrinks: Shrink[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  controlChanged({ event, partitions }: ControlChange): void {
    for (const { name, before, after } of partitions) {
      if (before === null || after === null) continue;
      const left = before.isr.filter(
        (id) => !after.isr.includes(id) && after.replicas.includes(id),
      );
      if (left.length > 0) this.shrinks.push({ event, partition: name, left });
    }
  }

  verdict({ restedAt }: FinalState): Verdict {
    const { disturbedAt, settings } = this.witness;
    const findings: Finding[] = this.shrinks
      .filter(({ event }) => event < disturbedAt || (restedAt !== null && event > restedAt))
      .map(({ event, partition, left }) => ({
        allowedBy: settings.tightReplication,
        at: event,
        evidence: [event],
        explanation:
          `${left.map(brokerName).join(', ')} left the ISR of ${partition} ` +
          (event < disturbedAt
            ? 'before anything had struck'
            : 'after everything had come to rest'),
      }));
    return verdictOf(IsrIsStable.NAME, findings, 'no replica left an ISR for nothing');
  }
}
