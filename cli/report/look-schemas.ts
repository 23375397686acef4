/** The published forms of `trial explain --json` and `trial diff --json`. */
import { z } from '../../sim/scenario/zod.ts';

const whole = z.int().min(0);
const text = z.string();

const explainSchema = z
  .strictObject({
    schema: z.literal(1),
    scenario: text,
    seed: z.union([z.int(), text]),
    at: whole.meta({ description: 'The event that is explained.' }),
    check: text.nullable().meta({ description: 'Whose finding it is; null: the event itself.' }),
    verdict: z.enum(['holds', 'allowed', 'violated', 'unknown']).nullable(),
    explanation: text,
    sentences: z.array(
      z.strictObject({
        text,
        events: z.array(whole).meta({ description: 'That the sentence rests on.' }),
        rule: z.strictObject({ name: text, href: text }).nullable(),
      }),
    ),
    faults: z.array(
      z.strictObject({
        event: whole,
        words: text,
        fault: whole.nullable().meta({
          description: 'Its place among the faults of the scenario, from 0; null: it is none.',
        }),
      }),
    ),
  })
  .meta({ title: 'Trial explain', description: 'What `trial explain --json` prints.' });
export type ExplainJson = z.output<typeof explainSchema>;

const side = z.strictObject({
  scenario: text,
  seed: z.union([z.int(), text]),
  digest: text,
  traceHash: text,
  events: whole,
});
const place = z.strictObject({ event: whole, timeMs: z.number(), words: text }).nullable();
const change = z.strictObject({ path: text, left: z.unknown(), right: z.unknown() });

const diffSchema = z
  .strictObject({
    schema: z.literal(1),
    left: side,
    right: side,
    same: z.boolean(),
    commonEvents: whole.meta({ description: 'The runs are the same up to this event.' }),
    first: z.strictObject({ left: place, right: place }).nullable(),
    onlyLeft: whole.meta({ description: 'Events without a partner in the right run.' }),
    onlyRight: whole,
    state: z.array(change).meta({ description: 'The clusters at the ends of the runs.' }),
    outcome: z.array(change),
  })
  .meta({ title: 'Trial diff', description: 'What `trial diff --json` prints.' });
export type DiffJson = z.output<typeof diffSchema>;

export function explainJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(explainSchema) as Record<string, unknown>;
}

export function diffJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(diffSchema) as Record<string, unknown>;
}
