/** Small words for sentences about events. */
import type { TraceEvent } from '../../../sim/trace/rows.ts';

/** The field at a place, as a number; 0 when it is none. */
export function n(event: TraceEvent, field: number): number {
  const value = event.fields[field];
  return typeof value === 'number' ? value : 0;
}

/** The field at a place, as a text; '' when it is none. */
export function t(event: TraceEvent, field: number): string {
  const value = event.fields[field];
  return value === undefined ? '' : String(value);
}

/** `1 record`, `3 records` */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** `broker-1,broker-2` → `broker-1, broker-2`; '' → `nobody` */
export function list(names: string): string {
  return names === '' ? 'nobody' : names.replaceAll(',', ', ');
}

/** `1,3` → `1, 3`; '' → `none` */
export function idList(ids: string): string {
  return ids === '' ? 'none' : ids.replaceAll(',', ', ');
}

/** 1_500_000 → `1.5 s`, 1_500 → `1.5 ms` */
export function durationOf(us: number): string {
  if (Math.abs(us) >= 1_000_000) return `${trim(us / 1_000_000)} s`;
  if (Math.abs(us) >= 1_000) return `${trim(us / 1_000)} ms`;
  return `${us} µs`;
}

function trim(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}

/** `alter-partition` → `alter partition` */
export function spoken(name: string): string {
  return name.replaceAll('-', ' ');
}

/** `, producer 1000 epoch 0 sequence 41`, of a leader's append of an idempotent batch; else ''. */
export function producerWords(event: TraceEvent): string {
  const [, , , , , id, epoch, sequence] = event.fields;
  if (typeof id !== 'number' || id < 0) return '';
  return `, producer ${id} epoch ${epoch} sequence ${sequence}`;
}
