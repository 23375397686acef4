/**
 * Whatever cuts overlap and whatever is healed when: a partition is said to last until the network
 * itself shows that a link between its sides is whole again, and in part until all of them are.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Partings } from '../../sim/run/cap-parted.ts';
import { BROKERS, FaultedBrokers, ways } from '../support/faulted-brokers.ts';

const END_S = 20;
const at = fc.integer({ min: 1, max: END_S });
/** Seconds; absent: until it is healed. */
const lasts = fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined, freq: 5 });
const broker = fc.constantFrom(...BROKERS);
const sides = fc
  .shuffledSubarray([...BROKERS], { minLength: 2 })
  .map(([one, ...others]): [string, string[]] => [one as string, others]);

interface Act {
  readonly at: number;
  readonly for?: number | undefined;
  readonly spec: object;
  /** `1>2`; none of a heal. */
  readonly cut: readonly string[];
}

function waysOf([one, others]: [string, string[]], oneWay: boolean): string[] {
  return ways()
    .filter(([a, b]) => (a === one && others.includes(b)) || (!oneWay && b === one))
    .filter(([a, b]) => others.includes(a) || others.includes(b))
    .map(([a, b]) => `${a.slice(-1)}>${b.slice(-1)}`);
}

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ at, for: lasts, sides, oneWay: fc.boolean() }).map((one) => ({
      at: one.at,
      for: one.for,
      spec: { cut: one.sides, oneWay: one.oneWay },
      cut: waysOf(one.sides, one.oneWay),
    })),
  },
  {
    weight: 2,
    arbitrary: fc.record({ at, for: lasts, broker }).map((one) => {
      const others = BROKERS.filter((name) => name !== one.broker);
      return {
        at: one.at,
        for: one.for,
        spec: { isolate: one.broker },
        cut: waysOf([one.broker, others], false),
      };
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(at, fc.oneof(sides, broker, fc.constant('all')))
      .map(([at, heal]) => ({ at, spec: { heal }, cut: [] })),
  },
);

function linkOf(way: string): string {
  return way.split('>').sort().join();
}

/** The first second from that one on, of those that were looked at, when it was so; null: never. */
function firstSecond(from: number, seen: readonly string[][], isSo: (cut: string[]) => boolean) {
  const second = seen.findIndex((cut, index) => index >= from && isSo(cut));
  return second < 0 ? null : second * 1_000;
}

test('a partition ends when the network has a link between its sides whole', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 2, maxLength: 9 }), (acts) => {
      const lab = new FaultedBrokers(
        acts.map(({ at, for: forS, spec }) => ({
          at: `${at}s`,
          ...spec,
          ...(forS === undefined ? {} : { for: `${forS}s` }),
        })),
      );
      const seen: string[][] = [];
      for (let second = 0; second <= END_S + 9; second++) {
        lab.runTo(second * 1_000 + 500);
        seen.push(lab.cutWays());
      }
      const { strikes } = lab.plan;
      const partings = new Partings(strikes);

      for (const strike of strikes) {
        const { at, cut } = acts[strike.index] as Act;
        if (cut.length === 0) continue;
        const links = [...new Set(cut.map(linkOf))];
        const isWhole = (now: string[], link?: string) =>
          !cut.some((way) => now.includes(way) && (link === undefined || linkOf(way) === link));
        const { untilUs, wholeUs } = partings.of(strike);
        expect({
          untilMs: lab.scenarioMs(untilUs),
          wholeMs: lab.scenarioMs(wholeUs),
        }).toEqual({
          untilMs: firstSecond(at, seen, (now) => links.some((link) => isWhole(now, link))),
          wholeMs: firstSecond(at, seen, (now) => isWhole(now)),
        });
      }
    }),
    { numRuns: 300 },
  );
});
