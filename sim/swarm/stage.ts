/**
 * What the moves of a drawn fault plan need to know: whom there is to strike, when, for how long.
 * Times gather around the cluster's own time-outs, where the interesting orders of events are.
 */
import type { ScenarioInput } from '../scenario/schema.ts';
import type { Draw, Weighted } from './draw.ts';
import type { SwarmTimings } from './settings.ts';
import type { SwarmShape, SwarmTopic } from './shape.ts';

export type Fault = NonNullable<ScenarioInput['faults']>[number];
type Target = string | string[];

/** Faults follow each other this closely once in a while, in ms. */
const CLOSE_MS = [0, 0, 1, 3, 10, 40, 150, 500];

export interface StageParts {
  readonly draw: Draw;
  readonly shape: SwarmShape;
  readonly timings: SwarmTimings;
  readonly clients: readonly string[];
  /** Of several stages of one seed the first: they strike the same cluster. */
  readonly beside?: Stage;
}

export class Stage {
  readonly draw: Draw;
  readonly shape: SwarmShape;
  readonly partitions: readonly string[];
  readonly brokers: readonly string[];
  readonly brokerIds: readonly number[];
  /** All nodes that are or may become voters. */
  readonly controllers: readonly string[];
  /**
   * The brokers that may lose data. In a seed that keeps its promise these are so few that every
   * committed record has a copy elsewhere, whatever happens to them.
   */
  private readonly mayLose: readonly string[];
  private readonly timings: SwarmTimings;
  private readonly clients: readonly string[];
  private lastAtMs = 0;
  private named = 0;
  private readonly names: string;

  constructor({ draw, shape, timings, clients, beside }: StageParts) {
    this.names = beside === undefined ? '' : 'plot-';
    this.draw = draw;
    this.shape = shape;
    this.timings = timings;
    this.clients = clients;
    this.brokers = Array.from({ length: shape.brokers }, (_, i) => `broker-${i + 1}`);
    this.brokerIds = Array.from({ length: shape.brokers }, (_, i) => i + 1);
    this.controllers = controllersOf(shape);
    this.partitions = shape.topics.flatMap((topic) =>
      Array.from({ length: topic.partitions }, (_, i) => `${topic.name}-${i}`),
    );
    const brokersOnly = this.brokers.filter((one) => !this.controllers.includes(one));
    const some = draw.chance(60) ? draw.some(brokersOnly, lossesSurvived(shape)) : [];
    this.mayLose = beside?.mayLose ?? some;
  }

  /** A moment of the run: any, just after the fault before, or hung on an event. */
  when(): { at: number } | { when: { event: string; count: number }; after: number } {
    const { draw } = this;
    if (draw.chance(15)) return this.trigger();
    const isClose = draw.chance(35);
    const any = draw.int(0, this.shape.runForMs);
    const at = isClose ? this.lastAtMs + draw.pick(CLOSE_MS) : any;
    this.lastAtMs = Math.min(at, this.shape.runForMs);
    return { at: this.lastAtMs };
  }

  /** A moment at or after `fromMs`. */
  later(fromMs: number, byMs: number): { at: number } {
    return { at: Math.max(0, Math.min(fromMs + byMs, this.shape.runForMs)) };
  }

  /** Ms that a fault lasts or a node stays down. */
  span(): number {
    const { draw, timings } = this;
    const { sessionTimeoutMs, lagTimeMaxMs } = timings;
    return draw.weighted([
      [draw.pick([1, 20, 80, 200, 500]), 30],
      [draw.pick([1_000, 2_000, 4_000]), 30],
      [sessionTimeoutMs + draw.int(-300, 300), 20],
      [lagTimeMaxMs + draw.int(-200, Math.floor(lagTimeMaxMs / 2)), 10],
      [sessionTimeoutMs + lagTimeMaxMs + draw.int(0, 3_000), 10],
    ]);
  }

  /** Ms after which whoever is not heard of is fenced, or lags too far behind to stay in sync. */
  outOfTheIsr(): number {
    const { draw, timings } = this;
    const { sessionTimeoutMs, lagTimeMaxMs } = timings;
    const least = draw.pick([sessionTimeoutMs, Math.min(lagTimeMaxMs * 1.5, 9_000)]);
    return Math.floor(least) + draw.pick([100, 400, 1_500]);
  }

