import { beforeEach, describe, expect, test } from 'vitest';
import { Lasting, LINK_KINDS, sidesOf, waysOf } from '../../../../sim/faults/lasting.ts';
import type { Strike } from '../../../../sim/faults/strike.ts';
import { FaultedBrokers } from '../../../support/faulted-brokers.ts';

let brokers: FaultedBrokers;

function prepare(faults: readonly object[]): void {
  brokers = new FaultedBrokers(faults);
}

function cutAt(seconds: number): string[] {
  brokers.runTo(seconds * 1_000);
  return brokers.cutWays();
}

describe('links', () => {
  test('a link is cut while any cut holds it', () => {
    prepare([
      { at: '3s', cut: ['broker-1', 'broker-2'], for: '10s' },
      { at: '5s', cut: ['broker-1', 'broker-2'], for: '10s' },
    ]);

    expect(cutAt(13)).toEqual(['1>2', '2>1']);
    expect(cutAt(15)).toEqual([]);
    expect(brokers.plan.strikes.map((one) => brokers.scenarioMs(one.endedUs))).toEqual([
      13_000, 15_000,
    ]);
  });

  test('the end of a one-way cut mends its own direction alone', () => {
    prepare([
      { at: '3s', cut: ['broker-1', 'broker-2'], oneWay: true, for: '2s' },
      { at: '3s', cut: ['broker-2', 'broker-1'], oneWay: true, for: '20s' },
    ]);

    expect(cutAt(4)).toEqual(['1>2', '2>1']);
    expect(cutAt(5)).toEqual(['2>1']);
    expect(cutAt(23)).toEqual([]);
  });

  test('the page shows which ways are cut still', () => {
    prepare([
      { at: '1s', cut: ['broker-1', ['broker-2', 'broker-3']], for: '3s' },
      { at: '2s', cut: ['broker-2', 'broker-1'], oneWay: true, for: '6s' },
    ]);

    for (const [seconds, cut] of [
      [3, ['1>2', '1>3', '2>1', '3>1']],
      [4, ['2>1']],
      [8, []],
    ] as const) {
      expect(cutAt(seconds)).toEqual(cut);
      expect(brokers.shownCutWays()).toEqual(cut);
    }
  });

  test('an isolation leaves what a cut holds, and mends the rest', () => {
    prepare([
      { at: '3s', isolate: 'broker-1', for: '3s' },
      { at: '4s', cut: ['broker-3', 'broker-1'], oneWay: true, for: '10s' },
    ]);

    expect(cutAt(5)).toEqual(['1>2', '1>3', '2>1', '3>1']);
    expect(cutAt(6)).toEqual(['3>1']);
  });

  test('a heal takes a link from all that hold it, and ends who holds no other', () => {
    prepare([
      { at: '1s', cut: ['broker-1', ['broker-2', 'broker-3']], for: '20s' },
      { at: '2s', cut: ['broker-1', 'broker-2'], for: '20s' },
      { at: '3s', heal: ['broker-2', 'broker-1'] },
      { at: '4s', heal: ['broker-3', 'broker-1'] },
    ]);

    expect(cutAt(3)).toEqual(['1>3', '3>1']);
    expect(brokers.plan.strikes.map((one) => brokers.scenarioMs(one.endedUs))).toEqual([
      null,
      3_000,
      null,
    ]);
    expect(cutAt(4)).toEqual([]);
    expect(brokers.scenarioMs(brokers.plan.strikes[0]?.endedUs ?? null)).toBe(4_000);
  });

  test('of two delays that of the last counts, then that of the one that still lasts', () => {
    prepare([
      { at: '1s', delay: ['broker-1', ['broker-2', 'broker-3']], by: 70, for: '10s' },
      { at: '2s', delay: ['broker-1', 'broker-2'], by: 5, jitter: 2, for: '2s' },
    ]);

    brokers.runTo(3_000);
    expect(brokers.link('broker-2', 'broker-1')).toMatchObject({ addUs: 5_000, jitterUs: 2_000 });
    expect(brokers.link('broker-1', 'broker-3')).toMatchObject({ addUs: 70_000 });
    brokers.runTo(4_000);
    expect(brokers.link('broker-2', 'broker-1')).toMatchObject({ addUs: 70_000, jitterUs: 0 });
    brokers.runTo(11_000);
    expect(brokers.link('broker-2', 'broker-1').addUs).toBe(0);
  });

  test('a link that is slow one way has its full speed the other way', () => {
    prepare([
      { at: '1s', slowLink: ['broker-1', 'broker-2'], bytesPerSecond: 9, oneWay: true, for: '1s' },
    ]);

    brokers.runTo(1_000);
    expect(brokers.link('broker-1', 'broker-2').bytesPerSecond).toBe(9);
    expect(brokers.link('broker-2', 'broker-1').bytesPerSecond).toBe(brokers.fullSpeed);
    brokers.runTo(2_000);
    expect(brokers.link('broker-1', 'broker-2').bytesPerSecond).toBe(brokers.fullSpeed);
  });
});

