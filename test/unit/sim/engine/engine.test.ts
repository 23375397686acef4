import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Hash128 } from '../../../../sim/engine/hash.ts';
import { SimRandom, SimStream } from '../../../../sim/engine/random.ts';
import { firstDifference, StepLog } from '../../../../sim/engine/step-log.ts';
import type { World } from '../../../../sim/world.ts';
import { addNode, steadyWorld } from '../small-world.ts';

function hashOf(bytes: Uint8Array): string {
  const hash = new Hash128();
  hash.addBytes(bytes);
  return hash.hex();
}

describe('the hash', () => {
  test('is the same everywhere', () => {
    const hash = new Hash128();
    hash.add(1, 2, 3_000_000_000, -4);
    hash.addText('broker-1');
    for (const length of [0, 3, 47, 48, 300, 40_000]) {
      hash.addBytes(Uint8Array.from({ length }, (_, i) => (i * 31) & 255));
    }
    expect(hash.hex()).toMatchInlineSnapshot(`"a0c2ea87410a0e3b356524bed5a3a2c8"`);
  });

  test('takes bytes alike whether it reads them where they are or copies them first', () => {
    const long = Uint8Array.from({ length: 3_000 }, (_, i) => (i * 31) & 255);
    hashOf(long);
    for (let length = 48; length < 80; length++) {
      const inPlace = hashOf(long.subarray(5, 5 + length));
      const copied = hashOf(long.slice(5, 5 + length));
      expect(copied).toBe(inPlace);
      hashOf(long);
    }
  });

  test('changes with any single bit, wherever the bytes lie', () => {
    const property = fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 600 }),
      fc.nat(),
      fc.nat(7),
      fc.nat(9),
      (bytes, at, bit, shift) => {
        const other = bytes.slice();
        other[at % bytes.length]! ^= 1 << bit;
        expect(hashOf(other)).not.toBe(hashOf(bytes));
        const elsewhere = new Uint8Array(bytes.length + shift);
        elsewhere.set(bytes, shift);
        expect(hashOf(elsewhere.subarray(shift))).toBe(hashOf(bytes));
      },
    );
    fc.assert(property);
  });

  test('tells lengths of zeros apart', () => {
    const hashes = Array.from({ length: 200 }, (_, length) => hashOf(new Uint8Array(length)));
    expect(new Set(hashes).size).toBe(200);
  });

  test('tells wide numbers apart', () => {
    const of = (x: number, y: number) => {
      const hash = new Hash128();
      hash.add(0, x, y, 0);
      return hash.hex();
    };
    const values = [0, 1, -1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 40, 2 ** 53 - 1, -(2 ** 40)];
    const all = values.flatMap((x) => values.map((y) => of(x, y)));
    expect(new Set(all).size).toBe(values.length ** 2);
  });
});

describe('random streams', () => {
  test('are the same everywhere', () => {
    const stream = new SimStream('42', 'network/a>b');
    const drawn = [stream.uint32(), stream.int(0, 99), stream.int(-5, 2 ** 50), stream.bytes(5)];
    expect(drawn).toMatchInlineSnapshot(`
      [
        2991185594,
        84,
        498765494125998,
        Uint8Array [
          42,
          155,
          148,
          220,
          149,
        ],
      ]
    `);
  });

  test('of like labels or seeds have nothing in common', () => {
    const words = (seed: string, label: string) => {
      const stream = new SimStream(seed, label);
      return Array.from({ length: 64 }, () => stream.uint32());
    };
    const a = words('1', 'link/a');
    for (const other of [words('1', 'link/b'), words('2', 'link/a'), words('1l', 'ink/a')]) {
      const together = a.map((word, i) => (word ^ other[i]!) >>> 0);
      expect(new Set(together).size).toBe(64);
      const bits = together.reduce(
        (sum, word) => sum + word.toString(2).replace(/0/g, '').length,
        0,
      );
      expect(bits / (64 * 32)).toBeGreaterThan(0.45);
      expect(bits / (64 * 32)).toBeLessThan(0.55);
    }
  });

  test('hit every quantile about as often', () => {
    const stream = new SimRandom('7', '').stream('x');
    const table = Array.from({ length: 16 }, (_, i) => i);
    const counts = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) counts[stream.quantile(table)]! += 1;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});

test('two runs that part are told apart at the first differing step', () => {
  const run = (odd: boolean) => {
    const stepLog = new StepLog();
    const world = steadyWorld({ stepLog });
    addNode(world, 'a', (input, { host }) => {
      if (input.kind !== 'command') return;
      host.disk.mkdir('/data');
      const file = host.disk.open('/data/x', 'create');
      host.disk.write(file, 0, Uint8Array.of(odd && world.steps === 4 ? 1 : 0));
    });
    for (let i = 0; i < 5; i++) {
      world.command('a', { kind: 'flush' }, () => {});
      world.runUntil(world.nowUs + 100);
    }
    return stepLog;
  };
  expect(firstDifference(run(false), run(false))).toBeNull();
  expect(firstDifference(run(false), run(true))).toBe(4);
});

test('the digest does not depend on whether rows are kept', () => {
  const run = (store: 'none' | 'rows') => {
    const world: World = steadyWorld({ store });
    addNode(world, 'a');
    world.runUntil(1_000);
    return [world.digest(), world.traceHash(), world.events];
  };
  expect(run('none')).toEqual(run('rows'));
});
