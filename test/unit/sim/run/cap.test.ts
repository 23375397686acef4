import { beforeEach, expect, test } from 'vitest';
import type { Host, Node, NodeInput } from '../../../../kafka/host.ts';
import { ClientHistory, Outcome, type SendHistory } from '../../../../sim/check/history/history.ts';
import type { Strike } from '../../../../sim/faults/strike.ts';
import { capReports, LeaderAppends } from '../../../../sim/run/cap.ts';
import { World } from '../../../../sim/world.ts';

/** At every start it appends the next record of orders-0 as a leader. */
class Appender implements Node {
  readonly wakeAtMs = Number.POSITIVE_INFINITY;
  private readonly host: Host;
  private readonly next: () => number;
  constructor(host: Host, next: () => number) {
    this.host = host;
    this.next = next;
  }
  step(input: NodeInput): void {
    if (input.kind !== 'started') return;
    const offset = this.next();
    this.host.trace.emit('log.appended', 'orders-0', offset, offset + 1, 0, 'leader', -1, -1, -1);
  }
}

let world: World;
let appends: LeaderAppends;
let history: ClientHistory;
let sends: SendHistory;

function split(sides: readonly (readonly string[])[]): Strike {
  const cut = ['broker-1', 'broker-2'] as [string, string];
  const spec: Strike['spec'] = { at: 0, cut, oneWay: false };
  return {
    fault: 'split',
    index: 0,
    verb: 'cut',
    spec,
    timeUs: 0,
    event: 0,
    sides,
    unresolved: false,
    endedUs: 10_000_000,
  };
}

/** The broker writes the record at `offset`, and the producer is told so. */
function write(broker: string, offset: number): void {
  const row = sends.invoked(world.events, world.nowUs);
  nextOffset = offset;
  world.start(broker);
  world.runUntil(world.nowUs + 1_000_000);
  world.kill(broker);
  sends.answered(row, { event: world.events, timeUs: world.nowUs }, Outcome.ok);
  sends.landed(row, 0, offset);
  world.runUntil(world.nowUs + 1_000);
}

let nextOffset = 0;

beforeEach(() => {
  world = new World({ seed: 1, store: 'none' });
  for (const name of ['broker-1', 'broker-2']) {
    const create = (host: Host): Node => new Appender(host, () => nextOffset);
    world.addNode({ name, role: 'broker', config: {}, create, listeners: {} });
  }
  appends = new LeaderAppends(world, () => true);
  history = new ClientHistory();
  sends = history.addProducer({ name: 'p1', topic: 'orders', acks: 1, idempotent: false });
});

test('each side is credited with what its leader acknowledged, and charged with what was lost', () => {
  write('broker-1', 5);
  write('broker-2', 5);
  write('broker-2', 6);
  const lost = [new Uint8Array([1, 0, 0])];

  const [report] = capReports([split([['broker-1'], ['broker-2']])], {
    history,
    lost,
    appends,
    originUs: 0,
    clients: () => [],
  });

  expect(report?.sides.map((side) => [side.acknowledged, side.acknowledgedLost])).toEqual([
    [1, 1],
    [2, 0],
  ]);
  expect(report?.survived).toBe(false);
});

test('a producer that is on one side was answered by that side', () => {
  const row = sends.invoked(0, 0);
  for (const broker of ['broker-1', 'broker-2']) {
    nextOffset = 5;
    world.start(broker);
  }
  world.runUntil(1_000_000);
  sends.answered(row, { event: world.events, timeUs: world.nowUs }, Outcome.ok);
  sends.landed(row, 0, 5);

  const [report] = capReports([split([['broker-1', 'p1'], ['broker-2']])], {
    history,
    lost: [new Uint8Array(1)],
    appends,
    originUs: 0,
    clients: () => [],
  });

  expect(report?.sides.map((side) => side.acknowledged)).toEqual([1, 0]);
});

test('sends that were under way before the cut or answered after it do not count', () => {
  world.runUntil(9_500_000);
  write('broker-2', 5);
  const strike = split([['broker-1'], ['broker-2']]);

  const [report] = capReports([strike], {
    history,
    lost: [new Uint8Array(1)],
    appends,
    originUs: 0,
    clients: () => [],
  });

  expect(report?.sides.map((side) => side.writable)).toEqual([false, false]);
});

test('a cut that parts only clients from brokers is no network partition', () => {
  const strike = split([['p1'], ['broker-2']]);
  const clients = () => [];

  expect(capReports([strike], { history, lost: [], appends, originUs: 0, clients })).toEqual([]);
});

test('a leader on neither side serves clients all the same, and what it loses is lost', () => {
  write('broker-2', 5);

  const [report] = capReports([split([['controller-101'], ['controller-101', 'controller-102']])], {
    history,
    lost: [new Uint8Array([1])],
    appends,
    originUs: 0,
    clients: () => [],
  });

  expect(report?.sides).toMatchObject([
    { nodes: ['controller-101'], brokers: false, writable: false },
    { nodes: ['controller-102'], brokers: false, writable: false },
  ]);
  expect(report).toMatchObject({
    elsewhere: { acknowledged: 1, acknowledgedLost: 1 },
    survived: false,
  });
});

test.each([
  [
    [['a', 'b'], ['b']],
    [['a'], ['b']],
  ],
  [
    [['a'], ['a', 'b']],
    [['a'], ['b']],
  ],
  [
    [['a'], ['a']],
    [['a'], ['a']],
  ],
])('of a cut between %j a node is named on one side', (sides, named) => {
  const asControllers = (nodes: string[][]) =>
    nodes.map((side) => side.map((name) => `controller-${name}`));
  const [report] = capReports([split(asControllers(sides))], {
    history,
    lost: [new Uint8Array(0)],
    appends,
    originUs: 0,
    clients: () => [],
  });

  expect(report?.sides.map((side) => side.nodes)).toEqual(asControllers(named));
});
