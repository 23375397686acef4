import { describe, expect, test } from 'vitest';
import { addNode, at, steadyWorld } from '../small-world.ts';

describe('a step', () => {
  test('takes effect at its end, and its node is busy until then', () => {
    const world = steadyWorld();
    const a = addNode(world, 'a');
    addNode(world, 'b', (input, { host }) => {
      if (input.kind === 'started') host.network.connect(at('a'));
      if (input.kind === 'connected') {
        host.network.send(input.connection, Uint8Array.of(1));
      }
    });
    world.runUntil(1_000);

    // b starts at 10, its step ends at 20; SYN 120, a answers, 220 connected, 230 sent, 330 there.
    expect(a().timesOf('accepted')).toEqual([120]);
    expect(a().timesOf('received')).toEqual([330]);
  });

  test('inputs that come meanwhile wait and run in order', () => {
    const world = steadyWorld();
    const a = addNode(world, 'a');
    world.command('a', { kind: 'flush' }, () => {});
    world.command('a', { kind: 'flush' }, () => {});
    world.command('a', { kind: 'flush' }, () => {});
    world.runUntil(1_000);

    expect(a().timesOf('command')).toEqual([10, 20, 30]);
  });

  test('a kill before its end drops its sends and answers and keeps its disk writes', () => {
    const world = steadyWorld();
    const a = addNode(world, 'a');
    const b = addNode(world, 'b', (input, { host, told }) => {
      if (input.kind === 'started') host.network.connect(at('a'));
      if (input.kind !== 'command') return;
      host.disk.mkdir('/data');
      const file = host.disk.open('/data/x', 'create');
      host.disk.write(file, 0, Uint8Array.of(1));
      host.disk.flush(file);
      const up = told[1]!.input;
      if (up.kind === 'connected') host.network.send(up.connection, Uint8Array.of(1));
      host.completed(input.id, { kind: 'done' });
    });
    world.runUntil(1_000);
    expect(b().kinds()).toEqual(['started', 'connected']);
    let answered = 0;
    world.schedule(1_000, '', () => world.command('b', { kind: 'flush' }, () => answered++));
    world.schedule(1_005, 'the step is under way', () => world.kill('b'));
    world.runUntil(100_000);

    expect(answered).toBe(0);
    expect(b().kinds().at(-1)).toBe('command');
    expect(a().bytes()).toEqual([]);
    expect(world.node('b').disk.size('/data/x')).toBe(1);
    expect(world.node('b').disk.durableSize('/data/x')).toBe(0);
  });

  test('a slow processor takes longer', () => {
    const world = steadyWorld();
    const a = addNode(world, 'a');
    world.slowCpu('a', 5);
    for (let i = 0; i < 2; i++) world.command('a', { kind: 'flush' }, () => {});
    world.runUntil(1_000);
    expect(a().timesOf('command')).toEqual([10, 60]);
  });

  test('an error that comes out of it stops the node and is reported with its event', () => {
    const world = steadyWorld();
    addNode(world, 'a', (input) => {
      if (input.kind === 'command') throw new Error('offset 7 twice');
    });
    world.command('a', { kind: 'flush' }, () => {});
    world.runUntil(1_000);

    expect(world.node('a').state).toBe('halted');
    expect(world.node('a').node).toBeNull();
    expect(world.failures).toMatchObject([{ node: 'a', message: 'Error: offset 7 twice' }]);
    expect(world.trace.rows?.at(world.failures[0]!.event).kind).toBe('node.broken');
  });

  test('the world cannot be changed from inside one', () => {
    const world = steadyWorld();
    addNode(world, 'a', (input) => {
      if (input.kind === 'command') world.kill('a');
    });
    world.command('a', { kind: 'flush' }, () => {});
    world.runUntil(1_000);
    expect(world.failures[0]?.message).toContain('inside a step');
  });
});

