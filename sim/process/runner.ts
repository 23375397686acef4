/**
 * Runs nodes: takes events off the queue, hands inputs to free processes one by one, and lets a
 * step's effects happen at its end. Where nothing else is due before that end, the process goes
 * on at once, without a detour through the queue.
 */
import { assert, InvariantBroken } from '../../kafka/base/assert.ts';
import type { CommandResult } from '../../kafka/client/commands.ts';
import type { Node, NodeInput } from '../../kafka/host.ts';
import type { Flush } from '../disk/disk.ts';
import type { PowerCutStyle } from '../disk/faults.ts';
import { Due, Happened, type Timeline } from '../engine/timeline.ts';
import type { Endpoint } from '../network/endpoint.ts';
import type { Network } from '../network/network.ts';
import { kindOf } from '../trace/table.ts';
import { AskedCommands } from './asked-commands.ts';
import { Effect } from './effects.ts';
import { SimHost } from './host.ts';
import { QueuedInput, type WaitingInput } from './input.ts';
import { InputTrace } from './input-trace.ts';
import { NodeCrashed } from './node-crashed.ts';
import type { NodeFailure } from './node-spec.ts';
import type { Process } from './process.ts';
import type { ServiceTimes } from './service-times.ts';

/** A boot's monotonic clock begins somewhere below 2^31 ms. */
const MONOTONIC_START_MAX_MS = 2_000_000_000;
const COMPLETED = kindOf('command.completed');

export class Runner {
  readonly failures: NodeFailure[] = [];
  readonly asked = new AskedCommands();
  /** A node is inside its step: the world must not be changed. */
  inStep = false;
  private readonly seed: string;
  private readonly timeline: Timeline;
  private readonly network: Network;
  private readonly serviceTimes: ServiceTimes;
  private readonly inputs: InputTrace;
  private readonly partitionNames = new Map<string, string[]>();

  constructor(seed: string, timeline: Timeline, network: Network, serviceTimes: ServiceTimes) {
    this.seed = seed;
    this.timeline = timeline;
    this.network = network;
    this.serviceTimes = serviceTimes;
    this.inputs = new InputTrace(timeline);
  }

  /** @returns whether `stop` said so. */
  run(untilUs: number, stop: (() => boolean) | undefined): boolean {
    const { timeline } = this;
    const { queue, trace } = timeline;
    while (queue.nextTimeUs <= untilUs) {
      queue.pop();
      timeline.nowUs = queue.timeUs;
      trace.timeUs = queue.timeUs;
      const process = this.dispatch(queue.kind, queue.target, queue.argument);
      if (process !== null) this.work(process, untilUs, stop);
      if (stop?.()) return true;
    }
    return false;
  }

  /** @returns a process that may have an input to run now. */
  private dispatch(kind: number, target: object | null, argument: number): Process | null {
    switch (kind) {
      case Due.arrive:
        return this.network.arrived(target as Endpoint);
      case Due.ready:
        return this.ready(target as Process, argument);
      case Due.wake:
        return this.wakeDue(target as Process, argument);
      case Due.flushed:
        return this.flushed(target as Flush);
      case Due.action:
        this.timeline.beginStep();
        (target as { run(): void }).run();
        return null;
      case Due.poke:
        (target as Process).poked = false;
        return target as Process;
      case Due.syn:
        return this.network.synArrived(target as Endpoint);
      case Due.synRetry:
        return this.network.synRetryDue(target as Endpoint, argument);
      case Due.refused:
        return this.network.refused(target as Endpoint);
      default:
        assert(kind === Due.reset, 'unknown kind of event');
        return this.network.resetArrived(target as Endpoint);
    }
  }

