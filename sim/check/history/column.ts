/** Growing columns of numbers: long histories of clients in little space. */
type Cells = Float64Array | Int32Array | Int8Array;

/** A growing column of numbers; the narrow ones keep long histories small. */
export class Column<C extends Cells = Float64Array> {
  values: C;
  length = 0;
  private readonly make: new (
    capacity: number,
  ) => C;
  constructor(capacity = 1024, make: new (capacity: number) => C = Float64Array as never) {
    this.make = make;
    this.values = new make(capacity);
  }
  push(value: number): void {
    if (this.length === this.values.length) this.grow(this.length * 2);
    this.values[this.length++] = value;
  }
  /** Pushes `value` `count` times. */
  extend(value: number, count: number): void {
    const from = this.length;
    const length = from + count;
    if (length > this.values.length) this.grow(Math.max(length, this.values.length * 2));
    this.length = length;
    this.put(from, count, value);
  }
  private grow(capacity: number): void {
    const grown = new this.make(capacity);
    grown.set(this.values);
    this.values = grown;
  }
  /** Sets `count` values from `index` on. */
  put(index: number, count: number, value: number): void {
    if (count === 1) this.values[index] = value;
    else this.values.fill(value, index, index + count);
  }
  at(index: number): number {
    return this.values[index] as number;
  }
}
