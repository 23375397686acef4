import { describe, expect, test } from 'vitest';
import type { NodeInput } from '../../../../kafka/host.ts';
import { addNode, at, type FakeNode, request, response, steadyWorld } from '../small-world.ts';

/** Connects to `a` at once and sends one byte per command. */
function sender(input: NodeInput, node: FakeNode): void {
  if (input.kind === 'started') node.host.network.connect(at('a'));
  if (input.kind !== 'command') return;
  const up = node.told.find((each) => each.input.kind === 'connected')?.input;
  if (up?.kind === 'connected') node.host.network.send(up.connection, Uint8Array.of(1));
}

function pair() {
  const world = steadyWorld();
  const a = addNode(world, 'a');
  const b = addNode(world, 'b', sender);
  world.runUntil(1_000);
  const send = () => world.command('b', { kind: 'flush' }, () => {});
  const runFor = (us: number) => world.runUntil(world.nowUs + us);
  return { world, a, b, send, runFor };
}

describe('a connection', () => {
  test('of a killed process is reset at its peers', () => {
    const { world, b, runFor } = pair();
    world.kill('a');
    runFor(1_000);
    expect(b().reasons()).toEqual(['reset']);
  });

  test('is half open after a power cut, until bytes meet the next boot', () => {
    const { world, b, send, runFor } = pair();
    world.powerCut('a');
    runFor(5_000_000);
    send();
    runFor(5_000_000);
    expect(b().reasons()).toEqual([]);

    world.start('a');
    runFor(1_000);
    expect(b().reasons()).toEqual(['reset']);
  });

  test('to a machine without power stays unanswered and fails after the last try', () => {
    const { world, runFor } = pair();
    world.powerCut('a');
    const c = addNode(world, 'c', sender);
    runFor(100_000_000);
    expect(c().reasons()).toEqual([]);
    runFor(30_000_000);
    expect(c().reasons()).toEqual(['unreachable']);
  });

  test('to a machine whose process is down is refused', () => {
    const { world, runFor } = pair();
    world.kill('a');
    const c = addNode(world, 'c', sender);
    runFor(1_000);
    expect(c().reasons()).toEqual(['refused']);
  });

  test('to an unknown host is unreachable', () => {
    const { world, runFor } = pair();
    const c = addNode(world, 'c', (input, { host }) => {
      if (input.kind === 'started') host.network.connect(at('nowhere'));
    });
    runFor(1_000);
    expect(c().reasons()).toEqual(['unreachable']);
  });

  test('across a cut comes up with the next try after the heal', () => {
    const { world, runFor } = pair();
    world.addNode({
      name: 'c',
      role: 'client',
      config: {},
      listeners: {},
      create: (host) => {
        host.network.connect(at('a'));
        return { step: (input) => void kinds.push(input.kind), wakeAtMs: Infinity };
      },
    });
    const kinds: string[] = [];
    world.cut(['c'], ['a', 'b']);
    world.start('c');
    runFor(500_000);
    world.heal();
    runFor(400_000);
    expect(kinds).toEqual(['started']);
    runFor(200_000);
    expect(kinds).toEqual(['started', 'connected']);
  });

  test('to itself has two ends', () => {
    const world = steadyWorld();
    const a = addNode(world, 'a', (input, { host }) => {
      if (input.kind === 'started') host.network.connect(at('a'));
      if (input.kind === 'connected') host.network.send(input.connection, Uint8Array.of(5));
    });
    world.runUntil(2_000);
    expect(a().kinds()).toEqual(['started', 'accepted', 'connected', 'received']);
    expect(world.node('a').connectionCount).toBe(2);
  });
});

describe('a cut', () => {
  test('holds bytes, which flood in after the heal', () => {
    const { world, a, send, runFor } = pair();
    world.cut(['a'], ['b']);
    for (let i = 0; i < 3; i++) send();
    runFor(1_000_000);
    expect(a().bytes()).toEqual([]);
    world.heal(['b'], ['a']);
    runFor(1_000);
    expect(a().bytes()).toEqual([1, 1, 1]);
  });

  test('one way lets the other way pass', () => {
    const { world, a, send, runFor } = pair();
    world.cut(['a'], ['b'], { oneWay: true });
    send();
    runFor(1_000);
    expect(a().bytes()).toEqual([1]);
  });

  test('holds the news of a kill too', () => {
    const { world, b, runFor } = pair();
    world.cut(['a'], ['b']);
    world.kill('a');
    runFor(1_000_000);
    expect(b().reasons()).toEqual([]);
    world.heal();
    runFor(1_000);
    expect(b().reasons()).toEqual(['reset']);
  });

  test('and a power cut together lose what was on its way', () => {
    const { world, a, send, runFor } = pair();
    world.cut(['a'], ['b']);
    send();
    runFor(1_000);
    world.powerCut('b');
    world.heal();
    runFor(1_000_000);
    expect(a().bytes()).toEqual([]);
  });
});

test('a stall ends by itself', () => {
  const { world, a, send, runFor } = pair();
  world.stall(['a'], ['b'], { forUs: 50_000 });
  send();
  runFor(49_000);
  expect(a().bytes()).toEqual([]);
  runFor(2_000);
  expect(a().bytes()).toEqual([1]);
});

