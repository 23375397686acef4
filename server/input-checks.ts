/**
 * What a program may say where `startCluster` and its faults are told something: each check throws
 * a TypeError or RangeError that names the place, the value and what is allowed.
 */
import { didYouMean, nearestName } from '../kafka/config/nearest.ts';

export function checkObject(place: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new TypeError(`${place}: ${shown(value)} is not an object`);
}

export function checkNames(place: string, options: object, known: readonly string[]): void {
  const stranger = Object.keys(options).find((name) => !known.includes(name));
  if (stranger === undefined) return;
  const help = nearestOr(stranger, known, `there are ${known.join(', ')}`);
  throw new TypeError(`${place}: there is no option "${stranger}"; ${help}`);
}

/** Both bounds are allowed. */
export function checkInteger(place: string, value: unknown, min: number, max: number): void {
  const allowed = `allowed: an integer from ${min} to ${max}`;
  if (!Number.isInteger(value)) {
    throw new TypeError(`${place}: ${shown(value)} is not an integer; ${allowed}`);
  }
  if ((value as number) >= min && (value as number) <= max) return;
  throw new RangeError(`${place}: ${value} is out of range; ${allowed}`);
}

export function checkText(place: string, value: unknown): void {
  if (typeof value === 'string') return;
  throw new TypeError(`${place}: ${shown(value)} is not a string`);
}

/** "did you mean …?", or other help when no known name is near. */
export function nearestOr(word: unknown, known: Iterable<string>, help: string): string {
  const question = didYouMean(nearestName(String(word), known));
  return question === '' ? help : question;
}

export function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return JSON.stringify(value) ?? String(value);
}
