/**
 * reassign-safe. When a reassignment is completed, all its target replicas are in the ISR, and
 * they are at least as many as min.insync.replicas asks for; a reassignment that is cancelled
 * leaves the replicas as they were before. Source: JV (kip-966, reassignment), KIP-455,
 * KAFKA-15665.
 */
import type { PartitionRegistration } from '../../../kafka/metadata/partition-registration.ts';
import { brokerName } from '../../cluster/names.ts';
import type { Check } from '../check.ts';
import type { ControlChange } from '../control-watch.ts';
import { type Finding, type Verdict, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class ReassignmentIsSafe implements Check {
  static readonly NAME = 'reassign-safe';
  static readonly DOC = 'a reassignment is completed only when all its targets are in sync';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  controlChanged({ event, partitions }: ControlChange): void {
    for (const { name, before, steps } of partitions) {
      let last = before;
      for (const after of steps) {
        const problem =
          last !== null && isMoving(last) && !isMoving(after)
            ? this.problem({ name, event }, last, after)
            : null;
        last = after;
        if (problem === null) continue;
        this.findings.push({ allowedBy: null, at: event, evidence: [event], explanation: problem });
      }
    }
  }

  private problem(
    { name, event }: { readonly name: string; readonly event: number },
    before: PartitionRegistration,
    after: PartitionRegistration,
  ): string | null {
    const targets = before.replicas.filter((id) => !before.removingReplicas.includes(id));
    const originals = before.replicas.filter((id) => !before.addingReplicas.includes(id));
    // A reassignment that goes back to the replicas of before ends like its cancellation.
    const isCancelled =
      !sameSet(originals, targets) ||
      this.witness.history.isAsked('cancelled reassignment', name, event);
    if (sameSet(after.replicas, originals) && isCancelled) return null;
    if (after.replicas.some((id) => !before.replicas.includes(id))) {
      return `the reassignment of ${name} ended with replicas ${names(after.replicas)}`;
    }
    // Others than the targets are those of another reassignment, which needed nobody new.
    const late = after.replicas.filter((id) => !after.isr.includes(id));
    if (late.length > 0) {
      return `the reassignment of ${name} was completed while ${names(late)} lagged behind`;
    }
    const { minInSyncReplicas } = this.witness.promise(name);
    if (after.isr.length >= minInSyncReplicas) return null;
    return `the reassignment of ${name} was completed with ${after.isr.length} in sync`;
  }

  verdict(): Verdict {
    return verdictOf(
      ReassignmentIsSafe.NAME,
      this.findings,
      'every completed reassignment had its targets in sync',
    );
  }
}

function isMoving({ addingReplicas, removingReplicas }: PartitionRegistration): boolean {
  return addingReplicas.length + removingReplicas.length > 0;
}

function sameSet(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}

function names(ids: readonly number[]): string {
  return ids.map(brokerName).join(', ');
}
