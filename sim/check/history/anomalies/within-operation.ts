/**
 * Within one operation, in the places of the version order:
 *
 * - int-poll-skip: of two values of a partition that followed each other in what it polled, the
 *   second stands more than one place behind the first: something known to be there was left out.
 * - int-nonmonotonic-poll: the second stands before the first, or is it again.
 * - int-send-skip: of two sends to a partition one after the other, something of others stands
 *   between. Always allowed: transactions interleave.
 * - int-nonmonotonic-send: the second send stands before the first, or in its place.
 *
 * Polls of operations that failed count like others. Partitions that were rebalanced during the
 * operation are exempt from the rules of polls. A value of which no place is known begins anew.
 */
import type { AnomalyKind, Cases, Pass } from './anomaly.ts';
import type { HistoryView } from './history-view.ts';
import { NOWHERE } from './version-order.ts';

const POLL_SKIP: AnomalyKind = {
  name: 'int-poll-skip',
  doc: 'within one operation, polls leave nothing out',
  allowedBy: null,
  needsPolls: true,
};
const POLL_BACK: AnomalyKind = {
  name: 'int-nonmonotonic-poll',
  doc: 'within one operation, polls only go forward',
  allowedBy: null,
  needsPolls: true,
};
const SEND_SKIP: AnomalyKind = {
  name: 'int-send-skip',
  doc: 'within one operation, nothing of others stands between two sends',
  allowedBy: 'writes interleave',
};
const SEND_BACK: AnomalyKind = {
  name: 'int-nonmonotonic-send',
  doc: 'within one operation, sends stand in the order sent',
  allowedBy: null,
};

export const withinOperation: Pass = {
  kinds: [POLL_SKIP, POLL_BACK, SEND_SKIP, SEND_BACK],
  find(view, casesOf) {
    const { history } = view;
    const polls = new Steps(view, {
      skip: casesOf(POLL_SKIP.name),
      back: casesOf(POLL_BACK.name),
      verb: 'polled',
    });
    const sends = new Steps(view, {
      skip: casesOf(SEND_SKIP.name),
      back: casesOf(SEND_BACK.name),
      verb: 'sent',
    });
    for (let operation = 0; operation < history.count; operation++) {
      const exempt = history.rebalanced.get(operation);
      const readsEnd = history.endOfReads(operation);
      for (let row = history.firstRead.at(operation); row < readsEnd; row++) {
        const key = history.reads.key.at(row);
        if (exempt?.has(key) === true) continue;
        const value = history.reads.value.at(row);
        polls.step({ operation, key, value, index: view.indexOfRead(row) });
      }
      const firstSend = history.firstSend.at(operation);
      const sendsEnd = history.endOfSends(operation);
      if (sendsEnd - firstSend < 2) continue;
      for (let row = firstSend; row < sendsEnd; row++) {
        const key = history.sends.key.at(row);
        const value = history.sends.value.at(row);
        sends.step({ operation, key, value, index: view.indexOfSend(row) });
      }
    }
  },
};

interface Step {
  readonly operation: number;
  readonly key: number;
  readonly value: number;
  readonly index: number;
}

/** Compares each value of a partition with the one before it in the same operation. */
class Steps {
  private readonly view: HistoryView;
  private readonly parts: { readonly skip: Cases; readonly back: Cases; readonly verb: string };
  /** By key: the operation, the place and the value that came last. */
  private readonly operations: Int32Array;
  private readonly indexes: Int32Array;
  private readonly values: Int32Array;

  constructor(view: HistoryView, parts: Steps['parts']) {
    const keys = view.history.keys.length;
    this.view = view;
    this.parts = parts;
    this.operations = new Int32Array(keys).fill(-1);
    this.indexes = new Int32Array(keys);
    this.values = new Int32Array(keys);
  }

  step(step: Step): void {
    const { operation, key, value, index } = step;
    if (this.operations[key] === operation) {
      const before = this.indexes[key] as number;
      const delta = before === NOWHERE || index === NOWHERE ? 1 : index - before;
      if (delta !== 1) this.wrong(step, delta);
    }
    this.operations[key] = operation;
    this.indexes[key] = index;
    this.values[key] = value;
  }

  private wrong({ operation, key, value, index }: Step, delta: number): void {
    const { view } = this;
    const { skip, back, verb } = this.parts;
    const before = this.values[key] as number;
    const from = this.indexes[key] as number;
    const cases = delta > 1 ? skip : back;
    cases.add(null, () => {
      const { history } = view;
      const both = `${history.valueText(before)} and then ${history.valueText(value)}`;
      const how =
        delta > 1
          ? `between which stands ${view.valuesBetween(key, from, index)}`
          : delta === 0
            ? 'twice the same place'
            : `which stands ${-delta} before it`;
      return {
        key: view.keyName(key),
        explanation:
          `process ${view.processName(operation)} ${verb} ${both} of ${view.keyName(key)} in one ` +
          `operation (${view.place(operation)}), ${how}`,
        operations: [operation],
      };
    });
  }
}
