/**
 * What a consumer read during a network partition, held against what producers had been told by
 * then and against what the lab's reader was given of each log after healing.
 */
import { lowerBound } from '../check/history/anomalies/version-order.ts';
import { Column } from '../check/history/column.ts';
import { type ClientHistory, Outcome, type PollHistory } from '../check/history/history.ts';
import { LAB_READER } from '../cluster/names.ts';
import type { ConsumerLoad } from '../workload/consumer-load.ts';
import type { GoneRecord } from './cap-losses.ts';
import type { CapReads } from './report.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** By partition: since when a producer knew of a record at an offset or behind it. */
export class KnownRecords {
  private readonly byPartition = new Map<
    string,
    { offsets: Float64Array; sinceUs: Float64Array }
  >();

  constructor(history: ClientHistory) {
    const found = new Map<string, Map<number, number>>();
    for (const sends of history.sends) {
      for (let row = 0; row < sends.count; row++) {
        const offset = sends.offset.at(row);
        if (sends.outcome.at(row) !== Outcome.ok || offset < 0) continue;
        const partition = `${sends.producer.topic}-${sends.partition.at(row)}`;
        let byOffset = found.get(partition);
        if (byOffset === undefined) {
          byOffset = new Map();
          found.set(partition, byOffset);
        }
        const atUs = sends.answeredUs.at(row);
        byOffset.set(offset, Math.min(byOffset.get(offset) ?? NEVER, atUs));
      }
    }
    for (const [partition, byOffset] of found) {
      const offsets = Float64Array.from(byOffset.keys()).sort();
      const sinceUs = new Float64Array(offsets.length);
      let earliest = NEVER;
      for (let i = offsets.length - 1; i >= 0; i--) {
        earliest = Math.min(earliest, byOffset.get(offsets[i] as number) as number);
        sinceUs[i] = earliest;
      }
      this.byPartition.set(partition, { offsets, sinceUs });
    }
  }

  /** Infinity: nobody ever was told of one. */
  sinceUs(partition: string, offset: number): number {
    const known = this.byPartition.get(partition);
    if (known === undefined) return NEVER;
    return known.sinceUs[lowerBound(known.offsets, offset)] ?? NEVER;
  }
}

interface FinalLog {
  readonly offsets: Float64Array;
  readonly records: Float64Array;
}

/** The logs as the lab's reader was given them. */
export class FinalReads {
  /** By partition; null: they were not read to their end. */
  private readonly logs: Map<string, FinalLog> | null = null;

  constructor(history: ClientHistory, isComplete: boolean) {
    if (!isComplete) return;
    const found = new Map<string, { offsets: Column; records: Column }>();
    for (const polls of history.polls) {
      if (polls.consumer !== LAB_READER) continue;
      for (let row = 0; row < polls.record.length; row++) {
        const partition = `${polls.topic}-${polls.partition.at(row)}`;
        let log = found.get(partition);
        if (log === undefined) {
          log = { offsets: new Column(256), records: new Column(256) };
          found.set(partition, log);
        }
        log.offsets.push(polls.offset.at(row));
        log.records.push(polls.record.at(row));
      }
    }
    this.logs = new Map();
    for (const [partition, { offsets, records }] of found) {
      this.logs.set(partition, {
        offsets: offsets.values.subarray(0, offsets.length),
        records: records.values.subarray(0, records.length),
      });
    }
  }

  get known(): boolean {
    return this.logs !== null;
  }

  /** False for what stood there and does not any more; what retention deleted may be true. */
  has(partition: string, offset: number, record: number): boolean {
    const log = this.logs?.get(partition);
    if (log === undefined || log.offsets.length === 0) return true;
    const { offsets, records } = log;
    if (offset < (offsets[0] as number)) return true;
    const at = lowerBound(offsets, offset);
    return offsets[at] === offset && records[at] === record;
  }

  /** How many records stand between the two offsets, both exclusive. */
  between(partition: string, offset: number, next: number): number {
    const offsets = this.logs?.get(partition)?.offsets;
    if (offsets === undefined) return 0;
    return Math.max(0, lowerBound(offsets, next) - lowerBound(offsets, offset + 1));
  }
}

interface During {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly known: KnownRecords;
  readonly final: FinalReads;
  /** Whether what was read earlier, and is not there in the end, went with this partition. */
  takenBackWith(gone: GoneRecord): boolean;
}

