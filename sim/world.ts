/**
 * The laboratory: nodes, network, disks and clocks on one simulated time line. A `World` is
 * driven from outside: add nodes, start them, hang actions on the time line, run. All times are
 * integer µs since the beginning; a position is a number of trace events.
 */
import { assert } from '../kafka/base/assert.ts';
import type { ClientCommand } from '../kafka/client/commands.ts';
import type { CommandId, RandomStream } from '../kafka/host.ts';
import { SimDisk } from './disk/disk.ts';
import { DiskWatchers } from './disk/disk-watch.ts';
import type { CrashInStepSpec, DiskErrorSpec, PowerCutStyle } from './disk/faults.ts';
import { ERRORS_END } from './disk/faults.ts';
import { type DiskSettings, ssd } from './disk/settings.ts';
import type { DiskWatch } from './disk/watch.ts';
import { AfterEvents, Rank } from './engine/after-events.ts';
import { SimRandom } from './engine/random.ts';
import { Due, Happened, Timeline } from './engine/timeline.ts';
import type { DelaySpec, HoldId, HoldRule, StallSpec } from './network/faults.ts';
import type { FlipRule } from './network/flips.ts';
import { Network } from './network/network.ts';
import { NetworkFaults } from './network/network-faults.ts';
import { lan } from './network/settings.ts';
import type { FrameTap } from './network/tap.ts';
import type { Answered } from './process/asked-commands.ts';
import { QueuedInput } from './process/input.ts';
import type { NodeFailure, NodeHandle, NodeSpec } from './process/node-spec.ts';
import { Process } from './process/process.ts';
import { Runner } from './process/runner.ts';
import { defaultServiceTimes } from './process/service-times.ts';
import { TraceRecorder } from './trace/recorder.ts';
import type { WorldOptions } from './world-options.ts';

type Names = readonly string[];

export class World {
  readonly seed: string;
  readonly trace: TraceRecorder;
  private readonly timeline: Timeline;
  private readonly randoms: SimRandom;
  private readonly network: Network;
  private readonly links: NetworkFaults;
  private readonly runner: Runner;
  private readonly processes: Process[] = [];
  private readonly byName = new Map<string, Process>();
  private readonly diskSettings: DiskSettings;
  private readonly watchers: DiskWatchers;
  private nextCommand = 1;
  private readonly afterEvents = new AfterEvents();
  /** The `lab.action` that is being carried out; 0 = none. */
  private action = 0;

  constructor(options: WorldOptions) {
    this.seed = String(options.seed);
    this.trace = new TraceRecorder(options.store);
    this.timeline = new Timeline(this.trace, options.stepLog ?? null);
    this.randoms = new SimRandom(this.seed, 'lab/');
    this.diskSettings = options.disk ?? ssd;
    const { timeline, randoms, processes } = this;
    this.network = new Network(options.network ?? lan, timeline, randoms, processes);
    this.links = new NetworkFaults(this.network, timeline, processes);
    const serviceTimes = options.serviceTimes ?? defaultServiceTimes;
    this.runner = new Runner(this.seed, timeline, this.network, serviceTimes);
    this.watchers = new DiskWatchers(() => {
      for (const process of this.processes) process.disk.watcher = this.watchers;
    });
  }

  get nowUs(): number {
    return this.timeline.nowUs;
  }
  /** Trace events so far: the position. */
  get events(): number {
    return this.trace.count;
  }
  /** Kafka frames sent so far. */
  get frames(): number {
    return this.network.frames;
  }
  /** Inputs, batches of effects, faults and actions run so far. */
  get steps(): number {
    return this.timeline.steps;
  }
  get nodes(): readonly NodeHandle[] {
    return this.processes;
  }
  get failures(): readonly NodeFailure[] {
    return this.runner.failures;
  }
  get disks(): DiskWatch {
    return this.watchers;
  }

  /** A stream of the lab's own; `label` should begin with the room: `workload/p1`. */
  random(label: string): RandomStream {
    return this.randoms.stream(`of/${label}`);
  }

  /** Lets somebody see the bytes of every frame with its `frame.sent`; null ends it. */
  tapFrames(tap: FrameTap | null): void {
    this.network.tap = tap;
  }

  /** Over everything that happened; 32 hex digits. */
  digest(): string {
    return this.timeline.digest.hex();
  }

  /** Over the trace rows and the trace table's version; 32 hex digits. */
  traceHash(): string {
    return this.trace.traceHash();
  }

