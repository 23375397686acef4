/**
 * Runs a cluster with one lie planted in it: a method of the system under test is swapped for the
 * length of one run. A check that does not report the lie is blind.
 */

import type { VerdictKind } from '../../sim/check/verdict.ts';
import type { RunReport } from '../../sim/run/report.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';

type Method = (this: never, ...args: never[]) => unknown;

export interface Lie {
  readonly of: object;
  readonly method: string;
  /** Gets the honest method and gives the lying one; fresh for every run. */
  readonly tell: (honest: never) => Method;
}

/** `Honest` is the honest method with `this` as its first parameter. */
export function lie<This extends object>(
  of: { readonly prototype: This },
  method: string,
  // biome-ignore lint/suspicious/noExplicitAny: a lie may stand in for any method
  tell: (honest: (self: This, ...args: any[]) => any) => (self: This, ...args: any[]) => unknown,
): Lie {
  return {
    of: of.prototype,
    method,
    tell: (honest: never) => {
      const call = honest as unknown as (...args: unknown[]) => unknown;
      const liar = tell((self, ...args) => call.apply(self, args));
      return function (this: This, ...args: unknown[]) {
        return liar(this, ...args);
      } as unknown as Method;
    },
  };
}

/** Does something while lies are told. */
export function withLies<T>(lies: readonly Lie[], act: () => T): T {
  const undo: (() => void)[] = [];
  try {
    for (const one of lies) undo.push(plant(one));
    return act();
  } finally {
    for (const put of undo) put();
  }
}

/** The returned function ends the lie. */
export function plant({ of, method, tell }: Lie): () => void {
  const methods = of as Record<string, Method>;
  const honest = methods[method];
  if (honest === undefined) throw new Error(`there is no method ${method} to lie in`);
  methods[method] = tell(honest as never);
  return () => {
    methods[method] = honest;
  };
}

export function run(input: ScenarioInput, lies: readonly Lie[] = []): RunReport {
  const { scenario, problems } = parseScenario(input);
  if (scenario === undefined) throw new Error(JSON.stringify(problems));
  return withLies(lies, () => runScenario(scenario, { seed: 'canary' }).report);
}

export function verdictsOf(report: RunReport): Record<string, VerdictKind> {
  return Object.fromEntries(report.verdicts.map((one) => [one.name, one.verdict]));
}
