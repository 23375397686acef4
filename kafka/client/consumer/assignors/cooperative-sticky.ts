/**
 * As sticky, while members keep what they hold: a partition that is to move is given to nobody in
 * this round, its holder revokes it and joins again, and the next round gives it to its new owner
 * (KIP-429; Kafka: CooperativeStickyAssignor).
 */
import { Writer } from '../../../base/writer.ts';
import type { Assignments, Assignor, MemberSubscription } from './assignor.ts';
import { nameOf } from './assignor.ts';
import { assignEvenly, type Claim } from './balance.ts';

const writer = new Writer();

export const cooperativeStickyAssignor: Assignor = {
  name: 'cooperative-sticky',
  protocol: 'cooperative',
  userData(last) {
    writer.begin();
    writer.int32(last?.generation ?? -1);
    return writer.finish();
  },
  assign(members, countOf) {
    const claims = members.map(claimOf);
    const assignments = assignEvenly(members, claims, countOf);
    holdBackWhatMoves(assignments, members);
    return assignments;
  },
};

function claimOf({ memberId, owned, generation, userData }: MemberSubscription): Claim {
  return {
    memberId,
    generation: generation >= 0 ? generation : saidIn(userData),
    partitions: owned,
  };
}

/** Members that do not tell it with their subscription (KIP-792) have it in the user data. */
function saidIn(userData: Uint8Array | null): number {
  if (userData === null || userData.length < 4) return -1;
  return new DataView(userData.buffer, userData.byteOffset, 4).getInt32(0);
}

function holdBackWhatMoves(assignments: Assignments, members: readonly MemberSubscription[]): void {
  const holders = new Map<string, Set<string>>();
  for (const { memberId, owned } of members) {
    for (const partition of owned) {
      const name = nameOf(partition);
      const known = holders.get(name);
      if (known === undefined) holders.set(name, new Set([memberId]));
      else known.add(memberId);
    }
  }
  for (const [memberId, partitions] of assignments) {
    const given = partitions.filter((partition) => {
      const held = holders.get(nameOf(partition));
      return held === undefined || (held.size === 1 && held.has(memberId));
    });
    assignments.set(memberId, given);
  }
}
