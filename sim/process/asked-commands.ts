/**
 * Who waits for the answers to which commands. Ids only rise, so commands lie in the order of
 * their ids; an answer for a run of ids is told to every command that it reaches into.
 */
import type { CommandResult } from '../../kafka/client/commands.ts';

/**
 * Told what became of the sends [first, first + count) of one `send` command, counted from 0, or
 * of another command (0 and 1); `result` is that of the first of them (see `Host.completed`).
 * `event` is the trace's `command.completed`.
 */
export type Answered = (result: CommandResult, event: number, first: number, count: number) => void;

interface Asked {
  readonly client: object;
  readonly firstId: number;
  readonly count: number;
  readonly answered: Answered;
  /** Where the records of a send go; '' for other commands. */
  readonly topic: string;
  left: number;
}

export class AskedCommands {
  private items: Asked[] = [];
  /** Items with answers still to come; the others are swept out when they are the majority. */
  private live = 0;

  /** @param firstId larger than every id before it. */
  add(client: object, firstId: number, count: number, answered: Answered, topic = ''): void {
    if (this.items.length > 2 * this.live + 16) {
      this.items = this.items.filter(({ left }) => left > 0);
    }
    this.items.push({ client, firstId, count, answered, topic, left: count });
    this.live += 1;
  }

  /** The client died: it answers nothing any more. */
  forget(client: object): void {
    this.items = this.items.filter((asked) => asked.left > 0 && asked.client !== client);
    this.live = this.items.length;
  }

  /** An answer to what nobody waits for any more is dropped. */
  completed(firstId: number, count: number, result: CommandResult, event: number): void {
    const endId = firstId + count;
    let id = firstId;
    while (id < endId) {
      const asked = this.find(id);
      if (asked === null) return;
      const from = id - asked.firstId;
      const to = asked.count < endId - asked.firstId ? asked.count : endId - asked.firstId;
      if (asked.left < to - from) return;
      asked.left -= to - from;
      if (asked.left === 0) this.live -= 1;
      asked.answered(resultAfter(result, id - firstId), event, from, to - from);
      id = asked.firstId + to;
    }
  }

  /** The topic of the send that `id` belongs to; '' when nobody waits for it. */
  topicOf(id: number): string {
    return this.find(id)?.topic ?? '';
  }

  /** The command that `id` belongs to. */
  private find(id: number): Asked | null {
    const { items } = this;
    let low = 0;
    let high = items.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((items[middle] as Asked).firstId <= id) low = middle;
      else high = middle;
    }
    const asked = items[low];
    if (asked === undefined || id < asked.firstId || id >= asked.firstId + asked.count) return null;
    return asked;
  }
}

/** The result of the send `distance` places behind the one that `result` tells of. */
function resultAfter(result: CommandResult, distance: number): CommandResult {
  if (distance === 0 || result.kind !== 'sent' || result.offset < 0) return result;
  const { kind, partition, offset, timestampMs } = result;
  return { kind, partition, offset: offset + distance, timestampMs };
}
