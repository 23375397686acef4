/** Where each record of each producer stands in the final logs. */
import type { FinalState } from '../final-state.ts';
import type { ClientHistory } from './history.ts';

/** By producer, by send number: the first offset at which the record stands, -1 for none. */
export function offsetsOfRecords(history: ClientHistory, final: FinalState): Float64Array[] {
  const where = history.sends.map((sends) => new Float64Array(sends.count).fill(-1));
  for (const partition of final.partitions.values()) {
    for (let i = 0; i < partition.records.length; i++) {
      const record = partition.records.at(i);
      if (record < 0) continue;
      const sends = history.producerOf(record);
      const offsets = where[history.producerIndex(record)] as Float64Array;
      const number = history.numberOf(record);
      const told = sends.offset.at(number);
      const offset = partition.offsets.at(i);
      // Of several copies the one at the acknowledged offset counts.
      if (offsets[number] === -1 || offset === told) offsets[number] = offset;
    }
  }
  return where;
}
