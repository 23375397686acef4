/**
 * single-owner. In one generation of a group no partition is assigned to two members, as its
 * coordinators tell it and as its members take it. (Members of different generations may overlap:
 * who was thrown out of the group and does not know it yet reads on, and its commits are refused.)
 * Several processes of one static member are one member: the last fences the others.
 * A generation may be told twice only if its record was lost, see `blame.ts`; a group that was
 * deleted, as all it had committed expired, counts anew. Source: JV groupprotocol,
 * NoDoubleClientAssignment.
 */
import { groupPartition, OFFSETS_TOPIC } from '../../../kafka/group/group-partition.ts';
import type { Check } from '../check.ts';
import type { Assigned } from '../group-witness.ts';
import { blameOfRecord, NO_BLAME, type RecordBlame } from '../history/commit-blame.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class EveryPartitionHasOneOwner implements Check {
  static readonly NAME = 'single-owner';
  static readonly DOC = 'in a generation of a group no partition has two members';
  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  verdict(): Judged {
    const { assigned, owned } = this.witness.groups;
    const findings = [
      ...this.overlaps(assigned, 'was assigned to'),
      ...this.overlaps(owned, 'was taken by'),
    ];
    const holds = 'in no generation a partition had two members';
    return verdictOf(EveryPartitionHasOneOwner.NAME, findings, holds);
  }

  private overlaps(all: readonly Assigned[], verb: string): Finding[] {
    const findings: Finding[] = [];
    const owners = new Map<string, Assigned>();
    for (const one of all) {
      for (const partition of one.partitions) {
        const key = `${one.group} ${one.life} ${one.generation} ${partition}`;
        const other = owners.get(key);
        if (other === undefined || other.member === one.member) owners.set(key, one);
        else findings.push(this.finding(partition, [other, one], verb));
      }
    }
    return findings;
  }

  private finding(
    partition: string,
    [first, second]: readonly [Assigned, Assigned],
    verb: string,
  ): Finding {
    const { group, generation, event } = second;
    const lost = this.lostGeneration(first, event);
    return {
      allowedBy: lost.allowedBy,
      at: event,
      evidence: [first.event, event, ...lost.evidence].toSorted((a, b) => a - b),
      explanation:
        `in generation ${generation} of group ${group}, ${partition} ${verb} ` +
        `${first.member} and ${second.member}${lost.explanation}`,
    };
  }

  /** The log in which the group's generations are counted may have gone back. */
  private lostGeneration({ group, event }: Assigned, until: number): RecordBlame {
    const { blamer, control, highWatermarks } = this.witness;
    const partitions = control.image.topic(OFFSETS_TOPIC)?.partitions.length;
    if (partitions === undefined)
      return { ...NO_BLAME, allowedBy: blamer.quorumLoss?.fault ?? null };
    const log = `${OFFSETS_TOPIC}-${groupPartition(group, partitions)}`;
    const last = highWatermarks.reached(log, event) - 1;
    return blameOfRecord(this.witness, { log, offset: last, event, until });
  }
}
