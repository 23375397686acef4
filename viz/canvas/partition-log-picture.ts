/**
 * Draws the logs of a partition's replicas under each other on one axis of offsets: boxes in the
 * colour of their leader epoch, solid below the replica's high watermark and dashed above, what
 * was lost as ghosts beneath, watermarks and readers as marks, the epoch chain under the axis.
 */
import { type ScaleLinear, scaleLinear } from 'd3';

import type { Extent, ReplicaState } from '../model/state.ts';
import { lastStableOffset } from '../model/state.ts';
import type { EpochColours } from './epoch-colour.ts';
import type { OffsetWindow, PartitionPicture, ReplicaRow } from './partition-log-model.ts';
import type { Pen, Size } from './pen.ts';
import { fitting, nodeNames } from './short-names.ts';

export interface LogLook {
  readonly window: OffsetWindow;
  readonly epochs: EpochColours;
  /** Pixels before the first offset. */
  readonly gutter: number;
  /** Ends of batches of a replica in the window, in rising order; empty when not known. */
  readonly batchEnds: (broker: number, window: OffsetWindow) => readonly number[];
  /** Offsets that the selected event speaks of, the end exclusive. */
  readonly spoken: { readonly from: number; readonly end: number } | null;
}

/** Where things stand; also what the pointer is looked up in. */
interface LogLayout {
  readonly scale: ScaleLinear<number, number>;
  /** Where offsets begin and end on screen; labels are left of it, numbers right. */
  readonly left: number;
  readonly right: number;
  readonly rowsTop: number;
  readonly rowHeight: number;
  /** From a row's top to its boxes. */
  readonly boxTop: number;
  readonly boxHeight: number;
  /** What was lost, under the boxes. */
  readonly ghostHeight: number;
  /** Names and numbers of a replica have one line, not two. */
  readonly isLow: boolean;
  readonly axisY: number;
}

const TOP = 20;
/** The axis with its numbers, the epochs and, when somebody reads, the readers. */
const FOOT = 36;
const READERS = 14;
/** Lower rows hold no two lines of text above each other; the lowest holds one and ghosts. */
const TWO_LINES = 34;
const LOWEST_ROW = 16;
const HIGHEST_ROW = 50;
const NUMBERS_WIDTH = 164;
const NARROW = 720;
/** A box of one record needs this many pixels, and this many to carry its offset. */
const RECORD_PX = 7;
const NUMBER_PX = 7;
const NUMBER_HEIGHT = 10;

/** Pixels below which replicas would be cut off. */
export function leastHeight(picture: PartitionPicture): number {
  return TOP + footOf(picture) + picture.rows.length * LOWEST_ROW;
}

function footOf(picture: PartitionPicture): number {
  return FOOT + (picture.readers.length > 0 ? READERS : 0);
}

export function logLayout(size: Size, picture: PartitionPicture, look: LogLook): LogLayout {
  const rows = picture.rows.length;
  const left = look.gutter;
  const right = size.width - (size.width < NARROW ? 12 : NUMBERS_WIDTH);
  const free = Math.floor((size.height - TOP - footOf(picture)) / Math.max(1, rows));
  const rowHeight = Math.max(LOWEST_ROW, Math.min(HIGHEST_ROW, free));
  const isLow = rowHeight < TWO_LINES;
  return {
    scale: scaleLinear([look.window.from, look.window.to], [left, right]),
    left,
    right,
    rowsTop: TOP,
    rowHeight,
    boxTop: isLow ? 1 : 4,
    boxHeight: isLow ? rowHeight - 6 : Math.min(22, rowHeight - 12),
    ghostHeight: isLow ? 4 : 6,
    isLow,
    axisY: TOP + rowHeight * rows + 3,
  };
}

