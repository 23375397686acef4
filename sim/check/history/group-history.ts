/**
 * What the applications of a consumer group did with the records that its members were given: each
 * processed record with the member that processed it, and how they commit. The runner fills it
 * while the run goes on; checks and reports read it.
 */
import { Column } from './column.ts';

/**
 * When an application commits what it was given: `auto`: with a later poll, what earlier polls
 * gave; `before` or `after` it processes what a poll gave it; `outside`: never to Kafka, the next
 * offset is stored together with what came of the record; `none`: nowhere.
 */
export const COMMIT_MODES = ['auto', 'before', 'after', 'outside', 'none'] as const;
export type CommitMode = (typeof COMMIT_MODES)[number];

export interface GroupMemberInfo {
  readonly client: string;
  readonly topics: readonly string[];
  readonly commit: CommitMode;
  /** It polls on while a worker still processes what earlier polls gave. */
  readonly handsOver: boolean;
  /** auto.offset.reset */
  readonly reset: string;
}

export class GroupHistory {
  readonly group: string;
  readonly members: GroupMemberInfo[] = [];
  /** By processed record, in order. */
  readonly event = new Column();
  readonly timeUs = new Column();
  readonly member = new Column();
  /** Place in `partitions`. */
  readonly partition = new Column();
  readonly offset = new Column();
  /** As in `PollHistory.record`. */
  readonly record = new Column();
  readonly partitions: string[] = [];
  private readonly placeOf = new Map<string, number>();
  /** By partition: how often each offset was processed. */
  private readonly times = new Map<string, Map<number, number>>();
  /** By partition: behind the last processed record, or where a member began if that is later. */
  readonly position = new Map<string, number>();
  /** Records that were processed more than once, counting each further time. */
  again = 0;

  constructor(group: string) {
    this.group = group;
  }

  processed(
    at: { readonly event: number; readonly timeUs: number },
    member: number,
    record: { readonly partition: string; readonly offset: number; readonly record: number },
  ): void {
    const { partition, offset } = record;
    this.event.push(at.event);
    this.timeUs.push(at.timeUs);
    this.member.push(member);
    this.partition.push(this.place(partition));
    this.offset.push(offset);
    this.record.push(record.record);
    const times = this.timesOf(partition);
    const before = times.get(offset) ?? 0;
    times.set(offset, before + 1);
    if (before > 0) this.again += 1;
    this.reached(partition, offset + 1);
  }

  /** Somebody of the group has come to this offset, by reading or by beginning there. */
  reached(partition: string, offset: number): void {
    const before = this.position.get(partition) ?? -1;
    if (offset > before) this.position.set(partition, offset);
  }

  private place(partition: string): number {
    let place = this.placeOf.get(partition);
    if (place === undefined) {
      place = this.partitions.length;
      this.partitions.push(partition);
      this.placeOf.set(partition, place);
    }
    return place;
  }

  private timesOf(partition: string): Map<number, number> {
    let times = this.times.get(partition);
    if (times === undefined) {
      times = new Map();
      this.times.set(partition, times);
    }
    return times;
  }

  /** How often the record at an offset was processed. */
  timesProcessed(partition: string, offset: number): number {
    return this.times.get(partition)?.get(offset) ?? 0;
  }

  get count(): number {
    return this.event.length;
  }

  /** Different records. */
  get distinct(): number {
    return this.count - this.again;
  }
}
