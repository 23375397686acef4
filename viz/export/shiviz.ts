/**
 * A ShiViz log: two lines for each event, the host with its vector clock and what happened. Only
 * the chosen events count on the clocks, but what they knew of each other flows through all.
 * ShiViz reads it with the expression `(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`.
 */
import { wordsOf } from '../model/legend.ts';
import type { TraceStore } from '../model/trace-store.ts';

/** ShiViz draws every event; more than these it cannot. */
export const MOST_SHIVIZ_EVENTS = 5_000;

/** @param isChosen which events are told; the first `MOST_SHIVIZ_EVENTS` of them are. */
export function shivizLog(store: TraceStore, isChosen: (event: number) => boolean): string {
  const hosts = ['lab', ...store.nodeNames];
  const clocks = hosts.map(() => new Uint32Array(hosts.length));
  /** What a sender knew when it sent; forgotten once the message has come. */
  const carried = new Map<number, Uint32Array>();
  const lines: string[] = [];
  let told = 0;
  for (let event = 1; event <= store.count && told < MOST_SHIVIZ_EVENTS; event++) {
    const node = store.node(event);
    const clock = clocks[node];
    if (clock === undefined) continue;
    for (const parent of [store.parentA(event), store.parentB(event)]) {
      const known = carried.get(parent);
      if (known === undefined) continue;
      known.forEach((value, host) => {
        if (value > (clock[host] ?? 0)) clock[host] = value;
      });
      carried.delete(parent);
    }
    if (isChosen(event)) {
      clock[node] = (clock[node] ?? 0) + 1;
      lines.push(
        `${hosts[node]} ${clockText(clock, hosts)}`,
        wordsOf(store.at(event), store.nodeNames),
      );
      told += 1;
    }
    if (store.kindName(event) === 'frame.sent') carried.set(event, clock.slice());
  }
  return `${lines.join('\n')}\n`;
}

function clockText(clock: Uint32Array, hosts: readonly string[]): string {
  const known: string[] = [];
  clock.forEach((value, host) => {
    if (value > 0) known.push(`${JSON.stringify(hosts[host])}:${value}`);
  });
  return `{${known.join(', ')}}`;
}
