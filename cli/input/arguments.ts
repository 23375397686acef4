/** Values of options that several commands take. */
import { InvalidArgumentError } from 'commander';
import type { RunOptions } from '../../sim/run/runner.ts';
import { durationMs } from '../../sim/scenario/duration.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';

/** The seed of a run when neither its scenario nor anybody else names one. */
export const DEFAULT_SEED = 1;

export function seedOf(scenario: Scenario, asked: number | undefined): number {
  return asked ?? scenario.seed ?? DEFAULT_SEED;
}

export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new InvalidArgumentError('A seed is an integer from 0 to 9007199254740991.');
  }
  return seed;
}

/** As `parseUntil` reads it. */
export function untilText(until: NonNullable<RunOptions['until']>): string {
  return 'event' in until ? String(until.event) : `${until.ms}ms`;
}

/** `30s`, `500ms`: scenario time. `2310`: an event. */
export function parseUntil(text: string): NonNullable<RunOptions['until']> {
  const event = Number(text);
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(event)) return { event };
  const ms = durationMs(text);
  if (ms === null || ms < 0) {
    throw new InvalidArgumentError(
      'Expected a time such as 30s or 500ms, or the number of an event.',
    );
  }
  return { ms };
}

/** The number of an event, from 1 on. */
export function parseEvent(text: string): number {
  const event = Number(text.replaceAll(',', ''));
  if (!/^[1-9][\d,]*$/.test(text) || !Number.isSafeInteger(event)) {
    throw new InvalidArgumentError('Expected the number of an event, from 1 on.');
  }
  return event;
}
