/**
 * Actions of the lab that wait for an event of the trace to be told. In the order in which they
 * are due: by event, then by rank, then as they were added.
 */

/**
 * Who acts first of those that act at the same moment or after the same event. Of several
 * applications that send, the n-th has the rank `send + n`.
 */
export const Rank = { fault: 0, operation: 1, send: 2 } as const;

export interface AfterEvent {
  readonly event: number;
  readonly rank: number;
  readonly label: string;
  readonly action: () => void;
}

export class AfterEvents {
  private readonly waiting: AfterEvent[] = [];

  /** The event that the first one waits for. */
  get next(): number | undefined {
    return this.waiting[0]?.event;
  }

  add(one: AfterEvent): void {
    const { waiting } = this;
    const later = waiting.findIndex(
      ({ event, rank }) => event > one.event || (event === one.event && rank > one.rank),
    );
    waiting.splice(later < 0 ? waiting.length : later, 0, one);
  }

  /** Takes out the first one that `events` events are enough for; null when there is none. */
  take(events: number): AfterEvent | null {
    const [first] = this.waiting;
    if (first === undefined || first.event > events) return null;
    this.waiting.shift();
    return first;
  }
}
