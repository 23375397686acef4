/**
 * How much happened on each lane, over the whole run or any stretch of it, without looking at
 * single events: counts in 65,536 buckets of equal length and, above them, in halves as many.
 * While a run streams in the buckets widen by doubling, so that nothing is counted twice.
 */
import { ROWS_PER_CHUNK } from '../../sim/trace/rows.ts';
import type { TraceStore } from './trace-store.ts';

const BUCKETS = 65_536;
const FIRST_WIDTH_US = 64;

class LaneCounts {
  counts = new Uint32Array(BUCKETS);
  /** Each half as long as the one before; made when asked for. */
  private levels: Uint32Array[] = [];

  changed(): void {
    if (this.levels.length > 0) this.levels = [];
  }

  level(height: number): Uint32Array {
    if (height === 0) return this.counts;
    while (this.levels.length < height) {
      const below = this.levels.at(-1) ?? this.counts;
      const above = new Uint32Array(below.length >> 1);
      for (let i = 0; i < above.length; i++) {
        above[i] = (below[2 * i] as number) + (below[2 * i + 1] as number);
      }
      this.levels.push(above);
    }
    return this.levels[height - 1] as Uint32Array;
  }

  widen(): void {
    const { counts } = this;
    for (let i = 0; i < BUCKETS >> 1; i++) {
      counts[i] = (counts[2 * i] as number) + (counts[2 * i + 1] as number);
    }
    counts.fill(0, BUCKETS >> 1);
    this.changed();
  }
}

export class Density {
  private readonly store: TraceStore;
  private readonly lanes: LaneCounts[] = [];
  private widthUs = FIRST_WIDTH_US;
  private done = 0;

  constructor(store: TraceStore) {
    this.store = store;
  }

  /**
   * Events of a lane in `columns` equal parts of the stretch. A part narrower than a bucket gets
   * its share of that bucket, so values need not be whole.
   */
  of(
    node: number,
    stretch: { readonly fromUs: number; readonly untilUs: number },
    columns: number,
  ): Float32Array {
    this.extend();
    const result = new Float32Array(columns);
    const lane = this.lanes[node];
    const spanUs = stretch.untilUs - stretch.fromUs;
    if (lane === undefined || spanUs <= 0) return result;
    const columnUs = spanUs / columns;
    let height = 0;
    while (height < 15 && this.widthUs * 2 ** (height + 1) * 2 <= columnUs) height += 1;
    const counts = lane.level(height);
    const widthUs = this.widthUs * 2 ** height;
    const first = Math.max(0, Math.floor(stretch.fromUs / widthUs));
    const last = Math.min(counts.length - 1, Math.floor(stretch.untilUs / widthUs));
    // The last bucket is only as long as the run.
    const endUs = this.store.endUs + 1;
    for (let bucket = first; bucket <= last; bucket++) {
      const count = counts[bucket] as number;
      if (count === 0) continue;
      const fromUs = bucket * widthUs;
      const untilUs = Math.min(fromUs + widthUs, endUs);
      const left = (fromUs - stretch.fromUs) / columnUs;
      spread(result, count, { left, right: (untilUs - stretch.fromUs) / columnUs });
    }
    return result;
  }

  /** Takes in the rows that came since: by itself when it is asked, or earlier. */
  extend(): void {
    const { store } = this;
    const { count } = store;
    if (this.done === count) return;
    while (this.widthUs * BUCKETS <= store.endUs) {
      for (const lane of this.lanes) lane.widen();
      this.widthUs *= 2;
    }
    while (this.lanes.length <= store.nodeNames.length) this.lanes.push(new LaneCounts());
    for (const lane of this.lanes) lane.changed();
    const { chunks } = store.rows;
    for (let event = this.done; event < count; ) {
      const chunk = chunks[Math.floor(event / ROWS_PER_CHUNK)];
      if (chunk === undefined) break;
      const { node, timeUs, rows } = chunk;
      for (let row = event % ROWS_PER_CHUNK; row < rows; row++) {
        const { counts } = this.lanes[node[row] as number] as LaneCounts;
        const bucket = Math.floor((timeUs[row] as number) / this.widthUs);
        counts[bucket] = (counts[bucket] as number) + 1;
        event += 1;
      }
    }
    this.done = count;
  }
}

/** Shares a count out over the columns [left, right), in proportion. */
function spread(
  columns: Float32Array,
  count: number,
  { left, right }: { left: number; right: number },
): void {
  const from = Math.max(0, left);
  const until = Math.min(columns.length, right);
  if (until <= from) return;
  const perColumn = count / (right - left);
  for (let column = Math.floor(from); column < until; column++) {
    const share = Math.min(until, column + 1) - Math.max(from, column);
    columns[column] = (columns[column] as number) + share * perColumn;
  }
}
