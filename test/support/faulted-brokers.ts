/** Three brokers that do nothing, with the faults of a scenario, and what is wrong with them now. */
import type { Host, Node, NodeInput } from '../../kafka/host.ts';
import { ClusterView } from '../../sim/cluster/cluster-view.ts';
import type { DiskErrorSpec } from '../../sim/disk/faults.ts';
import { LabFaults } from '../../sim/faults/lab-faults.ts';
import { FaultPlan } from '../../sim/faults/plan.ts';
import type { Link } from '../../sim/network/link.ts';
import type { Network } from '../../sim/network/network.ts';
import { lan } from '../../sim/network/settings.ts';
import type { Process } from '../../sim/process/process.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { TraceRows } from '../../sim/trace/rows.ts';
import { World } from '../../sim/world.ts';
import { faultsOn } from '../../viz/model/reduce/faults.ts';
import { Timeline } from '../../viz/model/timeline.ts';
import { TraceStore } from '../../viz/model/trace-store.ts';

const ORIGIN_US = 1_000_000;
export const BROKERS = ['broker-1', 'broker-2', 'broker-3'] as const;

class Idle implements Node {
  readonly wakeAtMs = Number.POSITIVE_INFINITY;
  private readonly host: Host;
  constructor(host: Host) {
    this.host = host;
  }
  step(input: NodeInput): void {
    if (input.kind === 'stopping') this.host.exit();
  }
}

/** What of a disk only its faults change. */
interface DiskInside {
  readonly errors: readonly { readonly spec: DiskErrorSpec }[];
  readonly capacityBytes: number;
  readonly usedBytes: number;
  readonly slowFactor: number;
  readonly lying: boolean;
}

export class FaultedBrokers {
  readonly world = new World({ seed: 1, store: 'rows' });
  readonly plan: FaultPlan;
  readonly fullSpeed = lan.bytesPerSecond;

  constructor(faults: readonly object[]) {
    const parsed = parseScenario({
      name: 'faulted',
      cluster: { brokers: 3, topics: [{ name: 'orders' }] },
      faults,
      runFor: '60s',
    });
    if (parsed.problems !== undefined) throw new Error(JSON.stringify(parsed.problems));
    const { world } = this;
    for (const name of BROKERS) {
      const create = (host: Host): Node => new Idle(host);
      world.addNode({ name, role: 'broker', config: {}, create, listeners: {} });
    }
    this.plan = new FaultPlan(world, new ClusterView(world), {
      acts: new LabFaults(world),
      nodes: { brokers: BROKERS, controllers: [], clients: [] },
      faults: parsed.scenario.faults,
      struck: () => {},
    });
    for (const name of BROKERS) world.start(name);
    world.runUntil(ORIGIN_US);
    this.plan.arm(ORIGIN_US);
  }

  runTo(scenarioMs: number): void {
    this.world.runUntil(ORIGIN_US + scenarioMs * 1_000);
  }

  scenarioMs(timeUs: number | null): number | null {
    return timeUs === null ? null : (timeUs - ORIGIN_US) / 1_000;
  }

  state(name: string): string {
    return this.process(name).state;
  }

  process(name: string): Process {
    return this.world.node(name) as Process;
  }

  link(from: string, to: string): Link {
    const { network } = this.world as unknown as { readonly network: Network };
    return network.link(this.process(from), this.process(to));
  }

  /** `1>2`: nothing passes from broker 1 to broker 2. */
  cutWays(): string[] {
    return ways()
      .filter(([from, to]) => this.link(from, to).cut)
      .map(([from, to]) => `${from.slice(-1)}>${to.slice(-1)}`);
  }

  /** The same, as the page makes it out of what was told. */
  shownCutWays(): string[] {
    const rows = this.world.trace.rows as TraceRows;
    const state = new Timeline(TraceStore.of(rows, null)).stateAt(this.world.events);
    const cuts = faultsOn(state, this.world.nowUs).filter((one) => one.kind === 'cut');
    return ways()
      .filter(([a, b]) =>
        cuts.some(
          ({ from, to, oneWay }) =>
            (from.includes(a) && to.includes(b)) || (!oneWay && from.includes(b) && to.includes(a)),
        ),
      )
      .map(([from, to]) => `${from.slice(-1)}>${to.slice(-1)}`);
  }

  driftPpm(name: string): number {
    return (this.process(name).clock as unknown as { readonly ppm: number }).ppm;
  }

  disk(name: string): { fails: string[]; full: boolean; slowFactor: number; lying: boolean } {
    const inside = this.process(name).disk as unknown as DiskInside;
    return {
      fails: inside.errors.map(({ spec }) => `${spec.code} ${spec.operation}`),
      full: inside.capacityBytes === inside.usedBytes,
      slowFactor: inside.slowFactor,
      lying: inside.lying,
    };
  }
}

/** Every way between two brokers. */
export function ways(): [from: string, to: string][] {
  return BROKERS.flatMap((from) =>
    BROKERS.filter((to) => to !== from).map((to): [string, string] => [from, to]),
  );
}
