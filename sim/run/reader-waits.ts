/**
 * When a consumer waited: it was polling and was given nothing, although something that had been
 * acknowledged stood before it in a partition that was its own, or it was not in its group. What it
 * was never given counts too, until the partition was taken from it, but not what was lost: that is
 * no matter of waiting.
 */
import { lowerBound } from '../check/history/anomalies/version-order.ts';
import { type ClientHistory, Outcome, type PollHistory } from '../check/history/history.ts';
import type { Reading } from './cap-reading.ts';
import type { LostRows } from './client-report.ts';
import type { ReaderMove } from './reader-moves.ts';
import type { UnavailableUs } from './unavailable.ts';

interface Acknowledged {
  /** Ascending. */
  readonly offsets: Float64Array;
  readonly sinceUs: Float64Array;
}

/** By partition: what was acknowledged and not lost, and since when. */
export class AcknowledgedRecords {
  private readonly byPartition = new Map<string, Acknowledged>();

  constructor(history: ClientHistory, lost: LostRows) {
    const found = new Map<string, Map<number, number>>();
    history.sends.forEach((sends, index) => {
      const isLost = lost[index] as Uint8Array;
      for (let row = 0; row < sends.count; row++) {
        const offset = sends.offset.at(row);
        if (sends.outcome.at(row) !== Outcome.ok || offset < 0 || isLost[row] === 1) continue;
        const partition = `${sends.producer.topic}-${sends.partition.at(row)}`;
        let sinceUs = found.get(partition);
        if (sinceUs === undefined) {
          sinceUs = new Map();
          found.set(partition, sinceUs);
        }
        sinceUs.set(offset, sends.answeredUs.at(row));
      }
    });
    for (const [partition, since] of found) {
      const offsets = Float64Array.from(since.keys()).sort();
      const sinceUs = offsets.map((offset) => since.get(offset) as number);
      this.byPartition.set(partition, { offsets, sinceUs });
    }
  }

  of(partition: string): Acknowledged {
    return this.byPartition.get(partition) ?? NOTHING;
  }
}

const NOTHING: Acknowledged = { offsets: new Float64Array(), sinceUs: new Float64Array() };

/** A partition was its own and it read it from one place on. */
interface Held {
  readonly partition: string;
  readonly fromUs: number;
  untilUs: number;
  /** -1: nobody can say. */
  startOffset: number;
}

/** @returns in order, none within another. */
export function waitsOf(
  reading: Reading,
  acknowledged: AcknowledgedRecords,
  endUs: number,
): UnavailableUs[] {
  const given = givenTimes(reading.histories);
  const waits = reading.group === null ? [] : outside(reading.moves, endUs);
  for (const held of heldBy(reading, given, endUs)) {
    addWaits(waits, held, acknowledged.of(held.partition), given.get(held.partition) ?? []);
  }
  const polls = pollsOf(reading.histories, endUs);
  return whilePolling(withoutGiving(joined(waits), polls), polls);
}

/** Who is in, or has no wish to be. */
const OVER: readonly ReaderMove['kind'][] = ['joined', 'died', 'closed'];

/** Of a member: until it is in its group, and from when it has given up all that it had. */
function outside(moves: readonly ReaderMove[], endUs: number): UnavailableUs[] {
  const spells: UnavailableUs[] = [];
  let fromUs: number | null = null;
  for (const move of moves) {
    const { kind, timeUs } = move;
    const owns = kind === 'owns' ? move : null;
    const isOut = kind === 'began' || (owns?.gained === false && owns.partitions.length === 0);
    const isOver = OVER.includes(kind) || owns?.gained === true;
    if (isOut) fromUs ??= timeUs;
    if (!isOver || fromUs === null) continue;
    if (fromUs < timeUs) spells.push({ fromUs, untilUs: timeUs });
    fromUs = null;
  }
  if (fromUs !== null) spells.push({ fromUs, untilUs: endUs });
  return spells;
}

function heldBy(
  { moves, startsAt }: Reading,
  given: ReadonlyMap<string, readonly Given[]>,
  endUs: number,
): Held[] {
  const all: Held[] = [];
  const now = new Map<string, Held>();
  const hold = (partition: string, fromUs: number, startOffset: number): void => {
    const held = { partition, fromUs, untilUs: endUs, startOffset };
    now.set(partition, held);
    all.push(held);
  };
  const giveUp = (partition: string, timeUs: number): void => {
    const held = now.get(partition);
    if (held !== undefined) held.untilUs = timeUs;
    now.delete(partition);
  };
  for (const move of moves) {
    if (move.kind === 'owns') {
      for (const partition of [...now.keys()]) {
        if (!move.partitions.includes(partition)) giveUp(partition, move.timeUs);
      }
      for (const partition of move.partitions) {
        if (!now.has(partition)) hold(partition, move.timeUs, startsAt);
      }
    } else if (move.kind === 'stands') {
      const { partition, offset, timeUs, anew } = move;
      const held = now.get(partition);
      if (held === undefined) continue;
      const read = (one: Given) => one.timeUs >= held.fromUs && one.timeUs <= timeUs;
      const isFirst = held.startOffset < 0 || !(anew || given.get(partition)?.some(read) === true);
      if (isFirst) held.startOffset = offset;
      else {
        giveUp(partition, timeUs);
        hold(partition, timeUs, offset);
      }
    } else if (move.kind !== 'joined') {
      for (const partition of [...now.keys()]) giveUp(partition, move.timeUs);
    }
  }
  return all;
}