  /** When something may begin that takes so long; the sooner, the more of it is seen. */
  startFor(lengthMs: number): number {
    const { runForMs } = this.shape;
    return this.draw.int(0, Math.max(0, Math.min(runForMs - lengthMs, Math.floor(runForMs / 2))));
  }

  /** How a follower leaves the ISR soonest: behind its leader alone, or unheard by anybody. */
  soonestOut(): { readonly alone: boolean; readonly ms: number } {
    const { draw, timings } = this;
    const lagMs = timings.lagTimeMaxMs * 1.5;
    const alone = lagMs < timings.sessionTimeoutMs + 500;
    return {
      alone,
      ms: Math.floor(alone ? lagMs : timings.sessionTimeoutMs) + draw.pick([100, 500]),
    };
  }

  /** Some faults last until the healing. */
  lasting(): { for?: number } {
    return this.draw.chance(90) ? { for: this.span() } : {};
  }

  restart(): { restartAfter?: number } {
    return this.draw.chance(90) ? { restartAfter: this.span() } : {};
  }

  /** One node or a few, by name or by their part in the cluster. */
  node(): Target {
    const { draw } = this;
    const partition = draw.pick(this.partitions);
    return draw.weighted<Target>([
      [`leader:${partition}`, 30],
      [`follower:${partition}`, 15],
      [`isr:${partition}`, 8],
      [`replicas:${partition}`, 4],
      [draw.pick(this.brokers), 25],
      ['controller:leader', 8],
      ['controller:follower', 2],
      ['controller:followers', 2],
      [draw.pick(this.controllers), 6],
      ['all:brokers', 3],
      ['all:controllers', 2],
      ['all', 1],
    ]);
  }

  /**
   * Who may be stopped uncleanly. The controller cannot tell a killed broker from one that lost
   * data: when all that are in sync or eligible were stopped uncleanly it elects the last leader
   * (KIP-966), so that where some may lose data nobody else may be killed.
   */
  killed(): Target {
    const { draw, shape, mayLose } = this;
    if (shape.promise === 'any' || mayLose.length === 0) return this.node();
    const isController = shape.roles === 'separate' && draw.chance(20);
    return isController ? draw.pick(this.controllers) : draw.pick(mayLose);
  }

  /** Whether every broker may be killed. */
  get mayKillAll(): boolean {
    return this.shape.promise === 'any' || this.mayLose.length === 0;
  }

  broker(): Target {
    const { draw } = this;
    const partition = draw.pick(this.partitions);
    return draw.weighted<Target>([
      [`leader:${partition}`, 40],
      [`follower:${partition}`, 20],
      [`isr:${partition}`, 10],
      [draw.pick(this.brokers), 30],
    ]);
  }

  /** Whether some broker of a `kept` seed may lose data. */
  get someMayLose(): boolean {
    return this.mayLose.length > 0;
  }

  /** Who may lose what was not flushed; null when nobody may. */
  loser(): Target | null {
    const { draw, shape, mayLose } = this;
    if (shape.promise === 'any') return this.node();
    // A controller flushes before it answers, so that power takes nothing from it.
    if (shape.roles === 'separate' && draw.chance(20)) return draw.pick(this.controllers);
    return mayLose.length === 0 ? null : draw.pick(mayLose);
  }

  /** A partition and its topic. */
  anyPartition(): [partition: string, topic: SwarmTopic] {
    const topic = this.draw.pick(this.shape.topics);
    return [`${topic.name}-${this.draw.int(0, topic.partitions - 1)}`, topic];
  }

  /** Who may lose its disk, or find it broken; null when nobody may. */
  diskLoser(): Target | null {
    const { draw, shape, mayLose } = this;
    if (shape.promise === 'any') return this.node();
    return mayLose.length === 0 ? null : draw.pick(mayLose);
  }

  /** Two sides of a network. */
  pair(): [Target, Target] {
    const { draw } = this;
    const from = this.side();
    let to = this.side();
    for (let i = 0; i < 8 && String(to) === String(from); i++) to = this.side();
    if (String(to) !== String(from)) return [from, to];
    return [draw.pick(this.brokers), 'all:controllers'];
  }

  /** Every node but clients, in two parts; null when there is one node only. */
  halves(): [string[], string[]] | null {
    const all = this.draw.shuffled([...new Set([...this.brokers, ...this.controllers])]);
    if (all.length < 2) return null;
    const cut = this.draw.int(1, all.length - 1);
    return [all.slice(0, cut), all.slice(cut)];
  }

