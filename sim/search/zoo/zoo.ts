/**
 * The whole zoo: first every search of every entry, then the seeds that were run once more without
 * their switches, then one failure of each entry made small. Gives out jobs and takes their answers
 * in any order; `state` is what a later process goes on with.
 */
import { drawnWithWords } from './drawn-with.ts';
import { type ZooEntry, zooEntries } from './entries.ts';
import { Hunt, type SeedTold } from './hunt.ts';
import type {
  CleanSeeds,
  WrongSeed,
  ZooPlan,
  ZooResult,
  ZooRow,
  ZooShrunk,
  ZooState,
} from './state.ts';

export type ZooJob =
  | { readonly kind: 'hunt'; readonly hunt: number; readonly entry: string; readonly seed: number }
  | {
      readonly kind: 'clean';
      readonly group: number;
      readonly entry: string;
      readonly seed: number;
    }
  | { readonly kind: 'shrink'; readonly entry: string; readonly seed: number };

/** Seeds that are drawn from the same and begin at the same one, under today's rules. */
interface Group {
  readonly drawnWith: string;
  /** Any of those that are drawn so. */
  readonly entry: string;
  readonly from: number;
  seeds: number;
  next: number;
  /** Answered; all before `tried` are. */
  readonly answered: Set<number>;
  tried: number;
  readonly wrong: WrongSeed[];
}

export class Zoo {
  readonly plan: ZooPlan;
  readonly hunts: readonly Hunt[];
  readonly shrunk: ZooShrunk[];
  private readonly groups: Group[];
  private readonly toShrink: { readonly entry: string; readonly seed: number }[] = [];

  constructor(plan: ZooPlan, before: ZooState | null = null) {
    this.plan = plan;
    const entries = plan.entries.map(entryNamed);
    this.hunts = entries.flatMap((entry) =>
      plan.starts.map((from) => {
        const old = before?.searches.find((one) => one.entry === entry.name && one.from === from);
        return new Hunt(entry, from, plan.seeds, old ?? null);
      }),
    );
    this.groups = groupsOf(entries, plan.starts, before?.clean ?? []);
    this.shrunk = [...(before?.shrunk ?? [])];
  }

  /** The next seed of the first search that is not over. */
  nextHunt(): ZooJob | null {
    for (const [place, hunt] of this.hunts.entries()) {
      const seed = hunt.take();
      if (seed !== null) return { kind: 'hunt', hunt: place, entry: hunt.entry.name, seed };
    }
    return null;
  }

  heardHunt(place: number, told: SeedTold): void {
    this.hunts[place]?.heard(told);
  }

  /** How many seeds are to be run without a switch; once the searches are over. */
  beginClean(): number {
    for (const group of this.groups) {
      const alike = this.hunts.filter(
        ({ entry, from }) => from === group.from && wordsOf(entry) === group.drawnWith,
      );
      group.seeds = Math.max(...alike.map((one) => one.state().tried));
      group.next = group.from + group.tried;
    }
    return this.groups.reduce((sum, one) => sum + Math.max(0, one.seeds - one.tried), 0);
  }

  nextClean(): ZooJob | null {
    for (const [place, group] of this.groups.entries()) {
      if (group.next >= group.from + group.seeds) continue;
      group.next += 1;
      return { kind: 'clean', group: place, entry: group.entry, seed: group.next - 1 };
    }
    return null;
  }

  /** @param wrong what the seed lost without any switch; null: nothing. */
  heardClean(place: number, seed: number, wrong: string | null): void {
    const group = this.groups[place] as Group;
    group.answered.add(seed);
    while (group.answered.delete(group.from + group.tried)) group.tried += 1;
    if (wrong !== null) group.wrong.push({ seed, words: wrong });
  }

  /** How many entries are to be made small. */
  beginShrink(): number {
    if (!this.plan.shrink) return 0;
    for (const entry of this.plan.entries) {
      const [seed] = this.smallestFirst(entry);
      const isSmall = this.shrunk.some((one) => one.entry === entry);
      if (seed !== undefined && !isSmall) this.toShrink.push({ entry, seed });
    }
    return this.toShrink.length;
  }

  nextShrink(): ZooJob | null {
    const next = this.toShrink.shift();
    return next === undefined ? null : { kind: 'shrink', ...next };
  }

  /** @returns the seed of the entry that is to be made small instead; null: there is none. */
  shrinkFailed(entry: string, seed: number): number | null {
    const seeds = this.smallestFirst(entry);
    const another = seeds[seeds.indexOf(seed) + 1];
    if (another === undefined) return null;
    this.toShrink.push({ entry, seed: another });
    return another;
  }

