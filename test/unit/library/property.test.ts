import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type Cluster, type ScenarioInput, TrialError } from '../../../library/index.ts';
import {
  arbitraries,
  type Claim,
  type PropertyOptions,
  trialProperty,
} from '../../../library/property.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';

const small: ScenarioInput = {
  name: 'small',
  cluster: { brokers: 1, topics: [{ name: 'orders', replicationFactor: 1 }] },
  workload: [],
  faults: [],
  runFor: 100,
};
const scenarios = fc.constant(small);

const tried = (claim: unknown, options: object = {}) => {
  return () => trialProperty('tried', claim as Claim, { scenarios, numRuns: 2, ...options });
};
const told = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(TrialError);
    return (error as Error).message;
  }
  throw new Error('nothing was told');
};

describe('a property that would hold whatever happens is refused', () => {
  test.each([
    ['a promise of false', async () => false, /the claim is asynchronous.* not a promise/],
    ['a promise of true', async () => true, /asynchronous/],
    ['a rejection', () => Promise.reject(new Error('of nobody')), /asynchronous/],
    ['a number', () => 0, /is no answer: expected true, false or nothing, not 0/],
    ['what is no number', () => Number.NaN, /not NaN/],
    ['null', () => null, /not null/],
  ])('when its claim gives %s', (_, claim, message) => {
    const words = told(tried(claim));

    expect(words).toMatch(message);
    expect(words).not.toContain('is not so');
  });

  test('when no run is one that it is about', () => {
    expect(told(tried(() => fc.pre(false)))).toMatch(
      /"tried": too few runs counted: 0, and \d+ were left out by fc\.pre/,
    );
  });

  test('at the first run that an asynchronous claim is asked of', () => {
    let asked = 0;
    const claim = async () => {
      asked += 1;
    };

    expect(told(tried(claim, { numRuns: 40 }))).toMatch(/asynchronous/);
    expect(asked).toBe(1);
    expectTypeOf<typeof claim>().not.toExtend<Claim>();
    expectTypeOf<() => undefined>().toExtend<Claim>();
  });

  test.each<[PropertyOptions | object, RegExp]>([
    [{ numRuns: 0 }, /numRuns: expected a whole number from 1 on, not 0/],
    [{ numRuns: -1 }, /numRuns: .*, not -1/],
    [{ numRuns: 1.5 }, /numRuns: .*, not 1\.5/],
    [{ numruns: 5 }, /unknown option numruns .*did you mean numRuns\?/],
    [{ maxShrinks: -1 }, /maxShrinks: .* from 0 on, not -1/],
    [{ seed: 'abc' }, /seed: .*, not "abc"/],
    [{ scenarios: [1] }, /scenarios: expected an arbitrary of fast-check, .*, not \[1\]/],
    [{ scenarios: null }, /scenarios: .*, not null/],
    [{ path: 'x' }, /path: expected numbers joined by colons.*, not "x"/],
    [{ seed: 3, path: '0:99999' }, /path: "0:99999" — there is no such place .* seed 3/],
    [{ seed: 3, path: '0:99999:0' }, /path: "0:99999:0" — there is no such/],
  ])('%j', (options, message) => {
    expect(told(tried(() => true, options))).toMatch(message);
  });

  test('without a claim that could be asked, or a name', () => {
    expect(told(tried(7))).toMatch(/claim: expected a function, not 7/);
    expect(told(() => trialProperty('', () => true))).toMatch(/name: expected a text, not ""/);
  });
});

test.each<[string, Claim]>([
  ['true', () => true],
  ['nothing', () => expect(1).toBe(1)],
  ['the cluster', ({ cluster }): Cluster => cluster.check()],
])('a claim that gives %s holds', (_, claim) => {
  expect(tried(claim)).not.toThrow();
});

describe('arbitraries', () => {
  const drawn = (one: fc.Arbitrary<ScenarioInput>) => fc.sample(one, { seed: 4, numRuns: 40 });

  test('draw runs of one length, or of lengths within a range', () => {
    const always = drawn(arbitraries.scenario({ runForMs: 3_000 }));
    const within = drawn(arbitraries.scenario({ runForMs: [1_000, 2_000], maxFaults: 1 }));

    expect(new Set(always.map((one) => one.runFor))).toEqual(new Set([3_000]));
    expect(Math.min(...within.map((one) => Number(one.runFor)))).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...within.map((one) => Number(one.runFor)))).toBeLessThanOrEqual(2_000);
    expect(new Set(within.map((one) => one.runFor)).size).toBeGreaterThan(3);
    for (const one of [...always, ...within]) expect(parseScenario(one).problems).toBeUndefined();
  });

  const shape = { brokers: 3, partitions: 1, replicationFactor: 3 };
  test.each<[() => unknown, RegExp]>([
    [() => arbitraries.scenario({ maxFault: 2 } as object), /maxFault .*did you mean maxFaults/],
    [() => arbitraries.scenario({ maxFaults: -1 }), /maxFaults: expected a whole number .*not -1/],
    [() => arbitraries.scenario({ runForMs: '3s' as never }), /runForMs: .*, not "3s"/],
    [() => arbitraries.scenario({ runForMs: [3_000, 2_000] }), /runForMs\[1\]: .* from 3000 to/],
    [() => arbitraries.scenario({ runForMs: [1] as never }), /expected \[least, most\], not \[1\]/],
    [() => arbitraries.scenario({ disks: 1 as never }), /disks: expected true or false, not 1/],
    [() => arbitraries.faults(shape, { runForMs: [1, 2] as never }), /runForMs: .*not \[1,2\]/],
    [() => arbitraries.faults(shape, {} as never), /runForMs: .*not undefined/],
    [
      () => arbitraries.faults({ ...shape, replicationFactor: 4 }, { runForMs: 1 }),
      /replicationFactor: expected a whole number from 1 to 3, not 4/,
    ],
    [() => arbitraries.workload({ broker: 1 } as never), /unknown option broker .*brokers\?/],
  ])('refuse what cannot be drawn: %s', (act, message) => {
    expect(told(act)).toMatch(message);
  });
});
