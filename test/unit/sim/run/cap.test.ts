import { beforeEach, describe, expect, test } from 'vitest';
import type { Host, Node, NodeInput } from '../../../../kafka/host.ts';
import { ClientHistory, Outcome, type SendHistory } from '../../../../sim/check/history/history.ts';
import type { Strike } from '../../../../sim/faults/strike.ts';
import { capReports, LeaderAppends } from '../../../../sim/run/cap.ts';
import type { Fate, FateOf } from '../../../../sim/run/cap-losses.ts';
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

const fate = (withIt: Fate['withIt'], others: readonly Strike[] = []): FateOf => {
  return () => ({ decidedAt: withIt === null ? null : 1, withIt, others });
};
/** Nobody tells when it went. */
const unknown = fate(null);
const withIt = fate(true);

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
    mended: [],
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
    fateOf: unknown,
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
    fateOf: unknown,
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
    fateOf: unknown,
    appends,
    originUs: 0,
    clients: () => [],
  });

  expect(report?.sides.map((side) => side.writable)).toEqual([false, false]);
});

test('a cut that parts only clients from brokers is a network partition, others of clients not', () => {
  write('broker-2', 5);
  const parts = {
    history,
    lost: [new Uint8Array(1)],
    fateOf: unknown,
    appends,
    originUs: 0,
    clients: () => [],
  };

  const [report] = capReports([split([['p2'], ['broker-1', 'broker-2', 'p1']])], parts);
  expect(report).toMatchObject({
    sides: [
      { nodes: ['p2'], brokers: false, writable: false },
      { acknowledged: 1, writable: true },
    ],
    survived: true,
  });
  expect(capReports([split([['p1'], ['controller-101']])], parts)).toEqual([]);
  expect(capReports([split([['p1'], ['p2', 'c1']])], parts)).toEqual([]);
});

describe('what was acknowledged of sends begun before the cut', () => {
  const parts = (fateOf: FateOf) => ({
    history,
    lost: [new Uint8Array([1, 1, 0])],
    fateOf,
    appends,
    originUs: 0,
    clients: () => [],
  });
  const later = (): Strike => ({
    ...split([['broker-1'], ['broker-2']]),
    timeUs: world.nowUs,
    endedUs: world.nowUs + 10_000_000,
  });

  test('is lost with the partition, or has nothing to do with it', () => {
    for (const offset of [5, 6, 7]) write('broker-1', offset);
    const [report] = capReports(
      [later()],
      parts((strike, gone) => (gone.offset === 6 ? withIt : unknown)(strike, gone)),
    );

    expect(report).toMatchObject({
      attempted: 0,
      meanwhile: { acknowledged: 0, acknowledgedLost: 0 },
      earlier: { acknowledged: 3, acknowledgedLost: 1 },
      survived: false,
    });
    expect(capReports([later()], parts(unknown))[0]?.survived).toBe(true);
  });

  test('counts until the partition is over', () => {
    const row = sends.invoked(0, 0);
    world.runUntil(1_000_000);
    const strike = later();
    world.runUntil(2_000_000);
    sends.answered(row, { event: 1, timeUs: world.nowUs }, Outcome.ok);
    sends.landed(row, 0, 5);

    expect(capReports([strike], parts(withIt))[0]?.earlier.acknowledgedLost).toBe(1);
  });

  test('is nothing where nothing was acknowledged, and nothing is said to survive', () => {
    expect(capReports([later()], parts(withIt))[0]).toMatchObject({
      earlier: { acknowledged: 0 },
      survived: null,
    });
  });
});

test('a side on which no producer that waits for answers tried is not said to be closed', () => {
  const strike = split([['broker-1'], ['broker-2', 'p1']]);
  const report = () =>
    capReports([strike], {
      history,
      lost: [new Uint8Array(1)],
      fateOf: unknown,
      appends,
      originUs: 0,
      clients: () => [],
    })[0];

  expect(report()?.sides.map((side) => side.writable)).toEqual([null, null]);
  sends.invoked(0, 0);
  expect(report()).toMatchObject({
    attempted: 1,
    sides: [{ writable: null }, { writable: false }],
  });
});

test('what was sent with acks=0 is told and lost, whoever took it', () => {
  const silent = history.addProducer({ name: 'p0', topic: 'orders', acks: 0, idempotent: false });
  const row = silent.invoked(0, 0);
  silent.answered(row, { event: 0, timeUs: 1 }, Outcome.ok);

  const [report] = capReports([split([['broker-1'], ['broker-2']])], {
    history,
    lost: [new Uint8Array(0), new Uint8Array([1])],
    fateOf: unknown,
    appends,
    originUs: 0,
    clients: () => [],
  });

  expect(report).toMatchObject({
    attempted: 0,
    meanwhile: { acknowledged: 1, acknowledgedLost: 1 },
    elsewhere: { acknowledged: 0 },
    survived: false,
  });
});

describe('what was acknowledged meanwhile and is gone', () => {
  const split2 = split([['broker-1'], ['broker-2']]);
  const reported = (fateOf: FateOf) => {
    write('broker-1', 5);
    const lost = [new Uint8Array([1])];
    const parts = { history, lost, fateOf, appends, originUs: 0, clients: () => [] };
    return capReports([split2], parts)[0];
  };

  test('is told of and not charged where it is not known to be lost with the partition', () => {
    const told = { acknowledged: 1, acknowledgedLost: 0, lostUnsure: 0, lostOtherwise: 1 };
    expect(reported(fate(false))).toMatchObject({
      sides: [told, { acknowledged: 0 }],
      meanwhile: told,
      others: [],
      survived: true,
    });
  });

  test('is charged with the names of the others where they may have taken it', () => {
    const killed: Strike = { ...split2, fault: 'crash', verb: 'kill', index: 1 };
    const told = { acknowledged: 1, acknowledgedLost: 1, lostUnsure: 1, lostOtherwise: 0 };
    expect(reported(fate(true, [killed]))).toMatchObject({
      sides: [told, { acknowledged: 0 }],
      meanwhile: told,
      others: [{ fault: 'crash', verb: 'kill' }],
      survived: null,
    });
  });
});

test('a leader on neither side serves clients all the same, and what it loses is lost', () => {
  write('broker-2', 5);

  const [report] = capReports([split([['controller-101'], ['controller-101', 'controller-102']])], {
    history,
    lost: [new Uint8Array([1])],
    fateOf: unknown,
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
    fateOf: unknown,
    appends,
    originUs: 0,
    clients: () => [],
  });

  expect(report?.sides.map((side) => side.nodes)).toEqual(asControllers(named));
});
