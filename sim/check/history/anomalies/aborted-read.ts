/**
 * G1a, the aborted read. An ok poll returned a value whose send is known to have failed: what was
 * refused or aborted became visible. Consumers with isolation.level=read_uncommitted are given
 * records of aborted transactions; of a plain send that failed, never.
 */
import type { AnomalyKind, Pass } from './anomaly.ts';
import { READ_UNCOMMITTED } from './history-view.ts';

const KIND: AnomalyKind = {
  name: 'G1a',
  doc: 'a poll returns nothing whose send failed (aborted read)',
  allowedBy: null,
  needsPolls: true,
};

export const abortedRead: Pass = {
  kinds: [KIND],
  find(view, casesOf) {
    const { history } = view;
    const { reads } = history;
    const told = new Set<number>();
    for (let reader = 0; reader < history.count; reader++) {
      if (!history.isOk(reader)) continue;
      const end = history.endOfReads(reader);
      for (let row = history.firstRead.at(reader); row < end; row++) {
        const value = reads.value.at(row);
        const writer = view.writerOf(value);
        if (writer < 0 || history.endingOf(writer) !== 'fail' || told.has(value)) continue;
        told.add(value);
        const isTransaction = history.kindOf(writer) === 'txn';
        const allowedBy = history.readUncommitted && isTransaction ? READ_UNCOMMITTED : null;
        casesOf(KIND.name).add(allowedBy, () => ({
          key: view.keyName(reads.key.at(row)),
          explanation:
            `value ${history.valueText(value)} of ${view.keyName(reads.key.at(row))} was polled ` +
            `(${view.place(reader)}), although its send failed (${view.place(writer)}` +
            `${saidOf(history.errors.get(writer))})`,
          operations: [writer, reader],
        }));
      }
    }
  },
};

function saidOf(error: string | undefined): string {
  return error === undefined ? '' : `: ${error}`;
}
