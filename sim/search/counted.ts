/**
 * Numbers of the report that count what a check finds, one by one: where such a number is not as
 * expected, the check's verdict tells of what was counted.
 */
import type { Verdict } from '../check/verdict.ts';
import { isMet } from '../run/expectations.ts';
import type { ExpectationResult, RunReport } from '../run/report.ts';
import type { Expected } from '../scenario/schema.ts';

/** By the number's dotted name; `*` stands for a client or a group, of which the verdict speaks. */
const COUNTED_BY: Readonly<Record<string, string>> = {
  'counts.acknowledgedLost': 'acked-durable',
  'clients.*.acknowledgedLost': 'acked-durable',
  'counts.duplicated': 'no-dup',
  'counts.reordered': 'producer-order',
  'groups.*.missed': 'at-least-once',
};

/**
 * The verdict that tells of what a number counted and should not have; null: no check counts it, it
 * counted too little, or the verdict speaks of another client or group.
 */
export function verdictCounting(
  { verdicts }: Pick<RunReport, 'verdicts'>,
  { name, expected, actual, met }: ExpectationResult,
): Verdict | null {
  const [room = '', ...rest] = name.split('.');
  const last = rest.pop() ?? '';
  const owner = rest.join('.');
  const check = COUNTED_BY[[room, ...(owner === '' ? [] : ['*']), last].join('.')];
  const isTooMany = typeof actual === 'number' && actual > 0 && isMet(expected as Expected, 0);
  if (check === undefined || met || !isTooMany) return null;
  const verdict = verdicts.find((one) => one.name === check && one.verdict !== 'holds');
  const speaksOfIt = verdict !== undefined && (owner === '' || names(verdict, owner));
  return speaksOfIt ? verdict : null;
}

function names({ explanation }: Verdict, owner: string): boolean {
  return explanation.split(/[\s,:;()]+/).includes(owner);
}
