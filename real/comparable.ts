/**
 * What of a scenario's expectations holds for the real world, too. Verdicts are compared, and
 * bounds, never counts: how many records a run sends, or what an unlucky moment costs, is as the
 * machine has it. What is not compared is told, with the reason.
 */
import { TOLD_CHECKS } from '../sim/check/told-checks.ts';
import type { Comparison } from '../sim/run/expectations.ts';
import {
  type ExpectationName,
  isNameProblem,
  parseExpectationName,
} from '../sim/scenario/expectation-name.ts';
import type { Bounds, Expected } from '../sim/scenario/schema.ts';
import { isHeard } from './heard.ts';

/** What a schedule may cost; whether it does hangs on moments that nobody can repeat. */
const COSTS: readonly string[] = [
  ...['acknowledgedLost', 'lost', 'duplicated', 'reordered', 'reorderedAcrossPartitions'],
  ...['missed', 'again', 'failed', 'unknown', 'takenBack', 'leftOut', 'stalePolls'],
];

/** How long something takes: no less than the protocol says, and as long as the machine likes. */
const TIMES = /(?:Ms|firstAt|lastAt|latencyMs\.\w+|afterFault\..+)$/;

export function compareForReal(name: string, expected: Expected): Comparison {
  const parsed = parseExpectationName(name);
  if (isNameProblem(parsed)) return { notCompared: 'nobody measures it' };
  if (parsed.kind === 'check') return verdictFor(parsed.check, expected);
  if (!isMeasured(parsed)) return { notCompared: 'nobody sees that from outside' };
  if (typeof expected === 'number') return numberFor(name, expected);
  if (typeof expected === 'object' && !Array.isArray(expected)) {
    return boundsFor(name, expected as Bounds);
  }
  return isHappenstance(parsed) ? { notCompared: 'it hangs on the moment' } : { expected };
}

/** What the settings allow to be lost need not be lost. */
function verdictFor(check: string, expected: Expected): Comparison {
  if (!TOLD_CHECKS.includes(check)) {
    return { notCompared: 'it is judged where every write and every flush is seen' };
  }
  const wanted = (Array.isArray(expected) ? expected : [expected]) as string[];
  const mayBeLost = wanted.includes('allowed') && !wanted.includes('holds');
  return { expected: (mayBeLost ? ['holds', ...wanted] : expected) as Expected };
}

function isMeasured(name: ExpectationName): boolean {
  return name.kind !== 'events' || isHeard(name.event);
}

/** Who could write during a partition, and whether it was survived, are outcomes, not promises. */
function isHappenstance(name: ExpectationName): boolean {
  if (name.kind !== 'report' || name.path[0] !== 'cap') return false;
  return name.path.at(-1) === 'survived' || name.path.at(-1) === 'writable';
}

function numberFor(name: string, expected: number): Comparison {
  if (TIMES.test(name)) return { notCompared: 'how long it takes, the machine says' };
  return expected === 0 ? { expected } : { notCompared: 'counts are not compared' };
}

function boundsFor(name: string, { atLeast, atMost, equals }: Bounds): Comparison {
  if (equals !== undefined && equals !== 0) return { notCompared: 'counts are not compared' };
  const isTime = TIMES.test(name);
  const isCost = COSTS.some((cost) => name.endsWith(`.${cost}`));
  const kept: Bounds = {
    ...(atLeast === undefined || isCost ? {} : { atLeast }),
    ...(atMost === undefined || isTime ? {} : { atMost }),
    ...(equals === undefined ? {} : { equals }),
  };
  if (Object.keys(kept).length > 0) return { expected: kept };
  return {
    notCompared: isTime ? 'how long it takes, the machine says' : 'it hangs on the moment',
  };
}
