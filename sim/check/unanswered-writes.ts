/**
 * What may become of a record that was sent with acks=0. Its producer hears nothing of it: the
 * bytes are lost with the connection, which also ends when the broker refuses the batch (Kafka:
 * KafkaApis.handleProduceRequest closes it); and what was written may be lost with its leader, also
 * by one that does not know yet that another leads.
 */
import type { Elections } from './elections.ts';

export class UnansweredWrites {
  /** By client: when a connection of it ended last, or its process did. */
  private readonly brokenAt = new Map<string, number>();
  /** By partition: when a leader last refused a batch. */
  private readonly refusedAt = new Map<string, number>();
  /** By partition: when batches left a replica's log last. */
  private readonly shrankAt = new Map<string, number>();
  private readonly elections: Elections;

  constructor(elections: Elections) {
    this.elections = elections;
  }

  connectionEnded(client: string, event: number): void {
    this.brokenAt.set(client, event);
  }

  refused(partition: string, event: number): void {
    this.refusedAt.set(partition, event);
  }

  shrank(partition: string, event: number): void {
    this.shrankAt.set(partition, event);
  }

  /** Whether something can have taken a record that this client sent at that event. */
  mayBeLost(client: string, partition: string, sentAt: number): boolean {
    return [
      this.brokenAt.get(client),
      this.refusedAt.get(partition),
      this.shrankAt.get(partition),
      this.elections.current(partition)?.event,
    ].some((event) => event !== undefined && event > sentAt);
  }
}
