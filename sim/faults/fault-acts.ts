/** What a plan of faults does to its world; `plan.ts` decides when, and to whom. */
import type { Strike } from './strike.ts';
import type { FaultSpec } from './verbs.ts';

export interface FaultActs {
  /** Lets the fault do its work; its targets are resolved. */
  perform(strike: Strike): void;
  /** True when there is nothing on one of these nodes that the fault could strike. */
  findsNothing(spec: FaultSpec, nodes: readonly string[]): boolean;
  /** Ends every fault and starts every node that is down. */
  healAll(strikes: readonly Strike[]): void;
}
