/** A tree of plain data as indented lines; short lists and objects stay on one. */
import { printable } from '../report/columns.ts';

const ONE_LINE = 72;

export function treeLines(value: unknown, indent = 0): string[] {
  if (typeof value !== 'object' || value === null) return [' '.repeat(indent) + scalar(value)];
  return Object.entries(value).flatMap(([key, inner]) => {
    const head = `${' '.repeat(indent)}${printable(key)}`;
    const short = oneLine(inner);
    if (short !== null && short.length <= ONE_LINE) return [`${head} ${short}`];
    return [head, ...treeLines(inner, indent + 2)];
  });
}

function oneLine(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return scalar(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return 'empty';
  if (entries.some(([, inner]) => typeof inner === 'object' && inner !== null)) return null;
  if (Array.isArray(value)) return value.map(scalar).join(', ');
  return entries.map(([key, inner]) => `${printable(key)} ${scalar(inner)}`).join(' · ');
}

function scalar(value: unknown): string {
  return value === '' ? '""' : printable(String(value));
}