  addNode(spec: NodeSpec): NodeHandle {
    if (this.byName.has(spec.name)) throw new RangeError(`two nodes are called '${spec.name}'`);
    const { timeline, randoms, processes } = this;
    const disk = new SimDisk(spec.name, this.diskSettings, timeline, randoms);
    if (!this.watchers.empty) disk.watcher = this.watchers;
    const text = this.trace.textId(spec.name);
    const process = new Process(spec, processes.length, text, disk, randoms);
    processes.push(process);
    this.byName.set(spec.name, process);
    this.trace.nodeNames.push(spec.name);
    return process;
  }

  /** Throws a RangeError when there is no such node. */
  node(name: string): NodeHandle {
    return this.process(name);
  }

  private process(name: string): Process {
    const process = this.byName.get(name);
    if (process === undefined) throw new RangeError(`no node is called '${name}'`);
    return process;
  }

  /**
   * Processes every event with time ≤ timeUs, then sets the time to it; `stop` is asked after each
   * event, and when it says true the time stays where it is.
   */
  runUntil(timeUs: number, stop?: () => boolean): void {
    assert(Number.isSafeInteger(timeUs) && timeUs >= this.nowUs, 'runUntil goes back in time');
    for (;;) {
      const acted = this.runAfterEvents();
      if (acted && stop?.()) return;
      const next = this.afterEvents.next;
      const halt = next === undefined ? stop : () => this.events >= next || stop?.() === true;
      const halted = this.runner.run(timeUs, halt);
      if (!halted) break;
      if (next === undefined || this.events < next) return;
    }
    this.timeline.nowUs = timeUs;
    this.trace.timeUs = timeUs;
  }

  /**
   * A lab action of its own step, as soon as the step that told this event has ended and before
   * anything else happens; `event` is still to come, or the newest. Nothing before it is changed
   * by that, so the run up to there is the one without it.
   */
  afterEvent(event: number, label: string, action: () => void, rank: number = Rank.fault): void {
    assert(event >= this.events, 'an action after an event that has been');
    this.afterEvents.add({ event, rank, label, action });
  }

  private runAfterEvents(): boolean {
    const { afterEvents, trace } = this;
    let acted = false;
    for (;;) {
      const next = afterEvents.take(this.events);
      if (next === null) return acted;
      acted = true;
      this.timeline.beginStep();
      trace.causedBy(next.event);
      this.act(trace.emit('lab.action', 0, next.label), next.action);
    }
  }

  /**
   * A lab action: a step of its own, in the order of scheduling among everything due at that µs.
   * A label that is not '' is traced as `lab.action`, caused by the action that scheduled it.
   */
  schedule(atUs: number, label: string, action: () => void): void {
    assert(Number.isSafeInteger(atUs) && atUs >= this.nowUs, 'an action is due in the past');
    this.timeline.queue.push(atUs, Due.action, this.due(label, action), 0);
  }

  /**
   * The same, before everything else that is due at that µs, by rank, then in the order of calls:
   * when before that µs it is called makes no difference.
   */
  scheduleFirst(atUs: number, rank: number, what: { label: string; action: () => void }): void {
    assert(Number.isSafeInteger(atUs) && atUs >= this.nowUs, 'an action is due in the past');
    const target = this.due(what.label, what.action);
    this.timeline.queue.pushFirst(atUs, rank, { kind: Due.action, target });
  }

  private due(label: string, action: () => void): { run: () => void } {
    const cause = this.action;
    const run = () => {
      if (label === '') return this.act(cause, action);
      this.trace.causedBy(cause);
      this.act(this.trace.emit('lab.action', 0, label), action);
    };
    return { run };
  }

  private act(event: number, action: () => void): void {
    this.action = event;
    action();
    this.action = 0;
  }

  /**
   * Hands a client node a command: an input at the present µs, after the action that gave it.
   * `answered` is called with the result and the event `command.completed`, for a `send` once or
   * more until each of its records has its answer; never when the client is not running or dies
   * first.
   * @returns its id; the records of a `send` have the ids from this one on.
   */
  command(name: string, command: ClientCommand, answered: Answered): CommandId {
    const process = this.process(name);
    const id = this.nextCommand as CommandId;
    const count = command.kind === 'send' ? command.records.length : 1;
    assert(count > 0, 'a send of nothing');
    this.nextCommand += count;
    if (!process.alive) {
      this.timeline.beginStep();
      this.trace.emit('command.dropped', process.traceNode, command.kind, id, count);
      return id;
    }
    const topic = command.kind === 'send' ? (command.records[0]?.topic ?? '') : '';
    this.runner.asked.add(process, id, count, answered, topic);
    const input = new QueuedInput('command');
    input.id = id;
    input.count = count;
    input.command = command;
    process.give(input, this.timeline);
    return id;
  }

  // Processes. Every fault is a step and returns its trace event; on a process that is in no
  // state for it, it is only traced.

  start(name: string): number {
    const process = this.fault(name);
    const event = this.trace.emit('fault.start', 0, name);
    if (!process.alive) this.runner.boot(process, event);
    return event;
  }

