/** The machine's clocks as a node reads them: integer milliseconds that stand still within a step. */
import type { Clock } from '../kafka/host.ts';

export class StepClock implements Clock {
  private atMonotonicMs = 0;
  private atWallMs = 0;

  constructor() {
    this.read();
  }

  monotonicMs(): number {
    return this.atMonotonicMs;
  }

  wallMs(): number {
    return this.atWallMs;
  }

  /** Takes the time of the step that begins. */
  read(): void {
    this.atMonotonicMs = Math.floor(performance.now());
    this.atWallMs = Date.now();
  }
}
