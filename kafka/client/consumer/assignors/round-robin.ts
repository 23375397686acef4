/**
 * All partitions of all topics are dealt out in turn, past members that do not subscribe to the
 * topic (Kafka: RoundRobinAssignor).
 */
import { type Assignor, allTopics, inOrder, nobodyHasAny, partitionsOf } from './assignor.ts';

export const roundRobinAssignor: Assignor = {
  name: 'roundrobin',
  protocol: 'eager',
  userData: () => null,
  assign(members, countOf) {
    const assignments = nobodyHasAny(members);
    const sorted = inOrder(members);
    let turn = 0;
    for (const partition of partitionsOf(allTopics(members), countOf)) {
      let member = sorted[turn % sorted.length];
      while (member?.topics.includes(partition.topic) === false) {
        turn += 1;
        member = sorted[turn % sorted.length];
      }
      turn += 1;
      if (member !== undefined) assignments.get(member.memberId)?.push(partition);
    }
    return assignments;
  },
};
