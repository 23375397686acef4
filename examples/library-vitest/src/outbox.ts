/** What this example tests: an outbox that sends each order again until Kafka has it. */

export interface Sent {
  readonly state: 'waiting' | 'acknowledged' | 'failed' | 'unknown';
}

export class Outbox {
  private readonly open = new Map<string, Sent>();
  private readonly send: (id: string) => Sent;

  constructor(send: (id: string) => Sent) {
    this.send = send;
  }

  /** Orders that Kafka has not acknowledged yet. */
  get pending(): number {
    return this.open.size;
  }

  add(id: string): void {
    this.open.set(id, this.send(id));
  }

  /** Call it now and then: forgets what has arrived, sends again what has not. */
  work(): void {
    for (const [id, sent] of this.open) {
      if (sent.state === 'acknowledged') this.open.delete(id);
      else if (sent.state !== 'waiting') this.open.set(id, this.send(id));
    }
  }
}
