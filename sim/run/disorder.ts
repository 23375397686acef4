/**
 * Counts, in a sequence of records, copies beyond the first and records that stand behind a later
 * one of their producer in their partition. For a producer the sequence is the logs at the end, for
 * a consumer what its polls gave it.
 */
import type { FinalState } from '../check/final-state.ts';
import type { ClientHistory, PollHistory } from '../check/history/history.ts';

export interface Disorder {
  duplicated: number;
  reordered: number;
}

/** By producer of the history. */
export function disorderOfLogs(history: ClientHistory, final: FinalState): Disorder[] {
  const reader = new Reader(history);
  let index = 0;
  for (const { records } of final.partitions.values()) {
    for (let i = 0; i < records.length; i++) reader.read(records.at(i), index);
    index += 1;
  }
  return reader.byProducer;
}

export function disorderOfReads(history: ClientHistory, polls: PollHistory): Disorder {
  const reader = new Reader(history);
  for (let i = 0; i < polls.record.length; i++) {
    reader.read(polls.record.at(i), polls.partition.at(i));
  }
  const total: Disorder = { duplicated: 0, reordered: 0 };
  for (const { duplicated, reordered } of reader.byProducer) {
    total.duplicated += duplicated;
    total.reordered += reordered;
  }
  return total;
}

class Reader {
  readonly byProducer: Disorder[];
  private readonly history: ClientHistory;
  private readonly seen: Uint8Array[];
  /** By producer, by partition: the highest send number so far. */
  private readonly highest: Map<number, number>[];

  constructor(history: ClientHistory) {
    this.history = history;
    this.byProducer = history.sends.map(() => ({ duplicated: 0, reordered: 0 }));
    this.seen = history.sends.map((sends) => new Uint8Array(sends.count));
    this.highest = history.sends.map(() => new Map());
  }

  read(record: number, partition: number): void {
    if (record < 0) return;
    const producer = this.history.producerIndex(record);
    const number = this.history.numberOf(record);
    const counts = this.byProducer[producer] as Disorder;
    const seen = this.seen[producer] as Uint8Array;
    if (seen[number] === 1) {
      counts.duplicated += 1;
      return;
    }
    seen[number] = 1;
    const highest = this.highest[producer] as Map<number, number>;
    if (number < (highest.get(partition) ?? -1)) counts.reordered += 1;
    else highest.set(partition, number);
  }
}
