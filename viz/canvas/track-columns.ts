/**
 * Level of detail for values that change often: what a track says in each column of pixels. A
 * column in which the value changes shows its worst, so that nothing short is lost at any zoom.
 */
import type { TimeRange } from '../app/state.ts';
import type { Track } from '../model/track.ts';

/**
 * For every column the highest `rank` of the values that held in it; -1 where the track has not
 * begun.
 * @param untilUs where the last value ends.
 */
export function worstByColumn(
  track: Track,
  range: TimeRange,
  how: {
    readonly columns: number;
    readonly untilUs: number;
    readonly rank: (value: number) => number;
  },
): Float32Array {
  const { columns, untilUs, rank } = how;
  const worst = new Float32Array(columns).fill(-1);
  const perUs = columns / Math.max(1, range.toUs - range.fromUs);
  for (let place = Math.max(0, track.placeAtTime(range.fromUs)); place < track.count; place++) {
    const fromUs = track.timesUs[place] as number;
    if (fromUs >= range.toUs) break;
    const end = Math.min(track.untilUs(place, untilUs), range.toUs);
    const first = Math.max(0, Math.floor((fromUs - range.fromUs) * perUs));
    const last = Math.min(columns - 1, Math.ceil((end - range.fromUs) * perUs) - 1);
    const value = rank(track.values[place] as number);
    for (let column = first; column <= Math.max(first, last); column++) {
      if (value > (worst[column] as number)) worst[column] = value;
    }
  }
  return worst;
}

/** Calls `visit` with every run of equal columns [from, to). */
export function visitRuns(
  columns: Float32Array,
  visit: (value: number, from: number, to: number) => void,
): void {
  let from = 0;
  for (let column = 1; column <= columns.length; column++) {
    if (column < columns.length && columns[column] === columns[from]) continue;
    visit(columns[from] as number, from, column);
    from = column;
  }
}
