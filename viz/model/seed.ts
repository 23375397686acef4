/** What a seed is, wherever the page is given one: links, files, the editor. */

/** As the command line has it. */
export const SEED_RULE = `a seed is a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`;

/** Whether a text is a seed as people write one. */
export function isWholeSeed(text: string): boolean {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text));
}

/**
 * Whether a run can have this seed. Programs may give a text; one that is written like a number
 * has to be a seed as people write one, so that `-4` is refused wherever it stands.
 */
export function isSeed(value: unknown): value is string | number {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  if (typeof value !== 'string' || value === '') return false;
  return isWholeSeed(value) || !/^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(value.trim());
}
