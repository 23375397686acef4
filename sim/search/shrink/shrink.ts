/**
 * From a failure to a small scenario that fails in the same way: finds the failure again, forgets
 * everything that is not about it, shrinks, and says how small it became and whether chance has a
 * part in it.
 */
import type { Scenario, ScenarioInput } from '../../scenario/schema.ts';
import { z } from '../../scenario/zod.ts';
import type { Finding } from '../finding.ts';
import { concise } from './concise.ts';
import { Shrinker } from './shrinker.ts';
import { type Failing, failingRun, type Wanted, wantedOf } from './trial.ts';

export interface Size {
  readonly events: number;
  readonly faults: number;
  readonly operations: number;
  readonly clients: number;
  readonly brokers: number;
  readonly simulatedMs: number;
}

export interface Shrunk {
  /** With its seed inside, unless that is the one of runs that name none. */
  readonly scenario: ScenarioInput;
  readonly seed: number | string;
  readonly finding: Finding;
  readonly before: Size;
  readonly after: Size;
  readonly tries: number;
  /** Nothing more could be taken away; false when it was ended before. */
  readonly isMinimal: boolean;
  /** Of other seeds, how many fail in the same way; null when they were not tried. */
  readonly steadiness: { readonly failed: number; readonly of: number } | null;
}

/** The seed of runs that name none. */
const DEFAULT_SEED = 1;

export class Shrinking {
  private readonly first: Failing;
  private readonly shrinker: Shrinker;
  private steadiness: Shrunk['steadiness'] = null;

  private constructor(first: Failing, wanted: Wanted) {
    this.first = first;
    const plain = withoutTheRest(first.scenario, first.finding);
    const mostEvents = first.report.events;
    this.shrinker = new Shrinker(
      failingRun(plain, first.seed, { wanted, mostEvents }) ?? first,
      wanted,
    );
  }

  /** Null when the run does not fail (any more) in this way. */
  static of(scenario: Scenario, seed: number | string, finding: Finding): Shrinking | null {
    const wanted = wantedOf(finding, null);
    const first = failingRun(scenario, seed, { wanted, mostEvents: null });
    return first === null ? null : new Shrinking(first, wantedOf(first.finding, first.report));
  }

  /** Yields after every try; may be left at any time, `result` is what there is by then. */
  *run(): Generator<void, void> {
    yield* this.shrinker.run();
    this.steadiness = yield* this.shrinker.steadiness();
    yield* this.shrinker.withLessPatience();
  }

  get tries(): number {
    return this.shrinker.tries;
  }

  /** What is being tried: `faults`, `cluster`, … */
  get pass(): string {
    return this.shrinker.pass;
  }

  /** Nothing more can be taken away; there may be a smaller one in another way. */
  get isMinimal(): boolean {
    return this.shrinker.isMinimal;
  }

  get before(): Size {
    return sizeOf(this.first);
  }

  get after(): Size {
    return sizeOf(this.shrinker.smallestFailing);
  }

  /** @param from where the failure came from, for the story of the scenario. */
  result(from: string): Shrunk {
    const { smallestFailing, tries, isMinimal } = this.shrinker;
    const { scenario, seed, finding } = smallestFailing;
    const number = Number(seed);
    const pinned = number === DEFAULT_SEED || !Number.isSafeInteger(number) ? {} : { seed: number };
    const story = `Shrunk from ${from}: ${finding.explanation}`;
    return {
      scenario: concise({ ...scenario, story, ...pinned }),
      seed,
      finding,
      before: this.before,
      after: this.after,
      tries,
      isMinimal,
      steadiness: this.steadiness,
    };
  }
}

/** A run on its own fails by its expectation, too, and by no other. */
function withoutTheRest(scenario: Scenario, { kind, check }: Finding): Scenario {
  const { seed: _seed, ...rest } = scenario;
  const old = scenario.expect[check];
  const kept = kind === 'unmet' && old !== undefined ? { [check]: old } : {};
  const promised: Scenario['expect'] =
    check === '' || kind === 'unmet' ? kept : { [check]: 'holds' };
  const prefix = nameOf([check, kind].filter((one) => one !== '').join('-'));
  // What is shrunk once more is called so already.
  const isNamed = scenario.name.startsWith(`${prefix}-`);
  const name = (isNamed ? scenario.name : `${prefix}-${scenario.name}`).slice(0, MOST_NAME);
  return { ...rest, name, claim: '', story: '', expect: promised };
}

function nameOf(words: string): string {
  return words.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

const MOST_NAME = 80;

function sizeOf({ scenario, report }: Failing): Size {
  return {
    events: report.events,
    faults: scenario.faults.length,
    operations: scenario.operations.length,
    clients: scenario.workload.length,
    brokers: scenario.cluster.brokers,
    simulatedMs: report.simulatedMs,
  };
}

const size = z.strictObject({
  events: z.int(),
  faults: z.int(),
  operations: z.int(),
  clients: z.int(),
  brokers: z.int(),
  simulatedMs: z.number(),
});

const shrunkSchema = z
  .strictObject({
    schema: z.literal(1),
    check: z.string(),
    verdict: z.string(),
    at: z.int().nullable().meta({ description: 'The event of the finding in the shrunk run.' }),
    explanation: z.string(),
    seed: z.union([z.int(), z.string()]),
    before: size,
    after: size,
    tries: z.int(),
    minimal: z.boolean().meta({ description: 'Nothing more could be taken away.' }),
    steadiness: z.strictObject({ failed: z.int(), of: z.int() }).nullable().meta({
      description: 'How many of other seeds fail in the same way.',
    }),
    wallMs: z.number(),
    file: z.string().nullable(),
    scenario: z.record(z.string(), z.unknown()).meta({ description: 'As scenario.schema.json.' }),
  })
  .meta({ title: 'Trial shrink', description: 'What `trial shrink --json` prints.' });

/** The published form of `trial shrink --json`. */
export function shrinkJson(
  { finding, isMinimal, scenario, ...rest }: Shrunk,
  { wallMs, file }: { readonly wallMs: number; readonly file: string | null },
): z.output<typeof shrunkSchema> {
  const { check, kind, at, explanation } = finding;
  const { seed, before, after, tries, steadiness } = rest;
  const found = { check, verdict: kind, at, explanation, seed };
  const sizes = { before, after, tries, minimal: isMinimal, steadiness };
  return { schema: 1, ...found, ...sizes, wallMs, file, scenario: { ...scenario } };
}

export function shrinkJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(shrunkSchema) as Record<string, unknown>;
}
