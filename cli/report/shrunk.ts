/** How small a failure became, in words. */
import { count } from '../../sim/run/words.ts';
import type { Shrunk } from '../../sim/search/shrink/shrink.ts';
import { counted, seconds, wallTime } from './words.ts';

export function shrunkWords({ before, after, tries }: Shrunk, wallMs: number): string {
  const less = 100 * (1 - after.events / Math.max(1, before.events));
  // A simpler scenario may take a little longer, and time may be over before it is shortened.
  const change = less < 0 ? `${(-less).toFixed(1)} % more` : `${less.toFixed(1)} % fewer`;
  const changes = [
    `${count(before.events)} events → ${count(after.events)} (${change})`,
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
