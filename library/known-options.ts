/** Options of the library that it does not know, and numbers that it cannot mean: told by name. */
import { didYouMean, nearestName } from '../kafka/config/nearest.ts';
import { shortValue } from '../sim/scenario/problems.ts';
import { TrialError } from './errors.ts';

/**
 * @param what who is asked: `run`. @param known every option that there is.
 * @throws TrialError for what is no object, and for the first unknown option.
 */
export function checkKnown(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const form = `{ ${known.join(', ')} }`;
    throw new TrialError(`${what}: expected options ${form}, not ${shortValue(options)}`);
  }
  const wrong = Object.keys(options).find((name) => !known.includes(name));
  if (wrong === undefined) return;
  const nearest = didYouMean(nearestName(wrong, known));
  const allowed = known.length === 0 ? 'it has none' : `allowed: ${known.join(', ')}`;
  throw new TrialError(`${what}: unknown option ${wrong} (${allowed})${nearest && `; ${nearest}`}`);
}

export interface Bounds {
  readonly least: number;
  readonly most?: number;
}

/** @throws TrialError unless it is a whole number from `least` to `most`, both inclusive. */
export function checkWhole(what: string, value: unknown, { least, most }: Bounds): void {
  const isInside =
    Number.isSafeInteger(value) &&
    (value as number) >= least &&
    (value as number) <= (most ?? Infinity);
  if (isInside) return;
  const allowed = most === undefined ? `from ${least} on` : `from ${least} to ${most}`;
  throw new TrialError(`${what}: expected a whole number ${allowed}, not ${shownValue(value)}`);
}

/** Of anything at all: JSON cannot say what some wrong values are. */
export function shownValue(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' || value === undefined) return String(value);
  if (typeof value === 'function') return 'a function';
  try {
    return shortValue(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return 'a value that JSON cannot hold';
  }
}

/** What a function of the user's says, which is asked in the middle of simulated time. */
export function isTrue(where: string, said: unknown): boolean {
  if (typeof said === 'boolean') return said;
  const isLater = said instanceof Promise;
  // Nobody will wait for it, nor hear why it failed.
  if (isLater) said.catch(() => undefined);
  const what = isLater ? 'a promise (async)' : shownValue(said);
  throw new TrialError(`${where}: expected true or false at once, not ${what}`);
}
