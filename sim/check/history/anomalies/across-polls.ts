/**
 * From one operation of a process to its next, in the places of the version order:
 *
 * - poll-skip: the first value of a partition stands more than one place behind the last one that
 *   the process's previous ok operation with that partition polled.
 * - nonmonotonic-poll: it stands before it, or is it again.
 *
 * Operations that failed or are of unknown end are compared, and do not move the place from which
 * the next one goes on. assign (of keys) and subscribe (to keys or topics) make the process forget
 * the partitions that they do not ask for; a crash, and an assign that seeks, all of them. Of
 * operations that overlap none is the next of the other, and what comes behind them can follow any.
 * With subscribe the partitions may have been elsewhere in between: allowed. With assign, or with
 * neither, it is not.
 */

import { NO_MARK } from '../recorded/operation-history.ts';
import type { AnomalyKind, Cases, Pass } from './anomaly.ts';
import type { HistoryView } from './history-view.ts';
import { NOWHERE } from './version-order.ts';

const SKIP: AnomalyKind = {
  name: 'poll-skip',
  doc: 'from poll to poll, a process is given everything in between',
  allowedBy: null,
  needsPolls: true,
};
const BACK: AnomalyKind = {
  name: 'nonmonotonic-poll',
  doc: 'from poll to poll, a process only goes forward',
  allowedBy: null,
  needsPolls: true,
};

export const acrossPolls: Pass = {
  kinds: [SKIP, BACK],
  find(view, casesOf) {
    const reader = new Reader(view, { skip: casesOf(SKIP.name), back: casesOf(BACK.name) });
    for (const operations of view.byProcess) {
      reader.begin();
      for (const operation of operations) reader.operation(operation);
    }
  },
};

/** Where a process stands in a partition. */
interface Place {
  operation: number;
  value: number;
  index: number;
  subscribed: boolean;
  /** When the last of those that had come to it ended. */
  endMark: number;
  /** Several overlapped: nobody can say where it stands. */
  unsure: boolean;
}

class Reader {
  private readonly view: HistoryView;
  private readonly cases: { readonly skip: Cases; readonly back: Cases };
  private places = new Map<number, Place>();
  private subscribed = false;
  /** By key: the operation that has begun to read it, so that only its first value is compared. */
  private readonly begunBy: Int32Array;

  constructor(view: HistoryView, cases: Reader['cases']) {
    this.view = view;
    this.cases = cases;
    this.begunBy = new Int32Array(view.history.keys.length).fill(-1);
  }

  /** A client that is new. */
  begin(): void {
    this.places = new Map();
    this.subscribed = false;
  }

  operation(operation: number): void {
    const { history } = this.view;
    const kind = history.kindOf(operation);
    if (kind === 'crash') this.begin();
    else if (kind === 'assign' || kind === 'subscribe') this.chooses(operation, kind);
    else this.reads(operation);
  }

  private chooses(operation: number, kind: 'assign' | 'subscribe'): void {
    const { history } = this.view;
    if (history.endingOf(operation) === 'fail') return;
    this.subscribed = kind === 'subscribe';
    if (history.seeks.has(operation)) return this.places.clear();
    const asked = new Set(history.asked.get(operation) ?? []);
    for (const key of [...this.places.keys()]) {
      const name = history.keys[key] as string;
      const isAsked = asked.has(name) || (this.subscribed && asked.has(topicOf(name)));
      if (!isAsked) this.places.delete(key);
    }
  }

  private reads(operation: number): void {
    const { history } = this.view;
    const { reads } = history;
    const first = history.firstRead.at(operation);
    const end = history.endOfReads(operation);
    for (let row = first; row < end; row++) {
      const key = reads.key.at(row);
      if (this.begunBy[key] === operation) continue;
      this.begunBy[key] = operation;
      const place = this.places.get(key);
      if (place !== undefined && !place.unsure && !this.overlaps(place, operation)) {
        this.compare(place, operation, row);
      }
    }
    if (!history.isOk(operation)) return;
    const { subscribed } = this;
    const ownEnd = history.completedMark.at(operation);
    for (let row = first; row < end; row++) {
      const key = reads.key.at(row);
      const value = reads.value.at(row);
      const index = this.view.indexOfRead(row);
      const place = this.places.get(key);
      const unsure =
        place?.operation === operation ? place.unsure : this.overlaps(place, operation);
      const endMark = unsure ? Math.max(place?.endMark ?? 0, ownEnd) : ownEnd;
      const now = { operation, value, index, subscribed, endMark, unsure };
      if (place === undefined) this.places.set(key, now);
      else Object.assign(place, now);
    }
  }

  /** It was begun before those had ended that had come to this place. */
  private overlaps(place: Place | undefined, operation: number): boolean {
    if (place === undefined || place.operation === operation) return false;
    // Of what was begun at an unknown time the end is all there is.
    const begun = this.view.history.invokedMark.at(operation);
    return begun !== NO_MARK && begun < place.endMark;
  }

  private compare(place: Place, operation: number, row: number): void {
    const { view } = this;
    const index = view.indexOfRead(row);
    const delta = place.index === NOWHERE || index === NOWHERE ? 1 : index - place.index;
    if (delta === 1) return;
    const cases = delta > 1 ? this.cases.skip : this.cases.back;
    const allowedBy = this.subscribed || place.subscribed ? 'subscribe' : null;
    const from = { ...place };
    cases.add(allowedBy, () => {
      const { history } = view;
      const key = history.reads.key.at(row);
      const value = history.reads.value.at(row);
      const how =
        delta > 1
          ? `leaving out ${view.valuesBetween(key, from.index, index)}`
          : delta === 0
            ? 'the same place again'
            : `${-delta} before it`;
      return {
        key: view.keyName(key),
        explanation:
          `process ${view.processName(operation)} polled ${view.keyName(key)} up to ` +
          `${history.valueText(from.value)} (${view.place(from.operation)}) and went on with ` +
          `${history.valueText(value)} (${view.place(operation)}), ${how}`,
        operations: [from.operation, operation],
      };
    });
  }
}

/** The key itself when it does not end in a partition. */
function topicOf(key: string): string {
  const dash = key.lastIndexOf('-');
  return dash > 0 ? key.slice(0, dash) : key;
}
