/**
 * lost-write. What was acknowledged and must have been read was not: of each partition take the
 * furthest place of any value that an ok poll returned (of a value with several places, its first);
 * every value whose last place is not beyond it and whose write must have happened has to have been
 * returned by some ok poll. Values beyond that place say nothing: perhaps nobody polled so far.
 */
import type { AnomalyKind, Pass } from './anomaly.ts';
import type { HistoryView } from './history-view.ts';
import { lowerBound, NOWHERE } from './version-order.ts';

const KIND: AnomalyKind = {
  name: 'lost-write',
  doc: 'a write that took effect is read by who reads beyond it',
  allowedBy: null,
  needsPolls: true,
};

export const lostWrite: Pass = {
  kinds: [KIND],
  find(view, casesOf) {
    const { history } = view;
    const bounds = furthestReads(view);
    for (let value = 0; value < history.values.length; value++) {
      const key = history.keyOfValue.at(value);
      const bound = bounds[key] as Bound;
      if (view.seen[value] === 1 || view.order.indexOfValue[value] === NOWHERE) continue;
      const writer = view.writerOf(value);
      if (writer < 0 || lastPlace(view, value) > bound.index) continue;
      if (!view.mustHaveCommitted(writer)) continue;
      casesOf(KIND.name).add(null, () => told(view, { value, writer, bound }));
    }
  },
};

interface Bound {
  index: number;
  /** The value that stands there. */
  value: number;
}

function furthestReads(view: HistoryView): Bound[] {
  const { history } = view;
  const bounds = history.keys.map((): Bound => ({ index: NOWHERE, value: -1 }));
  for (let value = 0; value < history.values.length; value++) {
    if (view.seen[value] !== 1) continue;
    const bound = bounds[history.keyOfValue.at(value)] as Bound;
    const index = view.order.indexOfValue[value] as number;
    if (index > bound.index) {
      bound.index = index;
      bound.value = value;
    }
  }
  return bounds;
}

function lastPlace(view: HistoryView, value: number): number {
  const copies = view.order.copies.get(value);
  const first = view.order.indexOfValue[value] as number;
  if (copies === undefined) return first;
  const offsets = view.order.keys[view.history.keyOfValue.at(value)]?.offsets;
  return offsets === undefined ? first : lowerBound(offsets, copies.at(-1) as number);
}

function told(
  view: HistoryView,
  { value, writer, bound }: { value: number; writer: number; bound: Bound },
) {
  const { history } = view;
  const keyId = history.keyOfValue.at(value);
  const key = view.keyName(keyId);
  const offsets = view.order.keys[keyId]?.offsets;
  const at = offsets?.[view.order.indexOfValue[value] as number];
  const readTo = offsets?.[bound.index] as number;
  const reader = view.readerOf(bound.value, readTo);
  const how = history.isOk(writer) ? 'was acknowledged' : 'was written';
  return {
    key,
    explanation:
      `value ${history.valueText(value)} ${how} at offset ${at} of ${key} ` +
      `(${view.place(writer)}) and no poll returned it, although one read on to offset ${readTo} ` +
      `(${view.place(reader)})`,
    operations: reader < 0 ? [writer] : [writer, reader],
  };
}
