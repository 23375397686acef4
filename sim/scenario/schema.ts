/**
 * The canonical form of a scenario: plain JSON, declared once here. Types, the published JSON
 * Schema and the reference come from it. `parse.ts` turns a document into a `Scenario` or into
 * all its problems; what a schema cannot say (does `broker-9` exist?) is in `meaning.ts`.
 */

import { COMMIT_MODES } from '../check/history/group-history.ts';
import { fault } from '../faults/verbs.ts';
import { operation } from '../workload/operation-verbs.ts';
import { MIN_VALUE_BYTES } from '../workload/record-value.ts';
import { duration, timePoint } from './duration.ts';
import { z } from './zod.ts';

z.config({ jitless: true });

/** Ids from 101 on are those of controllers (`sim/cluster/names.ts`). */
const MOST_BROKERS = 100;

const kafkaConfig = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .default({})
  .meta({ description: "Kafka's own keys; values as text, numbers or booleans." });

const topicName = z
  .string()
  .regex(
    /^[a-zA-Z0-9._-]{1,249}$/,
    'expected a topic name: at most 249 letters, digits, ".", "_" and "-"',
  );
const clientName = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,15}$/, 'expected up to 16 lower-case letters and digits');

export const topic = z.strictObject({
  name: topicName,
  partitions: z.int().min(1).max(10_000).default(1),
  replicationFactor: z.int().min(1).max(1_000).default(3),
  config: kafkaConfig,
});

const cluster = z.strictObject({
  brokers: z.int().min(1).max(MOST_BROKERS).default(3),
  controllers: z.int().min(1).max(9).default(1).meta({ description: 'Voters of the quorum.' }),
  roles: z.enum(['separate', 'combined']).default('separate').meta({
    description: 'combined: the first brokers are the controllers, too.',
  }),
  voters: z.enum(['static', 'dynamic']).default('static').meta({
    description: 'dynamic: the voters are in the metadata log and can be changed (KIP-853).',
  }),
  spareControllers: z.int().min(0).max(9).default(0).meta({
    description: 'Controllers that observe the quorum until they are added to its voters.',
  }),
  config: kafkaConfig.meta({ description: 'For every broker and controller.' }),
  racks: z.array(z.string()).optional().meta({
    description: 'broker.rack of each broker; the first again when there are more brokers.',
  }),
  variants: z
    .record(z.string(), z.string())
    .default({})
    .meta({ description: 'Historic rules instead of today’s: variant → option.' }),
  topics: z.array(topic).default([]),
});

const keys = z.union([
  z.enum(['none', 'unique']),
  z.strictObject({ distinct: z.int().min(1).max(1_000_000) }),
]);

const bytes = z.union([
  z.string(),
  z.strictObject({ hex: z.string().regex(/^([0-9a-f]{2})*$/, 'expected pairs of hex digits') }),
  z.null(),
]);

const send = z.strictObject({
  at: timePoint.optional(),
  afterEvent: z.int().min(1).optional().meta({
    description: 'As soon as the step of this trace event has ended.',
  }),
  partition: z.int().min(0).optional().meta({ description: 'Absent: the partitioner chooses.' }),
  key: bytes.default(null),
  value: bytes.default(null),
  headers: z.array(z.strictObject({ key: z.string(), value: bytes })).default([]),
});

const counters = z
  .strictObject({
    sequence: z.int().min(0).max(2_147_483_647).default(0),
    epoch: z.int().min(0).max(32_767).default(0),
  })
  .meta({
    description: 'Where the numbers of an idempotent producer begin, as after a long life.',
  });

const producer = z.strictObject({
  producer: clientName,
  topic: topicName,
  recordsPerSecond: z
    .number()
    .min(0.001)
    .max(1_000_000)
    .optional()
    .meta({ description: 'A send at this pace, answered or not.' }),
  inFlight: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .meta({ description: 'Instead of a pace: this many sends outstanding at any time.' }),
  sends: z
    .array(send)
    .optional()
    .meta({ description: 'Instead of a pace: these records, each at its time.' }),
  valueBytes: z.int().min(MIN_VALUE_BYTES).max(10_000_000).default(100),
  keys: keys.default('none').meta({
    description: 'none, unique (one per record), or { distinct: n }: n keys in turn.',
  }),
  partition: z
    .union([z.int().min(0), z.literal('round-robin')])
    .optional()
    .meta({ description: 'An explicit partition; absent: the partitioner chooses.' }),
  startAt: timePoint.default(0),
  stopAt: timePoint.optional().meta({ description: 'Absent: at runFor.' }),
  count: z.int().min(1).optional().meta({ description: 'Stop after this many records.' }),
  counters: counters.optional(),
  config: kafkaConfig,
});

