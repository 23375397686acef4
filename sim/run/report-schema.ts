/**
 * The published form of `trial run --json` (`reportJson`), for who reads it by program: the JSON
 * Schema in docs/reference/ is made from this, and tests hold real results to it.
 */
import { faultVerbs } from '../faults/verbs.ts';
import { z } from '../scenario/zod.ts';

const count = z.int().min(0);
const ms = z.number();

const counts = z.strictObject({
  sent: count,
  acknowledged: count,
  acknowledgedLost: count.meta({ description: 'Acknowledged, and in no log at the end.' }),
  duplicated: count.meta({ description: 'Copies beyond the first in the final logs.' }),
  reordered: count.meta({ description: 'Behind a later record of the same producer.' }),
  consumed: count,
});

const verdict = z.strictObject({
  name: z.string(),
  verdict: z.enum(['holds', 'allowed', 'violated', 'unknown']),
  allowedBy: z.string().nullable().meta({ description: 'The setting or the fault; if allowed.' }),
  at: count.nullable().meta({ description: 'The event at which it happened.' }),
  explanation: z.string(),
});

const expectation = z.strictObject({
  name: z.string(),
  expected: z.unknown(),
  actual: z.unknown(),
  met: z.boolean(),
  notCompared: z.string().optional().meta({
    description: 'In the real world: why it is left out of account; it counts as met.',
  }),
});

const WITH_IT = 'Of those, in no log at the end, and lost with this partition.';
const UNSURE = 'Of those, perhaps lost with one of the `others` instead.';
const OTHERWISE = 'In no log at the end, too, and not known to be lost with this partition.';

const capTally = z.strictObject({
  acknowledged: count,
  acknowledgedLost: count.meta({ description: WITH_IT }),
  lostUnsure: count.meta({ description: UNSURE }),
  lostOtherwise: count.meta({ description: OTHERWISE }),
});

const others = z
  .array(z.strictObject({ fault: z.string(), verb: z.enum(faultVerbs.map((one) => one.name)) }))
  .meta({ description: 'Faults that may have taken what is unsure.' });

const capSide = z.strictObject({
  targets: z.string().meta({ description: 'As the fault names them.' }),
  nodes: z.array(z.string()),
  brokers: z.boolean().meta({ description: 'Whether it has any: without, it serves no client.' }),
  ...capTally.shape,
  acknowledged: count.meta({
    description: 'Sends begun and acknowledged meanwhile, by a leader on this side.',
  }),
  writable: z.boolean().nullable().meta({
    description: 'null: no producer that waits for answers tried to write there.',
  }),
});

const capWrites = z.strictObject({
  acknowledged: count.meta({ description: 'Begun and acknowledged meanwhile.' }),
  lost: count.meta({ description: WITH_IT }),
  lostUnsure: count.meta({ description: UNSURE }),
  lostOtherwise: count.meta({ description: OTHERWISE }),
  earlier: count.meta({ description: 'Begun before it, acknowledged before its end.' }),
  earlierLost: count.meta({ description: WITH_IT }),
  earlierLostUnsure: count,
  earlierLostOtherwise: count,
  later: count.meta({ description: 'Acknowledged after its end, whenever they were begun.' }),
  laterLost: count.meta({ description: WITH_IT }),
  laterLostUnsure: count,
  laterLostOtherwise: count,
  others,
});

const capReads = z.strictObject({
  records: count,
  takenBack: count.nullable().meta({
    description:
      'Not in the log at that offset when it was read after healing, and lost with this ' +
      'partition; null: it was not read.',
  }),
  takenBackUnsure: count.meta({ description: UNSURE }),
  takenBackOtherwise: count.meta({
    description: 'Not in that log, too, and not known to be lost with this partition.',
  }),
  leftOut: count.nullable(),
  again: count,
  prefix: z.boolean().nullable().meta({
    description: 'Nothing taken back, left out or again: all of it is one stretch of one log.',
  }),
  stalePolls: count.meta({
    description: 'Polls begun when something behind what they gave had been acknowledged.',
  }),
  stalestMs: ms.meta({ description: 'For how long it had been, at most.' }),
  linearizable: z
    .boolean()
    .nullable()
    .meta({
      description:
        'No stale poll, and nothing taken back, left out or again; not promised by Kafka. null: ' +
        'nothing speaks against it, and the log was not read.',
    }),
  earlier: count.meta({ description: 'Given by polls that were begun before the partition.' }),
  earlierTakenBack: count.nullable().meta({
    description: 'Of those, taken back with this partition; null: the log was not read.',
  }),
  earlierTakenBackUnsure: count,
  earlierTakenBackOtherwise: count,
  others,
});

