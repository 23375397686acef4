/**
 * One run in the worker: it goes on for a few milliseconds at a time, so that the worker can be
 * talked to, hands its rows over as they come, and stands still where it is told to.
 */
import { readyCodecs } from '../../codecs/for-runs.ts';
import { RunSession } from '../../sim/run/session.ts';
import { traceKinds } from '../../sim/trace/table.ts';
import type { RunMessage, RunRequest } from './protocol.ts';
import { RowFeed } from './row-feed.ts';
import { RequestError, scenarioOf } from './run-request.ts';

export type Post = (message: RunMessage, buffers: ArrayBuffer[]) => void;

/** Lets other messages of the worker be heard. */
export type Breathe = () => Promise<void>;

export interface LiveRunParts {
  readonly post: Post;
  readonly breathe: Breathe;
  /** Real time, for the length of a slice only; it decides nothing in the run. */
  readonly nowMs: () => number;
}

const SLICE_EVENTS = 512;
const SLICE_MS = 12;
/** The first rows are wanted at once; later ones may come in larger pieces. */
const FIRST_ROWS_AFTER_MS = 10;
/** While the page draws its first picture, it is left alone. */
const SECOND_ROWS_AFTER_MS = 400;
const ROWS_EVERY_MS = 150;

export class LiveRun {
  private readonly parts: LiveRunParts;
  private hold = Number.POSITIVE_INFINITY;
  private stopped = false;
  /** Called when the hold is moved while the run stands still. */
  private wake: (() => void) | null = null;

  constructor(parts: LiveRunParts) {
    this.parts = parts;
  }

  holdAt(event: number): void {
    this.hold = event;
    this.wake?.();
  }

  stop(): void {
    this.stopped = true;
    this.wake?.();
  }

  async run(request: RunRequest): Promise<void> {
    try {
      await this.runToEnd(request);
    } catch (error) {
      this.parts.post({ kind: 'failed', problem: problemOf(error) }, []);
    }
  }

  private async runToEnd(request: RunRequest): Promise<void> {
    const { nowMs, breathe } = this.parts;
    const scenario = scenarioOf(request);
    await readyCodecs(scenario);
    const { seed } = request;
    if (request.holdAt !== undefined) this.hold = request.holdAt;
    const store = request.quiet === true ? 'none' : 'rows';
    const session = new RunSession(scenario, { seed, store, wallClockMs: nowMs });
    const { rows } = session.world.trace;
    const feed = rows === null ? null : new RowFeed(rows);
    this.parts.post({ kind: 'head', head: { scenario, seed, kinds: traceKinds, file: null } }, []);
    let sendAtMs = nowMs() + FIRST_ROWS_AFTER_MS;
    let pauseMs = SECOND_ROWS_AFTER_MS;
    while (!this.stopped) {
      const over = this.slice(session);
      const isHeld = !over && session.events >= this.hold;
      const due = nowMs() >= sendAtMs;
      if (feed !== null) this.send(session, feed, over || isHeld || due);
      if (due) {
        sendAtMs = nowMs() + pauseMs;
        pauseMs = ROWS_EVERY_MS;
      }
      if (over) return this.done(session);
      if (isHeld) await this.stand(session);
      else await breathe();
    }
  }

  /** @returns whether the run is over. */
  private slice(session: RunSession): boolean {
    const { nowMs } = this.parts;
    const endMs = nowMs() + SLICE_MS;
    do {
      if (session.events >= this.hold) return false;
      if (session.advanceTo(Math.min(session.events + SLICE_EVENTS, this.hold))) return true;
    } while (nowMs() < endMs);
    return false;
  }

  private send(session: RunSession, feed: RowFeed, all: boolean): void {
    const { originUs } = session;
    for (let piece = feed.next(all); piece !== null; piece = feed.next(all)) {
      const { chunk, added, buffers } = piece;
      this.parts.post({ kind: 'rows', chunk, added, originUs }, buffers);
    }
  }

  private done(session: RunSession): void {
    const report = session.result?.report ?? null;
    this.parts.post({ kind: 'done', report, originUs: session.originUs }, []);
  }

  private async stand(session: RunSession): Promise<void> {
    this.parts.post({ kind: 'held', event: session.events }, []);
    const { hold } = this;
    while (!this.stopped && this.hold === hold) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.wake = null;
  }
}

export function problemOf(error: unknown): { title: string; details: readonly string[] } {
  if (error instanceof RequestError) return error.problem;
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { title: 'the simulator broke', details: [words, 'This is a mistake in Trial itself.'] };
}
