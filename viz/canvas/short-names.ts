/** Names for places with little room. */
import type { Pen } from './pen.ts';

/** The first of the names that fits; the last one is cut when none does. */
export function fitting(
  pen: Pen,
  names: readonly string[],
  maxWidth: number,
  strong = false,
): string {
  const found = names.find((name) => pen.textWidth(name, { size: 12, strong }) <= maxWidth);
  return found ?? names.at(-1) ?? '';
}

/** `broker-2`, else `b2`. */
export function nodeNames(name: string): string[] {
  const parts = /^(broker|controller)-(\d+)$/.exec(name);
  return parts === null ? [name] : [name, `${parts[1]?.charAt(0) ?? ''}${parts[2] ?? ''}`];
}
