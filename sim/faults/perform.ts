/** What each verb does to the world: one entry per verb, through the doors of `World` only. */
import { apis } from '../../kafka/wire/apis.ts';
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
    for (const node of struck(strike)) doors.world.slowCpu(node, spec.times);
    endAfter(strike, spec.for, doors, () => {
      for (const node of struck(strike)) doors.world.slowCpu(node, 1);
    });
  },
  crashInStep(spec, strike, doors) {
    for (const node of struck(strike)) {
      doors.world.crashInStep(node, {
        afterDiskCalls: spec.afterDiskCalls,
        when: spec.moment,
        ...(spec.powerCut === undefined ? {} : { powerCut: spec.powerCut }),
      });
    }
    restartLater(strike, spec.restartAfter, doors);
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
    for (const node of struck(strike)) doors.world.clockDrift(node, spec.ppm);
    endAfter(strike, spec.for, doors, () => {
      for (const node of struck(strike)) doors.world.clockDrift(node, 0);
    });
  },

  stallDisk(spec, strike, { world }) {
    for (const node of struck(strike)) world.diskStall(node, spec.for * 1_000);
  },
  slowDisk(spec, strike, doors) {
    for (const node of struck(strike)) doors.world.diskSlow(node, spec.times);
    endAfter(strike, spec.for, doors, () => {
      for (const node of struck(strike)) doors.world.diskSlow(node, 1);
    });
  },
  failDisk(spec, strike, doors) {
    for (const node of struck(strike)) {
      doors.world.diskError(node, {
        code: 'EIO',
        ...(spec.operation === undefined ? {} : { operation: spec.operation }),
        ...(spec.times === undefined ? {} : { times: spec.times }),
        ...(spec.path === undefined ? {} : { pathPrefix: spec.path }),
      });
    }
    endAfter(strike, spec.for, doors, () => clearDisks(strike, doors));
  },
  fillDisk(spec, strike, doors) {
    const { path: pathPrefix } = spec;
    if (pathPrefix !== undefined) {
      for (const node of struck(strike)) {
        doors.world.diskError(node, { code: 'ENOSPC', operation: 'write', pathPrefix });
      }
      endAfter(strike, spec.for, doors, () => clearDisks(strike, doors));
      return;
    }
    for (const node of struck(strike)) doors.world.enospc(node);
    endAfter(strike, spec.for, doors, () => {
      for (const node of struck(strike)) doors.world.enospc(node, null);
    });
  },
  flipBit(spec, strike, { world }) {
    for (const node of struck(strike)) flipBit(world, node, spec);
  },
  misdirectWrite(_spec, strike, { world }) {
    for (const node of struck(strike)) world.misdirectedWrite(node);
  },
  loseFlush(spec, strike, doors) {
    for (const node of struck(strike)) doors.world.lostFlush(node, true);
    endAfter(strike, spec.for, doors, () => {
      for (const node of struck(strike)) doors.world.lostFlush(node, false);
    });
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

function clearDisks(strike: Strike, doors: Doors): void {
  for (const node of struck(strike)) doors.world.clearDiskFaults(node);
}