/** Follows a consumer from its beginning; counts what lies within the time. */
export function readsDuring(load: ConsumerLoad, during: During): CapReads {
  const reader = new Reader(load, during);
  const { polls, assigned } = load.history;
  let life = 0;
  for (let poll = 0; poll < polls.outcome.length; poll++) {
    for (; life < assigned.length && (assigned[life]?.polls ?? 0) <= poll; life++) {
      reader.begin(assigned[life]?.partitions ?? []);
    }
    if (polls.invokedUs.at(poll) > during.untilUs) break;
    reader.poll(poll);
  }
  return reader.result();
}

/** Where it stands in a partition; -1: at an unknown place. */
interface Place {
  next: number;
  given: boolean;
  /** Since when something is known to stand there or behind. */
  sinceUs: number;
}

class Reader {
  private readonly history: PollHistory;
  private readonly reset: string;
  private readonly during: During;
  private readonly places = new Map<number, Place>();
  private records = 0;
  private takenBack = 0;
  private leftOut = 0;
  private again = 0;
  private stalePolls = 0;
  private stalestUs = 0;
  private earlier = 0;
  private earlierTakenBack = 0;

  constructor({ history, reset }: ConsumerLoad, during: During) {
    this.history = history;
    this.reset = reset;
    this.during = during;
  }

  /** Its client is new and has no position. */
  begin(partitions: readonly number[]): void {
    this.places.clear();
    for (const partition of partitions) {
      const place = { next: -1, given: false, sinceUs: NEVER };
      if (this.reset === 'earliest') this.move(partition, place, 0);
      this.places.set(partition, place);
    }
  }

  poll(poll: number): void {
    const { polls, event } = this.history;
    const invokedUs = polls.invokedUs.at(poll);
    const counts = invokedUs >= this.during.fromUs;
    const isLast = poll + 1 === polls.outcome.length;
    const end = isLast ? event.length : polls.firstRecord.at(poll + 1);
    for (let row = polls.firstRecord.at(poll); row < end; row++) {
      this.given(row, counts);
      if (!counts) this.givenEarlier(row, polls.answeredEvent.at(poll));
    }
    if (!counts || polls.outcome.at(poll) !== Outcome.ok) return;
    let sinceUs = NEVER;
    for (const place of this.places.values()) sinceUs = Math.min(sinceUs, place.sinceUs);
    if (sinceUs >= invokedUs) return;
    this.stalePolls += 1;
    this.stalestUs = Math.max(this.stalestUs, invokedUs - sinceUs);
  }

  result(): CapReads {
    const { records, again, stalePolls, earlier } = this;
    const isKnown = this.during.final.known;
    const prefix = isKnown ? this.takenBack + this.leftOut + again === 0 : null;
    const isWrong = stalePolls + again > 0 || prefix === false;
    return {
      records,
      takenBack: isKnown ? this.takenBack : null,
      leftOut: isKnown ? this.leftOut : null,
      again,
      prefix,
      stalePolls,
      stalestMs: this.stalestUs / 1_000,
      linearizable: isWrong ? false : prefix,
      earlier,
      earlierTakenBack: isKnown ? this.earlierTakenBack : null,
    };
  }

  private givenEarlier(row: number, toldAt: number): void {
    const { history, during } = this;
    const offset = history.offset.at(row);
    const partition = `${history.topic}-${history.partition.at(row)}`;
    this.earlier += 1;
    if (during.final.has(partition, offset, history.record.at(row))) return;
    const gone = { partition, offset, toldAt, committed: true };
    if (during.takenBackWith(gone)) this.earlierTakenBack += 1;
  }

  private given(row: number, counts: boolean): void {
    const { history, during } = this;
    const partition = history.partition.at(row);
    const offset = history.offset.at(row);
    const place = this.places.get(partition);
    if (counts) {
      const name = `${history.topic}-${partition}`;
      this.records += 1;
      if (!during.final.has(name, offset, history.record.at(row))) this.takenBack += 1;
      if (place?.given === true) {
        if (offset < place.next) this.again += 1;
        else this.leftOut += during.final.between(name, place.next - 1, offset);
      }
    }
    if (place === undefined) return;
    place.given = true;
    this.move(partition, place, offset + 1);
  }

  private move(partition: number, place: Place, next: number): void {
    place.next = next;
    place.sinceUs = this.during.known.sinceUs(`${this.history.topic}-${partition}`, next);
  }
}