  /** Runs waiting inputs for as long as nothing else is due first. */
  private work(process: Process, untilUs: number, stop: (() => boolean) | undefined): void {
    const { timeline } = this;
    for (;;) {
      if (process.readyArmed || (process.state !== 'running' && process.state !== 'stopping')) {
        return;
      }
      if (process.busyUntilUs > timeline.nowUs) {
        if (process.inbox.length > 0) this.armReady(process);
        return;
      }
      const input = this.nextInput(process);
      if (input === null) return;
      this.step(process, input);
      if (process.effects.count === 0 && process.inbox.length === 0) return;
      const endUs = process.busyUntilUs;
      if (timeline.queue.nextTimeUs <= endUs || endUs > untilUs || stop?.()) {
        this.armReady(process);
        return;
      }
      timeline.nowUs = endUs;
      this.applyEffects(process);
    }
  }

  private armReady(process: Process): void {
    process.readyArmed = true;
    this.timeline.queue.pushNear(process.busyUntilUs, Due.ready, process, process.bootCount);
  }

  private ready(process: Process, boot: number): Process | null {
    if (boot !== process.bootCount || !process.alive) return null;
    if (process.state === 'paused') {
      process.readyMissed = true;
      return null;
    }
    process.readyArmed = false;
    this.applyEffects(process);
    return process;
  }

  /** The next input that still means something to the node. */
  private nextInput(process: Process): WaitingInput | null {
    for (;;) {
      const input = process.inbox.shift();
      if (input === null) return null;
      const { endpoint } = input;
      if (endpoint !== null) {
        if (input.kind === 'received') this.network.consumed(endpoint, input.bytes.length);
        if (endpoint.closedByNode) continue;
      } else if (input.kind === 'woken') {
        process.wokenQueued = false;
        const { node, clock } = process;
        if (node === null) continue;
        if (node.wakeAtMs > clock.monotonicMsAt(this.timeline.nowUs)) {
          this.armWake(process, node.wakeAtMs);
          continue;
        }
      }
      return input;
    }
  }

  private step(process: Process, input: WaitingInput): void {
    const { timeline, serviceTimes } = this;
    timeline.beginStep();
    const { nowUs } = timeline;
    process.clock.setTo(nowUs);
    process.costNs = process.serviceStream.quantile(serviceTimes.baseNs);
    process.waitNs = 0;
    let event: number;
    if (input.kind === 'received') {
      process.costNs += (input.bytes.length * serviceTimes.receiveNsPerKib) >> 10;
      event = this.inputs.received(process, input.endpoint as Endpoint, input);
    } else event = this.inputs.other(process, input as QueuedInput);
    this.inStep = true;
    try {
      if (input.kind === 'started') this.createNode(process);
      const node = process.node as Node;
      node.step(input as unknown as NodeInput);
      this.afterStep(process, node, input.kind === 'woken', event);
    } catch (error) {
      this.inStep = false;
      this.thrown(process, error);
      return;
    }
    this.inStep = false;
    process.busyUntilUs = nowUs + process.spentUs;
  }

  private createNode(process: Process): void {
    process.costNs += this.serviceTimes.startNs;
    const { seed, timeline, network, serviceTimes } = this;
    const host = new SimHost(process, { seed, timeline, network, serviceTimes });
    process.node = process.spec.create(host, { ...process.config });
  }

  private afterStep(process: Process, node: Node, woken: boolean, event: number): void {
    const atMs = node.wakeAtMs;
    if (atMs !== process.lastWakeAtMs) {
      process.lastWakeAtMs = atMs;
      process.wakeCause = event;
    }
    if (atMs === Number.POSITIVE_INFINITY) return;
    if (atMs > process.clock.monotonicMs()) process.lateWakes = 0;
    else {
      assert(atMs <= 0 || atMs > 0, 'wakeAtMs is NaN');
      if (woken) process.lateWakes += 1;
      assert(process.lateWakes < 2, 'wakeAtMs lies in the past after two `woken` steps in a row');
    }
    this.armWake(process, atMs);
  }

