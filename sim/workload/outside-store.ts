/**
 * Where applications keep their results outside of Kafka, each together with the offset behind its
 * record, in one transaction: what is stored once is not processed again (Kafka: KafkaConsumer,
 * "Storing Offsets Outside Kafka").
 */
import type { TopicPartition } from '../../kafka/client/commands.ts';

export class OutsideStore {
  private readonly next = new Map<string, number>();

  put({ topic, partition }: TopicPartition, offset: number): void {
    this.next.set(`${topic}-${partition}`, offset);
  }

  /** Of those of which something is stored. */
  positions(
    partitions: readonly TopicPartition[],
  ): (TopicPartition & { readonly offset: number })[] {
    return partitions.flatMap(({ topic, partition }) => {
      const offset = this.next.get(`${topic}-${partition}`);
      return offset === undefined ? [] : [{ topic, partition, offset }];
    });
  }
}
