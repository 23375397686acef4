/**
 * Values that one process was given more than once by ok operations while it was subscribed: a hint
 * that something which means to process each record once does not. Who assigns may read as often as
 * it likes, and after a crash the next client of the process is another one. Reported, never a
 * failure.
 */
import type { HistoryView } from './history-view.ts';

export interface ConsumedTwice {
  /** Values that some client was given more than once. */
  readonly values: number;
  /** How often the most frequent of them was given to one process. */
  readonly most: number;
  readonly process: string;
  readonly key: string;
  readonly value: string;
}

/** @returns null when nobody was given anything twice while it was subscribed. */
export function consumedTwice(view: HistoryView): ConsumedTwice | null {
  const { history } = view;
  /** By value: the number of the client that was given it last. */
  const givenTo = new Int32Array(history.values.length).fill(-1);
  let clients = 0;
  let values = 0;
  let most: { times: number; process: number; value: number } | null = null;
  view.byProcess.forEach((operations, process) => {
    for (const own of view.byClient(operations)) {
      const again = givenAgain(view, own, { givenTo, client: clients++ });
      values += again.size;
      for (const [value, times] of again) {
        if (most === null || times > most.times) most = { times, process, value };
      }
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

/** @returns by value how often the client was given it, where that is more than once. */
function givenAgain(
  view: HistoryView,
  operations: Int32Array,
  { givenTo, client }: { givenTo: Int32Array; client: number },
): Map<number, number> {
  const { history } = view;
  const again = new Map<number, number>();
  let subscribed = false;
  for (const operation of operations) {
    const kind = history.kindOf(operation);
    if (kind === 'assign' && history.endingOf(operation) !== 'fail') subscribed = false;
    if (!history.isOk(operation)) continue;
    if (kind === 'subscribe') subscribed = true;
    if (!subscribed) continue;
    const end = history.endOfReads(operation);
    for (let row = history.firstRead.at(operation); row < end; row++) {
      const value = history.reads.value.at(row);
      if (givenTo[value] === client) again.set(value, (again.get(value) ?? 1) + 1);
      else givenTo[value] = client;
    }
  }
  return again;
}
