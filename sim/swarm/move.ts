/** One thing that can happen to a drawn cluster, of one fault or of a few that belong together. */
import type { Fault, Stage } from './stage.ts';

export interface Move {
  readonly name: string;
  /** None when the seed's promise or the cluster's shape forbids it. */
  readonly draw: (stage: Stage) => Fault[];
}

export const CUT_STYLES = ['random', 'random', 'keep-prefix', 'drop-all', 'keep-all'] as const;
