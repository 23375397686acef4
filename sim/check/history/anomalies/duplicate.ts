/**
 * duplicate. A value that was sent once stands at one offset of its partition. A retry that is
 * appended again shows it, whether or not the sender was told of the first. Reading one offset
 * twice is no duplicate but a poll that went back.
 */
import type { AnomalyKind, Pass } from './anomaly.ts';

const KIND: AnomalyKind = {
  name: 'duplicate',
  doc: 'a value that was sent once stands at one offset',
  allowedBy: null,
  needsPolls: true,
};

/** Offsets that are told of one value. */
const SHOWN = 8;

export const duplicate: Pass = {
  kinds: [KIND],
  find(view, casesOf) {
    const { history } = view;
    for (const [value, offsets] of view.order.copies) {
      casesOf(KIND.name).add(null, () => {
        const key = view.keyName(history.keyOfValue.at(value));
        const writer = view.writerOf(value);
        const shown = offsets.slice(0, SHOWN);
        const more = offsets.length > SHOWN ? ` and ${offsets.length - SHOWN} more` : '';
        const readers = shown.map((offset) => view.readerOf(value, offset));
        const sent = writer < 0 ? '' : `, sent once (${view.place(writer)})`;
        return {
          key,
          explanation:
            `value ${history.valueText(value)}${sent} stands at offsets ` +
            `${shown.join(', ')}${more} of ${key}`,
          operations: [...new Set([writer, ...readers])].filter((one) => one >= 0),
        };
      });
    }
  },
};
