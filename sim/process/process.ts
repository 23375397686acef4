/**
 * One node's machine and process: its state, its clocks and disk, the inputs that wait, the
 * effects of the step under way. `Runner` moves it; `SimHost` is its node's view.
 */
import type { Node } from '../../kafka/host.ts';
import type { SimDisk } from '../disk/disk.ts';
import type { CrashInStepSpec } from '../disk/faults.ts';
import type { SimRandom, SimStream } from '../engine/random.ts';
import { Due, type Timeline } from '../engine/timeline.ts';
import type { Endpoint } from '../network/endpoint.ts';
import { SimClock } from './clock.ts';
import { Effects } from './effects.ts';
import { InputQueue, type WaitingInput } from './input.ts';
import type { NodeHandle, NodeRole, NodeSpec, NodeState } from './node-spec.ts';

export interface ArmedCrash {
  readonly spec: CrashInStepSpec;
  /** Its `fault.crashInStep`. */
  readonly armedBy: number;
  callsLeft: number;
}

export class Process implements NodeHandle {
  readonly name: string;
  readonly index: number;
  /** The trace's node column. */
  readonly traceNode: number;
  /** Its name's text id in the trace. */
  readonly nameText: number;
  readonly role: NodeRole;
  readonly config: Readonly<Record<string, string>>;
  readonly spec: NodeSpec;
  readonly disk: SimDisk;
  readonly clock = new SimClock();
  readonly serviceStream: SimStream;
  readonly faultStream: SimStream;

  state: NodeState = 'down';
  /** What `resume` goes back to. */
  stateBeforePause: NodeState = 'running';
  powered = true;
  bootCount = 0;
  node: Node | null = null;

  readonly inbox = new InputQueue();
  readonly effects = new Effects();
  /** The node works on its last input until then. */
  busyUntilUs = 0;
  /** A `ready` event for it is in the queue. */
  readyArmed = false;
  /** Its `ready` event fell into a pause; `readyArmed` stays true. */
  readyMissed = false;
  /** A `poke` event for it is in the queue. */
  poked = false;
  /** Nanoseconds that the present step has cost so far. */
  costNs = 0;
  /** The disk keeps the present step waiting this long: a slow processor makes it no longer. */
  waitNs = 0;
  cpuFactor = 1;
  crash: ArmedCrash | null = null;
  /** The `fault.crashInStep` that struck last; 0 = none. */
  crashedBy = 0;

  /** Times of its `wake` events in the queue, the earliest last. */
  readonly wakeTimesUs: number[] = [];
  /** The step that last changed `wakeAtMs` began with this trace event. */
  wakeCause = 0;
  lastWakeAtMs = Number.POSITIVE_INFINITY;
  wokenQueued = false;
  /** `woken` steps in a row that left `wakeAtMs` in the past. */
  lateWakes = 0;

  readonly listening = new Set<string>();
  readonly endpoints = new Set<Endpoint>();

  constructor(spec: NodeSpec, index: number, nameText: number, disk: SimDisk, random: SimRandom) {
    this.name = spec.name;
    this.index = index;
    this.traceNode = index + 1;
    this.nameText = nameText;
    this.role = spec.role;
    this.config = spec.config;
    this.spec = spec;
    this.disk = disk;
    this.serviceStream = random.stream(`service/${spec.name}`);
    this.faultStream = random.stream(`faults/${spec.name}`);
  }

  /** What the present step has taken so far. */
  get spentUs(): number {
    return Math.ceil((this.costNs * this.cpuFactor + this.waitNs) / 1_000);
  }

  get connectionCount(): number {
    return this.endpoints.size;
  }

  get bytesUnderWay(): number {
    let bytes = 0;
    for (const { bufferedBytes, peer } of this.endpoints) {
      bytes += bufferedBytes + (peer?.unreadBytes ?? 0);
    }
    return bytes;
  }

  /** There is a process, be it paused. */
  get alive(): boolean {
    return this.state === 'running' || this.state === 'paused' || this.state === 'stopping';
  }

  /** Gives it an input from outside any event of its own. */
  give(input: WaitingInput, timeline: Timeline): void {
    this.inbox.push(input);
    this.poke(timeline);
  }

  /** Makes sure that waiting inputs run. */
  poke(timeline: Timeline): void {
    if (this.readyArmed || this.poked || this.inbox.length === 0) return;
    this.poked = true;
    timeline.queue.push(timeline.nowUs, Due.poke, this, 0);
  }
}
