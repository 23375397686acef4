/**
 * nonmonotonic-send. What a process sends stands in the order in which it was sent: the first send
 * of an operation to a partition stands behind the last one of the process's previous ok or unknown
 * operation with that partition. A crash makes the process forget: its next client is another
 * producer. Sends of others in between are no matter.
 */
import type { AnomalyKind, Cases, Pass } from './anomaly.ts';
import type { HistoryView } from './history-view.ts';
import { NOWHERE } from './version-order.ts';

const KIND: AnomalyKind = {
  name: 'nonmonotonic-send',
  doc: 'what a process sends one after the other stands in that order',
  allowedBy: null,
};

export const acrossSends: Pass = {
  kinds: [KIND],
  find(view, casesOf) {
    const cases = casesOf(KIND.name);
    for (const operations of view.byProcess) {
      const last = new Map<number, Sent>();
      for (const operation of operations) {
        if (view.history.kindOf(operation) === 'crash') last.clear();
        else if (view.history.endingOf(operation) !== 'fail')
          sent(view, { operation, last, cases });
      }
    }
  },
};

interface Sent {
  operation: number;
  value: number;
  index: number;
}

function sent(
  view: HistoryView,
  { operation, last, cases }: { operation: number; last: Map<number, Sent>; cases: Cases },
): void {
  const { history } = view;
  const { sends } = history;
  const end = history.endOfSends(operation);
  for (let row = history.firstSend.at(operation); row < end; row++) {
    const key = sends.key.at(row);
    const value = sends.value.at(row);
    const index = view.indexOfSend(row);
    const before = last.get(key);
    if (before === undefined) {
      last.set(key, { operation, value, index });
      continue;
    }
    const isKnown = before.index !== NOWHERE && index !== NOWHERE;
    if (before.operation !== operation && isKnown && index <= before.index) {
      const previous = { ...before };
      cases.add(null, () => ({
        key: view.keyName(key),
        explanation:
          `process ${view.processName(operation)} sent ${history.valueText(previous.value)} ` +
          `(${view.place(previous.operation)}) and then ${history.valueText(value)} ` +
          `(${view.place(operation)}) to ${view.keyName(key)}, where ` +
          (index === previous.index
            ? 'both stand at one place'
            : `the second stands ${previous.index - index} before the first`),
        operations: [previous.operation, operation],
      }));
    }
    before.operation = operation;
    before.value = value;
    before.index = index;
  }
}
