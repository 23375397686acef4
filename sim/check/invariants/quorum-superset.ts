/**
 * quorum-superset. While at least min.insync.replicas are in the ISR, the maximal ISR of a leader
 * that leads in the newest epoch (what it waits for before it commits) has in it the whole ISR
 * and every eligible leader replica that the quorum has committed; and once it knows the newest
 * change and has none of its own under way, the two are equal. Else a record could be committed
 * without a replica that may be elected. Source: JV, KIP-497.
 */

import { brokerName } from '../../cluster/names.ts';
import type { Check } from '../check.ts';
import type { ControlChange } from '../control-watch.ts';
import type { PartitionWatch } from '../replica-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class QuorumSuperset implements Check {
  static readonly NAME = 'quorum-superset';
  static readonly DOC = 'a leader waits for every replica that the quorum has in sync or eligible';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  isrHeld(partition: PartitionWatch, held: { readonly event: number }): void {
    this.check(partition, held.event);
  }

  controlChanged({ event, partitions }: ControlChange): void {
    for (const { name } of partitions) this.check(this.witness.partition(name), event);
  }

  private check(partition: PartitionWatch, event: number): void {
    const { held, registration, name } = partition;
    if (held === null || registration === null) return;
    // Of a topic that is no more, nobody is elected, and the settings are gone.
    if (this.witness.partition(name) !== partition) return;
    const { isr, elr, leader, leaderEpoch, partitionEpoch } = registration;
    if (held.leaderEpoch !== leaderEpoch || held.node !== brokerName(leader)) return;
    const said = `${held.node} leads ${name} in epoch ${leaderEpoch}`;
    if (isr.length >= this.witness.promise(name).minInSyncReplicas) {
      const left = [...isr, ...elr].filter((id) => !held.maximalIsr.includes(id));
      if (left.length > 0) {
        this.found(partition, event, `${said} and does not wait for ${names(left)}`);
      }
    }
    const isSettled = held.partitionEpoch === partitionEpoch;
    if (isSettled && !sameSet(held.isr, isr)) {
      const both = `its ISR is ${names(held.isr)}, the quorum's ${names(isr)}`;
      this.found(partition, event, `${said}: at partition epoch ${partitionEpoch} ${both}`);
    }
  }

  private found({ name, held }: PartitionWatch, event: number, explanation: string): void {
    this.findings.push({
      allowedBy: this.witness.blamer.quorumLoss?.fault ?? null,
      at: event,
      evidence: held === null || held.event === event ? [event] : [held.event, event],
      explanation: `${explanation} (${name})`,
    });
  }

  verdict(): Judged {
    return verdictOf(
      QuorumSuperset.NAME,
      this.findings,
      'every leader waited for all who might be elected',
    );
  }
}

function names(ids: readonly number[]): string {
  return ids.length === 0 ? 'nobody' : ids.map(brokerName).join(', ');
}

function sameSet(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
