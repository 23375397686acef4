/**
 * The world of a run whose brokers are processes: time passes by itself, links go through proxies,
 * and what nodes tell comes from their files of events, in the order of their clocks, a few
 * milliseconds late, but never later than what it caused. Its trace is numbered as it was heard.
 */
import { assert } from '../kafka/base/assert.ts';
import type { ClientCommand, CommandResult } from '../kafka/client/commands.ts';
import type { Codecs, CommandId, RandomStream } from '../kafka/host.ts';
import { type SystemEventKind, systemEvents } from '../kafka/trace.ts';
import type { ToldEvent } from '../server/event-file.ts';
import { SimRandom } from '../sim/engine/random.ts';
import type { DelaySpec } from '../sim/network/faults.ts';
import type { Answered } from '../sim/process/asked-commands.ts';
import type { NodeFailure } from '../sim/process/node-spec.ts';
import type { RunWorld } from '../sim/run-world.ts';
import { TraceRecorder } from '../sim/trace/recorder.ts';
import { kindOf, type TraceKind } from '../sim/trace/table.ts';
import { ClientNode } from './client-node.ts';
import type { Layout } from './layout.ts';
import type { Links } from './links.ts';
import type { Hub, RealNode } from './node.ts';
import { OsNode, type TrialCommand } from './os-node.ts';
import { TimeLine } from './time-line.ts';

/** After everything that was asked for with `scheduleFirst`. */
const LAST_RANK = Number.POSITIVE_INFINITY;

export interface RealWorldParts {
  readonly layout: Layout;
  readonly seed: string | number;
  readonly codecs: Codecs;
  readonly command: TrialCommand;
  /** Whether nodes write down their steps. */
  readonly journals: boolean;
}

export class RealWorld implements RunWorld, Hub {
  readonly runUntil = null;
  readonly trace = new TraceRecorder('rows');
  readonly nodes: readonly RealNode[];
  readonly failures: NodeFailure[] = [];
  /** Nobody counts them. */
  readonly frames = 0;
  /** What went wrong in the runner itself; the run ends with it. */
  problem: unknown = null;
  private readonly servers: readonly OsNode[];
  private readonly links: Links;
  private readonly randoms: SimRandom;
  private readonly line = new TimeLine(() => this.nowUs);
  private readonly startedMs = performance.now();
  private nextCommand = 1;
  /** Told, and not taken in yet. */
  private readonly heard: { readonly node: RealNode; readonly told: ToldEvent }[] = [];
  private hears = false;

  constructor({ layout, seed, codecs, command, journals }: RealWorldParts) {
    this.links = layout.links;
    this.randoms = new SimRandom(String(seed), 'lab/');
    this.nodes = layout.nodes.map((one, index) =>
      'links' in one
        ? new ClientNode(one, index, { hub: this, codecs })
        : new OsNode(one, index, { hub: this, command, journals }),
    );
    this.servers = this.nodes.filter((one) => one instanceof OsNode);
    for (const { name } of this.nodes) this.trace.nodeNames.push(name);
  }

  get nowUs(): number {
    return Math.floor((performance.now() - this.startedMs) * 1_000);
  }
  get events(): number {
    return this.trace.count;
  }

  /** Nothing here comes out twice. */
  digest(): string {
    return '';
  }
  traceHash(): string {
    return '';
  }

  random(label: string): RandomStream {
    return this.randoms.stream(`of/${label}`);
  }

  node(name: string): RealNode {
    const node = this.nodes.find((one) => one.name === name);
    if (node === undefined) throw new RangeError(`no node is called '${name}'`);
    return node;
  }

  // What is told.

  private emit(
    kind: TraceKind,
    traceNode: number,
    fields: readonly (string | number | undefined)[],
    timeUs = this.nowUs,
  ): number {
    const { trace } = this;
    trace.timeUs = Math.max(trace.timeUs, timeUs);
    // Which events one step of a node told is not known: each stands for itself.
    trace.step += 1;
    const [f0, f1, f2, f3, f4, f5, f6, f7] = fields;
    return trace.record(kindOf(kind), traceNode, f0, f1, f2, f3, f4, f5, f6, f7);
  }

  tell(kind: TraceKind, node: RealNode, ...fields: readonly (string | number)[]): number {
    this.hear();
    return this.emit(kind, node.index + 1, fields);
  }

  told(node: RealNode, kind: SystemEventKind, fields: readonly (string | number)[]): void {
    this.hear();
    this.emit(kind, node.index + 1, fields);
  }

  failed({ name: node }: RealNode, event: number, message: string): void {
    this.failures.push({ node, event, timeUs: this.nowUs, message, stack: message });
  }

  /**
   * Takes in what processes have told until now; at least every few ms. A node tells before it sends,
   * so that what caused another event, of a process or of a client here, has been heard before it.
   */
  hear(): void {
    if (this.hears) return;
    this.hears = true;
    const untilMs = performance.timeOrigin + performance.now();
    for (const node of this.servers) {
      for (const told of node.read()) this.heard.push({ node, told });
    }
    this.heard.sort((a, b) => a.told.timeMs - b.told.timeMs);
    const later = this.heard.findIndex(({ told }) => told.timeMs > untilMs);
    const due = this.heard.splice(0, later < 0 ? this.heard.length : later);
    for (const { node, told } of due) this.take(node, told);
    this.hears = false;
  }

