/**
 * The fault vocabulary of scenarios, declared once: one verb per entry of `faults`. The schema,
 * the types, `trial list faults` and the reference all come from this table; `plan.ts` says what
 * each verb does to the world.
 */

import { apis } from '../../kafka/wire/apis.ts';
import { RECORD_CARRIERS } from '../network/flips.ts';
import { duration, signedDuration, timePoint } from '../scenario/duration.ts';
import { z } from '../scenario/zod.ts';

const oneTarget = z.string().min(1);
/** One target or several. */
const target = z.union([oneTarget, z.array(oneTarget).min(1)]).meta({
  description: 'Who is struck, resolved when the fault strikes: "broker-2", "leader:orders-0", …',
});
const pair = z.tuple([target, target]).meta({ description: 'Two sides: every link between them.' });
const pairOrTarget = z.union([oneTarget, pair]);

export const trigger = z
  .object({
    event: z.string().meta({ description: 'A kind of the trace table, such as "leader.elected".' }),
    count: z.int().min(1).default(1).meta({ description: 'Strike at the n-th match; default 1.' }),
    node: z.string().optional().meta({ description: 'The node that tells the event.' }),
  })
  .catchall(z.union([z.string(), z.number()]))
  .meta({ description: 'An event to wait for; other keys are fields that must be equal.' });

const whenAndName = {
  at: timePoint.optional(),
  when: trigger.optional(),
  afterEvent: z.int().min(1).optional().meta({
    description: 'Strike as soon as the step of this trace event has ended: a branch of a run.',
  }),
  after: duration.optional().meta({ description: 'Time from the trigger to the strike.' }),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes')
    .optional()
    .meta({ description: 'For expectations (afterFault) and the target "struck:NAME".' }),
  mayMiss: z.boolean().optional().meta({
    description: 'It is no problem if the fault finds nobody to strike, or its event never comes.',
  }),
};
const restartAfter = duration.optional().meta({
  description:
    'Start the same nodes again this long after. What another fault keeps down for longer, or for ' +
    'good, stays down.',
});
const restartAfterCrash = duration.optional().meta({
  description:
    'Start the same nodes again this long after the crash. What another fault keeps down for ' +
    'longer, or for good, stays down.',
});
const lasting = duration.optional().meta({
  description:
    'End the fault by itself after this. What another fault holds, too, stays held until that ends.',
});
/** For faults that set a number where they strike. */
const settingFor = duration.optional().meta({
  description:
    'End the fault by itself after this. Of several at one place the one that struck last counts, ' +
    'then the one before if it still lasts.',
});
const powerCutStyle = z.enum(['random', 'keep-prefix', 'drop-all', 'keep-all']);
const apiName = z.enum(Object.keys(apis) as (keyof typeof apis)[]);
const diskOperation = z.enum([
  'open',
  'read',
  'write',
  'truncate',
  'flush',
  'rename',
  'remove',
  'mkdir',
  'list',
  'syncDirectory',
]);
const filePart = z
  .string()
  .min(1)
  .meta({ description: 'What the file path contains, such as "orders-0/".' });

const pathPart = z.string().startsWith('/').optional().meta({
  description: 'Only paths that begin with it, such as one of several log.dirs.',
});

function verb<N extends string, V extends z.ZodType, M extends z.ZodRawShape>(
  name: N,
  family: FaultFamily,
  doc: string,
  parts: { value: V; modifiers: M },
) {
  const shape = { ...whenAndName, [name]: parts.value, ...parts.modifiers } as typeof whenAndName &
    Record<N, V> &
    M;
  const schema = z.strictObject(shape).meta({ description: doc });
  return { name, family, doc, modifiers: Object.keys(parts.modifiers), schema };
}

export type FaultFamily = 'process' | 'network' | 'disk' | 'clock';

