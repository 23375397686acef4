/** Every number of the simulated disk. Times are integer µs unless the name says ns. */
export interface DiskSettings {
  /** Of one flush on an idle disk: 16 equally likely integer quantiles, ascending. */
  readonly flushUs: readonly number[];
  /** What a flush writes passes at this rate. */
  readonly flushBytesPerSecond: number;
  /** Of one `syncDirectory`, paid by the step. */
  readonly syncDirectoryUs: readonly number[];
  /** Page-cache costs, paid by the step. */
  readonly writeNs: number;
  readonly readNs: number;
  /** Per KiB written or read. */
  readonly copyNsPerKib: number;
  /** open, rename, remove, mkdir, list, truncate. */
  readonly metadataNs: number;
  /** ENOSPC beyond it. */
  readonly capacityBytes: number;
}

/** A cloud SSD: flushes of 0.5–8 ms, 400 MB/s. */
export const ssd: DiskSettings = {
  flushUs: [
    500, 560, 620, 690, 760, 840, 930, 1_030, 1_150, 1_300, 1_500, 1_800, 2_300, 3_200, 5_000,
    8_000,
  ],
  flushBytesPerSecond: 400_000_000,
  syncDirectoryUs: [
    200, 220, 240, 260, 290, 320, 350, 390, 430, 480, 540, 620, 740, 900, 1_300, 2_500,
  ],
  writeNs: 2_000,
  readNs: 1_500,
  copyNsPerKib: 100,
  metadataNs: 8_000,
  capacityBytes: 1_099_511_627_776,
};
