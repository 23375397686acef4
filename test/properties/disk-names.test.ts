/** Names on a disk against a map of paths, and what a power cut may make of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DiskError } from '../../kafka/host.ts';
import { FileNode, FileTree } from '../../sim/disk/tree.ts';

const directories = ['/data', '/data/a', '/data/b'];
const path = fc
  .tuple(fc.constantFrom(...directories), fc.constantFrom('x', 'y', 'z'))
  .map(([directory, name]) => `${directory}/${name}`);
const operation = fc.oneof(
  fc.record({ create: path }),
  fc.record({ remove: path }),
  fc.record({ rename: path, to: path }),
  fc.record({ sync: fc.constantFrom(...directories) }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

function freshTree(): FileTree {
  const tree = new FileTree();
  for (const directory of directories) tree.makeDirectories(directory);
  tree.sync('/data');
  return tree;
}

/** Path → file id. */
function names(tree: FileTree): Map<string, number> {
  return new Map(tree.files().map((file) => [file.path, file.id]));
}

function attempt(call: () => void): boolean {
  try {
    call();
    return true;
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return false;
  }
}

function play(operations: readonly Operation[]) {
  const tree = freshTree();
  const model = new Map<string, number>();
  /** As of the last sync of its directory; only paths not touched since. */
  const settled = new Map<string, number | null>();
  let nextId = 1;
  const touch = (...paths: string[]) => {
    for (const each of paths) settled.delete(each);
  };
  for (const each of operations) {
    if ('create' in each) {
      const known = tree.get(each.create);
      if (known instanceof FileNode) continue;
      tree.createFile(each.create);
      model.set(each.create, nextId++);
      touch(each.create);
    } else if ('remove' in each) {
      const there = model.delete(each.remove);
      expect(attempt(() => tree.remove(each.remove))).toBe(there);
      if (there) touch(each.remove);
    } else if ('rename' in each) {
      const id = model.get(each.rename);
      expect(attempt(() => tree.rename(each.rename, each.to))).toBe(id !== undefined);
      if (id === undefined || each.rename === each.to) continue;
      model.delete(each.rename);
      model.set(each.to, id);
      touch(each.rename, each.to);
    } else {
      tree.sync(each.sync);
      for (const name of ['x', 'y', 'z']) {
        const full = `${each.sync}/${name}`;
        settled.set(full, model.get(full) ?? null);
      }
    }
  }
  expect(names(tree)).toEqual(new Map([...model].sort(([a], [b]) => (a < b ? -1 : 1))));
  return { tree, model, settled };
}

test('names agree with a map of paths', () => {
  fc.assert(fc.property(fc.array(operation, { maxLength: 60 }), (each) => void play(each)));
});

test('a power cut that keeps all changes changes nothing', () => {
  const property = fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
    const { tree, model } = play(operations);
    tree.cutPower(() => true);
    expect(new Map(names(tree))).toEqual(new Map(model));
  });
  fc.assert(property);
});

test('a synced name that was not touched since is the same after any power cut', () => {
  const property = fc.property(
    fc.array(operation, { maxLength: 60 }),
    fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
    (operations, fates) => {
      const { tree, settled } = play(operations);
      let next = 0;
      tree.cutPower(() => fates[next++]!);
      const after = names(tree);
      for (const [name, id] of settled) expect(after.get(name) ?? null, name).toBe(id);
    },
  );
  fc.assert(property);
});

test('without syncDirectory a power cut can take every change back', () => {
  const tree = freshTree();
  tree.createFile('/data/a/x');
  tree.sync('/data/a');
  tree.createFile('/data/a/y');
  tree.rename('/data/a/x', '/data/a/z');

  tree.cutPower(() => false);

  expect([...names(tree).keys()]).toEqual(['/data/a/x']);
});

test('a directory that was not synced into its parent is lost with all that is in it', () => {
  const tree = freshTree();
  tree.makeDirectories('/data/a/deep');
  tree.createFile('/data/a/deep/x');
  tree.sync('/data/a/deep');

  tree.cutPower(() => false);

  expect(tree.get('/data/a/deep')).toBeUndefined();
  expect(tree.files()).toEqual([]);
});
