/** A small service: writes payments to Kafka and adds them up again. */
import type { Consumer, Kafka, Producer } from 'kafkajs';

const TOPIC = 'payments';

export interface Payment {
  readonly account: string;
  readonly cents: number;
}

export class Payments {
  /** By account, in cents. */
  readonly totals = new Map<string, number>();
  private readonly producer: Producer;
  private readonly consumer: Consumer;

  constructor(kafka: Kafka, groupId: string) {
    this.producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    this.consumer = kafka.consumer({ groupId });
  }

  async start(): Promise<void> {
    await Promise.all([this.producer.connect(), this.consumer.connect()]);
    await this.consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    await this.consumer.run({
      eachMessage: async ({ message }) => {
        const account = message.key?.toString() ?? '';
        const cents = Number(message.value?.toString());
        this.totals.set(account, (this.totals.get(account) ?? 0) + cents);
      },
    });
  }

  /** Resolves when every in-sync replica has it. */
  async pay({ account, cents }: Payment): Promise<void> {
    const messages = [{ key: account, value: String(cents) }];
    await this.producer.send({ topic: TOPIC, acks: -1, messages });
  }

  async stop(): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.consumer.disconnect()]);
  }
}
