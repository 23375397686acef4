/** Typed columns that grow: a longer array with the same beginning. */

type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

export function wider<T extends Column>(column: T, capacity: number): T {
  const Longer = column.constructor as new (length: number) => T;
  const wide = new Longer(capacity);
  wide.set(column);
  return wide;
}
