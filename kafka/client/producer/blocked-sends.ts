/**
 * Sends that must wait, for metadata of their topic or for buffer memory, in the order in which
 * the application issued them; a send behind a waiting one waits too. Each fails when
 * `max.block.ms` has passed since it was issued (Kafka: KafkaProducer.doSend blocks its caller).
 */
import type { CommandId } from '../../host.ts';
import type { ProducerRecord } from '../commands.ts';

export interface BlockedSend {
  readonly id: CommandId;
  readonly record: ProducerRecord;
  readonly deadlineMs: number;
  /** Of the metadata when it was issued. */
  readonly metadataVersion: number;
  /** Rises with every send that had to wait. */
  readonly ticket: number;
}

export class BlockedSends {
  private items: BlockedSend[] = [];
  private head = 0;
  private nextTicket = 0;

  get count(): number {
    return this.items.length - this.head;
  }
  get first(): BlockedSend | null {
    return this.items[this.head] ?? null;
  }
  /** Every send that waits now has a smaller ticket. */
  get ticketBehindAll(): number {
    return this.nextTicket;
  }

  add(send: Omit<BlockedSend, 'ticket'>): void {
    this.items.push({ ...send, ticket: this.nextTicket });
    this.nextTicket += 1;
  }

  removeFirst(): void {
    this.head += 1;
    if (this.head === this.items.length) {
      this.items.length = 0;
      this.head = 0;
    } else if (this.head > 1024) {
      this.items.splice(0, this.head);
      this.head = 0;
    }
  }
}
