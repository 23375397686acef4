/** What a log looks like on disk, in a run that rolls and deletes segments (claims S1 to S3). */
import { beforeAll, describe, expect, test } from 'vitest';
import { baseOffsetAt, batchSizeAt, int32At, lastOffsetAt } from '../../kafka/records/batch.ts';
import { scenarios } from '../../scenarios/index.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { World } from '../../sim/world.ts';

const NAME = 'log-is-kept-and-deleted-by-segments';
const INDEX_INTERVAL_BYTES = 4096;
const PARTITION = '/orders-0/';

interface Written {
  readonly path: string;
  readonly position: number;
  readonly sizeBefore: number;
}

const writes: Written[] = [];
const cuts: string[] = [];
const setAside: string[] = [];
let world: World;

beforeAll(() => {
  const { scenario } = parseScenario(scenarios.find((one) => one.name === NAME));
  const sizes = new Map<string, number>();
  const watch = (running: World): void =>
    running.disks.subscribe({
      wrote(node, path, position, bytes) {
        const name = `${node}${path}`;
        if (!isLog(path)) return;
        const sizeBefore = sizes.get(name) ?? 0;
        writes.push({ path: name, position, sizeBefore });
        sizes.set(name, Math.max(sizeBefore, position + bytes.length));
      },
      truncated: (node, path) => void (isLog(path) && cuts.push(`${node}${path}`)),
      renamed: (_node, from) => void (isLog(from) && setAside.push(from)),
    });
  world = runScenario(scenario!, { seed: 1, prepare: watch }).world;
});

const isLog = (path: string): boolean => path.includes(PARTITION) && path.endsWith('.log');

function* logs(): Iterable<{ path: string; bytes: Uint8Array; index: Uint8Array }> {
  for (const { name, disk, role } of world.nodes) {
    if (role !== 'broker') continue;
    for (const path of disk.files().filter(isLog).sort()) {
      const index = disk.contents(path.replace(/log$/, 'index'));
      yield { path: `${name}${path}`, bytes: disk.contents(path), index };
    }
  }
}

describe('a partition is a folder of segments', () => {
  test('each named by its first offset, and each with its indexes', () => {
    for (const { name, disk, role } of world.nodes) {
      if (role !== 'broker') continue;
      const files = disk.files().filter((path) => path.includes(PARTITION));
      const names = files.map((path) => path.split('/').at(-1) as string);
      const segments = names.filter((one) => one.endsWith('.log')).sort();

      expect(segments.length, name).toBeGreaterThan(2);
      for (const segment of segments) {
        expect(segment).toMatch(/^\d{20}\.log$/);
        expect(names).toContain(segment.replace('log', 'index'));
        expect(names).toContain(segment.replace('log', 'timeindex'));
      }
    }
  });

  test('that go on where the one before ended', () => {
    let before = { node: '', endOffset: 0 };
    for (const { path, bytes } of logs()) {
      const node = path.split('/')[0] as string;
      const named = Number(path.split('/').at(-1)?.slice(0, 20));
      if (before.node === node) expect(named).toBe(before.endOffset);
      if (bytes.length > 0) expect(baseOffsetAt(bytes, 0)).toBe(named);
      let endOffset = named;
      for (let at = 0; at < bytes.length; at += batchSizeAt(bytes, at)) {
        expect(baseOffsetAt(bytes, at)).toBe(endOffset);
        endOffset = lastOffsetAt(bytes, at) + 1;
      }
      before = { node, endOffset };
    }
  });
});

test('the sparse index leads to within one interval and one batch of any offset', () => {
  let lookUps = 0;
  for (const { path, bytes, index } of logs()) {
    const first = Number(path.split('/').at(-1)?.slice(0, 20));
    const entries: { offset: number; position: number }[] = [];
    for (let at = 0; at + 8 <= index.length; at += 8) {
      const [relative, position] = [int32At(index, at), int32At(index, at + 4)];
      // What was reserved and never written is zeros.
      if (position > 0) entries.push({ offset: first + relative, position });
    }
    let largest = 0;
    for (let at = 0; at < bytes.length; at += batchSizeAt(bytes, at)) {
      const size = batchSizeAt(bytes, at);
      largest = Math.max(largest, size);
      for (let offset = baseOffsetAt(bytes, at); offset <= lastOffsetAt(bytes, at); offset++) {
        const floor = entries.findLast((one) => one.offset <= offset)?.position ?? 0;
        expect(floor).toBeLessThanOrEqual(at);
        expect(at - floor).toBeLessThanOrEqual(INDEX_INTERVAL_BYTES + largest);
        lookUps += 1;
      }
    }
  }
  expect(lookUps).toBeGreaterThan(500);
});

describe('on disk', () => {
  test('a log is only ever appended to, at its end', () => {
    expect(writes.length).toBeGreaterThan(100);
    expect(writes.filter((one) => one.position !== one.sizeBefore)).toEqual([]);
    expect(cuts).toEqual([]);
  });

  test('what is deleted goes by whole files, oldest first', () => {
    const names = setAside.map((path) => path.split('/').at(-1) as string);

    expect(names.length).toBeGreaterThan(20);
    const present = [...logs()].map(({ path }) => path.split('/').at(-1) as string);
    const youngest = names.sort().at(-1) as string;
    const oldest = present.sort()[0] as string;
    expect(youngest < oldest).toBe(true);
  });
});
