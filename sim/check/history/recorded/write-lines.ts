/** Writes a history as the lines of a file that `HistoryReader` reads. */
import type { MicroOperation, OperationLine } from './format.ts';
import { NO_MARK, type OperationHistory, UNKNOWN_OFFSET, type Value } from './operation-history.ts';

/** A header and a line for every beginning and every end, in their order; without line ends. */
export function historyLines(history: OperationHistory): string[] {
  const header = {
    history: 1,
    timeUnit: 'ms',
    isolationLevel: history.readUncommitted ? 'read_uncommitted' : 'read_committed',
  };
  const overlapping = processesThatOverlap(history);
  const moments: { mark: number; timeMs: number; isEnd: boolean; operation: number }[] = [];
  for (let operation = 0; operation < history.count; operation++) {
    const invoked = history.invokedMark.at(operation);
    const completed = history.completedMark.at(operation);
    if (invoked !== NO_MARK) {
      const timeMs = history.invokedMs.at(operation);
      moments.push({ mark: invoked, timeMs, isEnd: false, operation });
    }
    // A crash has no length.
    if (completed !== NO_MARK && history.kindOf(operation) !== 'crash') {
      const timeMs = history.completedMs.at(operation);
      moments.push({ mark: completed, timeMs, isEnd: true, operation });
    }
  }
  // Of one moment beginnings come first: nobody knows that the end came before them.
  moments.sort(
    (a, b) => a.mark - b.mark || Number(a.isEnd) - Number(b.isEnd) || a.operation - b.operation,
  );
  const lines = moments.map(({ isEnd, timeMs, operation }) => {
    const hasId =
      history.invokedMark.at(operation) === NO_MARK
        ? history.besideOthers.has(operation)
        : overlapping.has(history.process.at(operation));
    const ids = hasId && history.kindOf(operation) !== 'crash' ? { id: operation } : {};
    return JSON.stringify({ ...lineOf(history, operation, isEnd), time: timeMs, ...ids });
  });
  return [JSON.stringify(header), ...lines];
}

/** Processes that begin something while something else of theirs has not ended. */
function processesThatOverlap(history: OperationHistory): Set<number> {
  const found = new Set<number>();
  history.byProcess().forEach((operations, process) => {
    let busyUntil = NO_MARK;
    for (const operation of operations) {
      const begun = history.invokedMark.at(operation);
      if (history.kindOf(operation) === 'crash') busyUntil = NO_MARK;
      else if (begun !== NO_MARK && begun < busyUntil) found.add(process);
      const ended = history.completedMark.at(operation);
      busyUntil = Math.max(busyUntil, ended === NO_MARK ? Number.POSITIVE_INFINITY : ended);
    }
  });
  return found;
}

function lineOf(
  history: OperationHistory,
  operation: number,
  isEnd: boolean,
): Omit<OperationLine, 'time' | 'id'> {
  const error = history.errors.get(operation);
  const rebalanced = history.rebalanced.get(operation);
  const isSoftened = history.softened.has(operation);
  const ending = isSoftened ? 'fail' : history.endingOf(operation);
  return {
    process: history.processes[history.process.at(operation)] as string,
    type: isEnd ? ending : 'invoke',
    f: history.kindOf(operation),
    ...valuePart(history, operation, isEnd),
    ...(isEnd && error !== undefined ? { error } : {}),
    ...(isEnd && rebalanced !== undefined
      ? { rebalanced: [...rebalanced].map((key) => history.keys[key] as string) }
      : {}),
    ...(history.seeks.has(operation) ? { seekToBeginning: true } : {}),
  };
}

function valuePart(
  history: OperationHistory,
  operation: number,
  isEnd: boolean,
): Pick<OperationLine, 'value'> {
  const kind = history.kindOf(operation);
  if (kind === 'crash') return {};
  if (kind === 'assign' || kind === 'subscribe') {
    return { value: [...(history.asked.get(operation) ?? [])] };
  }
  const micros: MicroOperation[] = [];
  const sendsEnd = history.endOfSends(operation);
  for (let row = history.firstSend.at(operation); row < sendsEnd; row++) {
    const key = history.keys[history.sends.key.at(row)] as string;
    const value = history.values[history.sends.value.at(row)] as Value;
    const offset = history.sends.offset.at(row);
    micros.push(['send', key, isEnd && offset !== UNKNOWN_OFFSET ? [offset, value] : value]);
  }
  if (kind === 'send') return { value: micros };
  return { value: [...micros, isEnd ? ['poll', polled(history, operation)] : ['poll']] };
}

function polled(
  history: OperationHistory,
  operation: number,
): Record<string, [number | null, Value][]> {
  const { key: keys, value: values, offset: offsets } = history.reads;
  const byKey = new Map<string, [number | null, Value][]>();
  const end = history.endOfReads(operation);
  for (let row = history.firstRead.at(operation); row < end; row++) {
    const key = history.keys[keys.at(row)] as string;
    const offset = offsets.at(row);
    const records = byKey.get(key) ?? [];
    byKey.set(key, records);
    records.push([
      offset === UNKNOWN_OFFSET ? null : offset,
      history.values[values.at(row)] as Value,
    ]);
  }
  return Object.fromEntries(byKey);
}
