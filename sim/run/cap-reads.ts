/**
 * What a consumer read during a network partition, held against what producers had been told by
 * then and against what the lab's reader was given of each log after healing.
 */
import { lowerBound } from '../check/history/anomalies/version-order.ts';
import { Column } from '../check/history/column.ts';
import { type ClientHistory, Outcome, type PollHistory } from '../check/history/history.ts';
import { LAB_READER } from '../cluster/names.ts';
import type { Strike } from '../faults/strike.ts';
import { type Fate, faultsOf, type GoneRecord, Losses, wentOf } from './cap-losses.ts';
import type { Reading } from './cap-reading.ts';
import type { ReaderMove } from './reader-moves.ts';
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
  /** What became of a record that was read, and is not there in the end. */
  fateOf(gone: GoneRecord): Fate;
}

/** Follows a consumer from its beginning; counts what lies within the time. */
export function readsDuring(reading: Reading, during: During): CapReads {
  const reader = new Reader(reading, during);
  const { polls } = reading.histories[0] as PollHistory;
  for (let poll = 0; poll < polls.outcome.length; poll++) {
    if (polls.invokedUs.at(poll) > during.untilUs) break;
    if (polls.outcome.at(poll) !== Outcome.pending) reader.poll(poll);
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
  private readonly reading: Reading;
  private readonly during: During;
  /** By name of the partition. */
  private readonly places = new Map<string, Place>();
  private moves = 0;
  private records = 0;
  private readonly takenBack = new Losses();
  private leftOut = 0;
  private again = 0;
  private stalePolls = 0;
  private stalestUs = 0;
  private earlier = 0;
  private readonly earlierTakenBack = new Losses();
  private readonly others = new Set<Strike>();

  constructor(reading: Reading, during: During) {
    this.reading = reading;
    this.during = during;
  }

  /** One that was answered. */
  poll(poll: number): void {
    const { histories } = this.reading;
    const { polls } = histories[0] as PollHistory;
    const invokedUs = polls.invokedUs.at(poll);
    const counts = invokedUs >= this.during.fromUs;
    const answeredAt = polls.answeredEvent.at(poll);
    this.moveUntil(answeredAt);
    for (const history of histories) this.took(history, poll, { counts, answeredAt });
    if (!counts || polls.outcome.at(poll) !== Outcome.ok) return;
    let sinceUs = NEVER;
    for (const place of this.places.values()) sinceUs = Math.min(sinceUs, place.sinceUs);
    if (sinceUs >= invokedUs) return;
    this.stalePolls += 1;
    this.stalestUs = Math.max(this.stalestUs, invokedUs - sinceUs);
  }

  private took(
    history: PollHistory,
    poll: number,
    { counts, answeredAt }: { readonly counts: boolean; readonly answeredAt: number },
  ): void {
    const { polls, event } = history;
    const isLast = poll + 1 === polls.outcome.length;
    const end = isLast ? event.length : polls.firstRecord.at(poll + 1);
    for (let row = polls.firstRecord.at(poll); row < end; row++) {
      if (counts) this.records += 1;
      else this.earlier += 1;
      this.lookedUp(history, row, { counts, answeredAt });
      this.given(history, row, counts);
    }
  }

  private moveUntil(event: number): void {
    const { moves } = this.reading;
    for (; this.moves < moves.length; this.moves++) {
      const move = moves[this.moves] as ReaderMove;
      if (move.event > event) break;
      this.follow(move);
    }
  }

  /** A partition that it keeps, it reads on. */
  private follow(move: ReaderMove): void {
    const { places } = this;
    if (move.kind === 'owns') {
      for (const name of [...places.keys()]) {
        if (!move.partitions.includes(name)) places.delete(name);
      }
      for (const name of move.partitions) {
        if (!places.has(name)) this.stand(name, this.reading.startsAt);
      }
    } else if (move.kind === 'stands') {
      const place = places.get(move.partition);
      if (place !== undefined && (move.anew || !place.given)) {
        this.stand(move.partition, move.offset);
      }
    } else if (move.kind !== 'joined') places.clear();
  }

  private stand(partition: string, next: number): void {
    const place = { next, given: false, sinceUs: NEVER };
    if (next >= 0) this.move(partition, place, next);
    this.places.set(partition, place);
  }

  result(): CapReads {
    const { records, again, stalePolls, earlier, takenBack, earlierTakenBack } = this;
    const isKnown = this.during.final.known;
    const wrong = takenBack.lost + takenBack.otherwise + this.leftOut + again;
    const prefix = isKnown ? wrong === 0 : null;
    const isWrong = stalePolls + again > 0 || prefix === false;
    return {
      records,
      takenBack: isKnown ? takenBack.lost : null,
      takenBackUnsure: takenBack.unsure,
      takenBackOtherwise: takenBack.otherwise,
      leftOut: isKnown ? this.leftOut : null,
      again,
      prefix,
      stalePolls,
      stalestMs: this.stalestUs / 1_000,
      linearizable: isWrong ? false : prefix,
      earlier,
      earlierTakenBack: isKnown ? earlierTakenBack.lost : null,
      earlierTakenBackUnsure: earlierTakenBack.unsure,
      earlierTakenBackOtherwise: earlierTakenBack.otherwise,
      others: faultsOf(this.others),
    };
  }

  /** Counts a record that was given and is not there in the end. */
  private lookedUp(
    history: PollHistory,
    row: number,
    { counts, answeredAt: toldAt }: { readonly counts: boolean; readonly answeredAt: number },
  ): void {
    const { during } = this;
    const offset = history.offset.at(row);
    const partition = `${history.topic}-${history.partition.at(row)}`;
    if (during.final.has(partition, offset, history.record.at(row))) return;
    const gone = { partition, offset, toldAt, committed: true, producer: null };
    const fate = during.fateOf(gone);
    const went = wentOf(fate, counts);
    (counts ? this.takenBack : this.earlierTakenBack).add(went);
    if (went === 'unsure') for (const other of fate.others) this.others.add(other);
  }

  private given(history: PollHistory, row: number, counts: boolean): void {
    const { during } = this;
    const name = `${history.topic}-${history.partition.at(row)}`;
    const offset = history.offset.at(row);
    const place = this.places.get(name);
    if (counts && place?.given === true) {
      if (offset < place.next) this.again += 1;
      else this.leftOut += during.final.between(name, place.next - 1, offset);
    }
    if (place === undefined) return;
    place.given = true;
    this.move(name, place, offset + 1);
  }

  private move(partition: string, place: Place, next: number): void {
    place.next = next;
    place.sinceUs = this.during.known.sinceUs(partition, next);
  }
}
