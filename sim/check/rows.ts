/**
 * A growing table of numbers, row by row in one array: a log of many batches stays dense in
 * memory, and what is asked together lies together.
 */
export class Rows {
  values: Float64Array;
  length = 0;
  readonly width: number;

  constructor(width: number, capacity = 64) {
    this.width = width;
    this.values = new Float64Array(capacity * width);
  }

  /** Adds a row of zeros and returns where it begins in `values`. */
  add(): number {
    const at = this.length * this.width;
    if (at === this.values.length) {
      const grown = new Float64Array(at * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.length += 1;
    return at;
  }

  at(row: number, column: number): number {
    return this.values[row * this.width + column] as number;
  }

  set(row: number, column: number, value: number): void {
    this.values[row * this.width + column] = value;
  }

  /** Takes rows [from, to) out. */
  remove(from: number, to: number): void {
    this.values.copyWithin(from * this.width, to * this.width, this.length * this.width);
    this.length -= to - from;
  }

  /**
   * The first row whose `column` is above `value`, in a table ordered by that column. Searches
   * from the end, where nearly all questions lie.
   */
  firstAbove(column: number, value: number): number {
    let high = this.length;
    let step = 1;
    while (step <= high && this.at(high - step, column) > value) {
      high -= step;
      step *= 2;
    }
    let low = Math.max(0, high - step);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle, column) > value) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
