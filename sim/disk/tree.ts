/**
 * Names on one disk. Every change of a name (create, remove, rename) is at first only in the
 * cache; `sync` of a directory it touches makes it durable. Across a power cut each unsynced
 * change survives or vanishes on its own, but never without the earlier ones of the same entry or
 * the same name; a rename is one change.
 * Entries of the root directory are mount points and durable at once.
 */
import { DiskError } from '../../kafka/host.ts';
import { FilePages } from './pages.ts';

export class FileNode {
  /** Numbered per disk in the order of creation. */
  readonly id: number;
  /** Where it is now; kept by renames, the last path once removed. */
  path: string;
  readonly pages = new FilePages();
  /** No name leads to it any more. */
  removed = false;
  /** When the last flush of it will end, for their order. */
  lastFlushEndUs = 0;
  constructor(id: number, path: string) {
    this.id = id;
    this.path = path;
  }
}

export class DirectoryNode {
  path: string;
  readonly entries = new Map<string, FileNode | DirectoryNode>();
  readonly durable = new Map<string, FileNode | DirectoryNode>();
  constructor(path: string) {
    this.path = path;
  }
}

export type Entry = FileNode | DirectoryNode;

/** `entry` gets `to` (null: none) and loses `from` (null: had none). */
interface NameChange {
  readonly entry: Entry;
  readonly from: { readonly directory: DirectoryNode; readonly name: string } | null;
  readonly to: { readonly directory: DirectoryNode; readonly name: string } | null;
}

export class FileTree {
  private readonly root = new DirectoryNode('/');
  private readonly byPath = new Map<string, Entry>([['/', this.root]]);
  /** Unsynced changes, oldest first. */
  private changes: NameChange[] = [];
  private nextFileId = 1;

  get(path: string): Entry | undefined {
    return this.byPath.get(path);
  }

  file(path: string): FileNode {
    const entry = this.byPath.get(path);
    if (!(entry instanceof FileNode)) throw new DiskError('ENOENT', path);
    return entry;
  }

