/** Waits for an event of the trace: for faults and operations that hang on one. */

import type { RunWorld } from '../run-world.ts';
import type { z } from '../scenario/zod.ts';
import { type TraceKind, traceTable } from '../trace/table.ts';
import type { trigger } from './verbs.ts';

export type Trigger = z.output<typeof trigger>;

/** Calls `act` once, inside the step in which the wanted event is told for the n-th time. */
export function whenItComes(world: RunWorld, when: Trigger, act: (timeUs: number) => void): void {
  const kind = when.event as TraceKind;
  const fields: readonly (readonly [string, string])[] = traceTable[kind].fields;
  let left = when.count;
  world.trace.subscribe(kind, (_event, timeUs, node, ...values) => {
    if (left === 0) return;
    if (when.node !== undefined && world.nodes[node - 1]?.name !== when.node) return;
    for (let i = 0; i < fields.length; i++) {
      const wanted = when[(fields[i] as readonly [string, string])[0]];
      if (wanted !== undefined && wanted !== values[i]) return;
    }
    left -= 1;
    if (left === 0) act(timeUs);
  });
}