export function drawPartitionLog(
  pen: Pen,
  size: Size,
  picture: PartitionPicture,
  look: LogLook,
): void {
  const layout = logLayout(size, picture, look);
  picture.rows.forEach((row, place) => {
    const y = layout.rowsTop + place * layout.rowHeight;
    if (place % 2 === 1) pen.box(0, y, size.width, layout.rowHeight, 'lane-alternate');
    rowLabel(pen, row, y, layout);
    if (size.width >= NARROW) rowNumbers(pen, row, { y, x: layout.right + 12, layout });
  });
  drawAxis(pen, picture, layout);
  const area = {
    x: layout.left,
    y: 0,
    width: layout.right - layout.left,
    height: size.height,
  };
  pen.clip(area, () => {
    picture.rows.forEach((row, place) => {
      const y = layout.rowsTop + place * layout.rowHeight;
      if (row.replica === null) return;
      pen.faded(row.running ? 1 : 0.45, () =>
        drawReplica(pen, row, row.replica as ReplicaState, { y, layout, look }),
      );
      drawGhosts(pen, row, { y, layout });
    });
    drawSpoken(pen, picture, layout, look);
    drawWatermark(pen, picture, layout);
    drawEpochChain(pen, picture, layout, look);
    drawReaders(pen, picture, layout);
  });
}

function rowLabel(pen: Pen, row: ReplicaRow, y: number, layout: LogLayout): void {
  const middle = y + layout.boxTop + layout.boxHeight / 2;
  const line = layout.isLow ? middle : middle - 6;
  const width = layout.left - 26;
  const leads = row.standing === 'leader';
  const { words, short, colour } = membership(row);
  // On one line the name is as short as can be while there is a word on how it stands.
  const nameWidth = layout.isLow ? 0.58 * width : width;
  const name = fitting(pen, nodeNames(row.node), nameWidth, leads);
  if (leads) pen.mark('diamond', 12, line, 9, 'leading');
  else pen.mark('dot', 12, line, 7, row.inSync ? 'following' : 'fail', !row.inSync);
  pen.text(name, 22, line, 'text', { size: 12, strong: leads, maxWidth: nameWidth });
  if (!layout.isLow) {
    pen.text(fitting(pen, [words, ...short], width), 22, middle + 8, colour, { maxWidth: width });
    return;
  }
  const rest = width - nameWidth + 8;
  const style = { size: 10, anchor: 'end', maxWidth: rest } as const;
  pen.text(fitting(pen, [words, ...short], rest), layout.left - 6, line, colour, style);
}

/** Standings in the quorum of the metadata log that are nobody's fault. */
const QUORUM_STANDINGS: readonly string[] = [
  'observer',
  'unattached',
  'candidate',
  'prospective',
  'resigned',
];

interface Membership {
  readonly words: string;
  /** For less and less room. */
  readonly short: readonly string[];
  readonly colour: string;
}

/** Whether it is in sync, and why not. */
export function membership(row: ReplicaRow): Membership {
  const { standing } = row;
  if (row.inSync) {
    const isCalm = standing === 'follower' || standing === 'leader';
    if (QUORUM_STANDINGS.includes(standing))
      return { words: standing, short: [], colour: 'text-2' };
    if (isCalm) {
      return { words: standing === 'leader' ? 'leader' : 'in sync', short: [], colour: 'text-2' };
    }
    return { words: `in sync, ${standing}`, short: [standing, 'in sync'], colour: 'allowed-ink' };
  }
  const elr = row.eligible ? ', eligible (ELR)' : '';
  const why = row.out === null ? 'out of sync' : `out: ${row.out.why}`;
  const brief = Object.entries(BRIEFLY).find(([long]) => row.out?.why === long)?.[1];
  const short = row.eligible ? ['out, in ELR', 'in ELR'] : ['out of sync', 'out'];
  return {
    words: `${why}${elr}`,
    short: [...(brief === undefined || row.eligible ? [] : [`out: ${brief}`]), ...short],
    colour: 'violated-ink',
  };
}