  /** Sees to it that a `wake` event comes no later than this. */
  private armWake(process: Process, atMs: number): void {
    if (process.wokenQueued || atMs === Number.POSITIVE_INFINITY) return;
    const times = process.wakeTimesUs;
    const { queue, nowUs } = this.timeline;
    const atUs = process.clock.simulatedUsOf(atMs, nowUs);
    if (times.length > 0 && (times[times.length - 1] as number) <= atUs) return;
    times.push(atUs);
    queue.push(atUs, Due.wake, process, process.bootCount);
  }

  private wakeDue(process: Process, boot: number): Process | null {
    if (boot !== process.bootCount || !process.alive) return null;
    process.wakeTimesUs.pop();
    const { node, clock } = process;
    if (node === null || process.wokenQueued) return null;
    if (node.wakeAtMs > clock.monotonicMsAt(this.timeline.nowUs)) {
      this.armWake(process, node.wakeAtMs);
      return null;
    }
    const input = new QueuedInput('woken');
    input.causeA = process.wakeCause;
    process.wokenQueued = true;
    process.inbox.push(input);
    return process;
  }

  /** Clocks changed: the wake-up time may come earlier. */
  clockChanged(process: Process): void {
    if (process.alive && process.node !== null) this.armWake(process, process.node.wakeAtMs);
  }

  private flushed(flush: Flush): Process | null {
    if (!flush.disk.endFlush(flush)) return null;
    const process = flush.owner as Process;
    if (!process.alive || flush.boot !== process.bootCount) return null;
    const input = new QueuedInput('flushed');
    input.ticket = flush.ticket;
    input.error = flush.error;
    input.path = flush.file.path;
    input.causeA = flush.event;
    process.inbox.push(input);
    return process;
  }

  private applyEffects(process: Process): void {
    const { effects } = process;
    if (effects.count === 0) return;
    const { timeline, network } = this;
    const { trace, digest } = timeline;
    timeline.beginStep();
    const step = timeline.steps;
    for (let i = 0; i < effects.count; i++) {
      if (timeline.steps !== step) timeline.beginStep();
      const cause = effects.causes[i] as number;
      const subject = effects.subjects[i];
      effects.applied = i + 1;
      switch (effects.kinds[i]) {
        case Effect.send:
          network.send(subject as Endpoint, effects.bytes[i] as Uint8Array, cause);
          break;
        case Effect.completed:
          trace.causedBy(cause);
          this.completed(
            process,
            effects.ids[i] as number,
            effects.counts[i] as number,
            subject as CommandResult,
          );
          break;
        case Effect.flush:
          this.startFlush(process, subject as Flush, cause);
          break;
        case Effect.connect:
          network.connect(subject as Endpoint, cause);
          break;
        case Effect.close:
          network.close(subject as Endpoint, cause);
          break;
        case Effect.unmute:
          network.unmuted(subject as Endpoint);
          break;
        case Effect.listen:
          process.listening.add(subject as string);
          break;
        case Effect.exit:
          trace.causedBy(cause);
          this.end(process, 'exit', trace.emit('node.exited', process.traceNode));
          break;
        default:
          trace.causedBy(cause);
          digest.addText(subject as string);
          this.end(
            process,
            'kill',
            trace.emit('node.halted', process.traceNode, subject as string),
          );
          process.state = 'halted';
      }
      effects.subjects[i] = null;
      effects.bytes[i] = null;
    }
    effects.count = 0;
    effects.applied = 0;
  }

  private completed(process: Process, id: number, count: number, result: CommandResult): void {
    const { trace, digest, nowUs } = this.timeline;
    const failed = result.kind === 'failed';
    const error = failed ? result.error : '';
    const kind = failed ? result.outcome : result.kind;
    let partition = '';
    let offset = -1;
    if (result.kind === 'sent') {
      partition = this.partitionName(this.asked.topicOf(id), result.partition);
      offset = result.offset;
    }
    const node = process.traceNode;
    const event = trace.record(COMPLETED, node, kind, id, error, count, partition, offset);
    digest.add(Happened.completed | (count << 8), nowUs, id, error.length);
    this.asked.completed(id, count, result, event);
  }

