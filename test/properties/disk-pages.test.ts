/** One file's bytes against an array, and what a power cut may make of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FilePages, type Snapshot } from '../../sim/disk/pages.ts';
import { cutPower } from '../../sim/disk/power-cut.ts';
import { SimStream } from '../../sim/engine/random.ts';

const SECTOR = 512;
const position = fc.oneof(
  fc.nat(20_000),
  fc.nat(40).map((page) => page * 512),
);
const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ write: position, length: fc.integer({ min: 1, max: 6_000 }) }),
  },
  { weight: 3, arbitrary: fc.record({ append: fc.integer({ min: 1, max: 9_000 }) }) },
  { weight: 2, arbitrary: fc.record({ truncate: position }) },
  { weight: 2, arbitrary: fc.constant('flush' as const) },
  { weight: 2, arbitrary: fc.constant('flushed' as const) },
  { weight: 1, arbitrary: fc.constant('flush lost' as const) },
  { weight: 2, arbitrary: fc.record({ read: position, length: fc.nat(6_000) }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** The file as plain arrays: what it holds, and what each flush covers. */
class Model {
  current: number[] = [];
  durable: number[] = [];
  flushes: number[][] = [];

  put(at: number, bytes: Uint8Array): void {
    while (this.current.length < at) this.current.push(0);
    for (let i = 0; i < bytes.length; i++) this.current[at + i] = bytes[i]!;
  }
  truncate(size: number): void {
    this.current.length = size < this.current.length ? size : this.current.length;
    while (this.current.length < size) this.current.push(0);
  }
}

/** Does the same to both; every read must agree, then and at the end. */
function play(operations: readonly Operation[]): { file: FilePages; model: Model } {
  const file = new FilePages();
  const model = new Model();
  const snapshots: Snapshot[] = [];
  const views: { view: Uint8Array; asRead: Uint8Array }[] = [];
  let value = 1;
  const bytesOf = (length: number) => {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      value += 7;
      bytes[i] = value & 255;
    }
    return bytes;
  };
  for (const each of operations) {
    if (each === 'flush') {
      snapshots.push(file.snapshot());
      model.flushes.push([...model.current]);
    } else if (each === 'flushed') {
      const snapshot = snapshots.shift();
      if (snapshot === undefined) continue;
      file.madeDurable(snapshot);
      model.durable = model.flushes.shift()!;
    } else if (each === 'flush lost') {
      const snapshot = snapshots.pop();
      if (snapshot === undefined) continue;
      file.abandon(snapshot);
      model.flushes.pop();
    } else if ('write' in each) {
      const bytes = bytesOf(each.length);
      file.write(each.write, bytes);
      model.put(each.write, bytes);
    } else if ('append' in each) {
      const bytes = bytesOf(each.append);
      file.write(file.size, bytes);
      model.put(model.current.length, bytes);
    } else if ('truncate' in each) {
      file.truncate(each.truncate);
      model.truncate(each.truncate);
    } else {
      const view = file.read(each.read, each.length);
      const wanted = Uint8Array.from(model.current.slice(each.read, each.read + each.length));
      expect(view).toEqual(wanted);
      views.push({ view, asRead: wanted });
    }
    expect(file.size).toBe(model.current.length);
  }
  for (const { view, asRead } of views) expect(view).toEqual(asRead);
  return { file, model };
}

test('reads, writes and truncates agree with an array, and views never change', () => {
  const property = fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
    const { file, model } = play(operations);
    expect(file.copy(0, file.size)).toEqual(Uint8Array.from(model.current));
  });
  fc.assert(property, { numRuns: 150 });
});

test('a power cut that drops all leaves exactly what the last good flush covered', () => {
  const property = fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
    const { file, model } = play(operations);
    cutPower(file, 'drop-all', new SimStream('s', 'x'));
    expect(file.copy(0, file.size)).toEqual(Uint8Array.from(model.durable));
  });
  fc.assert(property, { numRuns: 150 });
});

test('after a power cut every sector is durable or present content, lengths lie between', () => {
  const style = fc.constantFrom('random' as const, 'keep-prefix' as const);
  const property = fc.property(
    fc.array(operation, { maxLength: 30 }),
    style,
    fc.string(),
    (operations, how, seed) => {
      const { file, model } = play(operations);
      cutPower(file, how, new SimStream(seed, 'x'));
      const { current, durable } = model;
      const low = Math.min(current.length, durable.length);
      const high = Math.max(current.length, durable.length);
      expect(file.size).toBeGreaterThanOrEqual(low);
      expect(file.size).toBeLessThanOrEqual(high);
      const after = file.copy(0, file.size);
      for (let from = 0; from < after.length; from += SECTOR) {
        let isOld = true;
        let isNew = true;
        for (let at = from; at < from + SECTOR && at < after.length; at++) {
          const oldByte = durable[at] ?? 0;
          if (after[at] !== oldByte) isOld = false;
          if (after[at] !== (at < current.length ? current[at] : oldByte)) isNew = false;
        }
        expect(isOld || isNew, `sector at ${from}`).toBe(true);
      }
    },
  );
  fc.assert(property, { numRuns: 200 });
});

test('after a power cut the file is as durable as it looks', () => {
  const property = fc.property(
    fc.array(operation, { maxLength: 30 }),
    fc.array(operation, { maxLength: 10 }),
    (operations, more) => {
      const { file } = play(operations);
      const draw = new SimStream('s', 'x');
      cutPower(file, 'random', draw);
      const settled = file.copy(0, file.size);
      for (const each of more) {
        if (typeof each === 'object' && 'write' in each) {
          file.write(each.write, new Uint8Array(each.length).fill(1));
        } else if (typeof each === 'object' && 'truncate' in each) file.truncate(each.truncate);
      }
      cutPower(file, 'drop-all', draw);
      expect(file.copy(0, file.size)).toEqual(settled);
    },
  );
  fc.assert(property, { numRuns: 100 });
});
