/** What was done to the cluster and what it decided; long stretches of decisions are shortened. */
import type { Story, TimelineEntry } from '../../sim/run/report.ts';
import { count } from '../../sim/run/words.ts';
import type { Page, Paint } from './page.ts';
import { seconds } from './words.ts';

/** Of a longer stretch between two faults only the beginning and the end are shown. */
const STRETCH_SHOWN = 12;
const STRETCH_HEAD = 8;
const STRETCH_TAIL = 3;

type Line = TimelineEntry | { readonly skipped: number };

export function timelineOn(page: Page, story: Story, verbose: boolean): void {
  const lines = verbose ? story.timeline : shortened(story.timeline);
  const times = story.timeline.map((one) => seconds(one.timeMs).length);
  const labelWidth = Math.max(0, ...times);
  const { colors } = page;
  for (const line of lines) {
    if ('skipped' in line) {
      const more = `… ${count(line.skipped)} more of the kind (-v shows them)`;
      page.text(labelWidth + 4, more, colors.dim);
      continue;
    }
    const paint =
      line.kind === 'fault' ? colors.red : line.kind === 'phase' ? colors.cyan : colors.dim;
    const label = seconds(line.timeMs).padStart(labelWidth);
    page.item({ indent: 2, label, labelWidth, paint: paint as Paint }, line.text);
  }
  if (story.timelineDropped > 0) {
    page.text(labelWidth + 4, `… ${count(story.timelineDropped)} more were not kept`, colors.dim);
  }
}

function shortened(entries: readonly TimelineEntry[]): Line[] {
  const lines: Line[] = [];
  let stretch: TimelineEntry[] = [];
  const close = () => {
    lines.push(...shortStretch(stretch));
    stretch = [];
  };
  for (const entry of entries) {
    if (['fault', 'end', 'phase', 'node'].includes(entry.kind)) {
      close();
      lines.push(entry);
    } else {
      stretch.push(entry);
    }
  }
  close();
  return lines;
}

function shortStretch(stretch: readonly TimelineEntry[]): Line[] {
  if (stretch.length <= STRETCH_SHOWN) return [...stretch];
  const skipped = stretch.length - STRETCH_HEAD - STRETCH_TAIL;
  return [...stretch.slice(0, STRETCH_HEAD), { skipped }, ...stretch.slice(-STRETCH_TAIL)];
}
