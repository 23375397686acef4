import { describe, expect, test } from 'vitest';
import { DiskError, type FileId, type Host } from '../../../../kafka/host.ts';
import { addNode, steadyWorld } from '../small-world.ts';

/** A world with one node that has `/data/x` open; `use` runs in a step of its own. */
function diskWorld() {
  const world = steadyWorld();
  let file = 0 as FileId;
  let next: (host: Host) => void = () => {};
  const a = addNode(world, 'a', (input, { host }) => {
    if (input.kind === 'started') {
      host.disk.mkdir('/data');
      file = host.disk.open('/data/x', 'create');
      host.disk.syncDirectory('/data');
    }
    if (input.kind === 'command') next(host);
  });
  world.runUntil(1_000);
  const use = (act: (host: Host) => void, forUs = 100) => {
    next = act;
    world.command('a', { kind: 'flush' }, () => {});
    world.runUntil(world.nowUs + forUs);
  };
  const codeOf = (act: (host: Host) => void) => {
    let code = 'none';
    use((host) => {
      try {
        act(host);
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
        code = error.code;
      }
    });
    return code;
  };
  const write = (position: number, bytes: readonly number[]) =>
    use(({ disk }) => disk.write(file, position, Uint8Array.from(bytes)));
  const flush = (forUs = 5_000) => use(({ disk }) => void disk.flush(file), forUs);
  const disk = world.node('a').disk;
  const contents = () => [...disk.contents('/data/x')];
  const answers = () =>
    a().told.flatMap(({ input }) => (input.kind === 'flushed' ? [input.error] : []));
  return { world, a, use, codeOf, write, flush, disk, contents, answers, file: () => file };
}

describe('a power cut', () => {
  test('keeps what was flushed and takes the rest with it', () => {
    const { world, write, flush, contents, disk } = diskWorld();
    write(0, [1, 2, 3]);
    flush();
    write(3, [4, 5]);
    expect(disk.durableSize('/data/x')).toBe(3);
    world.powerCut('a', { unflushed: 'drop-all' });
    expect(contents()).toEqual([1, 2, 3]);
  });

  test('brings back what was overwritten and not flushed', () => {
    const { world, write, flush, contents } = diskWorld();
    write(0, [1, 2, 3]);
    flush();
    write(1, [9]);
    world.powerCut('a', { unflushed: 'drop-all' });
    expect(contents()).toEqual([1, 2, 3]);
  });

  test('loses a flush that was under way', () => {
    const { world, write, flush, contents } = diskWorld();
    write(0, [1, 2, 3]);
    flush(500);
    world.powerCut('a', { unflushed: 'drop-all' });
    world.start('a');
    world.runUntil(world.nowUs + 100_000);
    expect(contents()).toEqual([]);
  });

  test('loses the name of a file whose directory was not synced', () => {
    const { world, use, disk } = diskWorld();
    use((host) => host.disk.flush(host.disk.open('/data/y', 'create')), 5_000);
    expect(disk.exists('/data/y')).toBe(true);
    world.powerCut('a', { unflushed: 'drop-all' });
    expect(disk.files()).toEqual(['/data/x']);
  });

  test('tells watchers to look again', () => {
    const { world } = diskWorld();
    const seen: string[] = [];
    world.disks.subscribe({ restored: (node) => seen.push(node) });
    world.powerCut('a');
    expect(seen).toEqual(['a']);
  });
});

test('a kill leaves the page cache, and a flush under way still ends', () => {
  const { world, write, flush, contents, disk } = diskWorld();
  write(0, [1, 2, 3]);
  flush(500);
  world.kill('a');
  expect(contents()).toEqual([1, 2, 3]);
  world.runUntil(world.nowUs + 5_000);
  expect(disk.durableSize('/data/x')).toBe(3);
});

test('a flush covers what was written before the call, not what came after', () => {
  const { world, use, contents, file } = diskWorld();
  use(({ disk }) => {
    disk.write(file(), 0, Uint8Array.of(1, 2));
    disk.flush(file());
    disk.write(file(), 2, Uint8Array.of(3));
    disk.write(file(), 0, Uint8Array.of(7));
  }, 5_000);
  world.powerCut('a', { unflushed: 'drop-all' });
  expect(contents()).toEqual([1, 2]);
});

test('removing a file fails its flushes', () => {
  const { use, answers, file } = diskWorld();
  use(({ disk }) => {
    disk.write(file(), 0, Uint8Array.of(1));
    disk.flush(file());
    disk.remove('/data/x');
  }, 5_000);
  expect(answers()).toEqual(['ENOENT']);
});

