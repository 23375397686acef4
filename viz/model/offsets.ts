/** Which offsets of its partition an event speaks of, both ends included. */

export interface OffsetSpan {
  readonly from: number;
  readonly to: number;
}

type Fields = readonly (number | string)[];

const at = (fields: Fields, place: number): number => Number(fields[place] ?? -1);
const point = (place: number) => (fields: Fields) => ({
  from: at(fields, place),
  to: at(fields, place),
});
/** [from, end) */
const stretch = (from: number, end: number) => (fields: Fields) => ({
  from: at(fields, from),
  to: at(fields, end) - 1,
});

/** By kind; kinds that speak of no offset are not in here. */
export const offsetsOf: ReadonlyMap<string, (fields: Fields) => OffsetSpan> = new Map([
  ['log.appended', stretch(1, 2)],
  ['log.truncated', stretch(1, 2)],
  ['log.recovered', stretch(1, 2)],
  ['log.cut', point(1)],
  ['log.started', point(1)],
  ['hw.advanced', point(1)],
  ['leader.started', point(2)],
  ['fetch.diverged', point(3)],
  ['produce.duplicate', point(2)],
  ['consumer.position', point(1)],
  [
    'command.completed',
    (fields: Fields) => ({ from: at(fields, 5), to: at(fields, 5) + at(fields, 3) - 1 }),
  ],
]);
