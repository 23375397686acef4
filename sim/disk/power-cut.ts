/**
 * What a power cut leaves of one file. Per 4 KiB page that was not flushed: kept, dropped or torn
 * at 512-byte sectors; the length ends anywhere between the durable and the present one, with
 * holes of zeros. What was flushed and not overwritten since is always there.
 * (Pages as in FoundationDB's AsyncFileNonDurable.)
 */
import type { SimStream } from '../engine/random.ts';
import type { PowerCutStyle } from './faults.ts';
import { type FilePages, PAGE_BYTES, SECTOR_BYTES, type Snapshot } from './pages.ts';

const SECTORS = PAGE_BYTES / SECTOR_BYTES;
const ALL = (1 << SECTORS) - 1;

/** @returns how many unflushed bytes of the file were lost, counted in whole sectors. */
export function cutPower(file: FilePages, style: PowerCutStyle, draw: SimStream): number {
  const durableSize = (file.snapshots[0] as Snapshot).size;
  const size = file.size;
  if (style === 'keep-all') {
    file.settle(new Map(), size);
    return 0;
  }
  const dirty = file.dirtyPages();
  if (dirty.length === 0 && durableSize === size) {
    file.settle(new Map(), size);
    return 0;
  }
  const keptSectors = chooseSectors(dirty.length, style, draw);
  const after = chooseSize(style, durableSize, size, dirty, keptSectors, draw);
  const pages = new Map<number, Uint8Array>();
  let lostSectors = 0;
  for (let i = 0; i < dirty.length; i++) {
    const page = dirty[i] as number;
    const kept = keptSectors[i] as number;
    pages.set(page, mixPage(file, page, kept));
    for (let sector = 0; sector < SECTORS; sector++) {
      if ((kept & (1 << sector)) === 0 && page * PAGE_BYTES + sector * SECTOR_BYTES < size) {
        lostSectors += 1;
      }
    }
  }
  file.settle(pages, after);
  return lostSectors * SECTOR_BYTES;
}

/** For each dirty page, the set of its sectors that keep their new content. */
function chooseSectors(count: number, style: PowerCutStyle, draw: SimStream): number[] {
  if (style === 'drop-all') return new Array<number>(count).fill(0);
  const kept: number[] = [];
  if (style === 'keep-prefix') {
    const whole = draw.int(0, count);
    const partial = draw.int(0, SECTORS - 1);
    for (let i = 0; i < count; i++) {
      kept.push(i < whole ? ALL : i === whole ? (1 << partial) - 1 : 0);
    }
    return kept;
  }
  for (let i = 0; i < count; i++) {
    const fate = draw.int(0, 2);
    kept.push(fate === 0 ? ALL : fate === 1 ? 0 : draw.int(0, ALL));
  }
  return kept;
}

function chooseSize(
  style: PowerCutStyle,
  durableSize: number,
  size: number,
  dirty: readonly number[],
  keptSectors: readonly number[],
  draw: SimStream,
): number {
  if (style === 'drop-all') return durableSize;
  if (style === 'random') {
    const fate = draw.int(0, 3);
    if (fate === 0) return durableSize;
    if (fate === 1) return size;
    return size < durableSize ? draw.int(size, durableSize) : draw.int(durableSize, size);
  }
  if (size <= durableSize) return keptSectors.includes(0) ? durableSize : size;
  let end = durableSize;
  for (let i = 0; i < dirty.length; i++) {
    const kept = keptSectors[i] as number;
    const sectors = 32 - Math.clz32(kept);
    const keptEnd = (dirty[i] as number) * PAGE_BYTES + sectors * SECTOR_BYTES;
    if (kept !== 0 && keptEnd > end) end = keptEnd < size ? keptEnd : size;
  }
  return end;
}

/** New content in the kept sectors, durable content in the others. */
function mixPage(file: FilePages, page: number, kept: number): Uint8Array {
  const start = page * PAGE_BYTES;
  const mixed = file.durablePage(page);
  const end = file.size < start + PAGE_BYTES ? file.size : start + PAGE_BYTES;
  if (end <= start) return mixed;
  const present = file.copy(start, end);
  for (let sector = 0; sector < SECTORS; sector++) {
    if ((kept & (1 << sector)) === 0) continue;
    const from = sector * SECTOR_BYTES;
    if (from < present.length) mixed.set(present.subarray(from, from + SECTOR_BYTES), from);
  }
  return mixed;
}
