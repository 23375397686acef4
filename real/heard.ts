/**
 * Which events of the trace are told in the real world: all that nodes tell of themselves, and of
 * the laboratory's own those that the runner can see from outside.
 */
import { systemEvents } from '../kafka/trace.ts';

const FROM_OUTSIDE: readonly string[] = [
  'input.started',
  'input.stopping',
  'input.disconnected',
  'command.completed',
  'command.dropped',
  'node.exited',
  'node.halted',
  'node.broken',
  'lab.action',
  'fault.start',
  'fault.stop',
  'fault.kill',
  'fault.pause',
  'fault.resume',
  'fault.cut',
  'fault.heal',
  'fault.delay',
  'fault.slowLink',
  'fault.resetConnections',
  'fault.restoreNetwork',
  'app.processed',
];

export function isHeard(event: string): boolean {
  return Object.hasOwn(systemEvents, event) || FROM_OUTSIDE.includes(event);
}
