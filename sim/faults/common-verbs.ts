/**
 * What those verbs do that processes of an operating system know as well as simulated ones: ends
 * and starts of processes, pauses, and what befalls links.
 */
import type { RunWorld } from '../run-world.ts';
import type { Processes } from './processes.ts';
import type { Strike } from './strike.ts';
import type { FaultSpec, FaultVerb } from './verbs.ts';

/** What a fault acts through. */
export interface CommonDoors {
  readonly world: RunWorld;
  readonly processes: Processes;
}

export type SpecOf<V extends FaultVerb> = Extract<FaultSpec, { [K in V]: unknown }>;
export type Performer<V extends FaultVerb, D extends CommonDoors> = (
  spec: SpecOf<V>,
  strike: Strike,
  doors: D,
) => void;

/** The first target's nodes. */
export function struck(strike: Strike): readonly string[] {
  return strike.sides[0] ?? [];
}

export function pair(strike: Strike): [readonly string[], readonly string[]] {
  return [strike.sides[0] ?? [], strike.sides[1] ?? []];
}

/** Ends a lasting fault by itself. */
export function endAfter(
  strike: Strike,
  forMs: number | undefined,
  doors: CommonDoors,
  end: () => void,
): void {
  if (forMs === undefined) return;
  const atUs = strike.timeUs + forMs * 1_000;
  doors.world.schedule(atUs, `fault ${strike.fault} ends`, () => {
    if (strike.endedUs !== null) return;
    strike.endedUs = doors.world.nowUs;
    end();
  });
}

export function restartLater(
  strike: Strike,
  afterMs: number | undefined,
  doors: CommonDoors,
): void {
  if (afterMs !== undefined) doors.processes.startAfter(struck(strike), afterMs);
}

/** They go on in every world. */
export type CommonVerb =
  | 'kill'
  | 'stop'
  | 'start'
  | 'restart'
  | 'pause'
  | 'resume'
  | 'cut'
  | 'isolate'
  | 'heal'
  | 'delay'
  | 'slowLink'
  | 'reset';

export const commonPerformers: {
  readonly [V in CommonVerb]: Performer<V, CommonDoors>;
} = {
  kill(spec, strike, doors) {
    for (const node of struck(strike)) doors.processes.kill(node);
    restartLater(strike, spec.restartAfter, doors);
  },
  stop(spec, strike, doors) {
    for (const node of struck(strike)) doors.processes.stop(node);
    restartLater(strike, spec.restartAfter, doors);
  },
  start(_spec, strike, doors) {
    for (const node of struck(strike)) doors.processes.start(node);
  },
  restart(_spec, strike, doors) {
    for (const node of struck(strike)) doors.processes.restart(node);
  },
  pause(spec, strike, doors) {
    const paused = struck(strike).filter((node) => doors.processes.isUp(node));
    for (const node of paused) doors.world.pause(node);
    endAfter(strike, spec.for, doors, () => {
      for (const node of paused) doors.processes.resume(node);
    });
  },
  resume(_spec, strike, doors) {
    for (const node of struck(strike)) doors.processes.resume(node);
  },
  cut(spec, strike, doors) {
    const [from, to] = pair(strike);
    doors.world.cut(from, to, { oneWay: spec.oneWay });
    endAfter(strike, spec.for, doors, () => doors.world.heal(from, to));
  },
  isolate(spec, strike, doors) {
    const [from, to] = pair(strike);
    doors.world.cut(from, to);
    endAfter(strike, spec.for, doors, () => doors.world.heal(from, to));
  },
  heal(_spec, strike, { world }) {
    if (strike.sides.length === 0) {
      world.restoreNetwork();
      return;
    }
    const from = struck(strike);
    const to = strike.sides[1] ?? world.nodes.map((node) => node.name);
    world.heal(from, to);
    world.delay(from, to, { addUs: 0 });
    world.slowLink(from, to, null);
  },
  delay(spec, strike, doors) {
    const [from, to] = pair(strike);
    const { oneWay } = spec;
    const delay = { addUs: spec.by * 1_000, jitterUs: spec.jitter * 1_000, oneWay };
    doors.world.delay(from, to, delay);
    endAfter(strike, spec.for, doors, () => doors.world.delay(from, to, { addUs: 0, oneWay }));
  },
  slowLink(spec, strike, doors) {
    const [from, to] = pair(strike);
    doors.world.slowLink(from, to, spec.bytesPerSecond);
    endAfter(strike, spec.for, doors, () => doors.world.slowLink(from, to, null));
  },
  reset(_spec, strike, { world }) {
    const [from, to] = pair(strike);
    world.resetConnections(from, to);
  },
};

export function isCommonVerb(verb: FaultVerb): verb is CommonVerb {
  return Object.hasOwn(commonPerformers, verb);
}

/** Lets a fault of a common verb do its work; its targets are resolved. */
export function performCommon(strike: Strike, verb: CommonVerb, doors: CommonDoors): void {
  const performer = commonPerformers[verb] as (
    spec: FaultSpec,
    strike: Strike,
    doors: CommonDoors,
  ) => void;
  performer(strike.spec, strike, doors);
}
