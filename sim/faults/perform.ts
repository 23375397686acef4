/** What each verb does to the world: one entry per verb, through the doors of `World` only. */
import { apis } from '../../kafka/wire/apis.ts';
import type { DiskErrorSpec } from '../disk/faults.ts';
import type { HoldId } from '../network/faults.ts';
import type { World } from '../world.ts';
import {
  type CommonDoors,
  commonPerformers,
  endAfter,
  type Performer,
  pair,
  restartLater,
  type SpecOf,
  struck,
} from './common-verbs.ts';
import type { LastingKind } from './lasting.ts';
import type { Strike } from './strike.ts';
import type { FaultSpec, FaultVerb } from './verbs.ts';

/** What a fault acts through. */
export interface Doors extends CommonDoors {
  readonly world: World;
  /** The holds that are on, by the name of their fault. */
  readonly holds: Map<string, HoldId>;
}

/** A flip in the tail strikes this close to the end: in the last batch of a log, past its header. */
const TAIL_BYTES = 24;

const performers: { readonly [V in FaultVerb]: Performer<V, Doors> } = {
  ...commonPerformers,
  powerCut(spec, strike, doors) {
    for (const node of struck(strike)) doors.world.powerCut(node, { unflushed: spec.style });
    restartLater(strike, spec.restartAfter, doors);
  },
  slowCpu(spec, strike, doors) {
    const what = { kind: 'slowCpu', for: spec.for, setting: spec.times, neutral: 1 } as const;
    onNodes(strike, what, doors, (node, times) => doors.world.slowCpu(node, times));
  },
  crashInStep(spec, strike, doors) {
    for (const node of struck(strike)) {
      doors.world.crashInStep(node, {
        afterDiskCalls: spec.afterDiskCalls,
        when: spec.moment,
        ...(spec.powerCut === undefined ? {} : { powerCut: spec.powerCut }),
      });
      doors.processes.keepDownOnceCrashed(node, spec.restartAfter);
    }
  },

  heal(spec, strike, doors) {
    commonPerformers.heal(spec, strike, doors);
    if (strike.sides.length === 0) doors.holds.clear();
  },
  hold(spec, strike, doors) {
    const [from, to] = pair(strike);
    const hold = doors.world.hold({
      from,
      to,
      ...(spec.api === undefined ? {} : { apiKey: apis[spec.api].key }),
      ...(spec.direction === undefined ? {} : { direction: spec.direction }),
    });
    doors.holds.set(strike.fault, hold);
    endAfter(strike, spec.for, doors, () => release(strike.fault, doors));
  },
  flipInFlight({ api, times }, strike, { world }) {
    const [from, to] = pair(strike);
    world.flipInFlight({ from, to, api, left: times });
  },
  release(spec, _strike, doors) {
    const names = spec.release === 'all' ? [...doors.holds.keys()] : [spec.release];
    for (const name of names) release(name, doors);
  },

  jumpClock(spec, strike, { world }) {
    for (const node of struck(strike)) world.clockJump(node, { wallMs: spec.by });
  },
  driftClock(spec, strike, doors) {
    const what = { kind: 'driftClock', for: spec.for, setting: spec.ppm, neutral: 0 } as const;
    onNodes(strike, what, doors, (node, ppm) => doors.world.clockDrift(node, ppm));
  },

  stallDisk(spec, strike, { world }) {
    for (const node of struck(strike)) world.diskStall(node, spec.for * 1_000);
  },
  slowDisk(spec, strike, doors) {
    const what = { kind: 'slowDisk', for: spec.for, setting: spec.times, neutral: 1 } as const;
    onNodes(strike, what, doors, (node, times) => doors.world.diskSlow(node, times));
  },
  failDisk(spec, strike, doors) {
    failCalls(strike, spec.for, doors, {
      code: 'EIO',
      ...(spec.operation === undefined ? {} : { operation: spec.operation }),
      ...(spec.times === undefined ? {} : { times: spec.times }),
      ...(spec.path === undefined ? {} : { pathPrefix: spec.path }),
    });
  },
  fillDisk(spec, strike, doors) {
    const { path: pathPrefix } = spec;
    if (pathPrefix !== undefined) {
      failCalls(strike, spec.for, doors, { code: 'ENOSPC', operation: 'write', pathPrefix });
      return;
    }
    const what = { kind: 'fillDisk', for: spec.for, setting: 1, neutral: 0 } as const;
    onNodes(strike, what, doors, (node, on) => doors.world.enospc(node, on === 1 ? 0 : null));
  },
  flipBit(spec, strike, { world }) {
    for (const node of struck(strike)) flipBit(world, node, spec);
  },
  misdirectWrite(_spec, strike, { world }) {
    for (const node of struck(strike)) world.misdirectedWrite(node);
  },
  loseFlush(spec, strike, doors) {
    const what = { kind: 'loseFlush', for: spec.for, setting: 1, neutral: 0 } as const;
    onNodes(strike, what, doors, (node, on) => doors.world.lostFlush(node, on === 1));
  },
  loseDisk(_spec, strike, { world }) {
    for (const node of struck(strike)) world.loseDisk(node);
  },
};

/** Lets the fault do its work; its targets are resolved. */
export function perform(strike: Strike, doors: Doors): void {
  const performer = performers[strike.verb] as (
    spec: FaultSpec,
    strike: Strike,
    doors: Doors,
  ) => void;
  performer(strike.spec, strike, doors);
}

/** The files that a `flipBit` may strike on a node: those that match and hold anything. */
export function flippableFiles(world: World, node: string, part: string): string[] {
  const { disk } = world.node(node);
  const matching = disk.files().filter((path) => path.includes(part));
  return matching.filter((path) => disk.contents(path).length > 0).sort();
}

function flipBit(world: World, node: string, spec: SpecOf<'flipBit'>): void {
  const paths = flippableFiles(world, node, spec.file);
  const random = world.random('faults/flip');
  if (spec.where === 'tail') {
    const path = paths.at(-1) as string;
    const size = world.node(node).disk.contents(path).length;
    world.bitFlip(node, path, size - random.int(1, Math.min(TAIL_BYTES, size)));
    return;
  }
  world.bitFlip(node, paths[random.int(0, paths.length - 1)] as string);
}

function release(name: string, doors: Doors): void {
  const hold = doors.holds.get(name);
  if (hold === undefined) return;
  doors.holds.delete(name);
  doors.world.release(hold);
}

/** A fault of nodes: what it sets on them, and what is there when no fault of its kind holds. */
interface OfNodes {
  readonly kind: LastingKind;
  readonly for: number | undefined;
  readonly setting: number;
  readonly neutral: number;
}

/** Sets something on nodes, and at its end what other faults of the kind still set there. */
function onNodes(
  strike: Strike,
  { kind, for: forMs, setting, neutral }: OfNodes,
  doors: Doors,
  set: (node: string, now: number) => void,
): void {
  for (const node of struck(strike)) set(node, setting);
  doors.lasting.begin(strike, { kind, places: struck(strike), setting: [setting] });
  endAfter(strike, forMs, doors, () => {
    for (const { place, now } of doors.lasting.end<string>(strike)) {
      set(place, now?.[0] ?? neutral);
    }
  });
}

/** Calls of disks fail by a rule of this fault's own, which goes with it. */
function failCalls(
  strike: Strike,
  forMs: number | undefined,
  doors: Doors,
  rule: DiskErrorSpec,
): void {
  const nodes = struck(strike);
  for (const node of nodes) doors.world.diskError(node, rule);
  endAfter(strike, forMs, doors, () => {
    for (const node of nodes) doors.world.endDiskError(node, rule);
  });
}