describe('waking', () => {
  test('comes at the first µs at which the monotonic clock is there', () => {
    const world = steadyWorld();
    let wantedUs = 0;
    const a = addNode(world, 'a', (input, node) => {
      if (input.kind === 'started') node.wakeAtMs = node.host.clock.monotonicMs() + 7;
      else node.wakeAtMs = Number.POSITIVE_INFINITY;
      wantedUs = world.nowUs;
    });
    world.runUntil(100_000);
    expect(a().timesOf('woken')).toEqual([7_000]);
    expect(wantedUs).toBe(7_000);
  });

  test('follows a clock that runs fast', () => {
    const world = steadyWorld();
    const a = addNode(world, 'a', (input, node) => {
      if (input.kind === 'command') node.wakeAtMs = node.host.clock.monotonicMs() + 1_000;
      else node.wakeAtMs = Number.POSITIVE_INFINITY;
    });
    world.clockDrift('a', 250_000);
    world.command('a', { kind: 'flush' }, () => {});
    world.runUntil(5_000_000);
    const [wokenUs] = a().timesOf('woken');
    expect(wokenUs).toBeGreaterThan(795_000);
    expect(wokenUs).toBeLessThan(805_000);
  });

  test('a far deadline survives nearer ones', () => {
    const world = steadyWorld();
    const deadlines = [5, 3, 4, 50, 2];
    const a = addNode(world, 'a', (input, node) => {
      if (input.kind === 'woken' || input.kind === 'started') {
        const next = deadlines.shift();
        const { clock } = node.host;
        node.wakeAtMs = next === undefined ? Number.POSITIVE_INFINITY : clock.monotonicMs() + next;
      }
    });
    world.runUntil(1_000_000);
    expect(a().timesOf('woken')).toEqual([5_000, 8_000, 12_000, 62_000, 64_000]);
  });

  test('a node that leaves wakeAtMs in the past twice is broken', () => {
    const world = steadyWorld();
    addNode(world, 'a', (_, node) => {
      node.wakeAtMs = node.host.clock.monotonicMs();
    });
    world.runUntil(1_000);
    expect(world.failures[0]?.message).toContain('wakeAtMs lies in the past');
  });
});

describe('clocks', () => {
  test('a jump moves the wall clock only; an offset is absolute', () => {
    const world = steadyWorld();
    const read = () => {
      const { clock } = a().host;
      return [clock.monotonicMs(), clock.wallMs()] as const;
    };
    const a = addNode(world, 'a');
    const tick = () => {
      world.command('a', { kind: 'flush' }, () => {});
      world.runUntil(world.nowUs + 10_000);
      return read();
    };
    const [mono0, wall0] = tick();
    world.clockJump('a', { wallMs: -60_000 });
    const [mono1, wall1] = tick();
    world.clockOffset('a', 0);
    const [, wall2] = tick();

    expect(mono1 - mono0).toBe(10);
    expect(wall1 - wall0).toBe(10 - 60_000);
    expect(wall2 - wall0).toBe(20);
  });

  test('drift is exact over a day', () => {
    const world = steadyWorld();
    const a = addNode(world, 'a');
    world.clockDrift('a', -100);
    const before = a().host.clock.monotonicMs();
    world.runUntil(86_400_000_000);
    world.command('a', { kind: 'flush' }, () => {});
    world.runUntil(86_400_000_000);
    expect(a().host.clock.monotonicMs() - before).toBe(86_400_000 - 8_640);
  });

  test('each boot begins its monotonic clock elsewhere, the wall clock goes on', () => {
    const world = steadyWorld();
    const a = addNode(world, 'a');
    const mono = a().host.clock.monotonicMs();
    const wall = a().host.clock.wallMs();
    world.kill('a');
    world.start('a');
    world.runUntil(world.nowUs + 100);
    expect(a().host.clock.monotonicMs()).not.toBe(mono);
    expect(a().host.clock.wallMs()).toBe(wall);
  });
});

