/** What a plot is made of, and how it strikes. */
import type { LoadEntry } from './load.ts';
import type { Operation } from './operations.ts';
import type { Fault, Stage } from './stage.ts';

export interface Plot {
  readonly faults: readonly Fault[];
  readonly operations: readonly Operation[];
  /** Clients of its own. */
  readonly workload: readonly LoadEntry[];
  /** Settings of the cluster that it needs. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
}

/** What it leaves out is empty. */
export type Plotter = (stage: Stage) => Partial<Plot>;

export type When = { at: number } | { when: { event: string; count: number }; after: number };

/** As hard as the promise of the seed permits. */
export function struck(stage: Stage, who: string, when: When): Fault {
  const { draw } = stage;
  const gentle = ['pause', 'isolate', 'stop'] as const;
  const how = draw.pick(stage.mayKillAll ? ([...gentle, 'kill', 'kill'] as const) : gentle);
  if (how === 'kill') return { ...when, kill: who, ...stage.restart() };
  if (how === 'stop') return { ...when, stop: who, ...stage.restart() };
  return how === 'pause'
    ? { ...when, pause: who, ...stage.lasting() }
    : { ...when, isolate: who, ...stage.lasting() };
}
