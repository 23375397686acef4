/**
 * The clocks of one machine. Local time runs with the simulated time, `ppm` millionths faster;
 * the monotonic clock of each boot begins somewhere of its own; the wall clock is the same local
 * time plus an offset that can jump. All arithmetic is on integers below 2^53.
 */
import type { Clock } from '../../kafka/host.ts';

/** True wall time at the beginning of the simulation: 2026-01-01T00:00:00Z. */
export const WALL_START_MS = 1_767_225_600_000;
const MILLION = 1_000_000;

export class SimClock implements Clock {
  /** At simulated time `baseUs` the local time is `localBaseUs`. */
  private baseUs = 0;
  private localBaseUs = 0;
  private ppm = 0;
  /** Monotonic µs of this boot = local µs + this. */
  private monotonicOffsetUs = 0;
  private wallOffsetMs = 0;
  private nowMs = 0;
  private nowWallMs = WALL_START_MS;

  monotonicMs(): number {
    return this.nowMs;
  }

  wallMs(): number {
    return this.nowWallMs;
  }

  /** Sets what the node reads during its next step. */
  setTo(nowUs: number): void {
    const localUs = this.localUs(nowUs);
    this.nowMs = Math.floor((localUs + this.monotonicOffsetUs) / 1_000);
    this.nowWallMs = WALL_START_MS + this.wallOffsetMs + Math.floor(localUs / 1_000);
  }

  /** What `monotonicMs` would be at this simulated time. */
  monotonicMsAt(nowUs: number): number {
    return Math.floor((this.localUs(nowUs) + this.monotonicOffsetUs) / 1_000);
  }

  /** The wall clock's milliseconds at this simulated time. */
  wallMsAt(nowUs: number): number {
    return WALL_START_MS + this.wallOffsetMs + Math.floor(this.localUs(nowUs) / 1_000);
  }

  /** The first simulated µs, not before `nowUs`, at which the monotonic clock is at `atMs`. */
  simulatedUsOf(atMs: number, nowUs: number): number {
    const wanted = Math.ceil(atMs) * 1_000 - this.monotonicOffsetUs;
    const ahead = wanted - this.localBaseUs;
    let us = this.baseUs + ahead;
    if (this.ppm !== 0) {
      us = this.baseUs + Math.floor((ahead * MILLION) / (MILLION + this.ppm));
      while (this.localUs(us) < wanted) us += 1;
      while (us > 0 && this.localUs(us - 1) >= wanted) us -= 1;
    }
    return us > nowUs ? us : nowUs;
  }

  boot(monotonicStartMs: number, nowUs: number): void {
    this.monotonicOffsetUs = monotonicStartMs * 1_000 - this.localUs(nowUs);
  }

  drift(ppm: number, nowUs: number): void {
    this.localBaseUs = this.localUs(nowUs);
    this.baseUs = nowUs;
    this.ppm = ppm;
  }

  jump(wallMs: number): void {
    this.wallOffsetMs += wallMs;
  }

  /** Makes the wall clock `wallMs` ahead of the true time at this moment. */
  setWallOffset(wallMs: number, nowUs: number): void {
    const ahead = Math.floor(this.localUs(nowUs) / 1_000) - Math.floor(nowUs / 1_000);
    this.wallOffsetMs = wallMs - ahead;
  }

  private localUs(nowUs: number): number {
    const passed = nowUs - this.baseUs;
    if (this.ppm === 0) return this.localBaseUs + passed;
    return this.localBaseUs + passed + Math.floor((passed * this.ppm) / MILLION);
  }
}