const partitionList = z.array(z.int().min(0)).min(1);
const consumer = z.strictObject({
  consumer: clientName,
  topic: topicName,
  assign: z
    .union([z.literal('all'), partitionList])
    .default('all')
    .meta({
      description: 'Partitions; `all`: new ones too, looked for every metadata.max.age.ms.',
    }),
  pollEvery: duration.default(0).meta({ description: 'A pause between polls; 0: none.' }),
  pollTimeout: duration.default(500),
  startAt: timePoint.default(0),
  stopAt: timePoint.optional(),
  config: kafkaConfig,
});

const seek = z.strictObject({
  at: timePoint,
  to: z.int().min(0).optional().meta({ description: 'An offset, in every partition that it has.' }),
  back: duration.optional().meta({
    description: 'Instead of an offset: so much older than the newest record that it was given.',
  }),
});

const groupMember = z.strictObject({
  consumer: clientName,
  group: z
    .string()
    .regex(/^[a-zA-Z0-9_-]{1,100}$/, 'expected letters, digits, "_" and "-"')
    .meta({ description: 'group.id: its members share the partitions of their topics.' }),
  topics: z.array(topicName).min(1),
  process: duration.default(0).meta({
    description: 'What the application takes for each record that a poll gave it.',
  }),
  commit: z
    .enum(COMMIT_MODES)
    .default('auto')
    .meta({
      description:
        'auto: enable.auto.commit; before or after the records of a poll are processed; outside: ' +
        'the next offset is stored with the result, not in Kafka; none.',
    }),
  handOver: z
    .boolean()
    .optional()
    .meta({
      description:
        'The application gives records to a worker and polls on: what is committed with a later ' +
        'poll may not be processed yet.',
    }),
  commitMode: z.enum(['sync', 'async']).default('sync').meta({
    description: 'Whether the application waits for its commits (commitSync, commitAsync).',
  }),
  seeks: z.array(seek).default([]).meta({
    description: 'After the poll that is under way at that time.',
  }),
  pollEvery: duration.default(0).meta({ description: 'A pause between polls; 0: none.' }),
  pollTimeout: duration.default(500),
  startAt: timePoint.default(0),
  stopAt: timePoint
    .optional()
    .meta({ description: 'Closes its consumer, which leaves the group.' }),
  config: kafkaConfig,
});

const admin = z.strictObject({
  admin: clientName,
  at: timePoint.default(0),
  createTopic: z
    .strictObject({
      name: topicName,
      partitions: z.int().default(-1),
      replicationFactor: z.int().default(-1),
      config: kafkaConfig,
    })
    .optional(),
  describe: z.array(topicName).min(1).optional(),
  config: kafkaConfig,
});

export const workloadEntry = z.union([producer, consumer, admin, groupMember]);
export const WORKLOAD_KINDS = ['producer', 'consumer', 'admin'] as const;

const verdict = z.enum(['holds', 'allowed', 'violated', 'unknown']);
const bounds = z.strictObject({
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  equals: z.union([z.number(), z.string(), z.boolean()]).optional(),
});
export const expected = z.union([
  verdict,
  z.array(verdict).min(1),
  z.number(),
  z.boolean(),
  z.string(),
  bounds,
]);

export const scenarioSchema = z
  .strictObject({
    schema: z.literal(1).optional(),
    $schema: z.string().optional().meta({ description: 'For editors; not read.' }),
    name: z
      .string()
      .max(100)
      .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case words joined by dashes'),
    claim: z.string().default(''),
    story: z.string().default(''),
    cluster,
    workload: z.array(workloadEntry).default([]),
    faults: z.array(fault).default([]),
    operations: z.array(operation).default([]).meta({
      description: 'What operators ask of the cluster, at times or on events.',
    }),
    runFor: duration,
    settle: duration.optional().meta({
      description: 'Idle time before time 0, once all is in sync; absent: 1 to 16 s, by the seed.',
    }),
    seed: z.int().min(0).optional().meta({
      description: 'The course of chance of a run that is asked for none other; absent: 1.',
    }),
    heal: z.boolean().default(true).meta({
      description: 'After runFor: end all faults and wait until everything has settled.',
    }),
    convergeWithin: duration.default(180_000).meta({
      description: 'How long after healing everything must be answered and caught up.',
    }),
    expect: z.record(z.string(), expected).default({}),
  })
  .meta({ title: 'Trial scenario', description: 'A cluster, its load, its faults, its outcome.' });

export type Scenario = z.output<typeof scenarioSchema>;
/** What an author writes: defaults may be left out, durations may be text. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type ScenarioTopic = z.output<typeof topic>;
export type WorkloadEntry = z.output<typeof workloadEntry>;
export type ScenarioSend = z.output<typeof send>;
export type ScenarioSendInput = z.input<typeof send>;
export type ProducerEntry = z.output<typeof producer>;
export type ConsumerEntry = z.output<typeof consumer>;
export type GroupEntry = z.output<typeof groupMember>;
export type AdminEntry = z.output<typeof admin>;
export type Expected = z.output<typeof expected>;
export type Bounds = z.output<typeof bounds>;

/** The published JSON Schema, of what an author may write. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(scenarioSchema, { io: 'input' }) as Record<string, unknown>;
}