  /** Every file, by path in code-unit order. */
  files(): FileNode[] {
    const files: FileNode[] = [];
    for (const entry of this.byPath.values()) if (entry instanceof FileNode) files.push(entry);
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  createFile(path: string): FileNode {
    const place = this.place(path);
    const file = new FileNode(this.nextFileId++, path);
    place.directory.entries.set(place.name, file);
    this.byPath.set(path, file);
    this.changed({ entry: file, from: null, to: place });
    return file;
  }

  makeDirectories(path: string): void {
    const known = this.byPath.get(path);
    if (known instanceof DirectoryNode) return;
    if (known !== undefined) throw new DiskError('EEXIST', path);
    this.makeDirectories(parentOf(path));
    const place = this.place(path);
    const directory = new DirectoryNode(path);
    place.directory.entries.set(place.name, directory);
    this.byPath.set(path, directory);
    this.changed({ entry: directory, from: null, to: place });
  }

  /** @returns the entry that had this name. */
  remove(path: string): Entry {
    const entry = this.byPath.get(path);
    if (entry === undefined || entry === this.root) throw new DiskError('ENOENT', path);
    if (entry instanceof DirectoryNode && entry.entries.size > 0) {
      throw new DiskError('ENOTEMPTY', path);
    }
    const place = this.place(path);
    place.directory.entries.delete(place.name);
    this.byPath.delete(path);
    if (entry instanceof FileNode) entry.removed = true;
    this.changed({ entry, from: place, to: null });
    return entry;
  }

  /** @returns the file that `to` named before, or null. */
  rename(from: string, to: string): FileNode | null {
    const entry = this.byPath.get(from);
    if (entry === undefined || entry === this.root) throw new DiskError('ENOENT', from);
    if (from === to) return null;
    const replaced = this.byPath.get(to);
    if (replaced instanceof DirectoryNode) {
      if (entry instanceof FileNode) throw new DiskError('EEXIST', to);
      if (replaced.entries.size > 0) throw new DiskError('ENOTEMPTY', to);
    } else if (replaced !== undefined && entry instanceof DirectoryNode) {
      throw new DiskError('EEXIST', to);
    }
    if (entry instanceof DirectoryNode && to.startsWith(`${from}/`)) {
      throw new DiskError('ENOENT', to);
    }
    const source = this.place(from);
    const target = this.place(to);
    source.directory.entries.delete(source.name);
    target.directory.entries.set(target.name, entry);
    if (replaced instanceof FileNode) replaced.removed = true;
    this.byPath.delete(from);
    this.setPath(entry, to);
    this.changed({ entry, from: source, to: target });
    return replaced instanceof FileNode ? replaced : null;
  }

  list(path: string): string[] {
    const directory = this.byPath.get(path);
    if (!(directory instanceof DirectoryNode)) throw new DiskError('ENOENT', path);
    return [...directory.entries.keys()].sort();
  }

  sync(path: string): void {
    const directory = this.byPath.get(path);
    if (!(directory instanceof DirectoryNode)) throw new DiskError('ENOENT', path);
    this.settle(
      this.changes.map(
        (change) => change.from?.directory === directory || change.to?.directory === directory,
      ),
    );
  }

  /** @param survives asked once per unsynced change, in order. */
  cutPower(survives: () => boolean): void {
    this.settle(this.changes.map(() => survives()));
    this.changes = [];
    this.byPath.clear();
    this.restore(this.root, '/');
  }

  /** What the directory durably held is what it holds. */
  private restore(directory: DirectoryNode, path: string): void {
    directory.path = path;
    this.byPath.set(path, directory);
    directory.entries.clear();
    for (const [name, entry] of directory.durable) {
      const entryPath = path === '/' ? `/${name}` : `${path}/${name}`;
      directory.entries.set(name, entry);
      if (entry instanceof DirectoryNode) this.restore(entry, entryPath);
      else {
        entry.path = entryPath;
        entry.removed = false;
        this.byPath.set(entryPath, entry);
      }
    }
    directory.durable.clear();
    for (const [name, entry] of directory.entries) directory.durable.set(name, entry);
  }

  /** Makes the chosen changes durable, and before each the earlier ones of its entry and names. */
  private settle(chosen: boolean[]): void {
    const touched = new Touched();
    for (let i = this.changes.length - 1; i >= 0; i--) {
      const change = this.changes[i] as NameChange;
      if (touched.by(change)) chosen[i] = true;
      if (chosen[i]) touched.add(change);
    }
    for (let i = 0; i < chosen.length; i++) if (chosen[i]) apply(this.changes[i] as NameChange);
    this.changes = this.changes.filter((_, i) => !chosen[i]);
  }

  private changed(change: NameChange): void {
    const inRoot = change.from?.directory === this.root || change.to?.directory === this.root;
    if (inRoot) apply(change);
    else this.changes.push(change);
  }

  private setPath(entry: Entry, path: string): void {
    if (entry instanceof DirectoryNode) {
      for (const [name, child] of entry.entries) {
        this.byPath.delete(`${entry.path}/${name}`);
        this.setPath(child, `${path}/${name}`);
      }
    }
    entry.path = path;
    this.byPath.set(path, entry);
  }

  private place(path: string): { readonly directory: DirectoryNode; readonly name: string } {
    const directory = this.byPath.get(parentOf(path));
    if (!(directory instanceof DirectoryNode)) throw new DiskError('ENOENT', path);
    return { directory, name: path.slice(path.lastIndexOf('/') + 1) };
  }
}

/** Entries and names that later changes depend on. */
class Touched {
  private readonly entries = new Set<Entry>();
  private readonly names = new Map<DirectoryNode, Set<string>>();

  by({ entry, from, to }: NameChange): boolean {
    return this.entries.has(entry) || this.named(from) || this.named(to);
  }
  add({ entry, from, to }: NameChange): void {
    this.entries.add(entry);
    this.addName(from);
    this.addName(to);
  }
  private named(place: NameChange['from']): boolean {
    return place !== null && (this.names.get(place.directory)?.has(place.name) ?? false);
  }
  private addName(place: NameChange['from']): void {
    if (place === null) return;
    const names = this.names.get(place.directory);
    if (names === undefined) this.names.set(place.directory, new Set([place.name]));
    else names.add(place.name);
  }
}

function apply(change: NameChange): void {
  const { entry, from, to } = change;
  if (from !== null && from.directory.durable.get(from.name) === entry) {
    from.directory.durable.delete(from.name);
  }
  if (to !== null) to.directory.durable.set(to.name, entry);
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0 || path === '/') throw new DiskError('ENOENT', path);
  return slash === 0 ? '/' : path.slice(0, slash);
}
