/**
 * Version conditions for generated code. `reach` is the range of versions in which a piece of code
 * can run at all; a condition that is always or never true there leaves no trace in the output.
 */
import type { VersionRange } from '../../kafka/wire/schema.ts';

export function intersect(a: VersionRange, b: VersionRange): VersionRange {
  return { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) };
}

export function isEmpty(range: VersionRange): boolean {
  return range.min > range.max;
}

/** The smallest range that covers both. */
export function hull(a: VersionRange | undefined, b: VersionRange): VersionRange {
  if (a === undefined || isEmpty(a)) return b;
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

/** What of `reach` is left outside `range`; all of `reach` when that would be two pieces. */
function outside(reach: VersionRange, range: VersionRange): VersionRange {
  const inside = intersect(reach, range);
  if (inside.min > reach.min && inside.max < reach.max) return reach;
  if (inside.min > reach.min) return { min: reach.min, max: inside.min - 1 };
  return { min: inside.max + 1, max: reach.max };
}

/** 'true', 'false', or an expression over `version`. */
export function condition(reach: VersionRange, range: VersionRange): string {
  const inside = intersect(reach, range);
  if (isEmpty(inside)) return 'false';
  const low = inside.min > reach.min ? `version >= ${inside.min}` : '';
  const high = inside.max < reach.max ? `version <= ${inside.max}` : '';
  if (low !== '' && inside.min === inside.max) return `version === ${inside.min}`;
  if (low !== '' && high !== '') return `${low} && ${high}`;
  return low !== '' ? low : high !== '' ? high : 'true';
}

/** The opposite of `condition`. */
export function conditionOutside(reach: VersionRange, range: VersionRange): string {
  const when = condition(reach, range);
  if (when === 'true') return 'false';
  if (when === 'false') return 'true';
  return when.includes('&&') ? `!(${when})` : condition(reach, outside(reach, range));
}

/** One of two pieces of code, or both behind `join`, each made for the versions left to it. */
export function branch(
  reach: VersionRange,
  range: VersionRange,
  pieces: {
    inside: (reach: VersionRange) => string;
    outside: (reach: VersionRange) => string;
    join: (condition: string, inside: string, outside: string) => string;
  },
): string {
  const when = condition(reach, range);
  if (when === 'true') return pieces.inside(reach);
  if (when === 'false') return pieces.outside(reach);
  const inside = pieces.inside(intersect(reach, range));
  const other = pieces.outside(outside(reach, range));
  return inside === other ? inside : pieces.join(when, inside, other);
}

/** `condition ? inside : outside`, in parentheses where it will be nested. */
export function ternary(condition: string, inside: string, outside: string): string {
  const wrap = (code: string) => (code.includes(' ? ') ? `(${code})` : code);
  const test = condition.includes('&&') ? `(${condition})` : condition;
  return `${test} ? ${wrap(inside)} : ${wrap(outside)}`;
}
