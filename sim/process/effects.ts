/**
 * What a step did that takes effect at its end: sends, connects, closes, flush starts, answers,
 * the end of the process. Columns that are used again for every step. A kill before the end of
 * the step drops them.
 */
import type { CommandResult } from '../../kafka/client/commands.ts';
import type { CommandId } from '../../kafka/host.ts';
import type { Flush } from '../disk/disk.ts';
import type { Endpoint } from '../network/endpoint.ts';

export const Effect = {
  send: 0,
  connect: 1,
  close: 2,
  flush: 3,
  completed: 4,
  listen: 5,
  exit: 6,
  halt: 7,
  unmute: 8,
} as const;

export class Effects {
  count = 0;
  /** Effects [0, applied) have happened. */
  applied = 0;
  readonly kinds: number[] = [];
  /** Endpoint, Flush, result or text, by kind. */
  readonly subjects: unknown[] = [];
  /** Commands answered at once, from `ids` on. */
  readonly counts: number[] = [];
  /** Bytes of a send. */
  readonly bytes: (Uint8Array | null)[] = [];
  readonly ids: number[] = [];
  /** The last trace event before the call: the effect's cause. */
  readonly causes: number[] = [];

  private add(kind: number, subject: unknown, bytes: Uint8Array | null, id: number, cause: number) {
    const at = this.count++;
    this.kinds[at] = kind;
    this.subjects[at] = subject;
    this.bytes[at] = bytes;
    this.ids[at] = id;
    this.causes[at] = cause;
  }

  send(endpoint: Endpoint, bytes: Uint8Array, cause: number): void {
    this.add(Effect.send, endpoint, bytes, 0, cause);
  }
  connect(endpoint: Endpoint, cause: number): void {
    this.add(Effect.connect, endpoint, null, 0, cause);
  }
  close(endpoint: Endpoint, cause: number): void {
    this.add(Effect.close, endpoint, null, 0, cause);
  }
  flush(flush: Flush, cause: number): void {
    this.add(Effect.flush, flush, null, 0, cause);
  }
  completed(id: CommandId, count: number, result: CommandResult, cause: number): void {
    this.counts[this.count] = count;
    this.add(Effect.completed, result, null, id, cause);
  }
  unmute(endpoint: Endpoint, cause: number): void {
    this.add(Effect.unmute, endpoint, null, 0, cause);
  }
  listen(listener: string, cause: number): void {
    this.add(Effect.listen, listener, null, 0, cause);
  }
  exit(cause: number): void {
    this.add(Effect.exit, null, null, 0, cause);
  }
  halt(reason: string, cause: number): void {
    this.add(Effect.halt, reason, null, 0, cause);
  }

  /** Forgets what has not happened yet; flushes that never started are given up. */
  drop(): void {
    for (let i = this.applied; i < this.count; i++) {
      if (this.kinds[i] === Effect.flush) {
        const flush = this.subjects[i] as Flush;
        flush.disk.cancelFlush(flush);
      }
    }
    this.count = 0;
    this.applied = 0;
  }
}
