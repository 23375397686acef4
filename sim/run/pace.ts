/**
 * How a run gives its caller a chance to look at it or to stop it: the acts of a run are
 * generators that yield whenever the pace's event or time has come. Between two such moments a run
 * is as it is without them, so its digest does not know of them.
 */
import type { RunWorld } from '../run-world.ts';

export interface Pace {
  /** The run yields once this event is told, at the end of its step. */
  untilEvent: number;
  /** The run yields before anything that is due at this time or later. */
  beforeUs: number;
  /** Asked at the end of each step: whether to yield now. null: not asked. */
  halt: (() => boolean) | null;
  /** `halt` has said so; who lets the run go on takes it back. */
  halted: boolean;
  /** No act goes on: the run is to end where it is. */
  stopped: boolean;
}

/** An act of a run that ends with a value. */
export type Act<T> = Generator<void, T, void>;

/** As `World.runUntil`; a time that is a function is asked for anew after each pause. */
export function* advance(
  world: RunWorld,
  pace: Pace,
  time: number | (() => number),
  stop?: () => boolean,
): Act<void> {
  if (world.runUntil === null) return yield* wait(world, pace, time, stop);
  for (;;) {
    while (isHeld(world, pace) && !pace.stopped) yield;
    if (pace.stopped) return;
    const timeUs = typeof time === 'number' ? time : time();
    const toUs = Math.min(timeUs, pace.beforeUs - 1);
    world.runUntil(toUs, pauseOf(world, pace, stop));
    const isThere = toUs === timeUs && !pace.halted && world.events < pace.untilEvent;
    if (isThere || stop?.() === true) return;
  }
}

/** Where time passes by itself: yields for as long as there is anything to wait for. */
function* wait(
  world: RunWorld,
  pace: Pace,
  time: number | (() => number),
  stop?: () => boolean,
): Act<void> {
  const isThere = (): boolean => world.nowUs >= (typeof time === 'number' ? time : time());
  while (!pace.stopped && !isThere() && stop?.() !== true) yield;
}

function isHeld(world: RunWorld, pace: Pace): boolean {
  return world.events >= pace.untilEvent || world.nowUs >= pace.beforeUs - 1 || pace.halted;
}

/** When to leave the world, for a pause or because the act is over. */
function pauseOf(world: RunWorld, pace: Pace, stop?: () => boolean): (() => boolean) | undefined {
  const { untilEvent: limit, halt } = pace;
  if (halt !== null) {
    return () => {
      if (stop?.() === true || world.events >= limit) return true;
      pace.halted = halt();
      return pace.halted;
    };
  }
  if (limit === Number.POSITIVE_INFINITY) return stop;
  return () => world.events >= limit || stop?.() === true;
}

/** Runs an act to its end, for who never pauses. */
export function finish<T>(act: Act<T>): T {
  for (;;) {
    const { done, value } = act.next();
    if (done === true) return value;
  }
}

export function unpaced(): Pace {
  return { ...held(), untilEvent: Number.POSITIVE_INFINITY };
}

/** Of a run that has not begun. */
export function held(): Pace {
  const beforeUs = Number.POSITIVE_INFINITY;
  return { untilEvent: 0, beforeUs, halt: null, halted: false, stopped: false };
}
