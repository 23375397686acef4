/**
 * How far apart the wall clocks of a run have ever stood, as faults set them. Whatever Kafka
 * measures between the timestamp of one node and the clock of another is off by up to that much.
 */
export class WallClocks {
  private readonly offsets = new Map<string, number>();
  private least = 0;
  private most = 0;

  /** The clock of `node` moved by that much. */
  jumped(node: string, byMs: number): void {
    const offset = (this.offsets.get(node) ?? 0) + byMs;
    this.offsets.set(node, offset);
    this.least = Math.min(this.least, offset);
    this.most = Math.max(this.most, offset);
  }

  get spreadMs(): number {
    return this.most - this.least;
  }
}
