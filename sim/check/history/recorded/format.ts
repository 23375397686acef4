/**
 * The lines of a history file (`docs/history-format.md`), declared once: the published JSON Schema
 * is made from this. `line-problem.ts` checks lines by hand, since a file has millions of them; a
 * property test holds the two together.
 */
import { z } from '../../../scenario/zod.ts';
import { endings, kinds } from './operation-history.ts';

export const lineTypes = ['invoke', ...endings] as const;
export const timeUnits = ['s', 'ms', 'us', 'ns'] as const;
export type TimeUnit = (typeof timeUnits)[number];
export const isolationLevels = ['read_committed', 'read_uncommitted'] as const;

/** Up to here JavaScript tells all whole numbers apart. */
const safe = z.int().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
const name = z.union([z.string().min(1), safe]);
const value = z.union([z.string(), safe]).meta({
  description: 'What the record holds; unique among all records that are sent to its key.',
});
const offset = z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().meta({
  description: 'null: the client was not told.',
});
const placed = z.tuple([offset, value]);

const send = z.tuple([z.literal('send'), name, z.union([value, placed])]).meta({
  description: '["send", key, value]; once known ["send", key, [offset, value]]',
});
const poll = z.tuple([z.literal('poll')]);
const polled = z.tuple([z.literal('poll'), z.record(z.string().min(1), z.array(placed))]).meta({
  description: '["poll"]; once answered ["poll", {key: [[offset, value], …]}], in the order given',
});

const headerLine = z
  .strictObject({
    history: z.literal(1).meta({ description: 'The version of this format.' }),
    timeUnit: z.enum(timeUnits).optional().meta({ description: 'Of `time`. Default: ms.' }),
    isolationLevel: z.enum(isolationLevels).optional().meta({
      description: 'Of the consumers. Default: read_committed.',
    }),
    note: z.unknown().optional().meta({ description: 'Anything; not looked at.' }),
  })
  .meta({ description: 'The first line, if it is there.' });

const operationLine = z.strictObject({
  process: name.meta({ description: 'Who: a thread of the harness with its clients.' }),
  time: z.number().min(0).meta({ description: 'Never less than in the line before.' }),
  type: z.enum(lineTypes),
  f: z.enum(kinds),
  value: z
    .union([z.array(z.union([send, poll, polled])), z.array(name), z.null()])
    .optional()
    .meta({ description: 'Sends and polls; the keys that are assigned or subscribed.' }),
  error: z.string().optional().meta({ description: 'Why it is not ok: a name of Kafka’s.' }),
  id: name.optional().meta({
    description: 'Joins the lines of one operation where a process has several under way.',
  }),
  rebalanced: z.array(name).optional().meta({
    description: 'Keys that were assigned or revoked while it was under way.',
  }),
  seekToBeginning: z.boolean().optional().meta({
    description: 'Of assign: the consumer goes to the beginning of all its keys.',
  }),
  note: z.unknown().optional().meta({ description: 'Anything; not looked at.' }),
});

export type HeaderLine = z.infer<typeof headerLine>;
export type OperationLine = z.infer<typeof operationLine>;
export type MicroOperation = z.infer<typeof send> | z.infer<typeof poll> | z.infer<typeof polled>;

export const headerFields = Object.keys(headerLine.shape);
export const operationFields = Object.keys(operationLine.shape);

/** One line of a history; which values belong to which `f` is said in prose. */
export const historyLine = z.union([headerLine, operationLine]);

/** For editors and other tools: JSON Schema draft 2020-12. */
export function historyJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(historyLine, { io: 'input' });
  return { $schema, title: 'One line of a recorded history', ...schema };
}
