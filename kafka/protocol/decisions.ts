/**
 * How a historic rule tells that it decided otherwise than today's rule would have: each such
 * decision is counted, by variant and node, and told as `decision.changed`.
 */
import type { Trace } from '../trace.ts';

/** @param subject what was decided about: a partition, a broker. */
export type Changed = (subject: string) => void;

export function counterOf(
  trace: Trace,
  { variant, option }: { readonly variant: string; readonly option: string },
): Changed {
  let count = 0;
  return (subject) => {
    count += 1;
    trace.emit('decision.changed', variant, option, subject, count);
  };
}
