/**
 * A run that can be held: it advances to an event, stands still at the end of that step, and goes
 * on. What comes out at the end is what `runScenario` gives, to the last bit.
 */
import type { Scenario } from '../scenario/schema.ts';
import type { World } from '../world.ts';
import { type Act, held, type Pace } from './pace.ts';
import { courseOf, type RunDoors, type RunOptions, type RunResult } from './runner.ts';

export class RunSession {
  readonly world: World;
  /** null while the run goes on. */
  result: RunResult | null = null;
  private readonly pace: Pace = held();
  private readonly course: Act<RunResult>;
  /** For who takes part in the run: see `library/`. */
  readonly doors: RunDoors;

  constructor(scenario: Scenario, options: RunOptions) {
    const { world, course, doors } = courseOf(scenario, options, this.pace);
    this.world = world;
    this.course = course;
    this.doors = doors;
  }

  /** Events so far. */
  get events(): number {
    return this.world.events;
  }

  /** When scenario time 0 is; 0 during the warm-up. */
  get originUs(): number {
    return this.doors.originUs;
  }

  /**
   * Runs until this event has been told and its step has ended, or to the end of the run.
   * @returns whether the run is over.
   */
  advanceTo(event: number): boolean {
    this.pace.untilEvent = event;
    this.pace.halted = false;
    while (this.result === null && (this.world.events < event || this.pace.stopped)) {
      this.next();
    }
    return this.result !== null;
  }

  /**
   * Runs until nothing more is due before this time (of the world, in µs), or until `halt`, asked
   * after each step, says so, or to the end of the run.
   * @returns whether it stands before that time or at the end, and not where `halt` wanted it.
   */
  advanceBefore(timeUs: number, halt: (() => boolean) | null = null): boolean {
    const { pace } = this;
    pace.untilEvent = Number.POSITIVE_INFINITY;
    pace.beforeUs = timeUs;
    pace.halt = halt;
    pace.halted = false;
    while (this.result === null && this.world.nowUs < pace.beforeUs - 1 && !pace.halted) {
      this.next();
    }
    pace.beforeUs = Number.POSITIVE_INFINITY;
    pace.halt = null;
    return !pace.halted;
  }

  private next(): void {
    const { done, value } = this.course.next();
    if (done === true) this.result = value;
  }

  /** Ends the run here: what can be judged is judged, as with `until`. */
  stop(): RunResult {
    if (this.result === null) this.pace.stopped = true;
    return this.finish();
  }

  /** `stop` came before the end. */
  get wasStopped(): boolean {
    return this.pace.stopped;
  }

  /** Runs to the end. */
  finish(): RunResult {
    this.advanceTo(Number.POSITIVE_INFINITY);
    return this.result as RunResult;
  }
}
