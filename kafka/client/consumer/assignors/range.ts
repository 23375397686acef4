/**
 * Per topic each subscriber gets a run of neighbouring partitions; the first ones get one more
 * when they do not divide evenly. So partitions of the same number of several topics meet in one
 * member, and the first members may have many more than the last (Kafka: RangeAssignor).
 */
import { type Assignor, allTopics, inOrder, nobodyHasAny } from './assignor.ts';

export const rangeAssignor: Assignor = {
  name: 'range',
  protocol: 'eager',
  userData: () => null,
  assign(members, countOf) {
    const assignments = nobodyHasAny(members);
    const sorted = inOrder(members);
    for (const topic of allTopics(members)) {
      const subscribers = sorted.filter(({ topics }) => topics.includes(topic));
      const count = countOf(topic);
      const each = Math.floor(count / subscribers.length);
      const oneMore = count % subscribers.length;
      let next = 0;
      subscribers.forEach(({ memberId }, i) => {
        const end = next + each + (i < oneMore ? 1 : 0);
        for (; next < end; next++) assignments.get(memberId)?.push({ topic, partition: next });
      });
    }
    return assignments;
  },
};
