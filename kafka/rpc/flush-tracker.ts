/** Routes the `flushed` inputs of a node back to whoever started the flush. */
import type { DiskErrorCode, FlushTicket } from '../host.ts';

export type FlushDone = (error: DiskErrorCode | null) => void;

export class FlushTracker {
  private readonly waiting = new Map<FlushTicket, FlushDone>();

  track(ticket: FlushTicket, done: FlushDone): void {
    this.waiting.set(ticket, done);
  }

  flushed(ticket: FlushTicket, error: DiskErrorCode | null): void {
    const done = this.waiting.get(ticket);
    this.waiting.delete(ticket);
    done?.(error);
  }
}
