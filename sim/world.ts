/**
 * The laboratory: nodes, network, disks and clocks on one simulated time line. A `World` is
 * driven from outside: add nodes, start them, hang actions on the time line, run. All times are
 * integer µs since the beginning; a position is a number of trace events.
 */
import type { ClientCommand, CommandResult } from '../kafka/client/commands.ts';
import type { CommandId, RandomStream } from '../kafka/host.ts';
import type { CrashInStepSpec, DiskErrorSpec, PowerCutStyle } from './disk/faults.ts';
import type { DiskSettings } from './disk/settings.ts';
import type { DiskWatch } from './disk/watch.ts';
import type { DelaySpec, HoldId, HoldRule } from './network/faults.ts';
import type { NetworkSettings } from './network/settings.ts';
import type { NodeFailure, NodeHandle, NodeSpec } from './process/node-spec.ts';
import type { ServiceTimes } from './process/service-times.ts';
import type { TraceRecorder } from './trace/recorder.ts';

export interface WorldOptions {
  readonly seed: string | number;
  readonly network?: NetworkSettings;
  readonly disk?: DiskSettings;
  readonly serviceTimes?: ServiceTimes;
  /** `rows` keeps the trace for a file or a reader; hashes and subscriptions work without. */
  readonly store: 'none' | 'rows';
}

export declare class World {
  constructor(options: WorldOptions);
  readonly nowUs: number;
  /** Trace events so far: the position. */
  readonly events: number;
  /** Kafka frames sent so far. */
  readonly frames: number;
  /** Inputs, faults and actions run so far. */
  readonly steps: number;
  readonly trace: TraceRecorder;
  readonly disks: DiskWatch;
  readonly nodes: readonly NodeHandle[];
  readonly failures: readonly NodeFailure[];

  /** A stream of the lab's own; `label` should begin with the room: `workload/p1`. */
  random(label: string): RandomStream;
  /** Over everything that happened; 32 hex digits. */
  digest(): string;
  /** Over the trace rows and the trace table's version; 32 hex digits. */
  traceHash(): string;

  addNode(spec: NodeSpec): NodeHandle;
  /** Throws a RangeError when there is no such node. */
  node(name: string): NodeHandle;

  /** Processes every event with time ≤ timeUs, then sets the time to it; `stop` is asked after each event. */
  runUntil(timeUs: number, stop?: () => boolean): void;
  /**
   * A lab action: a step of its own, in the order of scheduling among everything due at that µs.
   * A label that is not '' is traced as `lab.action`.
   */
  schedule(atUs: number, label: string, action: () => void): void;
  /**
   * Hands a client node a command: an input at the present µs, after the action that gave it.
   * `answered` is called with the result and the event `command.completed`; never when the client
   * is not running or dies first.
   */
  command(
    name: string,
    command: ClientCommand,
    answered: (result: CommandResult, event: number) => void,
  ): CommandId;

  // Processes. Every fault returns its trace event.
  start(name: string): number;
  /** SIGTERM. */
  stop(name: string): number;
  /** SIGKILL: the page cache survives. */
  kill(name: string): number;
  /** The machine too: `start` gives it power again. Default style: `random`. */
  powerCut(name: string, options?: { readonly unflushed?: PowerCutStyle }): number;
  pause(name: string): number;
  resume(name: string): number;
  /** Steps cost `factor` times as much; 1 ends it. */
  slowCpu(name: string, factor: number): number;
  crashInStep(name: string, spec: CrashInStepSpec): number;

  // Network.
  /** No bytes pass from any of `from` to any of `to` (default: nor back). Connections live on. */
  cut(
    from: readonly string[],
    to: readonly string[],
    options?: { readonly oneWay?: boolean },
  ): number;
  /** Ends cuts and stalls, both directions; without names, all. Held bytes arrive at once. */
  heal(from?: readonly string[], to?: readonly string[]): number;
  /** As `cut`, but it ends by itself. */
  stall(
    from: readonly string[],
    to: readonly string[],
    options: { readonly forUs: number; readonly oneWay?: boolean },
  ): number;
  delay(from: readonly string[], to: readonly string[], delay: DelaySpec): number;
  /** null ends it. Both directions. */
  slowLink(from: readonly string[], to: readonly string[], bytesPerSecond: number | null): number;
  /** Every connection between them ends with `reset` on both sides; bytes under way are lost. */
  resetConnections(a: readonly string[], b: readonly string[]): number;
  hold(rule: HoldRule): HoldId;
  release(hold: HoldId): number;
  /** Ends every cut, stall, delay, slow link and hold. */
  restoreNetwork(): number;

  // Clocks.
  clockJump(name: string, jump: { readonly wallMs: number }): number;
  /** Both clocks run `ppm` millionths fast (or slow, < 0) from now on. */
  clockDrift(name: string, ppm: number): number;
  /** How far the wall clock is off the true time; 0 = not at all. */
  clockOffset(name: string, wallMs: number): number;

  // Disks.
  /** No flush ends before `forUs` from now; a `syncDirectory` waits that long. */
  diskStall(name: string, forUs: number): number;
  /** Flushes take `factor` times as long; 1 ends it. */
  diskSlow(name: string, factor: number): number;
  diskError(name: string, spec: DiskErrorSpec): number;
  /** No more than `freeBytes` (default 0) can be added from now on; null ends it. */
  enospc(name: string, freeBytes?: number | null): number;
  /** Flips one bit of the byte at `position` (default: drawn), in the cache and on the platter. */
  bitFlip(name: string, path: string, position?: number): number;
  /** While on, flushes report success and make nothing durable. */
  lostFlush(name: string, on: boolean): number;
  /** The next write to a path with this prefix lands 4 KiB or more beside its place. */
  misdirectedWrite(name: string, pathPrefix?: string): number;
  /** A running process gets EIO from now on; the next boot finds an empty disk. */
  loseDisk(name: string): number;
  /** Ends errors, ENOSPC, slowness, stalls and lying flushes of this disk. */
  clearDiskFaults(name: string): number;
}
