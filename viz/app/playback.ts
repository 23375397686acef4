/**
 * Plays the run: simulated time passes `speed` times as fast as real time, and the position is
 * the last event at or before it. At the end of a run that is still coming in it waits for more.
 */
import type { AppStore } from './store.ts';

/** A frame that took longer (a hidden tab) does not make the run leap. */
const LONGEST_FRAME_MS = 250;

export class Playback {
  private readonly app: AppStore;
  private timeUs = 0;
  private lastFrameMs = 0;
  /** The position that this class set last; another one means that somebody moved. */
  private placed = -1;
  private frame = 0;

  constructor(app: AppStore) {
    this.app = app;
    app.subscribe((state, before) => {
      if (state.playing !== before.playing) {
        if (state.playing) this.start();
        else this.stop();
      }
    });
  }

  private start(): void {
    this.placed = -1;
    this.lastFrameMs = performance.now();
    this.frame = requestAnimationFrame((nowMs) => this.tick(nowMs));
  }

  private stop(): void {
    cancelAnimationFrame(this.frame);
  }

  private tick(nowMs: number): void {
    const { state, slot } = this.app;
    if (!state.playing || slot === null) return;
    const { store } = slot;
    const passedMs = Math.max(0, Math.min(nowMs - this.lastFrameMs, LONGEST_FRAME_MS));
    this.lastFrameMs = nowMs;
    if (state.position !== this.placed) {
      this.timeUs = state.position === 0 ? 0 : store.timeUs(state.position);
    }
    this.timeUs = Math.min(this.timeUs + passedMs * 1_000 * state.speed, store.endUs);
    const position = Math.max(state.position, store.eventAtTime(this.timeUs));
    if (position !== state.position) this.app.goTo(position);
    this.placed = position;
    if (position >= store.count && store.complete) {
      this.app.update((draft) => {
        draft.playing = false;
      });
      return;
    }
    this.frame = requestAnimationFrame((next) => this.tick(next));
  }
}
