import { beforeEach, describe, expect, test } from 'vitest';
import type { Host, Node, NodeInput } from '../../../../kafka/host.ts';
import { ClusterView } from '../../../../sim/cluster/cluster-view.ts';
import { LabFaults } from '../../../../sim/faults/lab-faults.ts';
import { FaultPlan } from '../../../../sim/faults/plan.ts';
import type { Strike } from '../../../../sim/faults/strike.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import { World } from '../../../../sim/world.ts';

const SECOND_US = 1_000_000;
const ORIGIN_US = SECOND_US;
const brokers = ['broker-1', 'broker-2', 'broker-3'];

/** Broker 1 speaks for a controller: at its first start partition orders-0 gets leader 2. */
class Puppet implements Node {
  readonly wakeAtMs = Number.POSITIVE_INFINITY;
  private readonly host: Host;
  private readonly speaks: boolean;
  constructor(host: Host, speaks: boolean) {
    this.host = host;
    this.speaks = speaks;
  }
  step(input: NodeInput): void {
    if (input.kind === 'stopping') this.host.exit();
    if (input.kind !== 'started' || !this.speaks) return;
    this.host.trace.emit('leader.elected', 'orders-0', 2, 0, '1,2,3', '', 'created');
  }
}

let world: World;
let plan: FaultPlan;
let told: Strike[];

function prepare(faults: readonly object[]): void {
  const parsed = parseScenario({
    name: 'plan',
    cluster: { brokers: 3, topics: [{ name: 'orders' }] },
    faults,
    runFor: '60s',
  });
  expect(parsed.problems).toBeUndefined();
  world = new World({ seed: 1, store: 'none' });
  for (const name of brokers) {
    const create = (host: Host): Node => new Puppet(host, name === 'broker-1');
    world.addNode({ name, role: 'broker', config: {}, create, listeners: {} });
  }
  const view = new ClusterView(world);
  told = [];
  plan = new FaultPlan(world, view, {
    acts: new LabFaults(world),
    nodes: { brokers, controllers: [], clients: [] },
    faults: parsed.scenario!.faults,
    struck: (strike) => told.push(strike),
  });
  for (const name of brokers) world.start(name);
  world.runUntil(ORIGIN_US);
  plan.arm(ORIGIN_US);
}

function runTo(scenarioMs: number): void {
  world.runUntil(ORIGIN_US + scenarioMs * 1_000);
}

function states(): string[] {
  return brokers.map((name) => world.node(name).state);
}

describe('a fault', () => {
  test('strikes the nodes that its target means at that moment, and is told with them', () => {
    prepare([{ at: '2s', kill: 'leader:orders-0' }]);

    runTo(1_999);
    expect(states()).toEqual(['running', 'running', 'running']);
    runTo(2_000);

    expect(states()).toEqual(['running', 'down', 'running']);
    expect(told[0]).toMatchObject({ timeUs: ORIGIN_US + 2_000_000, sides: [['broker-2']] });
  });

  test('with restartAfter starts the same nodes again', () => {
    prepare([{ at: '2s', powerCut: 'leader:orders-0', restartAfter: '3s' }]);

    runTo(4_999);
    expect(states()).toEqual(['running', 'down', 'running']);
    runTo(5_000);

    expect(world.node('broker-2').bootCount).toBe(2);
  });

  test('whose target matches nothing strikes nobody and is reported', () => {
    prepare([
      { at: '1s', stop: 'broker-3', name: 'gone' },
      { at: '2s', flipBit: 'struck:gone', file: 'nowhere' },
    ]);

    runTo(3_000);

    expect(plan.strikes.map((one) => one.unresolved)).toEqual([false, true]);
  });

  test('hung on an event strikes after it, once', () => {
    prepare([
      { at: '1s', kill: 'broker-2' },
      { at: '4s', start: 'broker-2' },
      { at: '6s', kill: 'broker-2' },
      { when: { event: 'fault.kill', target: 'broker-2' }, after: 500, pause: 'broker-3' },
    ]);

    runTo(1_499);
    expect(states()[2]).toBe('running');
    runTo(1_500);
    expect(states()[2]).toBe('paused');
    runTo(10_000);

    expect(plan.strikes.filter((one) => one.verb === 'pause')).toHaveLength(1);
  });

  test('may wait for the n-th event', () => {
    prepare([
      { at: '1s', kill: 'broker-1' },
      { at: '2s', kill: 'broker-2' },
      { when: { event: 'fault.kill', count: 2 }, pause: 'broker-3' },
    ]);

    runTo(1_500);
    expect(states()[2]).toBe('running');
    runTo(2_000);
    expect(states()[2]).toBe('paused');
  });

  test('that lasts ends by itself', () => {
    prepare([{ at: '1s', pause: 'broker-1', for: '2s' }]);

    runTo(2_999);
    expect(states()[0]).toBe('paused');
    runTo(3_000);

    expect(states()[0]).toBe('running');
    expect(plan.strikes[0]?.endedUs).toBe(ORIGIN_US + 3_000_000);
  });

  test('that restarts waits for the end of the shutdown', () => {
    prepare([{ at: '1s', restart: 'broker-1' }]);

    runTo(2_000);

    expect(states()[0]).toBe('running');
    expect(world.node('broker-1').bootCount).toBe(2);
  });
});

