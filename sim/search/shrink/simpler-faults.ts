/**
 * Plainer faults and operations: without modifiers, against one target instead of several, at a
 * time instead of on an event, with round numbers.
 */
import { type FaultSpec, verbOf } from '../../faults/verbs.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { Candidates } from './candidates.ts';
import { renamed } from './references.ts';

type Entry = Readonly<Record<string, unknown>>;
type Part = 'faults' | 'operations';

export function* simplerFaults(shrinker: Candidates): Generator<void, void> {
  for (const part of ['faults', 'operations'] as const) {
    for (let i = 0; i < shrinker.scenario[part].length; i++) yield* simplerEntry(shrinker, part, i);
  }
}

function* simplerEntry(shrinker: Candidates, part: Part, i: number): Generator<void, void> {
  const entry = (): Entry => shrinker.scenario[part][i] as unknown as Entry;
  const withEntry = (changed: Entry): Scenario =>
    ({
      ...shrinker.scenario,
      [part]: (shrinker.scenario[part] as readonly unknown[]).map((one, place) =>
        place === i ? changed : one,
      ),
    }) as Scenario;
  const keep = (changed: Entry): Generator<void, boolean> => shrinker.keep(withEntry(changed));
  const isUsual = (key: string): boolean => shrinker.isBest(withEntry(without(entry(), key)));
  yield* atItsTime(shrinker, part, { i, entry, keep });
  const verb = part === 'faults' ? verbOf(entry() as FaultSpec) : null;
  for (const key of Object.keys(entry())) {
    if (key === 'at' || key === 'when' || key === verb) continue;
    yield* keep(without(entry(), key));
  }
  for (const key of Object.keys(entry())) {
    // What nobody has to say is no number to be made rounder.
    if (key === 'at' || key === 'afterEvent' || isUsual(key)) continue;
    yield* rounder(entry, key, keep);
  }
  if (verb !== null) yield* fewerTargets(entry, verb, keep);
}

/** As a story is told: what comes first stands first, and names of faults only tell them apart. */
export function* inTimeOrder(shrinker: Candidates): Generator<void, void> {
  const sorted = {
    faults: byTime(shrinker.scenario.faults),
    operations: byTime(shrinker.scenario.operations),
  };
  const names = sorted.faults.flatMap(({ name }) => (name === undefined ? [] : [name]));
  // Also as they are spoken of: `struck:plot-down-2`.
  const plain = (text: string): string => {
    const [, role = '', name = ''] = /^(\w+:)?(.*)$/.exec(text) ?? [];
    const place = names.indexOf(name);
    return place < 0 ? text : `${role}${ORDINALS[place] ?? `fault-${place + 1}`}`;
  };
  if (yield* shrinker.keep({ ...shrinker.scenario, ...renamed(sorted, plain) })) return;
  yield* shrinker.keep({ ...shrinker.scenario, ...sorted });
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];

/** What waits for an event stands behind what does not. */
function byTime<T extends { readonly at?: number | undefined }>(all: readonly T[]): T[] {
  return all.toSorted((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity));
}

interface Place {
  readonly i: number;
  readonly entry: () => Entry;
  readonly keep: (changed: Entry) => Generator<void, boolean>;
}

/** The time at which it struck, instead of the event that it waited for. */
function* atItsTime(
  shrinker: Candidates,
  part: Part,
  { i, entry, keep }: Place,
): Generator<void, void> {
  if (part !== 'faults' || Object.hasOwn(entry(), 'at')) return;
  const { strikes, report } = shrinker.best;
  const strike = strikes.find((one) => one.index === i);
  if (strike === undefined) return;
  const at = strike.timeUs / 1_000 - report.story.warmUpMs;
  const { when: _when, after: _after, afterEvent: _event, ...rest } = entry();
  for (const grain of [1_000, 100, 10, 1]) {
    for (const rounded of [Math.floor(at / grain), Math.ceil(at / grain)]) {
      if (yield* keep({ at: Math.max(0, rounded * grain), ...rest })) return;
    }
  }
}

const ROUND = [0, 1, 10, 100, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000];
const GRAINS = [1_000, 100, 10];

/** The first round number, from below, with which it fails too; or else one near by. */
function* rounder(
  entry: () => Entry,
  key: string,
  keep: (changed: Entry) => Generator<void, boolean>,
): Generator<void, void> {
  const value = entry()[key];
  if (typeof value !== 'number') return;
  for (const round of ROUND) {
    if (round >= value) break;
    if (yield* keep({ ...entry(), [key]: round })) return;
  }
  for (const grain of GRAINS) {
    if (value % grain === 0) return;
    for (const times of [Math.floor(value / grain), Math.ceil(value / grain)]) {
      if (times > 0 && (yield* keep({ ...entry(), [key]: times * grain }))) return;
    }
  }
}

/** A list of targets, on either side, becomes one of them. */
function* fewerTargets(
  entry: () => Entry,
  verb: string,
  keep: (changed: Entry) => Generator<void, boolean>,
): Generator<void, void> {
  const value = entry()[verb];
  if (!Array.isArray(value)) return;
  for (let place = 0; place < value.length; place++) {
    const group: unknown = value[place];
    const isList = Array.isArray(group);
    for (const one of isList ? group : []) {
      const targets = (entry()[verb] as unknown[]).map((old, i) => (i === place ? one : old));
      if (yield* keep({ ...entry(), [verb]: targets })) break;
    }
    if (!isList && (yield* keep({ ...entry(), [verb]: group }))) return;
  }
}

function without(entry: Entry, key: string): Entry {
  return Object.fromEntries(Object.entries(entry).filter(([one]) => one !== key));
}
