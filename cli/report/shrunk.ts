/** How small a failure became, in words. */
import { count } from '../../sim/run/words.ts';
import type { Shrunk } from '../../sim/search/shrink/shrink.ts';
import { counted, seconds, wallTime } from './words.ts';

export function shrunkWords({ before, after, tries }: Shrunk, wallMs: number): string {
  const less = 100 * (1 - after.events / Math.max(1, before.events));
  const changes = [
    `${count(before.events)} events → ${count(after.events)} (${less.toFixed(1)} % fewer)`,
    `${counted(before.faults, 'fault')} → ${after.faults}`,
    ...(before.operations === 0
      ? []
      : [`${counted(before.operations, 'operation')} → ${after.operations}`]),
    `${counted(before.clients, 'client')} → ${after.clients}`,
    `${counted(before.brokers, 'broker')} → ${after.brokers}`,
    `${seconds(before.simulatedMs)} → ${seconds(after.simulatedMs)}`,
  ];
  return `${changes.join(', ')} (${counted(tries, 'run')}, ${wallTime(wallMs)})`;
}
