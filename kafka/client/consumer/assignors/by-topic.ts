/** Partitions as messages list them: a topic with its numbers. */
import type { TopicPartition } from '../../commands.ts';

export function byTopic(
  partitions: readonly TopicPartition[],
): { topic: string; partitions: number[] }[] {
  const numbers = new Map<string, number[]>();
  for (const { topic, partition } of partitions) {
    const known = numbers.get(topic);
    if (known === undefined) numbers.set(topic, [partition]);
    else known.push(partition);
  }
  return [...numbers].map(([topic, ofTopic]) => ({ topic, partitions: ofTopic }));
}