describe('nodes', () => {
  test('a node is paused while any pause holds it', () => {
    prepare([
      { at: '3s', pause: 'broker-2', for: '2s' },
      { at: '4s', pause: 'broker-2', for: '10s' },
    ]);

    brokers.runTo(13_999);
    expect(brokers.state('broker-2')).toBe('paused');
    brokers.runTo(14_000);
    expect(brokers.state('broker-2')).toBe('running');
  });

  test('a pause ends with its process: a new one is not kept by it, nor let go', () => {
    prepare([
      { at: '1s', pause: 'broker-2', for: '10s' },
      { at: '2s', kill: 'broker-2', restartAfter: '1s' },
      { at: '4s', pause: 'broker-2', for: '2s' },
      { at: '8s', pause: 'broker-2', for: '9s' },
    ]);

    brokers.runTo(6_000);
    expect(brokers.state('broker-2')).toBe('running');
    brokers.runTo(12_000);
    expect(brokers.state('broker-2')).toBe('paused');
    brokers.runTo(17_000);
    expect(brokers.state('broker-2')).toBe('running');
  });

  test('resume ends every pause of a node', () => {
    prepare([
      { at: '1s', pause: 'broker-2', for: '10s' },
      { at: '2s', pause: ['broker-2', 'broker-3'], for: '10s' },
      { at: '3s', resume: 'broker-2' },
      { at: '4s', pause: 'broker-2', for: '20s' },
    ]);

    brokers.runTo(3_000);
    expect(brokers.state('broker-2')).toBe('running');
    expect(brokers.plan.strikes.map((one) => brokers.scenarioMs(one.endedUs)).slice(0, 2)).toEqual([
      3_000,
      null,
    ]);
    brokers.runTo(13_000);
    expect([brokers.state('broker-2'), brokers.state('broker-3')]).toEqual(['paused', 'running']);
  });

  test('the end of disk errors leaves other faults of that disk', () => {
    prepare([
      { at: '1s', failDisk: 'broker-1', operation: 'write', for: '2s' },
      { at: '2s', failDisk: 'broker-1', operation: 'read', for: '10s' },
      { at: '2s', fillDisk: 'broker-1', path: '/data', for: '20s' },
      { at: '2s', fillDisk: 'broker-1', for: '20s' },
      { at: '2s', slowDisk: 'broker-1', times: 7, for: '20s' },
      { at: '2s', loseFlush: 'broker-1', for: '20s' },
    ]);

    brokers.runTo(3_000);
    expect(brokers.disk('broker-1')).toEqual({
      fails: ['EIO read', 'ENOSPC write'],
      full: true,
      slowFactor: 7,
      lying: true,
    });
    brokers.runTo(12_000);
    expect(brokers.disk('broker-1').fails).toEqual(['ENOSPC write']);
    brokers.runTo(22_000);
    expect(brokers.disk('broker-1')).toEqual({
      fails: [],
      full: false,
      slowFactor: 1,
      lying: false,
    });
  });
});

