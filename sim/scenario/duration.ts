/** Durations and times in scenarios: integer milliseconds, or text such as "500ms", "2s", "1m". */
import { z } from './zod.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const PATTERN = /^(-?\d+(?:\.\d+)?)(ms|s|m|h)$/;
/** A day: enough for any story, and far inside what a µs clock holds. */
export const MAX_DURATION_MS = 86_400_000;

/** Milliseconds of "2s", "1.5s", "500ms"; null when the text is no duration. */
export function durationMs(text: string): number | null {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const ms = Number(match[1]) * (UNITS[match[2] as string] as number);
  return Number.isInteger(ms) ? ms : null;
}

const text = z.string().regex(PATTERN, 'expected a duration such as 2000, "500ms" or "2s"');

function durationBetween(minMs: number, maxMs: number, what: string) {
  return z
    .union([z.int(), text])
    .transform((value, context) => {
      const ms = typeof value === 'number' ? value : durationMs(value);
      if (ms === null) {
        context.addIssue({ code: 'custom', message: `${what} must come to whole milliseconds` });
        return z.NEVER;
      }
      if (ms >= minMs && ms <= maxMs) return ms;
      const message =
        ms < 0 && minMs >= 0
          ? `${what} must not be negative`
          : `${what} must be from ${minMs} to ${maxMs} ms`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    })
    .meta({ description: 'Integer milliseconds, or text such as "500ms", "2s", "1m".' });
}

/** A length of time, not negative. */
export const duration = durationBetween(0, MAX_DURATION_MS, 'a duration');
/** A point of scenario time: 0 is the end of the warm-up. */
export const timePoint = durationBetween(0, MAX_DURATION_MS, 'a time');
/** A clock's jump: may be negative. */
export const signedDuration = durationBetween(-MAX_DURATION_MS, MAX_DURATION_MS, 'a jump');
