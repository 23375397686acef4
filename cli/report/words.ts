/** Numbers and times as people read them; independent of the machine's locale. */
import { count } from '../../sim/run/words.ts';

/** `1 record`, `2,000 records` */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A point or length of simulated time: `12.804 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}

/** A latency: `2.15 ms`, `850 ms`, `9.01 s`. */
export function latency(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return ms >= 100 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(2)} ms`;
}

/** Wall time: `0.41 s`, `3 min 5 s`. */
export function wallTime(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** How often `rows` says each thing: `a 3, b`. */
export function tallied(tally: Readonly<Record<string, number>>): string {
  return Object.entries(tally)
    .map(([name, times]) => `${name} × ${count(times)}`)
    .join(' · ');
}

/** Names of nodes with runs of numbers put together: `broker-1…3, broker-5, p1`. */
export function nodeNames(names: readonly string[]): string {
  const words: string[] = [];
  for (let first = 0; first < names.length; ) {
    let last = first;
    while (last + 1 < names.length && follows(names[last] as string, names[last + 1] as string)) {
      last += 1;
    }
    const name = names[first] as string;
    if (last - first < 2) {
      words.push(name);
      first += 1;
    } else {
      words.push(`${name}…${numberOf(names[last] as string)}`);
      first = last + 1;
    }
  }
  return words.join(', ');
}

function follows(name: string, next: string): boolean {
  const prefix = name.slice(0, name.length - String(numberOf(name)).length);
  return numberOf(name) >= 0 && next === `${prefix}${numberOf(name) + 1}`;
}

/** The number a name ends with, -1 if it does not. */
function numberOf(name: string): number {
  const digits = /\d+$/.exec(name)?.[0];
  return digits === undefined ? -1 : Number(digits);
}

/** As a POSIX shell takes it for one word. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
