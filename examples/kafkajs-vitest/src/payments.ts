/** A small service: writes payments to Kafka and adds them up again. */
import type { Consumer, Kafka, Producer } from 'kafkajs';

const TOPIC = 'payments';

export interface Payment {
  /** Whoever pays gives it. A payment may be delivered twice, and is counted once. */
  readonly id: string;
  readonly account: string;
  readonly cents: number;
}

export class Payments {
  /** By account, in cents. */
  readonly totals = new Map<string, number>();
  private readonly counted = new Set<string>();
  private readonly producer: Producer;
  private readonly consumer: Consumer;

  constructor(kafka: Kafka, groupId: string) {
    // The tries of `kafka` would hold for the producer too, and be over before another leader is there.
    const retry = { retries: Number.MAX_SAFE_INTEGER };
    this.producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry });
    // kafkajs notices that a broker died when the waits of its fetches are over.
    this.consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 500 });
  }

  async start(): Promise<void> {
    await Promise.all([this.producer.connect(), this.consumer.connect()]);
    await this.consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    await this.consumer.run({
      eachMessage: async ({ message }) => {
        this.count(JSON.parse(String(message.value)));
      },
    });
  }

  /** A group reads at least once: when a broker dies, offsets that were not committed come again. */
  private count({ id, account, cents }: Payment): void {
    if (this.counted.has(id)) return;
    this.counted.add(id);
    this.totals.set(account, (this.totals.get(account) ?? 0) + cents);
  }

  /** Resolves when every in-sync replica has it. */
  async pay(payment: Payment): Promise<void> {
    const messages = [{ key: payment.account, value: JSON.stringify(payment) }];
    await this.producer.send({ topic: TOPIC, acks: -1, messages });
  }

  async stop(): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.consumer.disconnect()]);
  }
}
