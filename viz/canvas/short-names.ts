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
  if (parts !== null) return [name, `${parts[1]?.charAt(0) ?? ''}${parts[2] ?? ''}`];
  return name.startsWith('lab-') ? [name, name.slice('lab-'.length)] : [name];
}

const SHORT_STATUS: readonly (readonly [long: RegExp, short: string])[] = [
  [/^leads nothing$/, 'leads 0'],
  [/^leads \S+$/, 'leads 1'],
  [/^(\d+) requests? in hand$/, '$1 in hand'],
  [/^metadata (\d+) behind$/, '$1 behind'],
  [/^(\d+) failed, (\d+) unknown$/, '$1 + $2 ✕'],
];

/** What is said under a name, from the longest form to the shortest. */
export function statusForms(words: string): string[] {
  const last = words.split(/[,:] /).at(-1) ?? words;
  const shorter = SHORT_STATUS.filter(([long]) => long.test(last)).map(([long, short]) =>
    last.replace(long, short),
  );
  return [words, last, ...shorter];
}
