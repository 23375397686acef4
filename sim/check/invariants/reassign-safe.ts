/**
 * reassign-safe. A reassignment ends in three ways only. It is completed: the replicas are its
 * targets, and all of them are in the ISR. An operator asked for other replicas meanwhile: then
 * they are those, and all of them are in the ISR. An operator cancelled it: then they are as they
 * were before. Source: JV (kip-966, reassignment), KIP-455, KAFKA-15665.
 *
 * JV's `|ISR| >= minISR` needs no asking beside that: a controller takes the smaller of
 * min.insync.replicas and the number of replicas (Kafka: getTopicEffectiveMinIsr), it moves a
 * partition to fewer brokers than the setting names when it is asked to, and an ISR that has every
 * target is as large as it can be. Who completes with a part of the targets has other replicas.
 */
import type { PartitionRegistration } from '../../../kafka/metadata/partition-registration.ts';
import { brokerName } from '../../cluster/names.ts';
import type { Check } from '../check.ts';
import type { ControlChange } from '../control-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class ReassignmentIsSafe implements Check {
  static readonly NAME = 'reassign-safe';
  static readonly DOC =
    'a reassignment ends as it was asked for, when all who are to stay are in sync';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  controlChanged(change: ControlChange): void {
    const { event } = change;
    for (const { name, before, steps } of change.partitions) {
      let last = before;
      for (const after of steps) {
        const problem = last === null ? null : this.problem(name, [last, after], change);
        last = after;
        if (problem === null) continue;
        this.findings.push({ allowedBy: null, at: event, evidence: [event], explanation: problem });
      }
    }
  }

  private problem(
    name: string,
    [before, after]: [PartitionRegistration, PartitionRegistration],
    decision: ControlChange,
  ): string | null {
    if (isMoving(after) || !wasMoved(before, after)) return null;
    const { acts } = this.witness.history;
    const originals = before.replicas.filter((id) => !before.addingReplicas.includes(id));
    const goesBack = sameSet(after.replicas, originals);
    if (goesBack && acts.explain('cancelled reassignment', name, decision)) return null;
    const targets = before.replicas.filter((id) => !before.removingReplicas.includes(id));
    const asked = [targets, ...acts.replicasAsked(name, decision)];
    if (!asked.some((replicas) => sameSet(after.replicas, replicas))) {
      const what = goesBack ? 'was taken back' : `ended with replicas ${names(after.replicas)}`;
      return `the reassignment of ${name} to ${names(targets)} ${what}, and nobody asked for that`;
    }
    const late = after.replicas.filter((id) => !after.isr.includes(id));
    if (late.length === 0) return null;
    return `the reassignment of ${name} was completed while ${names(late)} lagged behind`;
  }

  verdict(): Judged {
    return verdictOf(
      ReassignmentIsSafe.NAME,
      this.findings,
      'every completed reassignment had its targets in sync',
    );
  }
}

/** Maybe at once, when all who are to stay are in sync already. */
function wasMoved(before: PartitionRegistration, after: PartitionRegistration): boolean {
  return isMoving(before) || !sameSet(before.replicas, after.replicas);
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