  /** SIGTERM. */
  stop(name: string): number {
    const process = this.fault(name);
    const event = this.trace.emit('fault.stop', 0, name);
    const state = process.state === 'paused' ? process.stateBeforePause : process.state;
    if (state !== 'running') return event;
    if (process.state === 'paused') process.stateBeforePause = 'stopping';
    else process.state = 'stopping';
    const input = new QueuedInput('stopping');
    input.causeA = event;
    process.give(input, this.timeline);
    return event;
  }

  /** SIGKILL: the page cache survives. */
  kill(name: string): number {
    const process = this.fault(name);
    const event = this.trace.emit('fault.kill', 0, name);
    if (process.alive) this.runner.end(process, 'kill', event);
    return event;
  }

  /** The machine too: `start` gives it power again. Default style: `random`. */
  powerCut(name: string, options: { readonly unflushed?: PowerCutStyle } = {}): number {
    const process = this.fault(name);
    const style = options.unflushed ?? 'random';
    const { powered } = process;
    const lost = powered ? this.runner.end(process, style, 0) : 0;
    const event = this.trace.emit('fault.powerCut', 0, name, style, lost);
    if (powered) process.disk.restored('power');
    return event;
  }

  pause(name: string): number {
    const process = this.fault(name);
    if (process.state === 'running' || process.state === 'stopping') {
      process.stateBeforePause = process.state;
      process.state = 'paused';
    }
    return this.trace.emit('fault.pause', 0, name);
  }

  resume(name: string): number {
    const process = this.fault(name);
    const event = this.trace.emit('fault.resume', 0, name);
    if (process.state === 'paused') this.runner.resume(process);
    return event;
  }

  /** Steps cost `factor` times as much; 1 ends it. */
  slowCpu(name: string, factor: number): number {
    assert(factor > 0, 'a processor that is slower by a factor of nothing');
    this.fault(name).cpuFactor = factor;
    return this.trace.emit('fault.slowCpu', 0, name, Math.round(factor * 1_000));
  }

  /** Strikes once, in the present boot. */
  crashInStep(name: string, spec: CrashInStepSpec): number {
    assert(spec.afterDiskCalls >= 1, 'a crash after no disk call');
    const process = this.fault(name);
    const { afterDiskCalls, when, powerCut = '' } = spec;
    const event = this.trace.emit('fault.crashInStep', 0, name, afterDiskCalls, when, powerCut);
    if (process.alive) process.crash = { spec, callsLeft: afterDiskCalls, armedBy: event };
    return event;
  }

  /** A crash that was armed and has not struck will not strike any more. */
  disarmCrash(name: string): void {
    this.process(name).crash = null;
  }

  // Network.

  /** No bytes pass from any of `from` to any of `to` (default: nor back). Connections live on. */
  cut(from: Names, to: Names, options: { readonly oneWay?: boolean } = {}): number {
    this.beginFault();
    return this.links.cut(this.all(from), this.all(to), options.oneWay ?? false);
  }

  /** Ends cuts and stalls (default: back, too); without names, all. Held bytes arrive at once. */
  heal(from?: Names, to?: Names, options: { readonly oneWay?: boolean } = {}): number {
    this.beginFault();
    const those = (names?: Names) => (names === undefined ? this.processes : this.all(names));
    return this.links.heal(those(from), those(to), options.oneWay ?? false);
  }

  /** As `cut`, but it ends by itself. */
  stall(from: Names, to: Names, options: StallSpec): number {
    this.beginFault();
    return this.links.stall(this.all(from), this.all(to), options.forUs, options.oneWay ?? false);
  }

  delay(from: Names, to: Names, delay: DelaySpec): number {
    this.beginFault();
    return this.links.delay(this.all(from), this.all(to), delay);
  }

  /** null ends it. Default: both directions. */
  slowLink(
    from: Names,
    to: Names,
    bytesPerSecond: number | null,
    { oneWay = false }: { readonly oneWay?: boolean } = {},
  ): number {
    this.beginFault();
    return this.links.slow({ from: this.all(from), to: this.all(to), oneWay }, bytesPerSecond);
  }

  /** Every connection between them ends with `reset` on both sides; bytes under way are lost. */
  resetConnections(a: Names, b: Names): number {
    this.beginFault();
    return this.links.reset(this.all(a), this.all(b));
  }

  /** Frames sent from now on that match are stopped on their way. */
  hold(rule: HoldRule): HoldId {
    this.beginFault();
    return this.links.hold(rule);
  }

  /** The records of the next messages lose a bit on their way. */
  flipInFlight(rule: Omit<FlipRule, 'random'>): number {
    this.beginFault();
    return this.links.flip({ ...rule, random: this.random('faults/flip in flight') });
  }

