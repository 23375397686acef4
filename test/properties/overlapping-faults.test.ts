/**
 * Whatever faults begin and end when: at every moment links and nodes are as those say that hold
 * then. The model knows no ends and no order of work, only intervals.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BROKERS, FaultedBrokers, ways } from '../support/faulted-brokers.ts';

const END_S = 30;
const at = fc.integer({ min: 1, max: END_S });
const broker = fc.constantFrom(...BROKERS);
const some = fc.uniqueArray(broker, { minLength: 1, maxLength: 2 });
const pair = fc
  .tuple(some, some)
  .filter(([from, to]) => from.some((a) => !to.includes(a)) || to.some((b) => !from.includes(b)));
/** Seconds; absent: until it is healed. */
const lasts = fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 4 });

/** A fault with the places that it holds, a mending with those that it frees. */
interface Act {
  readonly at: number;
  readonly for: number | undefined;
  readonly spec: object;
  readonly kind: string;
  readonly mends: boolean;
  /** `a>b` or a broker. */
  readonly places: readonly string[];
  readonly setting: number;
}

function waysBetween([from, to]: readonly (readonly string[])[], oneWay: boolean): string[] {
  const [left, right] = [from ?? [], to ?? []];
  return ways()
    .filter(
      ([a, b]) =>
        (left.includes(a) && right.includes(b)) ||
        (!oneWay && left.includes(b) && right.includes(a)),
    )
    .map(([a, b]) => `${a}>${b}`);
}

function act(parts: Partial<Act> & Pick<Act, 'at' | 'spec' | 'kind' | 'places'>): Act {
  return { for: undefined, mends: false, setting: 1, ...parts };
}

const onLinks = fc
  .record({ at, for: lasts, pair, oneWay: fc.boolean(), setting: fc.integer({ min: 1, max: 3 }) })
  .chain(({ pair, oneWay, ...rest }) => {
    const places = waysBetween(pair, oneWay);
    const { setting } = rest;
    return fc.constantFrom(
      act({ ...rest, kind: 'cut', spec: { cut: pair, oneWay }, places }),
      act({ ...rest, kind: 'delay', spec: { delay: pair, by: setting, oneWay }, places }),
      act({
        ...rest,
        kind: 'slowLink',
        spec: { slowLink: pair, bytesPerSecond: setting, oneWay },
        places,
      }),
      act({
        ...rest,
        kind: 'cut',
        spec: { isolate: pair[0] },
        places: waysBetween([pair[0], BROKERS.filter((one) => !pair[0].includes(one))], false),
      }),
    );
  });

const onNodes = fc
  .record({ at, for: lasts, places: some, setting: fc.integer({ min: 2, max: 4 }) })
  .chain(({ places, setting, ...rest }) => {
    const one = (kind: string, spec: object, value = 1) =>
      act({ ...rest, kind, spec, places, setting: value });
    return fc.constantFrom(
      one('pause', { pause: places }),
      one('slowCpu', { slowCpu: places, times: setting }, setting),
      one('slowDisk', { slowDisk: places, times: setting }, setting),
      one('driftClock', { driftClock: places, ppm: setting - 3 }, setting - 3),
      one('fillDisk', { fillDisk: places }),
      one('loseFlush', { loseFlush: places }),
      one('EIO read', { failDisk: places, operation: 'read' }),
      one('ENOSPC write', { fillDisk: places, path: '/data' }),
    );
  });

const mending = fc.tuple(at, pair, fc.integer({ min: 0, max: 3 })).map(([at, pair, how]) => {
  if (how === 0)
    return act({ at, kind: 'pause', mends: true, spec: { resume: pair[0] }, places: pair[0] });
  const heal = how === 1 ? pair : how === 2 ? (pair[0][0] as string) : 'all';
  const everyone = [...BROKERS];
  const sides = how === 1 ? pair : [how === 2 ? [pair[0][0] as string] : everyone, everyone];
  return act({ at, kind: 'links', mends: true, spec: { heal }, places: waysBetween(sides, false) });
});

const acts = fc.array(
  fc.oneof({ arbitrary: onLinks, weight: 4 }, { arbitrary: onNodes, weight: 4 }, mending),
  {
    minLength: 2,
    maxLength: 14,
  },
);

/** The settings of all faults of the kind that hold the place, in the order in which they struck. */
function holding(
  all: readonly Act[],
  { kind, place, now }: { kind: string; place: string; now: number },
): number[] {
  const struck = all
    .map((one, index) => ({ ...one, index }))
    .filter((one) => one.at <= now && one.places.includes(place))
    .sort((a, b) => a.at - b.at || a.index - b.index);
  const isOf = (mended: string) => mended === kind || (mended === 'links' && LINKS.includes(kind));
  const mended = struck.findLastIndex((one) => one.mends && isOf(one.kind));
  return struck
    .slice(mended + 1)
    .filter((one) => !one.mends && one.kind === kind)
    .filter((one) => one.for === undefined || one.at + one.for > now)
    .map((one) => one.setting);
}

const LINKS = ['cut', 'delay', 'slowLink'];

/** What the faults say of every link and node. */
function expected(all: readonly Act[], now: number, fullSpeed: number): object[] {
  const of = (kind: string, place: string) => holding(all, { kind, place, now });
  const links = ways().map(([from, to]) => {
    const way = `${from}>${to}`;
    return {
      way,
      cut: of('cut', way).length > 0,
      addUs: (of('delay', way).at(-1) ?? 0) * 1_000,
      bytesPerSecond: of('slowLink', way).at(-1) ?? fullSpeed,
    };
  });
  const nodes = BROKERS.map((name) => ({
    name,
    state: of('pause', name).length > 0 ? 'paused' : 'running',
    cpuFactor: of('slowCpu', name).at(-1) ?? 1,
    ppm: of('driftClock', name).at(-1) ?? 0,
    fails: ['EIO read', 'ENOSPC write'].flatMap((kind) => of(kind, name).map(() => kind)),
    full: of('fillDisk', name).length > 0,
    slowFactor: of('slowDisk', name).at(-1) ?? 1,
    lying: of('loseFlush', name).length > 0,
  }));
  return [...links, ...nodes];
}

function seen(lab: FaultedBrokers): object[] {
  const links = ways().map(([from, to]) => {
    const { cut, addUs, bytesPerSecond } = lab.link(from, to);
    return { way: `${from}>${to}`, cut, addUs, bytesPerSecond };
  });
  const nodes = BROKERS.map((name) => {
    const { state, cpuFactor } = lab.process(name);
    const { fails, ...disk } = lab.disk(name);
    return { name, state, cpuFactor, ppm: lab.driftPpm(name), fails: fails.sort(), ...disk };
  });
  return [...links, ...nodes];
}

test('at every moment links and nodes are as the faults say that hold then', () => {
  fc.assert(
    fc.property(acts, (all) => {
      const lab = new FaultedBrokers(
        all.map(({ at, for: forS, spec }) => ({
          at: `${at}s`,
          ...spec,
          ...(forS === undefined ? {} : { for: `${forS}s` }),
        })),
      );
      for (let now = 1; now <= END_S + 13; now++) {
        lab.runTo(now * 1_000 + 500);

        expect(seen(lab)).toEqual(expected(all, now, lab.fullSpeed));
        if (now % 8 === 0) expect(lab.shownCutWays()).toEqual(lab.cutWays());
      }
    }),
    { numRuns: 50 },
  );
});
