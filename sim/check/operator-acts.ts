/**
 * What operators asked for that may take something from others, or from another operator. An act
 * explains a decision only if the request for it may have been handled then: it was asked before,
 * its answer had not ended it, and the controller had been handed a forwarded request since it
 * last wrote (`forwarded-requests.ts`). So an act that nobody ever answered explains no more than
 * the copies of its request do.
 */

export interface AskedAct {
  readonly what: 'unclean election' | 'reassignment' | 'cancelled reassignment' | 'unregistration';
  /** null: all. */
  readonly partitions: readonly string[] | null;
  /** Of a reassignment: whom the partitions shall be on; else null. */
  readonly replicas: readonly number[] | null;
  /** Of an unregistration: the broker; else null. */
  readonly broker: number | null;
}

interface Act extends AskedAct {
  readonly client: string;
  readonly askedAt: number;
  /** Requests that went out for it: its client asks again when no answer comes. */
  copies: number;
  /** Null while it is under way, or a copy may still be: then it is not known when it ends. */
  answeredAt: number | null;
}

export interface Decision {
  /** When it was written. */
  readonly decidedAt: number;
  readonly forwarded: boolean;
}

export class OperatorActs {
  private readonly acts: Act[] = [];
  /** Told of the first. */
  onFirst: (() => void) | null = null;

  /** @returns to be called with the answer's event. */
  begun(client: string, asked: AskedAct, askedAt: number): (event: number) => void {
    if (this.acts.length === 0) this.onFirst?.();
    const act: Act = { ...asked, client, askedAt, copies: 0, answeredAt: null };
    this.acts.push(act);
    return (event) => {
      if (act.copies <= 1) act.answeredAt = event;
    };
  }

  /** A client sent a request for something of this kind. */
  sent(client: string): void {
    for (const act of this.acts) {
      if (act.client === client && act.answeredAt === null) act.copies += 1;
    }
  }

  /** Whether a decision about this partition may be the answer to an operator's request for it. */
  explain(what: AskedAct['what'], partition: string, decision: Decision): boolean {
    return this.open(what, partition, decision).length > 0;
  }

  /** Whether the end of this broker's registration may be the answer to an operator's request. */
  explainUnregistration(broker: number, decision: Decision): boolean {
    return this.open('unregistration', null, decision).some((act) => act.broker === broker);
  }

  /** The lists of replicas that the decision may have been asked for. */
  replicasAsked(partition: string, decision: Decision): readonly (readonly number[])[] {
    const acts = this.open('reassignment', partition, decision);
    return acts.flatMap(({ replicas }) => (replicas === null ? [] : [replicas]));
  }

  /** @param partition null: whichever it is about. */
  private open(
    what: AskedAct['what'],
    partition: string | null,
    { decidedAt, forwarded }: Decision,
  ): readonly Act[] {
    if (!forwarded) return [];
    return this.acts.filter(
      (act) =>
        act.what === what &&
        (act.partitions === null || partition === null || act.partitions.includes(partition)) &&
        act.askedAt < decidedAt &&
        (act.answeredAt === null || act.answeredAt > decidedAt),
    );
  }
}
