/**
 * The published forms of what the tools for clusters print with `--json`. `produce` and `consume`
 * print one such object a line, the others one for the whole command.
 */
import { z } from '../../sim/scenario/zod.ts';

const whole = z.int().min(0);
const text = z.string();
const schema = z.literal(1);
const ids = z.array(z.int());
const place = { topic: text, partition: whole };
const unknownOffset = whole.nullable();

const topicsSchema = z
  .union([
    z.strictObject({
      schema,
      created: z.array(text).meta({ description: 'Empty when the topic was there already.' }),
    }),
    z.strictObject({
      schema,
      topics: z.array(
        z.strictObject({
          name: text,
          topicId: text,
          isInternal: z.boolean(),
          partitionCount: whole,
        }),
      ),
    }),
    z.strictObject({
      schema,
      topics: z.array(
        z.strictObject({
          name: text,
          topicId: text,
          isInternal: z.boolean(),
          partitionCount: whole,
          replicationFactor: whole,
          configs: z.record(text, text).meta({ description: 'Settings that are not the default.' }),
          partitions: z.array(
            z.strictObject({
              partition: whole,
              leader: z.int().nullable(),
              leaderEpoch: z.int(),
              replicas: ids,
              inSyncReplicas: ids,
              eligibleLeaderReplicas: ids.nullable().meta({
                description: 'null: the cluster does not tell (before Kafka 3.8).',
              }),
              lastKnownEligible: ids.nullable(),
              adding: ids,
              removing: ids,
            }),
          ),
        }),
      ),
    }),
    z.strictObject({
      schema,
      altered: z.array(z.strictObject({ name: text, partitionCount: whole })),
    }),
    z.strictObject({ schema, deleted: z.array(text) }),
  ])
  .meta({ title: 'Trial topics', description: 'What `trial topics --json` prints.' });

const produceSchema = z
  .union([
    z.strictObject({
      schema,
      line: whole,
      ...place,
      offset: z.int().meta({ description: '-1: not told (acks=0).' }),
      timestampMs: z.int(),
    }),
    z.strictObject({ schema, line: whole, topic: text, error: text, message: text }),
  ])
  .meta({ title: 'Trial produce', description: 'A line of `trial produce --json`.' });

const bytes = (name: string) => ({
  [name]: text.nullable().optional(),
  [`${name}Base64`]: text.optional().meta({ description: `Instead of ${name}: no UTF-8.` }),
});

const consumeSchema = z
  .strictObject({
    schema,
    ...place,
    offset: whole,
    timestampMs: z.int(),
    timestampType: z.enum(['CreateTime', 'LogAppendTime']),
    leaderEpoch: z.int(),
    ...bytes('key'),
    ...bytes('value'),
    headers: z.array(z.strictObject({ key: text, ...bytes('value') })),
  })
  .meta({ title: 'Trial consume', description: 'A line of `trial consume --json`.' });

const groupsSchema = z
  .union([
    z.strictObject({
      schema,
      groups: z.array(z.strictObject({ group: text, protocolType: text, state: text, type: text })),
    }),
    z.strictObject({
      schema,
      groups: z.array(
        z.strictObject({
          group: text,
          state: text.meta({ description: 'Dead: there is no such group.' }),
          assignmentStrategy: text,
          coordinator: z.int().nullable(),
          members: z.array(
            z.strictObject({
              memberId: text,
              groupInstanceId: text.nullable(),
              clientId: text,
              host: text,
              assignment: z.array(z.strictObject(place)),
            }),
          ),
          offsets: z.array(
            z.strictObject({
              ...place,
              currentOffset: unknownOffset,
              logEndOffset: unknownOffset,
              lag: z.int().nullable(),
              memberId: text.nullable().meta({ description: 'null: nobody reads it.' }),
            }),
          ),
        }),
      ),
    }),
    z.strictObject({
      schema,
      executed: z.boolean().meta({ description: 'false: this is only what would come of it.' }),
      offsets: z.array(z.strictObject({ group: text, ...place, newOffset: whole })),
    }),
    z.strictObject({
      schema,
      deleted: z.array(text),
      failed: z.array(z.strictObject({ group: text, error: text })),
    }),
    z.strictObject({
      schema,
      deletedOffsets: z.array(z.strictObject({ group: text, ...place, error: text.nullable() })),
    }),
  ])
  .meta({ title: 'Trial groups', description: 'What `trial groups --json` prints.' });

const setting = z.strictObject({
  name: text,
  value: text.nullable(),
  isDefault: z.boolean(),
  source: text,
  isSensitive: z.boolean(),
  isReadOnly: z.boolean(),
  synonyms: z.array(z.strictObject({ name: text, value: text.nullable(), source: text })),
});
const entity = {
  type: z.enum(['topic', 'broker']),
  name: text.nullable().meta({ description: 'null: what holds for all brokers.' }),
};

const configsSchema = z
  .union([
    z.strictObject({
      schema,
      entities: z.array(z.strictObject({ ...entity, configs: z.array(setting) })),
    }),
    z.strictObject({
      schema,
      altered: z.strictObject({ ...entity, set: z.record(text, text), deleted: z.array(text) }),
    }),
  ])
  .meta({ title: 'Trial configs', description: 'What `trial configs --json` prints.' });

/** By the name of the command. */
export const toolSchemas = {
  topics: topicsSchema,
  produce: produceSchema,
  consume: consumeSchema,
  groups: groupsSchema,
  configs: configsSchema,
};

/** By the path of its page. */
export function toolJsonSchemas(): [path: string, schema: Record<string, unknown>][] {
  return Object.entries(toolSchemas).map(([name, one]) => [
    `docs/reference/${name}.schema.json`,
    z.toJSONSchema(one) as Record<string, unknown>,
  ]);
}
