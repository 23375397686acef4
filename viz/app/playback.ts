/**
 * Plays the run: simulated time passes `speed` times as fast as real time, and the position is
 * the last event at or before it. At the end of a run that is still coming in it waits for more.
 */
import { frames } from '../canvas/frame-loop.ts';
import type { AppStore } from './store.ts';

/** A frame that took longer (a hidden tab) does not make the run leap. */
const LONGEST_FRAME_MS = 250;
/** For who asked for less motion, pictures follow each other this far apart instead of gliding. */
const CALM_STEP_MS = 500;

export class Playback {
  private readonly app: AppStore;
  private timeUs = 0;
  /** The position that this class set last; another one means that somebody moved. */
  private placed = -1;
  /** Real time that has passed since the last picture. */
  private waitedMs = 0;
  private stopTicking: (() => void) | null = null;

  constructor(app: AppStore) {
    this.app = app;
    app.subscribe((state, before) => {
      if (state.playing === before.playing) return;
      this.stopTicking?.();
      this.placed = -1;
      this.waitedMs = 0;
      this.stopTicking = state.playing
        ? frames.tick((_now, passedMs) => this.tick(passedMs))
        : null;
    });
  }

  private tick(passedMs: number): void {
    const { state, slot } = this.app;
    if (slot === null) return;
    const { store } = slot;
    if (state.position !== this.placed) {
      this.timeUs = state.position === 0 ? 0 : store.timeUs(state.position);
    }
    this.waitedMs += Math.min(passedMs, LONGEST_FRAME_MS);
    if (state.reducedMotion && this.waitedMs < CALM_STEP_MS) return;
    const stepUs = this.waitedMs * 1_000 * state.speed;
    this.waitedMs = 0;
    this.timeUs = Math.min(this.timeUs + stepUs, store.endUs);
    const position = Math.max(state.position, store.eventAtTime(this.timeUs));
    if (position !== state.position) this.app.goTo(position);
    this.placed = position;
    if (position < store.count || !store.complete) return;
    this.app.update((draft) => {
      draft.playing = false;
    });
  }
}