  /** A name that no other fault of this plan has. */
  name(what: string): string {
    this.named += 1;
    return `${this.names}${what}-${this.named}`;
  }

  /** The name of a client that nobody else has. */
  newClient(what: string): string {
    this.named += 1;
    return `${what}${this.named}`;
  }

  /** Any node, clients included. */
  anybody(): Target {
    const { draw, clients } = this;
    return clients.length > 0 && draw.chance(8) ? `client:${draw.pick(clients)}` : this.node();
  }

  /** One of several log directories; null: the whole disk. */
  directory(): string | null {
    const { directories } = this.shape;
    return directories.length > 1 && this.draw.chance(65) ? this.draw.pick(directories) : null;
  }

  /** A few ms up to half a second, as between two faults that belong together. */
  soon(): number {
    return this.draw.pick(CLOSE_MS);
  }

  /** One of the workload, as a target; null when there is none. */
  client(): string | null {
    return this.clients.length === 0 ? null : `client:${this.draw.pick(this.clients)}`;
  }

  /** Whether every controller may be killed and lose its power. */
  get mayLoseControllers(): boolean {
    return this.shape.promise === 'any' || this.shape.roles === 'separate';
  }

  private side(): Target {
    const { draw } = this;
    const partition = draw.pick(this.partitions);
    const client = this.clients.length === 0 ? 'all:brokers' : `client:${draw.pick(this.clients)}`;
    return draw.weighted<Target>([
      [`leader:${partition}`, 25],
      [`followers:${partition}`, 12],
      [`follower:${partition}`, 8],
      [`isr:${partition}`, 4],
      [draw.pick(this.brokers), 20],
      ['all:brokers', 5],
      ['all:controllers', 10],
      [draw.pick(this.controllers), 6],
      ['controller:leader', 6],
      ['controller:followers', 4],
      [client, 6],
    ]);
  }

  private trigger(): { when: { event: string; count: number }; after: number } {
    const { draw } = this;
    const partition = draw.pick(this.partitions);
    const events: Weighted<{ event: string; partition?: string }> = [
      [{ event: 'leader.elected', partition }, 20],
      [{ event: 'leader.started', partition }, 20],
      [{ event: 'isr.changed', partition }, 15],
      [{ event: 'isr.proposed', partition }, 15],
      [{ event: 'broker.fenced' }, 8],
      [{ event: 'broker.registered' }, 8],
      [{ event: 'broker.unfenced' }, 8],
      [{ event: 'controller.activated' }, 8],
      [{ event: 'controller.resigned' }, 4],
      [{ event: 'metadata.snapshot' }, 4],
      [{ event: 'replicas.changed', partition }, 5],
      [{ event: 'follower.started', partition }, 5],
      [{ event: 'directory.assigned', partition }, 2],
      [{ event: 'replica.deleted', partition }, 3],
      [{ event: 'broker.leaving' }, 3],
      [{ event: 'produce.duplicate', partition }, 2],
      [{ event: 'log.truncated', partition }, 10],
      [{ event: 'log.recovered', partition }, 8],
      [{ event: 'fetch.diverged' }, 6],
      [{ event: 'client.retried' }, 6],
      [{ event: 'log.dir.failed' }, 3],
    ];
    const when = { ...draw.weighted(events), count: draw.pick([1, 1, 2, 3]) };
    return { when, after: draw.pick(CLOSE_MS) };
  }
}

function controllersOf(shape: SwarmShape): string[] {
  const isCombined = shape.roles === 'combined';
  const own = isCombined ? 0 : shape.controllers;
  const voters = Array.from({ length: shape.controllers }, (_, i) =>
    isCombined ? `broker-${i + 1}` : `controller-${101 + i}`,
  );
  const spares = Array.from(
    { length: shape.spareControllers },
    (_, i) => `controller-${101 + own + i}`,
  );
  return [...voters, ...spares];
}

/**
 * How many brokers may lose data, at whatever times, without a promise being broken. A committed
 * record is on min.insync.replicas brokers, and eligible leader replicas keep one of them in
 * charge; without these not even the last in-sync replica may lose anything.
 */
function lossesSurvived(shape: SwarmShape): number {
  if (!shape.eligibleLeaderReplicas) return 0;
  const least = shape.topics.map((one) => Math.min(one.minInSyncReplicas, one.replicationFactor));
  return Math.min(...least) - 1;
}
