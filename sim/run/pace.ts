/**
 * How a run gives its caller a chance to look at it or to stop it: the acts of a run are
 * generators that yield whenever the pace's event has come. Between two such moments a run is as
 * it is without them, so its digest does not know of them.
 */
import type { World } from '../world.ts';

export interface Pace {
  /** The run yields once this event is told, at the end of its step. */
  untilEvent: number;
  /** No act goes on: the run is to end where it is. */
  stopped: boolean;
}

/** An act of a run that ends with a value. */
export type Act<T> = Generator<void, T, void>;

/** As `World.runUntil`. */
export function* advance(
  world: World,
  pace: Pace,
  timeUs: number,
  stop?: () => boolean,
): Act<void> {
  for (;;) {
    while (world.events >= pace.untilEvent && !pace.stopped) yield;
    if (pace.stopped) return;
    const limit = pace.untilEvent;
    const pause =
      limit === Number.POSITIVE_INFINITY ? stop : () => world.events >= limit || stop?.() === true;
    world.runUntil(timeUs, pause);
    if (world.events < limit || stop?.() === true) return;
  }
}

/** Runs an act to its end, for who never pauses. */
export function finish<T>(act: Act<T>): T {
  for (;;) {
    const { done, value } = act.next();
    if (done === true) return value;
  }
}

export function unpaced(): Pace {
  return { untilEvent: Number.POSITIVE_INFINITY, stopped: false };
}
