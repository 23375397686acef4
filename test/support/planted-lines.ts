/** The words in which small histories are written: one line each. */
import type { OperationLine } from '../../sim/check/history/recorded/format.ts';
import type { Line } from './random-histories.ts';

export interface Planted {
  readonly what: string;
  /** What must be found, by verdict. */
  readonly violated: readonly string[];
  readonly allowed?: readonly string[];
  readonly readUncommitted?: true;
  readonly lines: readonly Line[];
}

type Value = NonNullable<OperationLine['value']>;

export function ended(
  type: 'ok' | 'fail' | 'info',
  process: string,
  f: Line['f'],
  value: Value,
): Line {
  return { process, type, f, value };
}
export const ok = (process: string, f: Line['f'], value: Value) => ended('ok', process, f, value);
export const begun = (process: string, f: Line['f'], value: Value): Line => ({
  process,
  type: 'invoke',
  f,
  value,
});
export const sent = (process: string, key: string, offset: number, value: string) =>
  ok(process, 'send', [['send', key, [offset, value]]]);
export const polled = (process: string, records: Record<string, [number, string][]>) =>
  ok(process, 'poll', [['poll', records]]);
