/**
 * unseen. At the end of the history every value whose send was ok was returned by an ok poll of
 * somebody. A harness that means this polls every partition to its end as its last act; where
 * nobody did, an unseen tail says nothing about the system.
 */
import type { AnomalyKind, Pass } from './anomaly.ts';

const KIND: AnomalyKind = {
  name: 'unseen',
  doc: 'in the end everything acknowledged has been polled by somebody',
  allowedBy: null,
  needsPolls: true,
};

export const unseen: Pass = {
  kinds: [KIND],
  find(view, casesOf) {
    const { history } = view;
    const { sends } = history;
    if (!view.wasPolled) return;
    for (let operation = 0; operation < history.count; operation++) {
      if (!history.isOk(operation)) continue;
      const end = history.endOfSends(operation);
      for (let row = history.firstSend.at(operation); row < end; row++) {
        const value = sends.value.at(row);
        if (view.seen[value] === 1) continue;
        const offset = sends.offset.at(row);
        casesOf(KIND.name).add(null, () => {
          const key = view.keyName(sends.key.at(row));
          const at = offset < 0 ? '' : ` at offset ${offset}`;
          return {
            key,
            explanation:
              `value ${history.valueText(value)} was acknowledged${at} of ${key} ` +
              `(${view.place(operation)}) and nobody polled it`,
            operations: [operation],
          };
        });
      }
    }
  },
};
