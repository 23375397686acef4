/**
 * What operators may ask in a scenario, declared once: one verb per entry of `operations`. The
 * schema, the types and the reference come from this table; `operation-commands.ts` says which
 * command of the admin client carries each out.
 */
import { trigger } from '../faults/verbs.ts';
import { duration, timePoint } from '../scenario/duration.ts';
import { z } from '../scenario/zod.ts';

const kafkaConfig = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
);
const topicName = z
  .string()
  .regex(
    /^[a-zA-Z0-9._-]{1,249}$/,
    'expected a topic name: at most 249 letters, digits, ".", "_" and "-"',
  );
const partitionName = z
  .string()
  .regex(/^[a-zA-Z0-9._-]{1,249}-\d+$/, 'expected a partition, such as "orders-0"')
  .meta({ description: 'A partition, such as "orders-0".' });
const brokerId = z.int().min(0);
const replicas = z.array(brokerId).min(1).meta({
  description: 'Broker ids, the preferred leader first.',
});
const assignments = z.array(replicas).optional().meta({
  description: 'The replicas of each new partition; absent: the controller places them.',
});
const resource = z
  .string()
  .regex(
    /^(topic:.+|broker-\d+|all:brokers)$/,
    'expected "topic:NAME", "broker-N" or "all:brokers"',
  )
  .meta({ description: 'Whose settings: "topic:orders", "broker-2", "all:brokers".' });

const controllerName = z
  .string()
  .regex(/^(controller|broker)-\d+$/, 'expected a controller, such as "controller-104"')
  .meta({ description: 'A controller, such as "controller-104".' });

function oneOrMore<T extends z.ZodType>(one: T) {
  return z.union([one, z.array(one).min(1)]);
}

const when = {
  at: timePoint.optional(),
  when: trigger.optional(),
  afterEvent: z.int().min(1).optional().meta({
    description: 'Ask as soon as the step of this trace event has ended.',
  }),
  after: duration.optional().meta({ description: 'Time from the trigger to the request.' }),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes')
    .optional()
    .meta({ description: 'For expectations: "operations.NAME.error".' }),
  by: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,15}$/, 'expected up to 16 lower-case letters and digits')
    .default('operator')
    .meta({ description: 'The admin client that asks.' }),
  timeout: duration.default(30_000).meta({
    description: 'The admin client repeats its request this long.',
  }),
  mayMiss: z.boolean().optional().meta({
    description: 'It is no problem if the event that it waits for never comes.',
  }),
};

function verb<N extends string, V extends z.ZodType, M extends z.ZodRawShape>(
  name: N,
  doc: string,
  parts: { value: V; modifiers: M },
) {
  const shape = { ...when, [name]: parts.value, ...parts.modifiers } as typeof when &
    Record<N, V> &
    M;
  const schema = z.strictObject(shape).meta({ description: doc });
  return { name, doc, modifiers: Object.keys(parts.modifiers), schema };
}

export const operationVerbs = [
  verb('createTopic', 'Create a topic.', {
    value: z.strictObject({
      name: topicName,
      partitions: z.int().default(-1).meta({ description: 'Default: num.partitions.' }),
      replicationFactor: z.int().default(-1).meta({
        description: 'Default: default.replication.factor.',
      }),
      config: kafkaConfig.default({}),
      assignments,
    }),
    modifiers: {},
  }),
  verb('deleteTopic', 'Delete topics.', { value: oneOrMore(topicName), modifiers: {} }),
  verb('createPartitions', 'Raise the number of partitions of a topic.', {
    value: topicName,
    modifiers: { count: z.int(), assignments },
  }),
  verb('electLeaders', 'Elect preferred leaders, or unclean ones where nobody leads.', {
    value: z.enum(['preferred', 'unclean']),
    modifiers: {
      partitions: oneOrMore(partitionName).optional().meta({ description: 'Absent: all.' }),
    },
  }),
  verb('reassign', 'Move partitions to other replicas.', {
    value: oneOrMore(partitionName),
    modifiers: { replicas },
  }),
  verb('cancelReassignment', 'Take reassignments that are under way back.', {
    value: oneOrMore(partitionName),
    modifiers: {},
  }),
  verb('listReassignments', 'List the reassignments under way, of "all" or of partitions.', {
    value: z.union([z.literal('all'), oneOrMore(partitionName)]),
    modifiers: {},
  }),
  verb('alterConfigs', 'Change settings of a topic, a broker or all brokers.', {
    value: resource,
    modifiers: {
      set: kafkaConfig.default({}),
      delete: z.array(z.string()).default([]),
      append: kafkaConfig.default({}).meta({ description: 'Elements to add to a list.' }),
      subtract: kafkaConfig.default({}).meta({ description: 'Elements to take out of a list.' }),
    },
  }),
  verb('describeConfigs', 'Ask for the settings of a topic, a broker or all brokers.', {
    value: resource,
    modifiers: {},
  }),
  verb('describeTopics', 'Ask for partitions, leaders and in-sync replicas of topics.', {
    value: oneOrMore(topicName),
    modifiers: {},
  }),
  verb('updateFeature', 'Change the finalized level of a feature of the cluster.', {
    value: z.string().min(1),
    modifiers: {
      level: z.int(),
      downgrade: z.boolean().default(false).meta({ description: 'Allow a lower level.' }),
    },
  }),
  verb('unregisterBroker', 'Forget a broker that is gone for good.', {
    value: z.string().regex(/^broker-\d+$/, 'expected "broker-N"'),
    modifiers: {},
  }),
  verb('addVoter', 'Let a controller vote that has not so far; voters must be dynamic.', {
    value: controllerName,
    modifiers: {},
  }),
  verb('removeVoter', 'Take a controller out of the voters, which must be dynamic.', {
    value: controllerName,
    modifiers: {},
  }),
  verb('describeQuorum', 'Ask who leads the metadata quorum, who votes and who observes.', {
    value: z.literal(true),
    modifiers: {},
  }),
] as const;

type Verb = (typeof operationVerbs)[number];
export type OperationVerb = Verb['name'];
export type OperationSpec = z.output<Verb['schema']>;

const schemas = operationVerbs.map((one) => one.schema) as unknown as readonly [
  Verb['schema'],
  Verb['schema'],
  ...Verb['schema'][],
];
export const operation = z.union(schemas);

/** The verb of an entry, known by its key. */
export function operationVerbOf(entry: object): OperationVerb | null {
  for (const one of operationVerbs) if (Object.hasOwn(entry, one.name)) return one.name;
  return null;
}

/** How expectations call operations: by their name, else by their place from 0. */
export function operationNames(
  operations: readonly { readonly name?: string | undefined }[],
): string[] {
  return operations.map((one, index) => one.name ?? String(index));
}

export function listed<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}