  heardShrunk(shrunk: ZooShrunk): void {
    this.shrunk.push(shrunk);
  }

  /** The seeds in which it was found, by the events of the failing run. */
  private smallestFirst(name: string): number[] {
    const all = this.hunts.flatMap(({ entry, found }) =>
      entry.name === name && found !== null ? [found] : [],
    );
    return all.toSorted((a, b) => a.events - b.events).map((one) => one.seed);
  }

  state(about: Pick<ZooState, 'engine' | 'commit' | 'wallMs'>): ZooState {
    const { plan, hunts, groups, shrunk } = this;
    const clean = groups.map(
      ({ drawnWith, from, tried, wrong }): CleanSeeds => ({
        ...{ drawnWith, from, tried },
        wrong: wrong.filter((one) => one.seed < from + tried),
      }),
    );
    const searches = hunts.map((one) => one.state());
    return { schema: 1, kind: 'zoo', ...about, plan, searches, clean, shrunk };
  }

  resultJson(wallMs: number): ZooResult {
    const { seeds, starts, entries } = this.plan;
    return { schema: 1, seeds, starts, wallMs, entries: entries.map((name) => this.row(name)) };
  }

  private row(name: string): ZooRow {
    const entry = entryNamed(name);
    const hunts = this.hunts.filter((one) => one.entry === entry);
    const searches = hunts.map((one) => one.state());
    const found = searches.flatMap((one) => (one.found === null ? [] : [one.found]));
    const most = searches.length / 2;
    const over = hunts.filter((one) => one.isOver).length;
    const missed = over - found.length;
    const outcome = found.length > most ? 'found' : missed >= most ? 'not-found' : 'undecided';
    const shrunk = this.shrunk.find((one) => one.entry === name);
    const { entry: _entry, ...small } = shrunk ?? { entry: '' };
    return {
      name,
      kind: entry.kind,
      drawnWith: wordsOf(entry),
      outcome,
      median:
        outcome === 'found'
          ? medianOf(
              searches.filter((one) => one.found !== null),
              searches.length,
            )
          : null,
      checks: found.map((one) => one.check),
      searches: searches.map(({ entry: _name, ...rest }) => rest),
      shrunk: shrunk === undefined ? null : (small as ZooRow['shrunk']),
      clean: this.cleanOf(hunts),
    };
  }

  private cleanOf(hunts: readonly Hunt[]): ZooRow['clean'] {
    let seeds = 0;
    const wrong: WrongSeed[] = [];
    for (const hunt of hunts) {
      const drawnWith = wordsOf(hunt.entry);
      const group = this.groups.find(
        (one) => one.drawnWith === drawnWith && one.from === hunt.from,
      );
      if (group === undefined) continue;
      const count = Math.min(hunt.state().tried, group.tried);
      seeds += count;
      wrong.push(...group.wrong.filter((one) => one.seed < hunt.from + count));
    }
    return { seeds, wrong };
  }
}

export function entryNamed(name: string): ZooEntry {
  const found = zooEntries.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`the zoo has no entry ${name}`);
  return found;
}

function wordsOf(entry: ZooEntry): string {
  return drawnWithWords(entry.without);
}

function groupsOf(
  entries: readonly ZooEntry[],
  starts: readonly number[],
  before: readonly CleanSeeds[],
): Group[] {
  const firsts = new Map<string, string>();
  for (const entry of entries) {
    if (!firsts.has(wordsOf(entry))) firsts.set(wordsOf(entry), entry.name);
  }
  return [...firsts].flatMap(([drawnWith, entry]) =>
    starts.map((from): Group => {
      const old = before.find((one) => one.drawnWith === drawnWith && one.from === from);
      const { tried = 0, wrong = [] } = old ?? {};
      const rest = { seeds: 0, next: from + tried, answered: new Set<number>() };
      return { drawnWith, entry, from, ...rest, tried, wrong: [...wrong] };
    }),
  );
}

/** Who did not find it needed longest: the median counts them at the end. */
function medianOf(found: readonly ZooSearchNumbers[], of: number): ZooRow['median'] {
  const middle = Math.floor((of - 1) / 2);
  const inOrder = found.toSorted((a, b) => a.tried - b.tried);
  const at = (values: number[]) => values.sort((a, b) => a - b)[middle] ?? 0;
  return {
    seeds: inOrder[middle]?.tried ?? 0,
    cpuSeconds: Math.round(at(found.map((one) => one.cpuMs)) / 100) / 10,
    simulatedSeconds: Math.round(at(found.map((one) => one.simulatedMs)) / 1_000),
  };
}

interface ZooSearchNumbers {
  readonly tried: number;
  readonly cpuMs: number;
  readonly simulatedMs: number;
}