/** Reasons as the state has them, for narrow places. */
const BRIEFLY: Readonly<Record<string, string>> = {
  'did not keep up with the leader': 'fell behind',
  'its session with the controller timed out': 'timed out',
  'was shutting down': 'shut down',
  'its log directory failed': 'disk failed',
  'was not up when the partition was created': 'not up',
};

function rowNumbers(
  pen: Pen,
  row: ReplicaRow,
  at: { x: number; y: number; layout: LogLayout },
): void {
  const { x, layout } = at;
  const middle = at.y + layout.boxTop + layout.boxHeight / 2;
  const { replica } = row;
  if (replica === null) {
    pen.text('no log', x, middle, 'text-3');
    return;
  }
  const mono = { mono: true } as const;
  if (replica.isUnproven) {
    pen.text(
      `LEO ? was ${replica.logEndOffset}`,
      x,
      layout.isLow ? middle : middle - 6,
      'text',
      mono,
    );
    if (!layout.isLow) pen.text('told at its recovery', x, middle + 8, 'allowed-ink');
    return;
  }
  const ends = `LEO ${replica.logEndOffset}  HW ${replica.highWatermark}`;
  const stable = lastStableOffset(replica);
  const lso = stable === replica.highWatermark ? '' : `  LSO ${stable}`;
  const lag = lagWords(row);
  const isBehind = row.lag > 0 || row.diverged;
  if (layout.isLow) {
    const words = isBehind ? `LEO ${replica.logEndOffset}  ${lag}` : ends;
    pen.text(words, x, middle, isBehind ? 'allowed-ink' : 'text', { ...mono, size: 10 });
    return;
  }
  pen.text(ends, x, middle - 6, 'text', mono);
  const words = [`start ${replica.logStartOffset}${lso}`, lag].filter((one) => one !== '');
  pen.text(words.join('  '), x, middle + 8, isBehind ? 'allowed-ink' : 'text-3', mono);
}

/** A leader has no lag; '' too while there is none to be behind. */
function lagWords({ diverged, lag, standing }: ReplicaRow): string {
  if (diverged) return 'diverged';
  return standing === 'leader' || lag < 0 ? '' : `lag ${lag}`;
}

interface Place {
  readonly y: number;
  readonly layout: LogLayout;
}

function drawReplica(
  pen: Pen,
  row: ReplicaRow,
  replica: ReplicaState,
  at: Place & { look: LogLook },
): void {
  const { layout, look } = at;
  const { window } = look;
  const perRecord = layout.scale(1) - layout.scale(0);
  const asRecords = perRecord >= RECORD_PX;
  const ends = asRecords ? [] : look.batchEnds(row.broker, window);
  for (const extent of replica.extents) {
    const from = Math.max(extent.baseOffset, Math.floor(window.from));
    const end = Math.min(extent.endOffset, Math.ceil(window.to));
    if (end <= from) continue;
    if (asRecords) {
      for (let offset = from; offset < end; offset++) {
        box(pen, replica, { ...extent, baseOffset: offset, endOffset: offset + 1 }, at);
      }
    } else if (ends.length > 0 && (end - from) * perRecord > ends.length * 6) {
      batches(pen, replica, { ...extent, baseOffset: from, endOffset: end }, { ...at, ends });
    } else {
      const watermark = Math.max(from, Math.min(replica.highWatermark, end));
      if (watermark > from) {
        box(pen, replica, { ...extent, baseOffset: from, endOffset: watermark }, at);
      }
      if (end > watermark) {
        box(pen, replica, { ...extent, baseOffset: watermark, endOffset: end }, at);
      }
    }
  }
  if (replica.isUnproven) drawUnproven(pen, replica, layout, at.y);
  drawEnds(pen, replica, at);
}

/** What stood there when the power went: some of it is on the disk, and nobody can tell how much. */
function drawUnproven(pen: Pen, replica: ReplicaState, layout: LogLayout, y: number): void {
  const x = layout.scale(replica.logStartOffset);
  const width = Math.max(3, layout.scale(replica.logEndOffset) - x);
  pen.hatch({ x, y: y + layout.boxTop, width, height: layout.boxHeight }, 'ghost', 0.8);
}

