/** Passes what happens on any disk on to everyone who watches. */
import type { DiskWatch, DiskWatcher, RestoredWhy } from './watch.ts';

export class DiskWatchers implements DiskWatch, Required<DiskWatcher> {
  private readonly watchers: DiskWatcher[] = [];
  private readonly first: () => void;

  /** @param first called when there is someone to tell. */
  constructor(first: () => void) {
    this.first = first;
  }

  subscribe(watcher: DiskWatcher): void {
    this.watchers.push(watcher);
    if (this.watchers.length === 1) this.first();
  }

  get empty(): boolean {
    return this.watchers.length === 0;
  }

  wrote(node: string, path: string, position: number, bytes: Uint8Array): void {
    for (const watcher of this.watchers) watcher.wrote?.(node, path, position, bytes);
  }
  opened(node: string, path: string): void {
    for (const watcher of this.watchers) watcher.opened?.(node, path);
  }
  truncated(node: string, path: string, size: number): void {
    for (const watcher of this.watchers) watcher.truncated?.(node, path, size);
  }
  renamed(node: string, from: string, to: string): void {
    for (const watcher of this.watchers) watcher.renamed?.(node, from, to);
  }
  removed(node: string, path: string): void {
    for (const watcher of this.watchers) watcher.removed?.(node, path);
  }
  flushed(node: string, path: string, size: number): void {
    for (const watcher of this.watchers) watcher.flushed?.(node, path, size);
  }
  restored(node: string, why: RestoredWhy): void {
    for (const watcher of this.watchers) watcher.restored?.(node, why);
  }
}
