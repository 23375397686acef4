/**
 * Everything that is derived from a whole run for drawing and explaining it, kept up to date
 * while the run streams in. What follows states is fed by the timeline's fold; the rest looks at
 * the columns when it is asked.
 */
import type { TraceEvent } from '../../sim/trace/rows.ts';
import { Bands } from './bands.ts';
import { Caps } from './cap.ts';
import { Density } from './density.ts';
import { Lags } from './lag.ts';
import { Marks } from './marks.ts';
import { Messages } from './messages.ts';
import { Operations } from './operations.ts';
import { ReplicaLogs } from './replica-logs.ts';
import { RequestQueues } from './request-queues.ts';
import { Routine } from './routine.ts';
import type { ClusterState } from './state.ts';
import type { TraceStore } from './trace-store.ts';

/** Told of each event of its kinds, after the state has taken it in. */
export interface Follower {
  readonly kinds: readonly string[];
  follow(event: TraceEvent, state: ClusterState): void;
}

export class RunIndex {
  readonly bands: Bands;
  readonly operations: Operations;
  readonly logs: ReplicaLogs;
  readonly caps = new Caps();
  readonly lags: Lags;
  readonly marks: Marks;
  readonly density: Density;
  readonly messages: Messages;
  readonly routine: Routine;
  readonly requests: RequestQueues;

  constructor(store: TraceStore) {
    this.bands = new Bands(store);
    this.operations = new Operations(store);
    this.logs = new ReplicaLogs(store);
    this.lags = new Lags(store);
    this.marks = new Marks(store);
    this.density = new Density(store);
    this.messages = new Messages(store);
    this.routine = new Routine(store);
    this.requests = new RequestQueues(store);
  }

  /** Takes in the rows that came since, where that is not left to the fold of the timeline. */
  extend(): void {
    this.density.extend();
    this.marks.extend();
    this.routine.extend();
  }

  get followers(): readonly Follower[] {
    return [this.bands, this.operations, this.logs, this.caps, this.lags];
  }
}