interface Given {
  readonly timeUs: number;
  readonly offset: number;
}

function givenTimes(histories: readonly PollHistory[]): Map<string, Given[]> {
  const found = new Map<string, Given[]>();
  for (const { topic, timeUs, partition, offset } of histories) {
    for (let row = 0; row < offset.length; row++) {
      const name = `${topic}-${partition.at(row)}`;
      const given = { timeUs: timeUs.at(row), offset: offset.at(row) };
      const before = found.get(name);
      if (before === undefined) found.set(name, [given]);
      else before.push(given);
    }
  }
  return found;
}

function addWaits(
  waits: UnavailableUs[],
  { fromUs, untilUs, startOffset }: Held,
  { offsets, sinceUs }: Acknowledged,
  given: readonly Given[],
): void {
  const givenAt = new Map<number, number>();
  for (const { timeUs, offset } of given) {
    if (timeUs < fromUs || timeUs > untilUs || givenAt.has(offset)) continue;
    givenAt.set(offset, timeUs);
  }
  for (let i = startOffset < 0 ? 0 : lowerBound(offsets, startOffset); i < offsets.length; i++) {
    const since = sinceUs[i] as number;
    const gotUs = givenAt.get(offsets[i] as number);
    // Where it stood is not known: what was there before may not be meant for it.
    if (gotUs === undefined && startOffset < 0 && since < fromUs) continue;
    const wait = { fromUs: Math.max(since, fromUs), untilUs: gotUs ?? untilUs };
    if (wait.fromUs < wait.untilUs) waits.push(wait);
  }
}

/** Those that overlap or touch, as one. */
function joined(waits: UnavailableUs[]): UnavailableUs[] {
  waits.sort((a, b) => a.fromUs - b.fromUs);
  const all: { fromUs: number; untilUs: number }[] = [];
  for (const { fromUs, untilUs } of waits) {
    const last = all.at(-1);
    if (last === undefined || fromUs > last.untilUs) all.push({ fromUs, untilUs });
    else last.untilUs = Math.max(last.untilUs, untilUs);
  }
  return all;
}

interface Poll {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly gave: boolean;
}

/** Those of a life that ended went on to the next one's first, or to the end. */
function pollsOf(histories: readonly PollHistory[], endUs: number): Poll[] {
  const [first] = histories as readonly [PollHistory, ...PollHistory[]];
  const { invokedUs, answeredUs, outcome } = first.polls;
  const polls: Poll[] = [];
  for (let poll = 0; poll < outcome.length; poll++) {
    const isAnswered = outcome.at(poll) !== Outcome.pending;
    const isLast = poll + 1 === outcome.length;
    const unansweredUs = isLast ? endUs : invokedUs.at(poll + 1);
    polls.push({
      fromUs: invokedUs.at(poll),
      untilUs: isAnswered ? answeredUs.at(poll) : unansweredUs,
      gave: isAnswered && histories.some((one) => recordsOf(one, poll) > 0),
    });
  }
  return polls;
}

function recordsOf({ polls, event }: PollHistory, poll: number): number {
  const isLast = poll + 1 === polls.outcome.length;
  const end = isLast ? event.length : polls.firstRecord.at(poll + 1);
  return end - polls.firstRecord.at(poll);
}

/** Cut where a poll gave something: what stands behind it waits from then on. */
function withoutGiving(waits: readonly UnavailableUs[], polls: readonly Poll[]): UnavailableUs[] {
  const cut: UnavailableUs[] = [];
  const times = polls.filter(({ gave }) => gave).map(({ untilUs }) => untilUs);
  let next = 0;
  for (const wait of waits) {
    let { fromUs } = wait;
    while (next < times.length && (times[next] as number) <= fromUs) next += 1;
    for (; next < times.length && (times[next] as number) < wait.untilUs; next++) {
      cut.push({ fromUs, untilUs: times[next] as number });
      fromUs = times[next] as number;
    }
    cut.push({ fromUs, untilUs: wait.untilUs });
  }
  return cut;
}

/** Who processes what it was given, or has stopped, does not wait: the next poll begins it. */
function whilePolling(waits: readonly UnavailableUs[], polls: readonly Poll[]): UnavailableUs[] {
  const endUs = polls.at(-1)?.untilUs ?? 0;
  const found: UnavailableUs[] = [];
  let next = 0;
  for (const wait of waits) {
    while (next < polls.length && (polls[next] as Poll).untilUs <= wait.fromUs) next += 1;
    const poll = polls[next];
    if (poll === undefined) break;
    const fromUs = Math.max(wait.fromUs, poll.fromUs);
    const untilUs = Math.min(wait.untilUs, endUs);
    if (fromUs < untilUs) found.push({ fromUs, untilUs });
  }
  return found;
}