describe('faults of one instant', () => {
  test('strike in the order of the list', () => {
    prepare([
      { at: '1s', kill: 'broker-1' },
      { at: '1s', start: 'broker-1' },
      { at: '1s', pause: 'broker-2' },
    ]);

    runTo(1_001);

    expect(plan.strikes.map((one) => one.verb)).toEqual(['kill', 'start', 'pause']);
    expect(world.node('broker-1').bootCount).toBe(2);
  });
});

describe('healing', () => {
  beforeEach(() => {
    prepare([
      { at: '1s', powerCut: 'broker-1' },
      { at: '1s', pause: 'broker-2', for: '50s' },
      { at: '1s', cut: ['broker-1', 'broker-3'], name: 'split' },
      { at: '30s', kill: 'all:brokers' },
    ]);
    runTo(5_000);
    plan.healAll();
    runTo(40_000);
  });

  test('brings every node back and ends what lasts', () => {
    expect(states()).toEqual(['running', 'running', 'running']);
    expect(plan.strikes.every((one) => one.endedUs !== null)).toBe(true);
  });

  test('makes later faults void, and says that they never struck', () => {
    expect(plan.strikes).toHaveLength(3);
    expect(plan.notStruck()).toEqual(['3']);
  });
});

test('a crash inside a step that takes the power is a crash inside a step', () => {
  prepare([{ at: '1s', crashInStep: 'broker-2', powerCut: 'drop-all' }]);
  runTo(1_000);

  expect(told).toMatchObject([{ verb: 'crashInStep', sides: [['broker-2']], unresolved: false }]);
});

test('a fault that may miss is no problem when its event never comes', () => {
  const when = { event: 'leader.elected', partition: 'orders-0', count: 9 };
  prepare([
    { when, kill: 'broker-2', mayMiss: true },
    { when, kill: 'broker-3', name: 'wanted' },
  ]);
  runTo(1_000);

  expect(plan.notStruck()).toEqual(['wanted']);
});

test('a cut is over when a heal covers its links, not before', () => {
  prepare([
    { at: '1s', cut: ['broker-1', ['broker-2', 'broker-3']], name: 'split' },
    { at: '2s', heal: ['broker-1', 'broker-2'] },
    { at: '3s', heal: 'broker-1' },
  ]);

  runTo(2_500);
  expect(plan.strikes[0]?.endedUs).toBeNull();
  runTo(3_500);
  expect(plan.strikes[0]?.endedUs).toBe(ORIGIN_US + 3_000_000);
});
