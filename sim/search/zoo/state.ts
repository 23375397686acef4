/** A zoo as plain data: what was asked, how far each search is, what was found; for `--resume`. */
import { z } from '../../scenario/zod.ts';
import { failureSchema } from '../failure.ts';

const whole = z.int().min(0);

const plan = z.strictObject({
  entries: z.array(z.string()).min(1).meta({ description: 'As `trial zoo` takes them.' }),
  starts: z.array(whole).min(1).meta({ description: 'The first seed of each search.' }),
  seeds: z.int().min(1).meta({ description: 'A search is given up after so many.' }),
  shrink: z.boolean(),
});
export type ZooPlan = z.output<typeof plan>;

const found = z.strictObject({
  seed: whole,
  check: z.string(),
  verdict: failureSchema.shape.verdict,
  events: whole.meta({ description: 'Of the whole run.' }),
  explanation: z.string(),
});
export type ZooFound = z.output<typeof found>;

const wrong = z.strictObject({ seed: whole, words: z.string() });
export type WrongSeed = z.output<typeof wrong>;

const search = z.strictObject({
  entry: z.string(),
  from: whole,
  tried: whole.meta({ description: 'Seeds until it was found, that one counted, or so far.' }),
  cpuMs: z.number().min(0),
  simulatedMs: z.number().min(0),
  found: found.nullable(),
  wrong: z.array(wrong).meta({
    description:
      'Seeds that went wrong otherwise: a node or the simulator broke, or a preset lost more than it may.',
  }),
});
export type ZooSearch = z.output<typeof search>;

const clean = z.strictObject({
  drawnWith: z.string().meta({ description: 'As `trial fuzz` takes it.' }),
  from: whole,
  tried: whole,
  wrong: z.array(wrong),
});
export type CleanSeeds = z.output<typeof clean>;

const shrunk = z.strictObject({
  entry: z.string(),
  seed: z.union([whole, z.string()]).meta({ description: 'Of the shrunk run.' }),
  check: z.string(),
  events: whole,
  before: whole.meta({ description: 'Events of the run that was shrunk.' }),
  faults: whole,
  minimal: z.boolean(),
  file: z.string(),
});
export type ZooShrunk = z.output<typeof shrunk>;

export const zooStateSchema = z
  .strictObject({
    schema: z.literal(1),
    kind: z.literal('zoo'),
    engine: z.string(),
    commit: z.string().nullable().meta({ description: 'Of the checkout it was begun in.' }),
    plan,
    wallMs: z.number().min(0),
    searches: z.array(search),
    clean: z.array(clean),
    shrunk: z.array(shrunk),
  })
  .meta({ title: 'Trial zoo, under way', description: 'What `trial zoo --resume` goes on with.' });
export type ZooState = z.output<typeof zooStateSchema>;

export const zooRowSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(['variant', 'preset']),
  drawnWith: z.string().meta({ description: 'Options of `trial fuzz`; empty: none.' }),
  outcome: z.enum(['found', 'not-found', 'undecided']).meta({
    description: 'By most searches; undecided: they did not come so far.',
  }),
  median: z
    .strictObject({ seeds: whole, cpuSeconds: z.number(), simulatedSeconds: z.number() })
    .nullable()
    .meta({ description: 'Until it was found; null: most searches did not.' }),
  checks: z.array(z.string()).meta({ description: 'That said so first, by search.' }),
  searches: z.array(search.omit({ entry: true })),
  shrunk: shrunk.omit({ entry: true }).nullable(),
  clean: z.strictObject({ seeds: whole, wrong: z.array(wrong) }).meta({
    description: 'The same seeds without the switch.',
  }),
});
export type ZooRow = z.output<typeof zooRowSchema>;

const result = z
  .strictObject({
    schema: z.literal(1),
    seeds: plan.shape.seeds,
    starts: plan.shape.starts,
    wallMs: z.number().min(0),
    entries: z.array(zooRowSchema),
  })
  .meta({ title: 'Trial zoo', description: 'What `trial zoo --json` prints.' });
export type ZooResult = z.output<typeof result>;

/** The published JSON Schema. */
export function zooJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(result) as Record<string, unknown>;
}
