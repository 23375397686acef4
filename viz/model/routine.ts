/**
 * The heartbeat of a run: steps in which nothing happened but that somebody woke up, asked whether
 * there is news, or heard that there is none (heartbeats, empty fetches). Folded away unless they
 * are asked for (`beads.ts`).
 */
import type { TraceStore } from './trace-store.ts';

/** Requests that come again and again while nothing happens: Fetch, Heartbeat, BrokerHeartbeat. */
const ROUTINE_APIS: ReadonlySet<number> = new Set([1, 12, 63]);
/** Asking for records again and again; records that came are told by other events. */
const POLLING: ReadonlySet<string> = new Set(['poll', 'polled']);
const QUIET = ['input.received', 'input.woken', 'input.drained', 'frame.sent', 'quorum.committed'];

export class Routine {
  private readonly store: TraceStore;
  /** By event: 1 = routine. */
  private flags = new Uint8Array(1_024);
  private done = 0;
  private readonly quiet: readonly boolean[];
  private readonly sentId: number;
  private readonly commandId: number;
  private readonly completedId: number;

  constructor(store: TraceStore) {
    this.store = store;
    this.quiet = store.kinds.map((kind) => QUIET.includes(kind.name));
    this.sentId = store.kindIdOf('frame.sent');
    this.commandId = store.kindIdOf('input.command');
    this.completedId = store.kindIdOf('command.completed');
  }

  isRoutine(event: number): boolean {
    this.extend();
    return this.flags[event] === 1;
  }

  /** By event number; grows with the run, so it is to be asked for anew. */
  all(): Uint8Array {
    this.extend();
    return this.flags;
  }

  /** Whole steps only: the last one may still be growing while the run streams in. */
  extend(): void {
    const { store } = this;
    const { count } = store;
    if (this.flags.length <= count) {
      const wide = new Uint8Array(count + (count >> 1) + 1);
      wide.set(this.flags);
      this.flags = wide;
    }
    let first = this.done + 1;
    while (first <= count) {
      const step = store.stepOf(first);
      let quiet = true;
      let next = first;
      while (next <= count && store.stepOf(next) === step) {
        if (quiet) quiet = this.isQuiet(next);
        next += 1;
      }
      if (next > count && !store.complete) return;
      if (quiet) this.flags.fill(1, first, next);
      else this.unmarkCause(first);
      this.done = next - 1;
      first = next;
    }
  }

  private isQuiet(event: number): boolean {
    const { store } = this;
    const kind = store.kindId(event);
    if (kind === this.commandId || kind === this.completedId) {
      return POLLING.has(store.texts[store.subjectId(event)] ?? '');
    }
    if (this.quiet[kind] !== true) return false;
    return kind !== this.sentId || ROUTINE_APIS.has(store.rawField(event, 2));
  }

  /** A message that made something happen is not routine, whatever it is called. */
  private unmarkCause(event: number): void {
    const { store } = this;
    this.flags[store.parentA(event)] = 0;
    this.flags[store.parentB(event)] = 0;
  }
}
