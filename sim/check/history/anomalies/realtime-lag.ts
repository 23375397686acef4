/**
 * How stale polls were, at least: an ok poll that was begun when a record behind everything that
 * its process had been given of a partition was known to exist for so long. Known to exist is what
 * an ok or unknown operation sent or polled, from that operation's end on, and all before it in
 * the log. Reported, never a failure: Kafka promises no bound.
 *
 * A process is asked about the partitions that it assigned and those that it was given; assign
 * keeps the place in partitions that it asks for again and begins at the others' start, subscribe
 * and a crash forget all. After Jepsen's worst-realtime-lag.
 */
import type { HistoryView } from './history-view.ts';
import { lowerBound } from './version-order.ts';

export interface RealtimeLag {
  readonly lagMs: number;
  readonly process: string;
  readonly key: string;
  readonly operation: number;
}

/** @returns the worst lag; null when no poll lagged or the history does not tell when polls began. */
export function worstRealtimeLag(view: HistoryView): RealtimeLag | null {
  const known = knownFrom(view);
  let worst: RealtimeLag | null = null;
  for (const operations of view.byProcess) {
    const process = new Poller(view, known);
    for (const operation of operations) process.operation(operation);
    process.forget();
    const found = process.worst;
    if (found !== null && (worst === null || found.lagMs > worst.lagMs)) worst = found;
  }
  return worst;
}

/** By key and index: since when something at this index or behind it is known to exist. */
function knownFrom(view: HistoryView): Float64Array[] {
  const { history, order } = view;
  const since = order.keys.map(({ offsets }) =>
    new Float64Array(offsets.length).fill(Number.POSITIVE_INFINITY),
  );
  const note = (key: number, offset: number, atMs: number): void => {
    if (offset < 0 || Number.isNaN(atMs)) return;
    const { offsets } = order.keys[key] as (typeof order.keys)[number];
    const index = lowerBound(offsets, offset);
    const known = since[key] as Float64Array;
    if (offsets[index] === offset && atMs < (known[index] as number)) known[index] = atMs;
  };
  const { sends, reads } = history;
  for (let operation = 0; operation < history.count; operation++) {
    if (history.endingOf(operation) === 'fail') continue;
    const atMs = history.completedMs.at(operation);
    const sendsEnd = history.endOfSends(operation);
    for (let row = history.firstSend.at(operation); row < sendsEnd; row++) {
      note(sends.key.at(row), sends.offset.at(row), atMs);
    }
    const readsEnd = history.endOfReads(operation);
    for (let row = history.firstRead.at(operation); row < readsEnd; row++) {
      note(reads.key.at(row), reads.offset.at(row), atMs);
    }
  }
  for (const known of since) {
    for (let index = known.length - 2; index >= 0; index--) {
      known[index] = Math.min(known[index] as number, known[index + 1] as number);
    }
  }
  return since;
}

/** How far a process is in a partition, and how many polls had ended when it came there. */
interface Place {
  offset: number;
  since: number;
}

class Poller {
  worst: RealtimeLag | null = null;
  private readonly view: HistoryView;
  private readonly known: readonly Float64Array[];
  private places = new Map<number, Place>();
  private lastPoll = -1;
  private polls = 0;

  constructor(view: HistoryView, known: readonly Float64Array[]) {
    this.view = view;
    this.known = known;
  }

  operation(operation: number): void {
    const { history } = this.view;
    const kind = history.kindOf(operation);
    if (kind === 'crash') this.forget();
    if (!history.isOk(operation) || kind === 'send' || kind === 'crash') return;
    if (kind === 'subscribe') this.forget();
    else if (kind === 'assign') this.assign(operation);
    else this.poll(operation);
  }

  /** Judges every place for the last time. */
  forget(): void {
    for (const [key, place] of this.places) this.leave(key, place);
    this.places.clear();
  }

  private assign(operation: number): void {
    const { history } = this.view;
    const before = this.places;
    this.places = new Map();
    const keeps = !history.seeks.has(operation);
    for (const name of history.asked.get(operation) ?? []) {
      const key = history.knownKey(name);
      if (key < 0) continue;
      const kept = keeps ? before.get(key) : undefined;
      if (kept !== undefined) before.delete(key);
      this.places.set(key, kept ?? { offset: -1, since: this.polls });
    }
    for (const [key, place] of before) this.leave(key, place);
  }

  private poll(operation: number): void {
    const { history } = this.view;
    const { reads } = history;
    const end = history.endOfReads(operation);
    for (let row = history.firstRead.at(operation); row < end; row++) {
      this.reach(reads.key.at(row), reads.offset.at(row));
    }
    if (Number.isNaN(history.invokedMs.at(operation))) return;
    this.lastPoll = operation;
    this.polls += 1;
  }

  /** Up to this poll the place was the former one; from it on it is the new one. */
  private reach(key: number, offset: number): void {
    const place = this.places.get(key);
    if (place === undefined) this.places.set(key, { offset, since: this.polls });
    else if (offset > place.offset) {
      this.leave(key, place);
      place.offset = offset;
      place.since = this.polls;
    }
  }

  /** Of all polls from one place the last began the latest, so it lagged the most. */
  private leave(key: number, { offset, since }: Place): void {
    if (this.polls === since) return;
    const { history, order } = this.view;
    const { offsets } = order.keys[key] as (typeof order.keys)[number];
    const next = lowerBound(offsets, offset + 1);
    if (next === offsets.length) return;
    const lagMs = history.invokedMs.at(this.lastPoll) - (this.known[key]?.[next] as number);
    if (lagMs > (this.worst?.lagMs ?? 0)) {
      const process = this.view.processName(this.lastPoll);
      this.worst = { lagMs, process, key: this.view.keyName(key), operation: this.lastPoll };
    }
  }
}
