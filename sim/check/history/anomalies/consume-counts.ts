/**
 * Values that one subscribed process was given more than once by ok operations: a hint that
 * something which means to process each record once does not. Assigned processes may read as often
 * as they like. Reported, never a failure.
 */
import type { HistoryView } from './history-view.ts';

export interface ConsumedTwice {
  /** Values that some process was given more than once. */
  readonly values: number;
  /** How often the most frequent of them was given to one process. */
  readonly most: number;
  readonly process: string;
  readonly key: string;
  readonly value: string;
}

/** @returns null when no subscribed process was given anything twice. */
export function consumedTwice(view: HistoryView): ConsumedTwice | null {
  const { history } = view;
  const givenTo = new Int32Array(history.values.length).fill(-1);
  let values = 0;
  let most: { times: number; process: number; value: number } | null = null;
  view.byProcess.forEach((operations, process) => {
    const again = new Map<number, number>();
    let subscribed = false;
    for (const operation of operations) {
      if (!history.isOk(operation)) continue;
      if (history.kindOf(operation) === 'subscribe') subscribed = true;
      if (!subscribed) continue;
      const end = history.endOfReads(operation);
      for (let row = history.firstRead.at(operation); row < end; row++) {
        const value = history.reads.value.at(row);
        if (givenTo[value] === process) again.set(value, (again.get(value) ?? 1) + 1);
        else givenTo[value] = process;
      }
    }
    values += again.size;
    for (const [value, times] of again) {
      if (most === null || times > most.times) most = { times, process, value };
    }
  });
  const found = most as { times: number; process: number; value: number } | null;
  if (found === null) return null;
  return {
    values,
    most: found.times,
    process: history.processes[found.process] as string,
    key: view.keyName(history.keyOfValue.at(found.value)),
    value: history.valueText(found.value),
  };
}
