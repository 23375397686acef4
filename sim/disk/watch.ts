/** A power cut, a lost disk, or damage at rest. */
export type RestoredWhy = 'power' | 'disk' | 'rot';

/** What a check can watch of all disks. Calls come inside the step that does it: only look. */
export interface DiskWatcher {
  /** `node` is the node's name; `bytes` must not be kept or written to. */
  wrote?(node: string, path: string, position: number, bytes: Uint8Array): void;
  /** A process opened a file that was there. */
  opened?(node: string, path: string): void;
  truncated?(node: string, path: string, size: number): void;
  /** A file or a directory. */
  renamed?(node: string, from: string, to: string): void;
  removed?(node: string, path: string): void;
  /** A flush ended well (also one that lied): the first `size` bytes are said to be durable. */
  flushed?(node: string, path: string, size: number): void;
  /** Anything may have changed; look again. */
  restored?(node: string, why: RestoredWhy): void;
}

/** `world.disks`. */
export interface DiskWatch {
  subscribe(watcher: DiskWatcher): void;
}
