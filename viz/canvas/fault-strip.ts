/** Which faults lay on the cluster when, as a thin strip along a time axis; for every chart. */
import type { FaultBand } from '../model/bands.ts';
import type { Area, Pen } from './pen.ts';
import type { TimeScale } from './time-axis.ts';

/**
 * @param area the part of the picture that has time; its height is the strip's.
 * @param endUs where faults that are still on end.
 */
export function drawFaultStrip(
  pen: Pen,
  faults: readonly FaultBand[],
  at: { readonly area: Area; readonly scale: TimeScale; readonly endUs: number },
): void {
  const { area, scale } = at;
  const right = area.x + area.width;
  for (const fault of faults) {
    const from = Math.max(area.x, scale(fault.fromUs));
    const to = Math.min(right, Math.max(scale(fault.endUs ?? at.endUs), from + 2));
    if (to <= area.x || from >= right) continue;
    pen.box(from, area.y, to - from, area.height, `fault-${fault.family}`, 0.85);
  }
}