const capClient = z.strictObject({
  name: z.string(),
  kind: z.enum(['producer', 'consumer', 'admin']),
  group: z.string().nullable().meta({ description: 'Of a member of one.' }),
  topic: z
    .string()
    .nullable()
    .meta({ description: 'null of an admin client, and of a member that reads several.' }),
  side: z.int().min(0).max(1).nullable().meta({ description: 'null: it could reach both.' }),
  operations: count.meta({ description: 'Sends, polls or requests begun meanwhile.' }),
  answered: count.meta({ description: 'Of those, without error within their time-out.' }),
  answeredMeanwhile: count.meta({ description: 'Of those, before the partition ended.' }),
  share: z.number().min(0).max(1).nullable().meta({ description: 'answered / operations' }),
  longestGapMs: ms.min(0).meta({
    description: 'How long it waited for an acknowledgement or for acknowledged records, at most.',
  }),
  writes: capWrites.nullable(),
  reads: capReads.nullable(),
  promise: z.strictObject({
    survives: z.boolean().meta({ description: 'Whether what it was told stays true.' }),
    because: z.string(),
    answered: z.string().meta({ description: 'Where it may expect to be answered meanwhile.' }),
  }),
  kept: z
    .boolean()
    .nullable()
    .meta({
      description:
        'null: nothing is promised, nothing was acknowledged or read, it cannot be told, a ' +
        'fault went beyond it, or another fault took what was lost, or may have.',
    }),
});

const cap = z.strictObject({
  fault: z.string(),
  fromMs: ms,
  untilMs: ms.nullable().meta({
    description: 'When its sides were joined: a link that it had cut between them was whole.',
  }),
  wholeMs: ms.nullable().meta({ description: 'When all links were whole that it had cut.' }),
  oneWay: z.boolean(),
  sides: z.tuple([capSide, capSide]),
  elsewhere: capTally.meta({
    description: 'Sends begun and acknowledged meanwhile, by a leader on neither side.',
  }),
  attempted: count.meta({
    description: 'Sends begun meanwhile by producers that wait for answers (not acks=0).',
  }),
  meanwhile: capTally.meta({
    description: 'Sends begun and acknowledged meanwhile, by whomever.',
  }),
  earlier: capTally.meta({
    description: 'Sends begun before it and acknowledged before its end.',
  }),
  later: capTally.meta({
    description: 'Sends acknowledged after its end, whenever begun.',
  }),
  clients: z.array(capClient),
  others,
  survived: z
    .boolean()
    .nullable()
    .meta({
      description:
        'Nothing acknowledged meanwhile, earlier or later was lost with it; null: nothing had ' +
        'been acknowledged by its end, nor was lost with it later, or all that was is unsure.',
    }),
});

const group = z.strictObject({
  group: z.string(),
  members: z.array(
    z.strictObject({
      client: z.string(),
      partitions: z.string().nullable().meta({
        description: 'In the newest generation; null: it is not in it.',
      }),
    }),
  ),
  processed: count.meta({ description: 'Records, each time that one was processed.' }),
  distinct: count,
  again: count.meta({ description: 'Processed for a further time.' }),
  missed: count.meta({ description: 'Passed by committed offsets and never processed.' }),
  rebalances: count,
  idle: count.meta({ description: 'Members without a partition at the end.' }),
  commits: count.meta({ description: 'Answered without error, partition by partition.' }),
  commitsRefused: count,
  lag: count.meta({ description: 'Records to be read and not processed, at the end.' }),
  maxLag: count,
});

const variant = z.strictObject({
  name: z.string(),
  option: z.string(),
  decisionsChanged: count.meta({ description: 'How often it decided otherwise than today.' }),
  byNode: z.record(z.string(), count),
});

const run = z.strictObject({
  schema: z.literal(1),
  world: z.literal('real').optional().meta({ description: 'Absent: the laboratory.' }),
  scenario: z.string(),
  seed: z.union([z.int(), z.string()]),
  digest: z.string().meta({ description: 'Empty in the real world, as traceHash is.' }),
  traceHash: z.string(),
  simulatedMs: ms,
  wallMs: ms,
  events: count,
  frames: count.meta({ description: 'Requests and responses.' }),
  counts,
  variants: z.array(variant).meta({ description: 'The historic rules of the run.' }),
  verdicts: z.array(verdict),
  expectations: z.array(expectation),
  groups: z.array(group).meta({ description: 'The consumer groups of the workload.' }),
  cap: z.array(cap).meta({
    description:
      'Every network partition between parts of the cluster, or of clients from brokers.',
  }),
  met: z.boolean().meta({ description: 'Everything came out as expected.' }),
});

export const runResult = z.union([
  run,
  z.strictObject({ schema: z.literal(1), runs: z.array(run) }).meta({
    description: 'Of several scenarios.',
  }),
]);

/** For editors and other tools: JSON Schema draft 2020-12. */
export function runJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(runResult);
  return { $schema, title: 'The result of trial run --json', ...schema };
}
