/**
 * How far the wall clocks of a run are from true time, and how far apart they have ever stood, as
 * faults set them. Whatever Kafka measures between the timestamp of one node and the clock of
 * another is off by up to that much.
 */
export class WallClocks {
  private readonly offsets = new Map<string, number>();
  /** The farthest behind true time that a clock ever was, as a number below 0. */
  private readonly lowest = new Map<string, number>();
  /** The farthest ahead. */
  private readonly highest = new Map<string, number>();
  private readonly drifted = new Set<string>();
  private least = 0;

  /** The clock of `node` moved by that much. */
  jumped(node: string, byMs: number): void {
    const offset = (this.offsets.get(node) ?? 0) + byMs;
    this.offsets.set(node, offset);
    this.lowest.set(node, Math.min(this.lowest.get(node) ?? 0, offset));
    this.highest.set(node, Math.max(this.highest.get(node) ?? 0, offset));
    this.least = Math.min(this.least, offset);
  }

  /** The clock of `node` ran fast or slow: nobody knows any more what it shows. */
  driftedAway(node: string): void {
    this.drifted.add(node);
  }

  /**
   * How far apart the clocks of these nodes have ever stood, at most.
   * @param elapsedMs of the run: no clock drifts by more than half of it (`driftClock`).
   */
  apartMs(nodes: readonly string[], elapsedMs: number): number {
    const driftMs = nodes.some((node) => this.drifted.has(node)) ? elapsedMs : 0;
    const most = Math.max(0, ...nodes.map((node) => this.highest.get(node) ?? 0));
    const least = Math.min(0, ...nodes.map((node) => this.lowest.get(node) ?? 0));
    return most - least + driftMs;
  }

  /** No fault has ever touched the clock of `node`. */
  isTrue(node: string): boolean {
    return !this.drifted.has(node) && !this.offsets.has(node);
  }

  /** How far the clock of `node` is ahead of true time now; below 0: behind. */
  aheadMs(node: string): number {
    return this.drifted.has(node) ? Number.POSITIVE_INFINITY : (this.offsets.get(node) ?? 0);
  }

  /** How far the clock of `node`, or of any node, was ever behind true time. */
  behindMs(node?: string): number {
    if (node === undefined) return this.drifted.size > 0 ? Number.POSITIVE_INFINITY : -this.least;
    return this.drifted.has(node) ? Number.POSITIVE_INFINITY : -(this.lowest.get(node) ?? 0);
  }
}
