/**
 * What a story's `expect` asks of trace events, in words: the name of what happens, and how often
 * or when. The form is that of `sim/scenario/expectation-name.ts`; times in it are ms.
 */
import { spoken } from './spoken.ts';

export interface ExpectationWords {
  /** `leader elected (unclean)` */
  readonly name: string;
  /** `at least once`, `29 s to 45.5 s after fault “split”` */
  readonly words: string;
}

const FORM =
  /^events\.([a-zA-Z.]+?)(?:\[([^\]]*)\])?\.(?:(count|firstAt|lastAt)|afterFault\.(.+))$/;

/** null: not about events. */
export function eventExpectationWords(path: string, wanted: unknown): ExpectationWords | null {
  const [found, kind = '', filters = '', measure, fault] = FORM.exec(path) ?? [];
  if (found === undefined) return null;
  const values = filters.split(/,(?=[a-zA-Z]+=)/).map((part) => part.slice(part.indexOf('=') + 1));
  const of = filters === '' ? '' : ` (${values.map(spoken).join(', ')})`;
  const name = spoken(kind.replaceAll('.', ' ')) + of;
  if (measure === 'count') return { name, words: countWords(boundsOf(wanted)) };
  const bounds = boundsOf(wanted);
  if (fault !== undefined) {
    return { name, words: `${spanBounds(bounds, ' or more', ' or less')} after fault “${fault}”` };
  }
  const when = spanBounds(bounds, ' or later', ' or before');
  return { name, words: `${measure === 'firstAt' ? 'first' : 'last'} at ${when}` };
}

/** Of a number of the report in ms: `5 s to 32 s`. */
export function spanWordsOf(wanted: unknown): string {
  return spanBounds(boundsOf(wanted), ' or more', ' or less');
}

interface Bounds {
  readonly least: number | null;
  readonly most: number | null;
}

function boundsOf(wanted: unknown): Bounds {
  if (typeof wanted === 'number') return { least: wanted, most: wanted };
  if (typeof wanted !== 'object' || wanted === null) return { least: null, most: null };
  const { atLeast, atMost, equals } = wanted as Record<string, unknown>;
  return { least: numberOf(equals ?? atLeast), most: numberOf(equals ?? atMost) };
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function countWords({ least, most }: Bounds): string {
  if (most === 0) return 'never';
  if (least !== null && least === most) return times(least);
  if (least !== null && most !== null) return `${least} to ${times(most)}`;
  if (least !== null) return `at least ${times(least)}`;
  return most === null ? 'some number of times' : `at most ${times(most)}`;
}

function times(number: number): string {
  return number === 1 ? 'once' : `${number} times`;
}

function spanBounds({ least, most }: Bounds, more: string, less: string): string {
  if (least !== null && least === most) return seconds(least);
  if (least !== null && most !== null) return `${seconds(least)} to ${seconds(most)}`;
  if (least !== null) return seconds(least) + more;
  return most === null ? 'some time' : seconds(most) + less;
}

/** Of ms. */
function seconds(ms: number): string {
  return `${ms / 1_000} s`;
}
