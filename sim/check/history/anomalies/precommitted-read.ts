/**
 * precommitted-read. A poll within a transaction returned what the same transaction sent: in Kafka
 * nobody, not even the transaction itself, is given records before they are committed. Consumers
 * with isolation.level=read_uncommitted are.
 */
import type { AnomalyKind, Pass } from './anomaly.ts';
import { READ_UNCOMMITTED } from './history-view.ts';

const KIND: AnomalyKind = {
  name: 'precommitted-read',
  doc: 'a transaction does not poll what it sent itself',
  allowedBy: null,
  needsPolls: true,
};

export const precommittedRead: Pass = {
  kinds: [KIND],
  find(view, casesOf) {
    const { history } = view;
    const { reads } = history;
    for (let operation = 0; operation < history.count; operation++) {
      if (history.firstSend.at(operation) === history.endOfSends(operation)) continue;
      const end = history.endOfReads(operation);
      for (let row = history.firstRead.at(operation); row < end; row++) {
        const value = reads.value.at(row);
        if (view.writerOf(value) !== operation) continue;
        casesOf(KIND.name).add(history.readUncommitted ? READ_UNCOMMITTED : null, () => ({
          key: view.keyName(reads.key.at(row)),
          explanation:
            `process ${view.processName(operation)} polled value ${history.valueText(value)} of ` +
            `${view.keyName(reads.key.at(row))} in the transaction that sent it ` +
            `(${view.place(operation)})`,
          operations: [operation],
        }));
      }
    }
  },
};
