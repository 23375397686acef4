/**
 * inconsistent-offsets. One offset of a partition holds one record for ever: no two values may be
 * seen at the same offset, whether told to a sender or given by a poll. Logs that parted and were
 * not truncated show it, and so does a leader that answers before what it wrote is safe.
 */
import type { AnomalyKind, Pass } from './anomaly.ts';

const KIND: AnomalyKind = {
  name: 'inconsistent-offsets',
  doc: 'an offset holds one value, for everybody and for ever',
  allowedBy: null,
  needsPolls: true,
};

export const inconsistentOffsets: Pass = {
  kinds: [KIND],
  find(view, casesOf) {
    const { history } = view;
    for (const { key, offset, values } of view.order.conflicts) {
      casesOf(KIND.name).add(null, () => {
        const told = values.slice(0, SHOWN);
        const more = values.length > SHOWN ? ` and ${values.length - SHOWN} more` : '';
        const witnesses = told.flatMap((value) => firstWitness(view, { key, offset, value }));
        const said = witnesses.map(
          ({ value, operation, isRead }) =>
            `${history.valueText(value)} (${isRead ? 'polled' : 'sent'}, ${view.place(operation)})`,
        );
        return {
          key: view.keyName(key),
          explanation: `offset ${offset} of ${view.keyName(key)} holds ${said.join(' and ')}${more}`,
          operations: witnesses.map((one) => one.operation),
        };
      });
    }
  },
};

/** Values that are told of one offset. */
const SHOWN = 4;

interface Wanted {
  readonly key: number;
  readonly offset: number;
  readonly value: number;
}

type View = Parameters<Pass['find']>[0];

/** Who saw the value there first: its sender if that was told so, else the first poll. */
function firstWitness(
  view: View,
  wanted: Wanted,
): { value: number; operation: number; isRead: boolean }[] {
  const { history } = view;
  const { value, offset } = wanted;
  const writer = view.writerOf(value);
  if (writer >= 0 && view.mustHaveCommitted(writer)) {
    const end = history.endOfSends(writer);
    for (let row = history.firstSend.at(writer); row < end; row++) {
      const isIt = history.sends.value.at(row) === value;
      if (isIt && history.sends.offset.at(row) === offset) {
        return [{ value, operation: writer, isRead: false }];
      }
    }
  }
  const reader = view.readerOf(value, offset);
  return reader < 0 ? [] : [{ value, operation: reader, isRead: true }];
}
