/**
 * A run that can be held: it advances to an event, stands still at the end of that step, and goes
 * on. What comes out at the end is what `runScenario` gives, to the last bit.
 */
import type { Scenario } from '../scenario/schema.ts';
import type { World } from '../world.ts';
import type { Act, Pace } from './pace.ts';
import { courseOf, type RunOptions, type RunResult } from './runner.ts';

export class RunSession {
  readonly world: World;
  /** null while the run goes on. */
  result: RunResult | null = null;
  private readonly pace: Pace = { untilEvent: 0, stopped: false };
  private readonly course: Act<RunResult>;
  private readonly origin: () => number;

  constructor(scenario: Scenario, options: RunOptions) {
    const { world, course, originUs } = courseOf(scenario, options, this.pace);
    this.world = world;
    this.course = course;
    this.origin = originUs;
  }

  /** Events so far. */
  get events(): number {
    return this.world.events;
  }

  /** When scenario time 0 is; 0 during the warm-up. */
  get originUs(): number {
    return this.origin();
  }

  /**
   * Runs until this event has been told and its step has ended, or to the end of the run.
   * @returns whether the run is over.
   */
  advanceTo(event: number): boolean {
    this.pace.untilEvent = event;
    while (this.result === null && (this.world.events < event || this.pace.stopped)) {
      const { done, value } = this.course.next();
      if (done === true) this.result = value;
    }
    return this.result !== null;
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
