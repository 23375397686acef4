/** The column of names left of time and offsets: its width, and names that fit into it. */
import type { Pen } from './pen.ts';

const DEFAULT_PX = 136;

/** `--gutter` of the style sheet, the same on all panels. */
export function gutterOf(element: Element): number {
  const text = getComputedStyle(element).getPropertyValue('--gutter');
  const px = Number.parseFloat(text);
  return Number.isFinite(px) ? px : DEFAULT_PX;
}

/** The first of the names that fits; the last one is cut when none does. */
export function fitting(pen: Pen, names: readonly string[], maxWidth: number): string {
  const found = names.find((name) => pen.textWidth(name, { size: 12 }) <= maxWidth);
  return found ?? names.at(-1) ?? '';
}

/** `broker-2`, else `b2`. */
export function nodeNames(name: string): string[] {
  const parts = /^(broker|controller)-(\d+)$/.exec(name);
  return parts === null ? [name] : [name, `${parts[1]?.charAt(0) ?? ''}${parts[2] ?? ''}`];
}