describe('processes', () => {
  /** The seconds of 30 at whose ends broker-1 is up. */
  function upAt(faults: readonly object[], seconds: readonly number[]): boolean[] {
    prepare(faults);
    return seconds.map((at) => {
      brokers.runTo(at * 1_000 + 1);
      return brokers.state('broker-1') === 'running';
    });
  }

  test.each(['kill', 'stop', 'powerCut'])(
    '%s keeps down what an earlier fault would start',
    (verb) => {
      const faults = [
        { at: '1s', kill: 'broker-1', restartAfter: '10s' },
        { at: '3s', start: 'broker-1' },
        { at: '5s', [verb]: 'broker-1', restartAfter: '20s' },
      ];

      expect(upAt(faults, [2, 3, 5, 11, 24, 25])).toEqual([false, true, false, false, false, true]);
    },
  );

  test('a kill that gives nothing back keeps the node down for good', () => {
    const faults = [
      { at: '1s', kill: 'broker-1', restartAfter: '10s' },
      { at: '5s', kill: 'broker-1' },
      { at: '6s', powerCut: 'broker-1', restartAfter: '2s' },
      { at: '40s', start: 'broker-1' },
    ];

    expect(upAt(faults, [8, 11, 39, 40])).toEqual([false, false, false, true]);
  });

  test('a short absence within a long one changes nothing', () => {
    const faults = [
      { at: '1s', kill: 'broker-1', restartAfter: '10s' },
      { at: '5s', kill: 'broker-1', restartAfter: '1s' },
    ];

    expect(upAt(faults, [6, 10, 11])).toEqual([false, false, true]);
  });

  test('a kill within a restart is what counts, then and at later stops', () => {
    const faults = [
      { at: '1s', restart: 'broker-1' },
      { at: '1s', kill: 'broker-1', restartAfter: '2s' },
      { at: '5s', stop: 'broker-1' },
    ];

    expect(upAt(faults, [2, 3, 5, 30])).toEqual([false, true, false, false]);
  });

  test.each([
    ['stop', {}, [false, false, false]],
    ['stop', { restartAfter: '1s' }, [true, true, true]],
    ['stop', { restartAfter: '7s' }, [false, true, true]],
    ['restart', {}, [true, true, true]],
  ] as const)('a %s reaches a paused node when it goes on: %j', (verb, then, states) => {
    const faults = [
      { at: '1s', pause: 'broker-1', for: '3s' },
      { at: '2s', [verb]: 'broker-1', ...then },
    ];

    expect(upAt(faults, [3])).toEqual([false]);
    expect(brokers.state('broker-1')).toBe('paused');
    expect(upAt(faults, [5, 9, 30])).toEqual(states);
    expect(brokers.world.node('broker-1').bootCount).toBe(states[2] ? 2 : 1);
  });

  test.each([
    ['stop', { restartAfter: '1s' }],
    ['stop', {}],
    ['restart', {}],
  ] as const)('a pause holds up a %s, not what comes after it: %j', (verb, then) => {
    const faults = [
      { at: '2s', [verb]: 'broker-1', ...then },
      { at: '2s', pause: 'broker-1', for: '3s' },
      ...(verb === 'stop' && !('restartAfter' in then) ? [{ at: '4s', start: 'broker-1' }] : []),
    ];

    expect(upAt(faults, [3])).toEqual([false]);
    expect(brokers.state('broker-1')).toBe('paused');
    expect(upAt(faults, [6, 30])).toEqual([true, true]);
    expect(brokers.world.node('broker-1').bootCount).toBe(2);
  });

  test.each([
    ['stop', { restartAfter: '1s' }],
    ['restart', {}],
  ] as const)('a %s of a paused node ends with a stop for good: %j', (verb, then) => {
    const faults = [
      { at: '1s', pause: 'broker-1', for: '3s' },
      { at: '2s', [verb]: 'broker-1', ...then },
      { at: '3s', stop: 'broker-1' },
    ];

    expect(upAt(faults, [5, 30])).toEqual([false, false]);
    expect(brokers.state('broker-1')).toBe('down');
  });

  test('a stop that waits for the end of a pause ends with a kill', () => {
    const faults = [
      { at: '1s', pause: 'broker-1', for: '3s' },
      { at: '2s', stop: 'broker-1', restartAfter: '1s' },
      { at: '3s', kill: 'broker-1', restartAfter: '1s' },
      { at: '6s', pause: 'broker-1', for: '1s' },
    ];

    expect(upAt(faults, [4, 7, 30])).toEqual([true, true, true]);
  });

  test.each([
    ['restart', 'kill', true],
    ['pause', 'kill', true],
    ['crashInStep', 'kill', true],
    ['restart', 'pause', false],
    ['stop', 'pause', false],
  ])('a %s after a %s finds nobody: %s', (verb, before, isMissed) => {
    prepare([
      { at: '1s', [before]: 'broker-1' },
      { at: '2s', [verb]: 'broker-1' },
    ]);
    brokers.runTo(3_000);

    expect(brokers.plan.strikes.map((one) => one.unresolved)).toEqual([false, isMissed]);
  });

  /** A broker that does nothing calls no disk: its crash is told as if it had struck. */
  function crashNow(): void {
    const { world } = brokers;
    world.kill('broker-1');
    world.trace.emit('node.crashed', 1, 'write', '/data', 'before');
  }

  test.each([
    [{ restartAfter: '6s' }, [false, false, true]],
    [{}, [false, false, false]],
  ] as const)('a crash holds the node from when it strikes: %j', (then, states) => {
    prepare([
      { at: '1s', crashInStep: 'broker-1', ...then },
      { at: '3s', kill: 'broker-1', restartAfter: '1s' },
    ]);
    brokers.runTo(2_000);
    crashNow();

    expect(
      [4, 7, 8].map((at) => {
        brokers.runTo(at * 1_000 + 1);
        return brokers.state('broker-1') === 'running';
      }),
    ).toEqual(states);
  });

  test('a crash that was armed for the process before holds nothing', () => {
    prepare([
      { at: '1s', crashInStep: 'broker-1' },
      { at: '2s', kill: 'broker-1', restartAfter: '1s' },
      { at: '5s', kill: 'broker-1', restartAfter: '1s' },
    ]);
    brokers.runTo(4_000);
    crashNow();

    brokers.runTo(6_001);
    expect(brokers.state('broker-1')).toBe('running');
  });

  test('a crash that waits for its disk call holds nothing', () => {
    const faults = [
      { at: '1s', crashInStep: 'broker-1', restartAfter: '9s' },
      { at: '2s', kill: 'broker-1', restartAfter: '1s' },
      { at: '4s', kill: 'broker-1', restartAfter: '30s' },
    ];

    expect(upAt(faults, [2, 3, 4, 10, 33, 34])).toEqual([false, true, false, false, false, true]);
  });
});

