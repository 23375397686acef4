/**
 * Carries out a scenario's faults: hangs timed ones on the time line and the others on their
 * events, resolves targets at the moment of the strike, ends what lasts only for a while, and
 * heals everything at the end. What it did is in `strikes`.
 */
import type { ClusterView } from '../cluster/cluster-view.ts';
import { Rank } from '../engine/after-events.ts';
import type { RunWorld } from '../run-world.ts';
import type { FaultActs } from './fault-acts.ts';
import type { Strike } from './strike.ts';
import { resolveTarget, type TargetView } from './targets.ts';
import { whenItComes } from './triggers.ts';
import { type FaultSpec, type FaultVerb, faultNames, targetsOf, verbOf } from './verbs.ts';

export interface PlanNodes {
  readonly brokers: readonly string[];
  readonly controllers: readonly string[];
  readonly clients: readonly string[];
}

export class FaultPlan {
  readonly strikes: Strike[] = [];
  private readonly acts: FaultActs;
  private readonly world: RunWorld;
  private readonly view: ClusterView;
  private readonly nodes: PlanNodes;
  private readonly faults: FaultSpec[];
  private readonly names: string[];
  private readonly targets: TargetView;
  private readonly told: (strike: Strike) => void;
  private over = false;
  /** When scenario time 0 is. */
  private originUs = 0;

  constructor(
    world: RunWorld,
    view: ClusterView,
    parts: {
      acts: FaultActs;
      nodes: PlanNodes;
      faults: readonly FaultSpec[];
      /** Told of every strike as it happens. */
      struck: (strike: Strike) => void;
    },
  ) {
    this.world = world;
    this.view = view;
    this.nodes = parts.nodes;
    this.faults = [...parts.faults];
    this.told = parts.struck;
    this.names = faultNames(parts.faults);
    this.acts = parts.acts;
    this.targets = this.targetView();
  }

  /** Call at the end of the warm-up, before anything else is put on the time line. */
  arm(originUs: number): void {
    this.originUs = originUs;
    this.faults.forEach((spec, index) => {
      this.strikeAtItsTime(spec, index);
    });
    this.faults.forEach((spec, index) => {
      if (spec.when !== undefined) this.hang(spec, index, spec.when);
    });
    this.faults.forEach((spec, index) => {
      if (spec.afterEvent === undefined || spec.afterEvent <= this.world.events) return;
      this.strikeAfterItsEvent(spec, index);
    });
  }

  /**
   * A fault that is thought of while the run goes on: what comes after is as if it had been among
   * the faults of the scenario from the beginning. It has a time to come, or follows the newest
   * event or a later one; to wait for a trigger it is too late.
   */
  add(spec: FaultSpec): void {
    const index = this.faults.length;
    this.faults.push(spec);
    this.names.push(spec.name ?? String(index));
    this.strikeAtItsTime(spec, index);
    if (spec.afterEvent !== undefined) this.strikeAfterItsEvent(spec, index);
  }

  /** Ends every fault and starts every node that is down; later triggers are ignored. */
  healAll(): void {
    this.over = true;
    this.acts.healAll(this.strikes);
    for (const strike of this.strikes) strike.endedUs ??= this.world.nowUs;
  }

  /** Faults that had to strike and never did, although the run is over: their event did not come. */
  notStruck(): string[] {
    const struck = new Set(this.strikes.map((one) => one.index));
    return this.names.filter(
      (_, index) => !struck.has(index) && this.faults[index]?.mayMiss !== true,
    );
  }

  private strikeAtItsTime(spec: FaultSpec, index: number): void {
    if (spec.at === undefined) return;
    const { label, strike: action } = this.due(spec, index);
    this.world.scheduleFirst(this.originUs + spec.at * 1_000, Rank.fault, { label, action });
  }

  private strikeAfterItsEvent(spec: FaultSpec, index: number): void {
    const { label, strike } = this.due(spec, index);
    this.world.afterEvent(spec.afterEvent ?? 0, label, strike);
  }

  private due(spec: FaultSpec, index: number): { label: string; strike: () => void } {
    const verb = verbOf(spec) as FaultVerb;
    const words = targetsOf(spec).map((one) => one.target);
    const label = `fault ${this.names[index]}: ${verb} ${words.join(' | ') || 'all'}`;
    const strike = () => {
      if (!this.over) this.strike(spec, index, verb);
    };
    return { label, strike };
  }

  private hang(spec: FaultSpec, index: number, when: NonNullable<FaultSpec['when']>): void {
    whenItComes(this.world, when, (timeUs) => {
      if (this.over) return;
      const { label, strike } = this.due(spec, index);
      this.world.schedule(timeUs + (spec.after ?? 0) * 1_000, label, strike);
    });
  }

  private strike(spec: FaultSpec, index: number, verb: FaultVerb): void {
    const { world } = this;
    const { sides, unmatched } = this.resolve(spec);
    if (verb === 'isolate') sides.push(this.everyoneBut(sides[0] as string[]));
    const unresolved = unmatched || this.acts.findsNothing(spec, sides[0] ?? []);
    const strike: Strike = {
      fault: this.names[index] as string,
      index,
      verb,
      spec,
      timeUs: world.nowUs,
      event: world.events,
      sides,
      unresolved,
      endedUs: null,
      mended: [],
    };
    this.strikes.push(strike);
    this.told(strike);
    if (unresolved) return;
    this.acts.perform(strike);
  }

  private resolve(spec: FaultSpec): { sides: string[][]; unmatched: boolean } {
    const sides: string[][] = [];
    let unmatched = false;
    for (const { target, side } of targetsOf(spec)) {
      const nodes = resolveTarget(target, this.targets);
      if (nodes.length === 0) unmatched = true;
      sides[side] = [...new Set([...(sides[side] ?? []), ...nodes])];
    }
    return { sides, unmatched };
  }

  private everyoneBut(nodes: readonly string[]): string[] {
    const { brokers, controllers, clients } = this.nodes;
    return [...brokers, ...controllers, ...clients].filter((name) => !nodes.includes(name));
  }

  private targetView(): TargetView {
    const { view, nodes } = this;
    return {
      ...nodes,
      activeController: () => view.activeController(),
      leader: (partition) => view.partition(partition)?.leader ?? null,
      replicas: (partition) => view.partition(partition)?.replicas ?? [],
      inSyncReplicas: (partition) => view.partition(partition)?.inSyncReplicas ?? [],
      struckBy: (fault) => {
        const strike = this.strikes.findLast((one) => one.fault === fault);
        return strike?.sides[0] ?? [];
      },
    };
  }
}
