/** The disk of one machine; see `kafka/host.ts` for what a node sees of it. */
export interface SimDisk {
  /** Every file, sorted by path. */
  files(): string[];
  exists(path: string): boolean;
  size(path: string): number;
  /** A copy of the file as the page cache has it. */
  contents(path: string): Uint8Array;
  /** How many leading bytes of the file are known to be durable. */
  durableSize(path: string): number;
}
