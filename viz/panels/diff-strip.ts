/**
 * `<trial-diff-strip>`: where in time two runs differ: upwards what only the left run has,
 * downwards what only the right one has, dots where the same event says something else.
 */

import type { AlignedRow } from '../app/aligned-rows.ts';
import type { RunSlot } from '../app/services.ts';
import type { AppState } from '../app/state.ts';
import { CanvasPanel } from '../canvas/canvas-panel.ts';
import type { Pen, Size } from '../canvas/pen.ts';

export interface DiffStripData {
  readonly left: RunSlot;
  readonly right: RunSlot;
  readonly rows: readonly AlignedRow[];
}

const COLUMN_PX = 3;

class DiffStrip extends CanvasPanel {
  protected override readonly layerNames = ['strip'];
  private shown: DiffStripData | null = null;

  set data(data: DiffStripData | null) {
    if (data === this.shown) return;
    this.shown = data;
    this.invalidate();
  }

  protected override stateChanged(state: AppState, before: AppState): void {
    if (state.viewport !== before.viewport || state.run !== before.run) this.invalidate();
  }

  protected override pictureTitle(): string {
    return 'Where the two runs differ';
  }

  protected override draw(_layer: string, pen: Pen, size: Size): void {
    const { app, shown } = this;
    const middle = size.height / 2;
    pen.box(0, 0, size.width, size.height, 'panel-2');
    if (app === null || shown === null) return;
    const { fromUs, toUs } = app.state.viewport;
    const left = this.gutter;
    const columns = Math.max(1, Math.floor((size.width - left) / COLUMN_PX));
    const counts = {
      left: new Uint32Array(columns),
      right: new Uint32Array(columns),
      other: new Uint32Array(columns),
    };
    const shift = originOf(shown.right) - originOf(shown.left);
    for (const row of shown.rows) {
      const timeUs =
        row.right > 0
          ? shown.right.store.timeUs(row.right)
          : shown.left.store.timeUs(row.left) + shift;
      const column = Math.floor(((timeUs - fromUs) / (toUs - fromUs)) * columns);
      if (column < 0 || column >= columns) continue;
      if (row.likeness === 'only-left') counts.left[column] = (counts.left[column] ?? 0) + 1;
      else if (row.likeness === 'only-right')
        counts.right[column] = (counts.right[column] ?? 0) + 1;
      else counts.other[column] = (counts.other[column] ?? 0) + 1;
    }
    const height = (count: number): number => Math.min(middle - 2, 2 + Math.log2(count) * 2);
    for (let column = 0; column < columns; column++) {
      const x = left + column * COLUMN_PX;
      const up = counts.left[column] ?? 0;
      const down = counts.right[column] ?? 0;
      if (up > 0) pen.box(x, middle - height(up), COLUMN_PX - 1, height(up), 'left');
      if (down > 0) pen.box(x, middle, COLUMN_PX - 1, height(down), 'right');
      if ((counts.other[column] ?? 0) > 0) pen.box(x, middle - 1, 2, 2, 'text-2');
    }
    pen.text('▲ only left', 12, middle - 7, 'orange-ink', { size: 10 });
    pen.text('▼ only right', 12, middle + 7, 'blue-ink', { size: 10 });
  }
}

function originOf({ store }: RunSlot): number {
  return store.identity?.originUs ?? 0;
}

customElements.define('trial-diff-strip', DiffStrip);