describe('faults', () => {
  test('an error strikes the calls it names, as often as it says', () => {
    const { world, codeOf, file } = diskWorld();
    world.diskError('a', { operation: 'write', code: 'EIO', times: 1, pathPrefix: '/data/x' });
    const write = ({ disk }: Host) => disk.write(file(), 0, Uint8Array.of(1));
    expect(codeOf(({ disk }) => void disk.list('/data'))).toBe('none');
    expect(codeOf(write)).toBe('EIO');
    expect(codeOf(write)).toBe('none');
  });

  test('after a failed flush a later one lies', () => {
    const { world, write, flush, answers, contents } = diskWorld();
    world.diskError('a', { operation: 'flush', code: 'EIO', times: 1 });
    write(0, [1]);
    flush();
    flush();
    expect(answers()).toEqual(['EIO', null]);
    world.powerCut('a', { unflushed: 'drop-all' });
    expect(contents()).toEqual([]);
  });

  test('a full disk refuses growth, not overwriting', () => {
    const { world, codeOf, write, file } = diskWorld();
    write(0, [1, 2, 3]);
    world.enospc('a', 2);
    expect(codeOf(({ disk }) => disk.write(file(), 0, Uint8Array.of(9, 9, 9, 9, 9)))).toBe('none');
    expect(codeOf(({ disk }) => disk.write(file(), 5, Uint8Array.of(9)))).toBe('ENOSPC');
    world.clearDiskFaults('a');
    expect(codeOf(({ disk }) => disk.write(file(), 5, Uint8Array.of(9)))).toBe('none');
  });

  test('removing files makes room', () => {
    const { codeOf, use } = diskWorld();
    const big = new Uint8Array(900_000);
    const fill = ({ disk }: Host) => disk.write(disk.open('/data/big', 'create'), 0, big);
    use(fill);
    expect(codeOf(({ disk }) => disk.write(disk.open('/data/y', 'create'), 0, big))).toBe('ENOSPC');
    use(({ disk }) => disk.remove('/data/big'));
    expect(codeOf(({ disk }) => disk.write(disk.open('/data/y', 'create'), 0, big))).toBe('none');
  });

  test('a lying flush reports success', () => {
    const { world, write, flush, answers, contents } = diskWorld();
    world.lostFlush('a', true);
    write(0, [1]);
    flush();
    world.lostFlush('a', false);
    expect(answers()).toEqual([null]);
    world.powerCut('a', { unflushed: 'drop-all' });
    expect(contents()).toEqual([]);
  });

  test('a bit flips in the cache and on the platter, and in no view handed out before', () => {
    const { world, use, write, flush, contents, file } = diskWorld();
    write(0, [0, 0, 0]);
    flush();
    let view: Uint8Array = new Uint8Array(0);
    use(({ disk }) => {
      view = disk.read(file(), 0, 3);
    });
    world.bitFlip('a', '/data/x', 1);
    const flipped = contents();
    expect(flipped[1]).not.toBe(0);
    expect([...view]).toEqual([0, 0, 0]);
    world.powerCut('a', { unflushed: 'drop-all' });
    expect(contents()).toEqual(flipped);
  });

  test('a stall holds flushes back', () => {
    const { world, write, flush, answers } = diskWorld();
    world.diskStall('a', 50_000);
    write(0, [1]);
    flush(40_000);
    expect(answers()).toEqual([]);
    world.runUntil(world.nowUs + 20_000);
    expect(answers()).toEqual([null]);
  });

  test('a slow disk takes its factor', () => {
    const { world, flush, answers } = diskWorld();
    world.diskSlow('a', 10);
    flush(9_900);
    expect(answers()).toEqual([]);
    world.runUntil(world.nowUs + 200);
    expect(answers()).toEqual([null]);
  });

  test('a misdirected write leaves its place as it was', () => {
    const { world, write, contents } = diskWorld();
    write(0, new Array<number>(20_000).fill(1));
    world.misdirectedWrite('a', '/data/');
    write(8_192, [7, 7]);
    const found = contents().flatMap((byte, position) => (byte === 7 ? [position] : []));
    expect(found).toHaveLength(2);
    expect(found[0]).not.toBe(8_192);
    expect(found[0]! % 4_096).toBe(0);
    write(8_192, [8]);
    expect(contents()[8_192]).toBe(8);
  });

  test('a lost disk is EIO until the next boot, then empty', () => {
    const { world, codeOf, disk } = diskWorld();
    world.loseDisk('a');
    expect(codeOf(({ disk: door }) => void door.list('/data'))).toBe('EIO');
    world.kill('a');
    world.start('a');
    expect(disk.files()).toEqual([]);
    world.runUntil(world.nowUs + 5_000);
    expect(disk.files()).toEqual(['/data/x']);
    expect(world.failures).toEqual([]);
  });
});

test('watchers hear of every change, with paths as they are then', () => {
  const { world, use, file } = diskWorld();
  const seen: string[] = [];
  world.disks.subscribe({
    wrote: (node, path, position, bytes) =>
      seen.push(`${node} ${path} ${position} ${bytes.length}`),
    truncated: (_, path, size) => seen.push(`cut ${path} ${size}`),
    renamed: (_, from, to) => seen.push(`${from} > ${to}`),
    removed: (_, path) => seen.push(`rm ${path}`),
    flushed: (_, path, size) => seen.push(`flushed ${path} ${size}`),
  });
  use(({ disk }) => {
    disk.write(file(), 0, Uint8Array.of(1, 2));
    disk.rename('/data', '/moved');
    disk.truncate(file(), 1);
    disk.flush(file());
    disk.open('/moved/y', 'create');
    disk.remove('/moved/y');
  }, 5_000);
  expect(seen).toEqual([
    'a /data/x 0 2',
    '/data > /moved',
    'cut /moved/x 1',
    'rm /moved/y',
    'flushed /moved/x 1',
  ]);
});