export const faultVerbs = [
  verb('powerCut', 'process', 'Cut the power: what was not flushed is kept, dropped or torn.', {
    value: target,
    modifiers: { style: powerCutStyle.default('random'), restartAfter },
  }),
  verb('kill', 'process', 'Kill the process: memory is lost, the page cache survives.', {
    value: target,
    modifiers: { restartAfter },
  }),
  verb(
    'stop',
    'process',
    'Stop cleanly, as SIGTERM: hand over leadership, flush, mark the stop. A paused node when it goes on.',
    {
      value: target,
      modifiers: { restartAfter },
    },
  ),
  verb('start', 'process', 'Start nodes that are down.', { value: target, modifiers: {} }),
  verb('restart', 'process', 'Stop cleanly and start again as soon as the node has ended.', {
    value: target,
    modifiers: {},
  }),
  verb('pause', 'process', 'Freeze the process (garbage collection, frozen VM).', {
    value: target,
    modifiers: { for: lasting },
  }),
  verb('resume', 'process', 'Let paused nodes go on.', { value: target, modifiers: {} }),
  verb('slowCpu', 'process', 'Every step takes `times` as long.', {
    value: target,
    modifiers: { times: z.number().min(1).max(10_000), for: settingFor },
  }),
  verb('crashInStep', 'process', 'Crash at a disk call in the middle of a step.', {
    value: target,
    modifiers: {
      afterDiskCalls: z.int().min(1).default(1),
      moment: z.enum(['before', 'after', 'torn']).default('before'),
      powerCut: powerCutStyle.optional(),
      restartAfter: restartAfterCrash,
    },
  }),
  verb('cut', 'network', 'Cut every link between two sides: nothing gets through.', {
    value: pair,
    modifiers: { oneWay: z.boolean().default(false), for: lasting },
  }),
  verb('isolate', 'network', 'Cut the target off from every other node, clients included.', {
    value: target,
    modifiers: { for: lasting },
  }),
  verb(
    'heal',
    'network',
    'End cuts, delays and slow links: "all" (holds too), of a target, or of a pair.',
    {
      value: pairOrTarget,
      modifiers: {},
    },
  ),
  verb('delay', 'network', 'Add latency to every link between two sides.', {
    value: pair,
    modifiers: {
      by: duration,
      jitter: duration.default(0),
      oneWay: z.boolean().default(false),
      for: settingFor,
    },
  }),
  verb('slowLink', 'network', 'Limit the bandwidth of every link between two sides.', {
    value: pair,
    modifiers: {
      bytesPerSecond: z.int().min(1),
      oneWay: z.boolean().default(false),
      for: settingFor,
    },
  }),
  verb('hold', 'network', 'Hold back chosen messages and all behind them on their connections.', {
    value: pair,
    modifiers: {
      api: apiName.optional(),
      direction: z.enum(['request', 'response']).optional(),
      for: lasting,
    },
  }),
  verb(
    'flipInFlight',
    'network',
    'Flip a bit in the records of the next messages from the first side to brokers, the second.',
    {
      value: pair,
      modifiers: { api: z.enum(RECORD_CARRIERS), times: z.int().min(1).default(1) },
    },
  ),
  verb('release', 'network', 'Deliver what the named `hold` held back.', {
    value: z.string().min(1).meta({ description: 'The name of a hold, or "all".' }),
    modifiers: {},
  }),
  verb('reset', 'network', 'Reset the connections between two sides; bytes under way are lost.', {
    value: pair,
    modifiers: {},
  }),
  verb('jumpClock', 'clock', 'Set the wall clock forward or back.', {
    value: target,
    modifiers: { by: signedDuration },
  }),
  verb('driftClock', 'clock', 'Let the clocks run fast or slow, in parts per million.', {
    value: target,
    modifiers: { ppm: z.int().min(-500_000).max(500_000), for: settingFor },
  }),
  verb('stallDisk', 'disk', 'Every disk call waits until the stall is over.', {
    value: target,
    modifiers: { for: duration },
  }),
  verb('slowDisk', 'disk', 'Flushes take `times` as long.', {
    value: target,
    modifiers: { times: z.int().min(2), for: settingFor },
  }),
  verb('failDisk', 'disk', 'Disk calls fail with an I/O error (EIO).', {
    value: target,
    modifiers: {
      operation: diskOperation.optional(),
      times: z.int().min(1).optional(),
      path: pathPart,
      for: lasting,
    },
  }),
  verb('fillDisk', 'disk', 'The disk is full: writes fail with ENOSPC.', {
    value: target,
    modifiers: { path: pathPart, for: lasting },
  }),
  verb('flipBit', 'disk', 'Flip one bit of a file at rest.', {
    value: target,
    modifiers: {
      file: filePart,
      where: z.enum(['tail', 'anywhere']).default('anywhere').meta({
        description: 'tail: within the last bytes of the newest file that matches.',
      }),
    },
  }),
  verb('misdirectWrite', 'disk', 'The next write lands beside its place.', {
    value: target,
    modifiers: {},
  }),
  verb('loseFlush', 'disk', 'Flushes answer well and make nothing durable.', {
    value: target,
    modifiers: { for: lasting },
  }),
  verb('loseDisk', 'disk', 'The disk is gone; the next start finds an empty one.', {
    value: target,
    modifiers: {},
  }),
] as const;

type Verb = (typeof faultVerbs)[number];
export type FaultVerb = Verb['name'];
export type FaultSpec = z.output<Verb['schema']>;

const schemas = faultVerbs.map((one) => one.schema) as unknown as readonly [
  Verb['schema'],
  Verb['schema'],
  ...Verb['schema'][],
];
export const fault = z.union(schemas);

/**
 * The verb of an entry, known by its key; null when it has none. A key may also be a modifier of
 * another verb: `crashInStep` with a `powerCut` is a `crashInStep`.
 */
export function verbOf(entry: object): FaultVerb | null {
  const keys = faultVerbs.filter((one) => Object.hasOwn(entry, one.name));
  const verb = keys.find((one) => !keys.some((other) => other.modifiers.includes(one.name)));
  return verb?.name ?? null;
}

/** How expectations and `struck:` call the faults: by their name, else by their place from 0. */
export function faultNames(faults: readonly FaultSpec[]): string[] {
  return faults.map((one, index) => one.name ?? String(index));
}

export interface PlacedTarget {
  /** Where it stands inside the entry. */
  readonly path: readonly PropertyKey[];
  readonly target: string;
  /** Which of the fault's sides it belongs to, from 0. */
  readonly side: number;
}

const PAIRS: ReadonlySet<FaultVerb> = new Set([
  'cut',
  'delay',
  'slowLink',
  'hold',
  'flipInFlight',
  'reset',
  'heal',
]);

/** The targets of a fault; none for `heal: "all"` and `release`. */
export function targetsOf(spec: FaultSpec): PlacedTarget[] {
  const verb = verbOf(spec);
  if (verb === null || verb === 'release') return [];
  const value = (spec as Record<string, unknown>)[verb] as string | readonly Group[];
  if (typeof value === 'string') {
    return verb === 'heal' && value === 'all' ? [] : [{ path: [verb], target: value, side: 0 }];
  }
  if (!PAIRS.has(verb)) return placed(value as readonly string[], [verb], 0);
  return value.flatMap((group, side) => placed(group, [verb, side], side));
}

type Group = string | readonly string[];

function placed(group: Group, path: readonly PropertyKey[], side: number): PlacedTarget[] {
  if (typeof group === 'string') return [{ path, target: group, side }];
  return group.map((target, index) => ({ path: [...path, index], target, side }));
}