function batches(
  pen: Pen,
  replica: ReplicaState,
  extent: Extent,
  at: Place & { look: LogLook; ends: readonly number[] },
): void {
  let from = extent.baseOffset;
  for (const end of at.ends) {
    if (end <= from) continue;
    const upTo = Math.min(end, extent.endOffset);
    box(pen, replica, { ...extent, baseOffset: from, endOffset: upTo }, at);
    from = upTo;
    if (from >= extent.endOffset) return;
  }
  if (from < extent.endOffset) box(pen, replica, { ...extent, baseOffset: from }, at);
}

function box(pen: Pen, replica: ReplicaState, extent: Extent, at: Place & { look: LogLook }): void {
  const { layout, look } = at;
  const x = layout.scale(extent.baseOffset);
  const width = layout.scale(extent.endOffset) - x;
  const gap = width > 5 ? 1 : 0;
  const y = at.y + layout.boxTop;
  const height = layout.boxHeight;
  const fill = look.epochs.fill(extent.leaderEpoch);
  const readable = extent.endOffset <= replica.highWatermark;
  const area = { x: x + gap, y, width: Math.max(1, width - gap), height };
  pen.box(area.x, y, area.width, height, fill, readable ? 1 : 0.35);
  if (!readable) pen.frame(area, 'text-3', { dash: DASH });
  const count = extent.endOffset - extent.baseOffset;
  const words =
    count === 1 ? String(extent.baseOffset) : `${extent.baseOffset}–${extent.endOffset - 1}`;
  if (width >= words.length * NUMBER_PX + 4 && height >= NUMBER_HEIGHT) {
    const ink = readable ? look.epochs.ink(extent.leaderEpoch) : 'text';
    const style = layout.isLow ? { ...CENTRED, size: 10 } : CENTRED;
    pen.text(words, area.x + area.width / 2, y + height / 2, ink, style);
  }
}

const DASH = [3, 2];
const CENTRED = { anchor: 'middle', mono: true } as const;

/** Where the replica's log begins and ends. */
function drawEnds(pen: Pen, replica: ReplicaState, at: Place): void {
  const { layout } = at;
  const top = at.y + layout.boxTop - (layout.isLow ? 1 : 2);
  const bottom = at.y + layout.boxTop + layout.boxHeight + (layout.isLow ? 1 : 2);
  const end = layout.scale(replica.logEndOffset);
  if (end < layout.left) {
    const y = at.y + layout.boxTop + layout.boxHeight / 2;
    pen.text(`◂ ends at ${replica.logEndOffset}`, layout.left + 6, y, 'text-2');
  }
  pen.line(end, top, end, bottom, 'text', { width: 2 });
  const start = layout.scale(replica.logStartOffset);
  if (replica.logStartOffset > 0) {
    pen.line(start, top, start, bottom, 'text-2', { width: 2 });
    pen.mark('triangle-up', start, bottom + 2, 6, 'text-2');
  }
  const watermark = layout.scale(replica.highWatermark);
  pen.line(watermark, top, watermark, bottom, 'accent', { width: 2 });
}

function drawGhosts(pen: Pen, row: ReplicaRow, at: Place): void {
  const { layout } = at;
  const y = at.y + layout.boxTop + layout.boxHeight + (layout.isLow ? 1 : 2);
  for (const ghost of row.ghosts) {
    const x = layout.scale(ghost.baseOffset);
    const width = Math.max(3, layout.scale(ghost.endOffset) - x);
    const area = { x, y, width, height: layout.ghostHeight };
    pen.hatch(area, 'ghost', 0.8);
    pen.frame(area, 'ghost', { dash: DASH });
    const count = ghost.endOffset - ghost.baseOffset;
    const words = `✕ ${count} lost`;
    const room = layout.right - x - width - 6;
    if (!layout.isLow && room > 60) {
      pen.text(words, x + width + 4, y + 4, 'violated-ink', { size: 10 });
    }
  }
}