  /** `orders-0`, made once. */
  private partitionName(topic: string, partition: number): string {
    if (topic === '') return '';
    let names = this.partitionNames.get(topic);
    if (names === undefined) {
      names = [];
      this.partitionNames.set(topic, names);
    }
    names[partition] ??= `${topic}-${partition}`;
    return names[partition];
  }

  private startFlush(process: Process, flush: Flush, cause: number): void {
    const { trace, digest, nowUs } = this.timeline;
    if (flush.gone) return;
    trace.causedBy(cause);
    const { file, ticket, snapshot } = flush;
    const node = process.traceNode;
    flush.event = trace.emit('flush.started', node, file.path, ticket, snapshot.size);
    digest.add(Happened.flushStarted, nowUs, ticket, file.id);
    flush.disk.startFlush(flush);
  }

  /** Something came out of a step: a simulated crash, or a mistake. */
  private thrown(process: Process, error: unknown): void {
    const { trace, digest, nowUs } = this.timeline;
    if (error instanceof NodeCrashed) {
      const { spec, operation, path } = error;
      trace.causedBy(process.crashedBy);
      const event = trace.emit('node.crashed', process.traceNode, operation, path, spec.when);
      this.end(process, spec.powerCut === undefined ? 'kill' : spec.powerCut, event);
      if (spec.powerCut !== undefined) process.disk.restored('power');
      return;
    }
    const known = error instanceof Error;
    const message = known ? `${error.name}: ${error.message}` : String(error);
    const event = trace.emit('node.broken', process.traceNode, message);
    digest.addText(message);
    const stack = known ? (error.stack ?? '') : '';
    this.failures.push({ node: process.name, event, timeUs: nowUs, message, stack });
    this.end(process, 'kill', event);
    process.state = 'halted';
  }

  // The lives of processes.

  /** @param cause the event that starts it. */
  boot(process: Process, cause: number): void {
    const { timeline } = this;
    if (!process.powered) {
      process.powered = true;
      this.network.powerBack(process);
    }
    process.disk.boot();
    process.bootCount += 1;
    process.state = 'running';
    process.busyUntilUs = timeline.nowUs;
    process.lastWakeAtMs = Number.POSITIVE_INFINITY;
    const monotonicStartMs = process.faultStream.int(1, MONOTONIC_START_MAX_MS);
    process.clock.boot(monotonicStartMs, timeline.nowUs);
    const input = new QueuedInput('started');
    input.causeA = cause;
    process.give(input, timeline);
  }

  resume(process: Process): void {
    const { timeline } = this;
    process.state = process.stateBeforePause;
    if (process.readyMissed) {
      process.readyMissed = false;
      timeline.queue.push(timeline.nowUs, Due.ready, process, process.bootCount);
    } else process.poke(timeline);
  }

  /**
   * Who watches disks hears of a power cut from the caller, when it is told (`Disk.restored`).
   * @param cause the event that tells of it; 0 when it is told afterwards.
   * @returns unflushed bytes lost (power cuts).
   */
  end(process: Process, how: 'exit' | 'kill' | PowerCutStyle, cause: number): number {
    if (this.inStep) throw new InvariantBroken('the world was changed from inside a step');
    const { timeline, network } = this;
    timeline.digest.add(Happened.ended, timeline.nowUs, process.index, how.length);
    process.state = 'down';
    process.node = null;
    this.asked.forget(process);
    process.inbox.clear();
    process.effects.drop();
    process.readyArmed = false;
    process.readyMissed = false;
    process.wakeTimesUs.length = 0;
    process.wokenQueued = false;
    process.lateWakes = 0;
    process.crash = null;
    if (how === 'exit' || how === 'kill') {
      network.processEnded(process, how, cause);
      return 0;
    }
    network.powerLost(process);
    process.powered = false;
    return process.disk.cutPower(how);
  }
}
