/** The disk of one machine, which outlives the processes on it. */
import type { Disk, DiskErrorCode, FlushTicket } from '../../kafka/host.ts';

export type Flushed = (ticket: FlushTicket, error: DiskErrorCode | null) => void;

/** The disk as one boot of a process has it. */
export interface BootedDisk extends Disk {
  /** The step is over: its flushes begin. */
  startFlushes(): void;
  /** The process is gone: its files are closed, nothing is told any more. */
  shut(): void;
}

export interface MachineDisk {
  boot(flushed: Flushed): BootedDisk;
}