test('a delay adds to the latency, a slow link makes bytes wait for each other', () => {
  const { world, a, send, runFor } = pair();
  world.delay(['a'], ['b'], { addUs: 7_000 });
  send();
  runFor(20_000);
  expect(a().timesOf('received')).toEqual([1_000 + 10 + 7_100]);

  world.delay(['a'], ['b'], { addUs: 0 });
  world.slowLink(['a'], ['b'], 1_000);
  const from = world.nowUs;
  for (let i = 0; i < 3; i++) send();
  runFor(20_000);
  const times = a().timesOf('received').slice(1);
  expect(times).toEqual([from + 1_110, from + 2_110, from + 3_110]);
});

test('what waits for a slow link goes on when it is fast again', () => {
  const { world, a, send, runFor } = pair();
  world.slowLink(['a'], ['b'], 1_000);
  const from = world.nowUs;
  for (let i = 0; i < 3; i++) send();
  runFor(1_500);
  world.slowLink(['a'], ['b'], null);
  runFor(20_000);
  const [first, ...others] = a().timesOf('received');
  expect(first).toBe(from + 1_110);
  expect(others).toHaveLength(2);
  for (const time of others) expect(time).toBeLessThan(from + 2_110);
  expect(a().bytes()).toEqual([1, 1, 1]);
});

describe('holding frames', () => {
  function kafkaPair() {
    const world = steadyWorld();
    const a = addNode(world, 'a', (input, { host }) => {
      if (input.kind !== 'received') return;
      host.network.send(input.connection, response(input.bytes[11]!));
    });
    const b = addNode(world, 'b', (input, { host }) => {
      if (input.kind === 'started') host.network.connect(at('a'));
      if (input.kind !== 'connected') return;
      host.network.send(input.connection, request(3, 1));
      host.network.send(input.connection, request(0, 2));
      host.network.send(input.connection, request(1, 3));
    });
    return { world, a, b };
  }
  const correlationIds = (node: FakeNode, byte: number) =>
    node.told.flatMap(({ input }) => (input.kind === 'received' ? [input.bytes[byte]] : []));

  test('by API key stops the request and what comes behind it', () => {
    const { world, a, b } = kafkaPair();
    const hold = world.hold({ apiKey: 0, direction: 'request' });
    world.runUntil(10_000);
    expect(correlationIds(a(), 11)).toEqual([1]);

    world.release(hold);
    world.runUntil(20_000);
    expect(correlationIds(a(), 11)).toEqual([1, 2, 3]);
    expect(correlationIds(b(), 7)).toEqual([1, 2, 3]);
  });

  test('by API key knows the response, by its correlation id', () => {
    const { world, a, b } = kafkaPair();
    world.hold({ apiKey: 0, direction: 'response' });
    world.runUntil(10_000);
    expect(correlationIds(a(), 11)).toEqual([1, 2, 3]);
    expect(correlationIds(b(), 7)).toEqual([1]);
  });

  test('what two holds stop passes when both have let go', () => {
    const { world, a } = kafkaPair();
    const all = world.hold({ from: ['b'] });
    const produce = world.hold({ apiKey: 0, direction: 'request' });
    world.runUntil(10_000);
    expect(correlationIds(a(), 11)).toEqual([]);

    world.release(all);
    world.runUntil(20_000);
    expect(correlationIds(a(), 11)).toEqual([1]);

    world.release(produce);
    world.runUntil(30_000);
    expect(correlationIds(a(), 11)).toEqual([1, 2, 3]);
  });

  test('can look into the frame', () => {
    const { world, a } = kafkaPair();
    world.hold({ matches: (frame) => frame.apiVersion === 1 && frame.bytes[11] === 3 });
    world.runUntil(10_000);
    expect(correlationIds(a(), 11)).toEqual([1, 2]);
  });

  test('frames are traced with their API key, and are the parents of what they bring', () => {
    const { world } = kafkaPair();
    world.runUntil(10_000);
    const rows = world.trace.rows!;
    const events = Array.from({ length: rows.count }, (_, i) => rows.at(i + 1));
    const sent = events.filter(({ kind }) => kind === 'frame.sent');
    expect(sent.map(({ fields }) => fields.slice(0, 4))).toEqual([
      ['a', 'request', 3, 1],
      ['a', 'request', 0, 2],
      ['a', 'request', 1, 3],
      ['b', 'response', 3, 1],
      ['b', 'response', 0, 2],
      ['b', 'response', 1, 3],
    ]);
    const received = events.filter(({ kind }) => kind === 'input.received');
    expect(received.map(({ parents }) => parents)).toEqual(sent.map(({ event }) => [event]));
    expect(world.frames).toBe(6);
  });
});

test('a paused receiver fills its window, then the sender must wait', () => {
  const { world, a, b, runFor } = pair();
  world.pause('a');
  const connection = b().told.find(({ input }) => input.kind === 'connected')!.input;
  const id = connection.kind === 'connected' ? connection.connection : (0 as never);
  const piece = 1_000_000;
  for (let i = 0; i < 8; i++) {
    world.schedule(world.nowUs, '', () => {
      b().host.network.send(id, new Uint8Array(piece));
      world.command('b', { kind: 'flush' }, () => {});
    });
    runFor(10_000);
  }
  expect(b().host.network.bufferedBytes(id)).toBeGreaterThan(2 * piece);

  world.resume('a');
  runFor(100_000);
  const lengths = a().told.map(({ input }) => (input.kind === 'received' ? input.bytes.length : 0));
  expect(lengths.reduce((sum, length) => sum + length)).toBe(8 * piece + 8);
  expect(b().host.network.bufferedBytes(id)).toBe(0);
  expect(b().kinds()).toContain('drained');
});
