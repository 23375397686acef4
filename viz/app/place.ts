/** A place in the run as people write it: an event number, or a scenario time with its unit. */
import type { TraceStore } from '../model/trace-store.ts';

export type Place = { readonly event: number } | { readonly problem: string };

const UNITS_US: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
};

/** `18442`, `18,442`, `12.8s`, `350ms`, `-2s`; a time is the last event at or before it. */
export function parsePlace(text: string, store: TraceStore): Place {
  const plain = text.trim().replace(/^(event|ev|t=|t|@)\s*/i, '');
  const number = /^\d[\d,_ ]*$/.exec(plain);
  if (number !== null) {
    const event = Number(plain.replace(/[,_ ]/g, ''));
    if (event > store.count) {
      return { problem: `The run has ${store.count} events; there is no event ${plain}.` };
    }
    return { event };
  }
  const time = /^(-?\d+(?:\.\d+)?)\s*(us|µs|ms|s|m)$/.exec(plain);
  if (time === null) {
    const known = 'an event number nor a time such as 12.8s or 350ms';
    return { problem: `“${text}” is neither ${known}.` };
  }
  const originUs = store.identity?.originUs ?? 0;
  const timeUs = originUs + Number(time[1]) * (UNITS_US[time[2] ?? ''] ?? 0);
  return { event: store.eventAtTime(timeUs) };
}