  release(hold: HoldId): number {
    this.beginFault();
    return this.links.release(hold);
  }

  /** Ends every cut, stall, delay, slow link and hold; no bit flips any more. */
  restoreNetwork(): number {
    this.beginFault();
    return this.links.restore();
  }

  // Clocks.

  clockJump(name: string, jump: { readonly wallMs: number }): number {
    this.fault(name).clock.jump(jump.wallMs);
    return this.trace.emit('fault.clockJump', 0, name, jump.wallMs);
  }

  /** Both clocks run `ppm` millionths fast (or slow, < 0) from now on. */
  clockDrift(name: string, ppm: number): number {
    assert(Number.isInteger(ppm) && ppm > -1_000_000, 'a clock that runs backwards');
    const process = this.fault(name);
    process.clock.drift(ppm, this.nowUs);
    this.runner.clockChanged(process);
    return this.trace.emit('fault.clockDrift', 0, name, ppm);
  }

  /** How far the wall clock is off the true time from now on; 0 = not at all. */
  clockOffset(name: string, wallMs: number): number {
    this.fault(name).clock.setWallOffset(wallMs, this.nowUs);
    return this.trace.emit('fault.clockOffset', 0, name, wallMs);
  }

  // Disks.

  /** No flush ends before `forUs` from now; a `syncDirectory` waits that long. */
  diskStall(name: string, forUs: number): number {
    this.fault(name).disk.stall(forUs);
    return this.diskFault(name, 'stall', '', forUs);
  }

  /** Flushes take `factor` times as long; 1 ends it. */
  diskSlow(name: string, factor: number): number {
    this.fault(name).disk.slow(factor);
    return this.diskFault(name, 'slow', '', Math.round(factor * 1_000));
  }

  diskError(name: string, spec: DiskErrorSpec): number {
    this.fault(name).disk.addError(spec);
    const what = `${spec.code} in ${spec.operation ?? 'any call'}`;
    return this.diskFault(name, what, spec.pathPrefix ?? '', spec.times ?? -1);
  }

  /** Calls fail no more by this very rule; others stay. */
  endDiskError(name: string, spec: DiskErrorSpec): number {
    const left = this.fault(name).disk.endError(spec);
    return this.diskFault(name, ERRORS_END, spec.pathPrefix ?? '', left);
  }

  /** No more than `freeBytes` (default 0) can be added from now on; null ends it. */
  enospc(name: string, freeBytes: number | null = 0): number {
    this.fault(name).disk.limit(freeBytes);
    return this.diskFault(name, 'ENOSPC', '', freeBytes ?? -1);
  }

  /** Flips one bit of the byte at `position` (default: drawn), in the cache and on the platter. */
  bitFlip(name: string, path: string, position?: number): number {
    const { disk } = this.fault(name);
    const at = disk.flipBit(path, position ?? null);
    const event = this.diskFault(name, 'bit flip', path, at);
    if (at >= 0) disk.restored('rot');
    return event;
  }

  /** While on, flushes report success and make nothing durable. */
  lostFlush(name: string, on: boolean): number {
    this.fault(name).disk.lie(on);
    return this.diskFault(name, 'lost flush', '', on ? 1 : 0);
  }

  /** The next write to a path with this prefix lands 4 KiB or more beside its place. */
  misdirectedWrite(name: string, pathPrefix = ''): number {
    this.fault(name).disk.misdirectPrefix = pathPrefix;
    return this.diskFault(name, 'misdirected write', pathPrefix, 0);
  }

  /** A running process gets EIO from now on; the next boot finds an empty disk. */
  loseDisk(name: string): number {
    const process = this.fault(name);
    process.disk.lose(process.alive);
    const event = this.diskFault(name, 'lost', '', 0);
    if (!process.alive) process.disk.restored('disk');
    return event;
  }

  /** Ends errors, ENOSPC, slowness, stalls and lying flushes of this disk. */
  clearDiskFaults(name: string): number {
    this.fault(name).disk.clearFaults();
    return this.diskFault(name, 'none', '', 0);
  }

  private diskFault(name: string, fault: string, path: string, value: number): number {
    return this.trace.emit('fault.disk', 0, name, fault, path, value);
  }

  private fault(name: string): Process {
    const process = this.process(name);
    this.beginFault();
    return process;
  }

  private beginFault(): void {
    assert(!this.runner.inStep, 'a fault struck from inside a step');
    this.timeline.beginStep();
    this.timeline.digest.add(Happened.fault, this.nowUs, this.timeline.steps, 0);
    // The next event is the fault's own.
    this.trace.causedBy(this.action);
  }

  private all(names: readonly string[]): Process[] {
    return names.map((name) => this.process(name));
  }
}