  private take(node: RealNode, { timeMs, event, fields: named }: ToldEvent): void {
    const fields = systemEvents[event].fields.map(([name]) => named[name]);
    const beganMs = performance.timeOrigin + this.startedMs;
    const timeUs = Math.max(0, Math.floor((timeMs - beganMs) * 1_000));
    this.emit(event, node.index + 1, fields, timeUs);
  }

  // When.

  schedule(atUs: number, label: string, action: () => void): void {
    this.line.add({ atUs, rank: LAST_RANK, action: () => this.act(label, action) });
  }

  scheduleFirst(atUs: number, rank: number, what: { label: string; action: () => void }): void {
    this.line.add({ atUs, rank, action: () => this.act(what.label, what.action) });
  }

  /** Scenarios that ask for it are refused. */
  afterEvent(): void {
    assert(false, 'an action after an event of the real world');
  }

  private act(label: string, action: () => void): void {
    this.guard(() => {
      if (label !== '') this.emit('lab.action', 0, [label]);
      action();
    });
  }

  private guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.problem ??= error;
    }
  }

  command(name: string, command: ClientCommand, answered: Answered): CommandId {
    const node = this.node(name);
    assert(node instanceof ClientNode, 'a command for a node that is no client');
    const id = this.nextCommand as CommandId;
    const count = command.kind === 'send' ? command.records.length : 1;
    this.nextCommand += count;
    if (node.isUp) this.ask(node, command, { id, answered });
    else this.emit('command.dropped', node.index + 1, [command.kind, id, count]);
    return id;
  }

  private ask(
    node: ClientNode,
    command: ClientCommand,
    { id, answered }: { readonly id: number; readonly answered: Answered },
  ): void {
    const topic = command.kind === 'send' ? (command.records[0]?.topic ?? '') : '';
    node.ask(command, (result, place) => {
      this.guard(() => {
        this.hear();
        const event = this.emit('command.completed', node.index + 1, [
          ...outcomeFields(result, id + place),
          ...placeFields(result, topic),
        ]);
        answered(result, event, place, 1);
      });
    });
  }

  // Processes.

  start(name: string): number {
    const event = this.emit('fault.start', 0, [name]);
    this.node(name).start();
    return event;
  }

  stop(name: string): number {
    const event = this.emit('fault.stop', 0, [name]);
    this.node(name).stop();
    return event;
  }

  /** `kill -9` */
  kill(name: string): number {
    this.node(name).kill();
    this.hear();
    return this.emit('fault.kill', 0, [name]);
  }

  /** SIGSTOP */
  pause(name: string): number {
    this.node(name).pause();
    return this.emit('fault.pause', 0, [name]);
  }

  /** SIGCONT */
  resume(name: string): number {
    const event = this.emit('fault.resume', 0, [name]);
    this.node(name).resume();
    return event;
  }

  // Links.

  cut(
    from: readonly string[],
    to: readonly string[],
    { oneWay = false }: { readonly oneWay?: boolean } = {},
  ): number {
    this.links.change(from, to, { cut: true }, oneWay);
    return this.emit('fault.cut', 0, [from.join(), to.join(), yesNo(oneWay)]);
  }

  heal(
    from?: readonly string[],
    to?: readonly string[],
    { oneWay = false }: { readonly oneWay?: boolean } = {},
  ): number {
    const all = this.nodes.map(({ name }) => name);
    const [a, b] = [from ?? all, to ?? all];
    const event = this.emit('fault.heal', 0, [a.join(), b.join(), yesNo(oneWay)]);
    this.links.change(a, b, { cut: false }, oneWay);
    return event;
  }

  delay(from: readonly string[], to: readonly string[], delay: DelaySpec): number {
    const { addUs, jitterUs = 0, oneWay = false } = delay;
    const change = { delayMs: addUs / 1_000, jitterMs: jitterUs / 1_000 };
    this.links.change(from, to, change, oneWay);
    const fields = [from.join(), to.join(), yesNo(oneWay), addUs, jitterUs];
    return this.emit('fault.delay', 0, fields);
  }

  slowLink(
    from: readonly string[],
    to: readonly string[],
    bytesPerSecond: number | null,
    { oneWay = false }: { readonly oneWay?: boolean } = {},
  ): number {
    this.links.change(from, to, { bytesPerSecond }, oneWay);
    const fields = [from.join(), to.join(), bytesPerSecond ?? -1, yesNo(oneWay)];
    return this.emit('fault.slowLink', 0, fields);
  }

  resetConnections(a: readonly string[], b: readonly string[]): number {
    const count = this.links.reset(a, b);
    return this.emit('fault.resetConnections', 0, [a.join(), b.join(), count]);
  }

  restoreNetwork(): number {
    const event = this.emit('fault.restoreNetwork', 0, []);
    this.links.restore();
    return event;
  }

  // The end.

  /** From a place that cannot wait, such as the end of this process. */
  killNow(): void {
    for (const node of this.servers) node.killNow();
  }

  /** Nothing of the run is left but its folder. */
  async dispose(): Promise<void> {
    this.line.stop();
    for (const node of this.nodes) if (node instanceof ClientNode) node.kill();
    await Promise.all(this.servers.map((node) => node.dispose()));
    this.links.close();
  }
}

function outcomeFields(result: CommandResult, id: number): (string | number)[] {
  if (result.kind === 'failed') return [result.outcome, id, result.error, 1];
  return [result.kind, id, '', 1];
}

function placeFields(result: CommandResult, topic: string): (string | number)[] {
  if (result.kind !== 'sent') return ['', -1];
  return [`${topic}-${result.partition}`, result.offset];
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