describe('the life of a process', () => {
  test('a pause stops everything but the clock; what waited runs afterwards', () => {
    const world = steadyWorld();
    const a = addNode(world, 'a', (input, node) => {
      if (input.kind === 'started') node.wakeAtMs = node.host.clock.monotonicMs() + 2;
      else node.wakeAtMs = Number.POSITIVE_INFINITY;
    });
    world.pause('a');
    world.command('a', { kind: 'flush' }, () => {});
    world.runUntil(50_000);
    expect(a().kinds()).toEqual(['started']);

    world.resume('a');
    world.runUntil(60_000);
    expect(a().timesOf('command')).toEqual([50_000]);
    expect(world.node('a').state).toBe('running');
  });

  test('a pause inside a step delays its effects', () => {
    const world = steadyWorld();
    let answeredUs = 0;
    addNode(world, 'a', (input, { host }) => {
      if (input.kind === 'command') host.completed(input.id, { kind: 'done' });
    });
    world.command('a', { kind: 'flush' }, () => {
      answeredUs = world.nowUs;
    });
    world.schedule(15, '', () => world.pause('a'));
    world.schedule(9_000, '', () => world.resume('a'));
    world.runUntil(20_000);
    expect(answeredUs).toBe(9_000);
  });

  test('stop, exit, start: the new boot is a new node', () => {
    const world = steadyWorld();
    const a = addNode(world, 'a', (input, { host }) => {
      if (input.kind === 'stopping') host.exit();
    });
    const first = a();
    world.stop('a');
    expect(world.node('a').state).toBe('stopping');
    world.runUntil(1_000);
    expect(world.node('a').state).toBe('down');

    world.start('a');
    world.runUntil(2_000);
    expect(a()).not.toBe(first);
    expect(world.node('a').bootCount).toBe(2);
    expect(first.kinds()).toEqual(['started', 'stopping']);
  });

  test('a node that halts is not stepped again', () => {
    const world = steadyWorld();
    const a = addNode(world, 'a', (input, { host }) => {
      if (input.kind === 'command') host.halt('no log directory left');
    });
    for (let i = 0; i < 3; i++) world.command('a', { kind: 'flush' }, () => {});
    world.runUntil(1_000);
    expect(world.node('a').state).toBe('halted');
    expect(a().kinds()).toEqual(['started', 'command']);
  });

  test('a command to a dead client is dropped and said so', () => {
    const world = steadyWorld();
    addNode(world, 'a');
    world.kill('a');
    world.command('a', { kind: 'flush' }, () => {
      throw new Error('answered by the dead');
    });
    world.runUntil(1_000);
    expect(world.trace.rows?.at(world.events).kind).toBe('command.dropped');
  });

  test('random streams do not depend on each other', () => {
    const draws = (extra: boolean) => {
      const world = steadyWorld();
      const seen: number[] = [];
      addNode(world, 'a', (_, { host }) => {
        if (extra) host.random.stream('x').uint32();
        seen.push(host.random.stream('y').uint32());
      });
      world.runUntil(100);
      return seen;
    };
    expect(draws(true)).toEqual(draws(false));
  });
});

test('actions run in the order of scheduling, before later inputs of the same µs', () => {
  const world = steadyWorld();
  const order: string[] = [];
  addNode(world, 'a', (input) => {
    if (input.kind === 'command') order.push('input');
  });
  world.schedule(500, 'one', () => {
    order.push('one');
    world.command('a', { kind: 'flush' }, () => {});
  });
  world.schedule(500, 'two', () => order.push('two'));
  world.runUntil(500);
  expect(order).toEqual(['one', 'two', 'input']);
});

test('`stop` ends a run after the event that made it true, and the run can go on', () => {
  const run = (pieces: boolean) => {
    const world = steadyWorld();
    addNode(world, 'a');
    addNode(world, 'b', (input, { host }) => {
      if (input.kind === 'started') host.network.connect(at('a'));
      if (input.kind === 'connected' || input.kind === 'received') {
        for (let i = 0; i < 3; i++) host.network.send(input.connection, Uint8Array.of(1));
      }
    });
    if (pieces) {
      for (let i = 1; i < 40; i++) world.runUntil(5_000, () => world.events >= i);
    }
    world.runUntil(5_000);
    return world.digest() + world.traceHash();
  };
  expect(run(true)).toBe(run(false));
});
