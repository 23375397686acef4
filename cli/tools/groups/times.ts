/** Points in time as Kafka's tools take them, in ms since 1970. */
import { InvalidArgumentError } from 'commander';

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d(:?\d\d)?)?$/;

/** `2026-11-21T12:00:00.000`, UTC unless it ends with an offset such as +02:00. */
export function parseDateTime(text: string): number {
  const match = DATE_TIME.exec(text);
  const zone = match?.[1] ?? 'Z';
  const iso = match === null ? '' : text.slice(0, 23) + isoZone(zone);
  const atMs = Date.parse(iso);
  if (!Number.isNaN(atMs)) return atMs;
  throw new InvalidArgumentError('Expected a time such as 2026-11-21T12:00:00.000, in UTC.');
}

/** `+02` and `+0200` as `+02:00`. */
function isoZone(zone: string): string {
  if (zone === 'Z') return zone;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

const DURATION = /^([+-]?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

/** `P1DT2H30M5.5S` in ms (Java: Duration.parse). */
export function parseDuration(text: string): number {
  const [, sign, days, hours, minutes, seconds] = DURATION.exec(text) ?? [];
  const parts = [days, hours, minutes, seconds];
  if (parts.every((one) => one === undefined) || /T$/i.test(text)) {
    throw new InvalidArgumentError('Expected a duration such as P1D, PT2H or P1DT2H30M5S.');
  }
  const [d = 0, h = 0, m = 0, s = 0] = parts.map((one) => Number(one ?? 0));
  const ms = Math.round((((d * 24 + h) * 60 + m) * 60 + s) * 1000);
  return sign === '-' ? -ms : ms;
}