describe('what holds', () => {
  let lasting: Lasting;
  const strike = (): Strike => ({ endedUs: null, mended: [] }) as unknown as Strike;
  const sides = { from: ['a', 'b'], to: ['c', 'd'], oneWay: false };
  beforeEach(() => {
    lasting = new Lasting();
  });

  test('says of each place that a fault leaves what counts there now', () => {
    const [weak, strong] = [strike(), strike()];
    lasting.begin(weak, { kind: 'slowCpu', places: ['a', 'b'], setting: [2] });
    lasting.begin(strong, { kind: 'slowCpu', places: ['b', 'c'], setting: [9] });

    expect(lasting.end(strong)).toEqual([
      { place: 'b', now: [2] },
      { place: 'c', now: null },
    ]);
    expect(lasting.end(weak)).toEqual([
      { place: 'a', now: null },
      { place: 'b', now: null },
    ]);
  });

  test('is not changed by faults that did not count, or set the same', () => {
    const [first, second, third] = [strike(), strike(), strike()];
    lasting.begin(first, { kind: 'delay', places: ['a'], setting: [1, 2] });
    lasting.begin(second, { kind: 'delay', places: ['a'], setting: [3, 4] });
    lasting.begin(third, { kind: 'delay', places: ['a'], setting: [3, 4] });

    expect(lasting.end(first)).toEqual([]);
    expect(lasting.end(third)).toEqual([]);
    expect(lasting.end(second)).toEqual([{ place: 'a', now: null }]);
  });

  test('a release of everything ends every fault of the kinds', () => {
    const [cut, pause] = [strike(), strike()];
    lasting.begin(cut, { kind: 'cut', places: waysOf(sides) });
    lasting.begin(pause, { kind: 'pause', places: ['a'], setting: [1] });
    lasting.releaseAll(LINK_KINDS, 77);

    expect([cut.endedUs, pause.endedUs]).toEqual([77, null]);
    expect(cut.mended).toEqual([{ timeUs: 77, places: waysOf(sides) }]);
    expect(lasting.end(cut)).toEqual([]);
  });

  test('ways are put together to as few sides as need be', () => {
    const without = waysOf(sides).filter(({ from, to }) => `${from}${to}` !== 'ca');

    expect(sidesOf(waysOf(sides), sides)).toEqual([sides]);
    expect(sidesOf(without, sides)).toEqual([
      { from: ['a'], to: ['c'], oneWay: true },
      { from: ['a'], to: ['d'], oneWay: false },
      { from: ['b'], to: ['c', 'd'], oneWay: false },
    ]);
  });
});
