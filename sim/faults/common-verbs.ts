/**
 * What those verbs do that processes of an operating system know as well as simulated ones: ends
 * and starts of processes, pauses, and what befalls links.
 */
import type { RunWorld } from '../run-world.ts';
import { type Lasting, LINK_KINDS, type Setting, type Sides, sidesOf, waysOf } from './lasting.ts';
import type { Processes } from './processes.ts';
import type { Strike, Way } from './strike.ts';
import type { FaultSpec, FaultVerb } from './verbs.ts';

/** What a fault acts through. */
export interface CommonDoors {
  readonly world: RunWorld;
  readonly processes: Processes;
  readonly lasting: Lasting;
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

/** After a fault that ends processes, or tells them to. */
export function restartLater(
  strike: Strike,
  afterMs: number | undefined,
  { processes }: CommonDoors,
): void {
  for (const node of struck(strike)) processes.keepDown(node, afterMs);
}

/** None of these nodes has a process that the fault could do anything to. */
export function findsNoProcess(
  spec: FaultSpec,
  nodes: readonly string[],
  processes: Processes,
): boolean {
  if ('restart' in spec) return !nodes.some((node) => processes.isStaying(node));
  if ('pause' in spec || 'crashInStep' in spec) return !nodes.some((node) => processes.isUp(node));
  return false;
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
    const { world, processes, lasting } = doors;
    const paused = struck(strike).filter((node) => processes.isUp(node));
    for (const node of paused) {
      world.pause(node);
      // The end of a process ends its pauses.
      const setting = [world.node(node).bootCount];
      lasting.begin(strike, { kind: 'pause', places: [node], setting });
    }
    endAfter(strike, spec.for, doors, () => {
      for (const { place } of lasting.end<string>(strike)) processes.resume(place);
    });
  },
  resume(_spec, strike, doors) {
    for (const node of struck(strike)) doors.processes.resume(node);
    doors.lasting.release(['pause'], struck(strike), doors.world.nowUs);
  },
  cut(spec, strike, doors) {
    cut(strike, spec, doors);
  },
  isolate(spec, strike, doors) {
    cut(strike, { oneWay: false, for: spec.for }, doors);
  },
  heal(_spec, strike, { world, lasting }) {
    if (strike.sides.length === 0) {
      world.restoreNetwork();
      lasting.releaseAll(LINK_KINDS, world.nowUs);
      return;
    }
    const from = struck(strike);
    const to = strike.sides[1] ?? world.nodes.map((node) => node.name);
    world.heal(from, to);
    world.delay(from, to, { addUs: 0 });
    world.slowLink(from, to, null);
    lasting.release(LINK_KINDS, waysOf({ from, to, oneWay: false }), world.nowUs);
  },
  delay(spec, strike, doors) {
    const { world } = doors;
    const setting = [spec.by * 1_000, spec.jitter * 1_000];
    onLinks(strike, { ...spec, kind: 'delay', setting }, doors, ({ from, to, oneWay }, now) => {
      const [addUs = 0, jitterUs] = now ?? [];
      world.delay(from, to, { addUs, ...(jitterUs === undefined ? {} : { jitterUs }), oneWay });
    });
  },
  slowLink(spec, strike, doors) {
    const { world } = doors;
    const setting = [spec.bytesPerSecond];
    onLinks(strike, { ...spec, kind: 'slowLink', setting }, doors, ({ from, to, oneWay }, now) => {
      world.slowLink(from, to, now?.[0] ?? null, { oneWay });
    });
  },
  reset(_spec, strike, { world }) {
    const [from, to] = pair(strike);
    world.resetConnections(from, to);
  },
};

function cut(
  strike: Strike,
  spec: { readonly oneWay: boolean; readonly for?: number | undefined },
  doors: CommonDoors,
): void {
  const { world } = doors;
  onLinks(strike, { ...spec, kind: 'cut', setting: [] }, doors, ({ from, to, oneWay }, now) => {
    if (now === null) world.heal(from, to, { oneWay });
    else world.cut(from, to, { oneWay });
  });
}

interface OfLinks {
  readonly kind: 'cut' | 'delay' | 'slowLink';
  readonly oneWay: boolean;
  readonly for?: number | undefined;
  readonly setting: Setting;
}

/** Lets something befall links, and at its end what still befalls them by other faults. */
function onLinks(
  strike: Strike,
  { kind, oneWay, for: forMs, setting }: OfLinks,
  doors: CommonDoors,
  set: (sides: Sides, now: Setting | null) => void,
): void {
  const { lasting } = doors;
  const [from, to] = pair(strike);
  const sides = { from, to, oneWay };
  set(sides, setting);
  lasting.begin(strike, { kind, places: waysOf(sides), setting });
  endAfter(strike, forMs, doors, () => {
    const byNow = new Map<string, { now: Setting | null; ways: Way[] }>();
    for (const { place, now } of lasting.end<Way>(strike)) {
      const key = now === null ? '' : `=${now.join()}`;
      const known = byNow.get(key);
      if (known === undefined) byNow.set(key, { now, ways: [place] });
      else known.ways.push(place);
    }
    for (const { now, ways } of byNow.values()) {
      for (const part of sidesOf(ways, sides)) set(part, now);
    }
  });
}

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