/** Around what the selected event is about. */
function drawSpoken(pen: Pen, picture: PartitionPicture, layout: LogLayout, look: LogLook): void {
  const { spoken } = look;
  if (spoken === null) return;
  const x = layout.scale(spoken.from);
  const width = Math.max(4, layout.scale(spoken.end) - x);
  const height = picture.rows.length * layout.rowHeight;
  pen.box(x, layout.rowsTop, width, height, 'range');
  pen.frame({ x, y: layout.rowsTop, width, height }, 'selected', { width: 1.5 });
}

/** The leader's high watermark through all replicas: what may be read, and must not be lost. */
function drawWatermark(pen: Pen, picture: PartitionPicture, layout: LogLayout): void {
  if (picture.highWatermark < 0) return;
  const x = layout.scale(picture.highWatermark);
  pen.line(x, layout.rowsTop - 4, x, layout.axisY, 'accent', { dash: [2, 3] });
  const words = `HW ${picture.highWatermark}`;
  const half = pen.textWidth(words, { strong: true }) / 2 + 2;
  const middle = Math.max(layout.left + half, Math.min(x, layout.right - half));
  pen.text(words, middle, layout.rowsTop - 11, 'accent', { anchor: 'middle', strong: true });
}

function drawAxis(pen: Pen, picture: PartitionPicture, layout: LogLayout): void {
  const { scale, left, right, axisY } = layout;
  pen.line(left, axisY, right, axisY, 'line-strong');
  const count = Math.max(2, Math.floor((right - left) / 80));
  for (const offset of scale.ticks(count)) {
    if (!Number.isInteger(offset)) continue;
    const x = scale(offset);
    if (x < left || x > right) continue;
    pen.line(x, axisY, x, axisY + 4, 'line-strong');
    pen.text(String(offset), x, axisY + 10, 'text-3', { ...CENTRED, size: 10 });
  }
  pen.text('epochs', 22, axisY + 24, 'text-3', { size: 10 });
  if (picture.readers.length > 0) pen.text('readers', 22, axisY + 36, 'text-3', { size: 10 });
}

/** Epoch → start offset, as in the leader-epoch cache. */
function drawEpochChain(
  pen: Pen,
  picture: PartitionPicture,
  layout: LogLayout,
  look: LogLook,
): void {
  const y = layout.axisY + 19;
  for (const extent of picture.epochs) {
    const x = layout.scale(extent.baseOffset);
    const end = layout.scale(extent.endOffset);
    if (end < layout.left || x > layout.right) continue;
    const from = Math.max(x, layout.left);
    pen.box(from, y, Math.max(2, end - from), 11, look.epochs.fill(extent.leaderEpoch));
    pen.text(
      `e${extent.leaderEpoch} → ${extent.baseOffset}`,
      from + 4,
      y + 6,
      look.epochs.ink(extent.leaderEpoch),
      { size: 10, mono: true, maxWidth: Math.max(0, end - from - 6) },
    );
  }
}

function drawReaders(pen: Pen, picture: PartitionPicture, layout: LogLayout): void {
  const y = layout.axisY + 37;
  let freeFrom = layout.left;
  for (const reader of picture.readers) {
    for (const [mark, offset] of [
      ['^', reader.position],
      ['*', reader.committed],
    ] as const) {
      if (offset < 0) continue;
      const x = layout.scale(offset);
      if (x < layout.left || x > layout.right) continue;
      pen.mark(mark === '^' ? 'triangle-up' : 'diamond', x, y - 2, 7, 'kind-client');
      const words = `${mark}${reader.name} ${offset}`;
      const width = pen.textWidth(words, { size: 10 });
      const at = x + 6 + width > layout.right ? x - 6 - width : x + 6;
      if (at >= freeFrom) pen.text(words, at, y - 1, 'purple-ink', { size: 10 });
      freeFrom = at + width + 4;
    }
  }
}
