/** Whatever the network does to a connection, bytes come in order, whole, and only once. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConnectionId, Host, Node, NodeInput } from '../../kafka/host.ts';
import { lan } from '../../sim/network/settings.ts';
import { World } from '../../sim/world.ts';

const PORT = 9_092;

/** Sends the numbers 0, 1, 2 … as single bytes, in pieces, in both directions. */
class Talker implements Node {
  wakeAtMs = Number.POSITIVE_INFINITY;
  readonly got: number[] = [];
  readonly ends: string[] = [];
  private readonly host: Host;
  private connection: ConnectionId | null = null;
  private sent = 0;

  constructor(host: Host, connectTo: string | null) {
    this.host = host;
    if (connectTo === null) host.network.listen('PLAINTEXT');
    else host.network.connect({ host: connectTo, port: PORT });
  }

  step(input: NodeInput): void {
    if (input.kind === 'connected' || input.kind === 'accepted') {
      this.connection = input.connection;
      this.wakeAtMs = this.host.clock.monotonicMs() + 1;
    } else if (input.kind === 'received') this.got.push(...input.bytes);
    else if (input.kind === 'disconnected') {
      this.ends.push(input.reason);
      this.wakeAtMs = Number.POSITIVE_INFINITY;
    } else if (input.kind === 'woken') this.talk();
  }

  private talk(): void {
    if (this.connection === null) return;
    const length = 1 + (this.sent % 37);
    const bytes = Uint8Array.from({ length }, () => this.sent++ & 255);
    this.host.network.send(this.connection, bytes);
    this.wakeAtMs =
      this.sent < 3_000 ? this.host.clock.monotonicMs() + 1 : Number.POSITIVE_INFINITY;
  }
}

const talkers = new Map<string, Talker>();

function worldOfTwo(seed: string): World {
  const world = new World({
    seed,
    store: 'none',
    network: { ...lan, splitOneIn: 3, mergeOneIn: 3, tailOneIn: 8, receiveWindowBytes: 200 },
  });
  for (const name of ['a', 'b']) {
    world.addNode({
      name,
      role: 'broker',
      config: {},
      listeners: { PLAINTEXT: PORT },
      create: (host) => {
        const talker = new Talker(host, name === 'a' ? null : 'a');
        talkers.set(name, talker);
        return talker;
      },
    });
    world.start(name);
    world.runUntil(world.nowUs + 30_000);
  }
  return world;
}

const fault = fc.record({
  afterUs: fc.nat(60_000),
  what: fc.constantFrom(
    'cut',
    'cut one way',
    'heal',
    'stall',
    'delay',
    'slow',
    'normal speed',
    'pause',
    'resume',
    'hold',
    'release',
    'slow cpu',
  ),
});

function strike(world: World, what: string, holds: number[]): void {
  const [a, b] = [['a'], ['b']];
  if (what === 'cut') world.cut(a, b);
  else if (what === 'cut one way') world.cut(b, a, { oneWay: true });
  else if (what === 'heal') world.heal();
  else if (what === 'stall') world.stall(a, b, { forUs: 30_000 });
  else if (what === 'delay') world.delay(a, b, { addUs: 9_000, jitterUs: 20_000 });
  else if (what === 'slow') world.slowLink(a, b, 20_000);
  else if (what === 'normal speed') world.slowLink(a, b, null);
  else if (what === 'pause') world.pause('a');
  else if (what === 'resume') world.resume('a');
  else if (what === 'hold') holds.push(world.hold({ from: b }));
  else if (what === 'release' && holds.length > 0) world.release(holds.pop() as never);
  else world.slowCpu('b', 20);
}

function count(length: number): number[] {
  return Array.from({ length }, (_, i) => i & 255);
}

test('through any faults that end, every byte arrives once and in order', () => {
  const property = fc.property(fc.string(), fc.array(fault, { maxLength: 12 }), (seed, faults) => {
    const world = worldOfTwo(seed);
    const holds: number[] = [];
    for (const { afterUs, what } of faults) {
      world.runUntil(world.nowUs + afterUs);
      strike(world, what, holds);
    }
    world.restoreNetwork();
    world.resume('a');
    world.runUntil(world.nowUs + 60_000_000);

    for (const talker of talkers.values()) {
      expect(talker.got).toEqual(count(talker.got.length));
      expect(talker.got.length).toBeGreaterThanOrEqual(3_000);
      expect(talker.ends).toEqual([]);
    }
    expect(world.failures).toEqual([]);
  });
  fc.assert(property, { numRuns: 40 });
});

test('a connection that dies at any moment has delivered a prefix', () => {
  const how = fc.constantFrom('kill' as const, 'powerCut' as const, 'reset' as const);
  const property = fc.property(
    fc.string(),
    fc.array(fault, { maxLength: 6 }),
    how,
    (seed, faults, end) => {
      const world = worldOfTwo(seed);
      for (const { afterUs, what } of faults) {
        world.runUntil(world.nowUs + afterUs);
        strike(world, what, []);
      }
      const [a, b] = [talkers.get('a')!, talkers.get('b')!];
      if (end === 'kill') world.kill('a');
      else if (end === 'powerCut') world.powerCut('a');
      else world.resetConnections(['a'], ['b']);
      world.restoreNetwork();
      world.resume('a');
      world.runUntil(world.nowUs + 1_000_000);
      if (end === 'powerCut') {
        world.start('a');
        world.runUntil(world.nowUs + 10_000_000);
      }

      for (const talker of [a, b]) expect(talker.got).toEqual(count(talker.got.length));
      if (b.ends.length > 0) expect(b.ends).toEqual(['reset']);
      if (end !== 'powerCut') expect(b.ends).toEqual(['reset']);
      expect(world.failures).toEqual([]);
    },
  );
  fc.assert(property, { numRuns: 60 });
});

test('the same seed and faults give the same digest, another seed another', () => {
  const property = fc.property(fc.string(), fc.array(fault, { maxLength: 8 }), (seed, faults) => {
    const run = (runSeed: string) => {
      const world = worldOfTwo(runSeed);
      const holds: number[] = [];
      for (const { afterUs, what } of faults) {
        world.runUntil(world.nowUs + afterUs);
        strike(world, what, holds);
      }
      return [world.digest(), world.traceHash(), world.events];
    };
    expect(run(seed)).toEqual(run(seed));
    expect(run(seed)[0]).not.toBe(run(`${seed}!`)[0]);
  });
  fc.assert(property, { numRuns: 20 });
});
