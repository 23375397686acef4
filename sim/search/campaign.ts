/**
 * A campaign of seeds: what is to be run, what came out so far, and both as plain data, so that a
 * later process can go on with it (`trial fuzz --resume`). Results may come in any order.
 */
import { marks } from '../marks/marks.ts';
import { type Scenario, scenarioSchema } from '../scenario/schema.ts';
import { z } from '../scenario/zod.ts';
import { PLOTS } from '../swarm/plots.ts';
import { INTENSITIES, SIZES, type SwarmOptions } from '../swarm/swarm.ts';
import {
  type CampaignRecord,
  CampaignTally,
  type HeardOutcome,
  tallySchema,
} from './campaign-tally.ts';
import { failureSchema } from './failure.ts';
import { drawnWithWords } from './zoo/drawn-with.ts';

export const FAMILIES = ['network', 'process', 'disk', 'clock'] as const;

const whole = z.int().min(0);

const planSchema = z.strictObject({
  from: whole,
  seeds: whole.nullable().meta({ description: 'null: until the time is over.' }),
  shard: z.strictObject({ part: z.int().min(1), of: z.int().min(1) }),
  families: z.array(z.enum(FAMILIES)).nullable(),
  intensity: z.enum(INTENSITIES),
  beyondBudget: z.boolean(),
  size: z.enum(SIZES).default('any'),
  plots: z.array(z.enum(PLOTS)).nullable().default(null).meta({
    description: 'Every run has plots, of these only; null: as its size has them.',
  }),
  variants: z.record(z.string(), z.string()).default({}).meta({
    description: 'Historic rules that every run follows; none: those of today.',
  }),
  againEvery: whole.default(0).meta({
    description: 'Every so many-th seed is run twice, and must come out the same; 0: none.',
  }),
  scenarios: z.array(scenarioSchema).nullable().meta({
    description: 'Scenarios that each seed is given to; null: each seed draws its own.',
  }),
});
export type CampaignPlan = z.output<typeof planSchema>;

const totalsSchema = z.strictObject({
  runs: whole,
  simulatedMs: z.number().min(0),
  wallMs: z.number().min(0),
  events: whole,
  frames: whole,
  acknowledged: whole,
  faults: whole.meta({ description: 'That struck somebody.' }),
  faultsByVerb: z.record(z.string(), whole),
  marks: z.record(z.string(), whole).meta({
    description: 'Coverage marks that were reached (`trial list marks`): in how many runs.',
  }),
});

const failedSchema = failureSchema
  .pick({ seed: true, check: true, verdict: true, at: true, events: true })
  .extend({
    scenario: z.string().meta({ description: 'Its name.' }),
    signature: z.string(),
    explanation: z.string(),
    file: z.string().meta({ description: 'What `trial replay` takes.' }),
    shrunk: z
      .strictObject({ file: z.string(), words: z.string() })
      .optional()
      .meta({ description: 'The same made small (--shrink); one of each signature.' }),
  });
export type FailedSeed = z.output<typeof failedSchema>;

export const campaignSchema = z
  .strictObject({
    schema: z.literal(1),
    kind: z.literal('campaign'),
    engine: z.string(),
    commit: z.string().nullable().meta({ description: 'Of the checkout it was begun in.' }),
    plan: planSchema,
    done: whole.meta({ description: 'Jobs before this one are done.' }),
    doneBeyond: z.array(whole),
    died: z.array(whole).default([]).meta({
      description: 'Jobs whose process ended or was cut off; whoever goes on runs them again.',
    }),
    totals: totalsSchema,
    tally: tallySchema,
    failures: z.array(failedSchema),
  })
  .meta({ title: 'Trial campaign', description: 'What `trial fuzz --resume` goes on with.' });
export type CampaignState = z.output<typeof campaignSchema>;

/** Who runs it. */
export interface CampaignBy {
  /** The version of trial. */
  readonly engine: string;
  /** Of the checkout that it was begun in; null: in none. */
  readonly commit: string | null;
}

/** One run: a seed, and the place of its scenario in the plan. */
export interface CampaignJob {
  readonly index: number;
  readonly seed: number;
  readonly place: number;
}

export class Campaign {
  readonly plan: CampaignPlan;
  readonly failures: FailedSeed[] = [];
  readonly totals: { -readonly [K in keyof CampaignState['totals']]: CampaignState['totals'][K] };
  private readonly tally: CampaignTally;
  private readonly by: CampaignBy;
  private next = 0;
  private readonly before: CampaignState | null;
  /** Indexes of finished jobs at and after `done`. */
  private readonly beyond: Set<number>;
  /** Indexes of jobs whose process ended or was cut off, until they are run again. */
  private readonly dead: Set<number>;
  /** Those of them that an earlier process left, the next one first. */
  private readonly again: number[];
  /** Files that tell of nothing but that a process ended, which is about to be tried again. */
  readonly outdated: readonly string[];
  private done: number;

  /** @param before goes on where this one ended. */
  constructor(plan: CampaignPlan, by: CampaignBy, before: CampaignState | null = null) {
    this.plan = plan;
    this.by = by;
    this.tally = new CampaignTally(plan.from, before?.tally ?? null);
    this.before = before;
    this.done = before?.done ?? 0;
    this.next = this.done;
    this.beyond = new Set(before?.doneBeyond);
    this.dead = new Set(before?.died);
    this.again = [...this.dead];
    const isOfDead = this.tellsOfDead();
    const failed = before?.failures ?? [];
    this.failures.push(...failed.filter((one) => !isOfDead(one)));
    this.outdated = failed.filter(isOfDead).map((one) => one.file);
    for (const index of this.again) this.tally.forget(this.seedOf(index));
    this.totals = {
      ...(before?.totals ?? EMPTY),
      faultsByVerb: { ...before?.totals.faultsByVerb },
      marks: { ...before?.totals.marks },
    };
  }

  /** How many runs the plan asks for; null: as many as there is time for. */
  get size(): number | null {
    const { seeds, shard, scenarios } = this.plan;
    if (seeds === null) return null;
    const mine = Math.ceil(Math.max(0, seeds - (shard.part - 1)) / shard.of);
    return mine * (scenarios?.length ?? 1);
  }

  private tellsOfDead(): (failed: FailedSeed) => boolean {
    const { scenarios } = this.plan;
    const keyOf = (seed: number | string, scenario: string) =>
      scenarios === null ? `${seed}` : `${seed} ${scenario}`;
    const keys = this.again.map((index) => {
      const { seed, place } = this.jobAt(index);
      return keyOf(seed, scenarios?.[place]?.name ?? '');
    });
    const known = new Set(keys);
    return ({ seed, scenario }) => known.has(keyOf(seed, scenario));
  }

  /** What the plan asks for next; null: nothing is left. */
  take(): CampaignJob | null {
    const again = this.again.shift();
    if (again !== undefined) return this.jobAt(again);
    while (this.beyond.has(this.next)) this.next += 1;
    const { size } = this;
    if (size !== null && this.next >= size) return null;
    const index = this.next;
    this.next += 1;
    return this.jobAt(index);
  }

  private jobAt(index: number): CampaignJob {
    const each = this.plan.scenarios?.length ?? 1;
    return { index, seed: this.seedOf(index), place: index % each };
  }

  private seedOf(index: number): number {
    const { from, shard, scenarios } = this.plan;
    const turn = Math.floor(index / (scenarios?.length ?? 1));
    return from + shard.part - 1 + turn * shard.of;
  }

  /** What the swarm draws from; null: the plan names its scenarios. */
  scenarioOf(job: CampaignJob): Scenario | null {
    return this.plan.scenarios?.[job.place] ?? null;
  }

  get swarm(): SwarmOptions {
    const { families, intensity, size, plots, beyondBudget, variants } = this.plan;
    return {
      ...{ intensity, size, beyondBudget, variants },
      ...(families === null ? {} : { families }),
      ...(plots === null ? {} : { plots }),
    };
  }

  add(job: CampaignJob, outcome: HeardOutcome): void {
    // Digests of several scenarios with one seed are no thousand of seeds.
    if (this.plan.scenarios === null) this.tally.add(outcome);
    this.finished(job);
    const { totals } = this;
    totals.simulatedMs += outcome.simulatedMs;
    totals.events += outcome.events;
    totals.frames += outcome.frames;
    totals.acknowledged += outcome.acknowledged;
    for (const name of outcome.marks) totals.marks[name] = (totals.marks[name] ?? 0) + 1;
    for (const [verb, count] of Object.entries(outcome.faults)) {
      totals.faults += count;
      totals.faultsByVerb[verb] = (totals.faultsByVerb[verb] ?? 0) + count;
    }
  }

  /** The simulator broke in it, as it will again. */
  broke(job: CampaignJob, why: string): void {
    this.tally.wentWrong(job.seed, why);
    this.finished(job);
  }

  /** Its process ended, and nobody knows whether the run had a part in that. */
  died({ index, seed }: CampaignJob, why: string): void {
    this.tally.wentWrong(seed, why);
    this.dead.add(index);
    this.passed(index);
  }

  private finished({ index }: CampaignJob): void {
    this.totals.runs += 1;
    this.dead.delete(index);
    this.passed(index);
  }

  private passed(index: number): void {
    if (index >= this.done) this.beyond.add(index);
    while (this.beyond.delete(this.done)) this.done += 1;
    const known = Math.min(this.done, ...this.dead);
    this.tally.doneBefore(this.isWhole ? Number.POSITIVE_INFINITY : this.seedOf(known));
  }

  /** Nothing is left to begin; what died may be tried again. */
  get isOver(): boolean {
    return this.size !== null && this.done >= this.size && this.again.length === 0;
  }

  /** Everything that was asked for is done. */
  get isWhole(): boolean {
    return this.isOver && this.dead.size === 0;
  }

  /** How many runs are not known because their process ended. */
  get diedCount(): number {
    return this.dead.size;
  }

  fail(failed: FailedSeed): void {
    this.failures.push(failed);
    this.failures.sort((a, b) => Number(a.seed) - Number(b.seed));
  }

  /** The same failure, made small. */
  shrunk(failed: FailedSeed, shrunk: NonNullable<FailedSeed['shrunk']>): void {
    this.failures[this.failures.indexOf(failed)] = { ...failed, shrunk };
  }

  /** By signature, each with its seeds in order; what was seen most comes first. */
  distinct(): (readonly [FailedSeed, ...FailedSeed[]])[] {
    const groups = new Map<string, [FailedSeed, ...FailedSeed[]]>();
    for (const one of this.failures) {
      const group = groups.get(one.signature);
      if (group === undefined) groups.set(one.signature, [one]);
      else group.push(one);
    }
    return [...groups.values()].sort((a, b) => b.length - a.length);
  }

  /** @param wallMs of this process. */
  state(wallMs: number): CampaignState {
    return {
      schema: 1,
      kind: 'campaign',
      ...this.by,
      plan: this.plan,
      done: this.done,
      doneBeyond: [...this.beyond].sort((a, b) => a - b),
      died: [...this.dead].sort((a, b) => a - b),
      totals: {
        ...this.totals,
        faultsByVerb: byName(this.totals.faultsByVerb),
        marks: byName(this.totals.marks),
        wallMs: this.wallMs(wallMs),
      },
      tally: this.tally.state(),
      failures: this.failures,
    };
  }

  /** What is kept of a campaign of drawn seeds that is whole. */
  record(commit: string): CampaignRecord {
    const { plan, totals } = this;
    const { cpuMs, runTwice, verdicts, allowedBy, wrong, digests } = this.tally.state();
    const drawnWith = planWords(plan);
    return {
      commit,
      firstSeed: plan.from,
      seeds: totals.runs,
      ...(drawnWith === '' ? {} : { drawnWith }),
      simulatedHours: Number((totals.simulatedMs / 3_600_000).toFixed(2)),
      cpuSeconds: Math.round(cpuMs / 1_000),
      frames: totals.frames,
      recordsAcknowledged: totals.acknowledged,
      runTwice,
      faultsStruck: totals.faults,
      faults: byName(totals.faultsByVerb),
      ...{ verdicts, allowedBy, wrong, digests },
    };
  }

  private wallMs(here: number): number {
    return Math.round((this.before?.totals.wallMs ?? 0) + here);
  }

  /** Marks that no run has reached so far. */
  missingMarks(): string[] {
    return marks.map((one) => one.name).filter((name) => this.totals.marks[name] === undefined);
  }

  /** The published form of `trial fuzz --json`. */
  resultJson(wallMs: number): FuzzResult {
    const { plan, totals, failures } = this;
    return {
      schema: 1,
      seeds: totals.runs,
      from: plan.from,
      shard: plan.shard,
      variants: plan.variants,
      simulatedMs: totals.simulatedMs,
      wallMs: this.wallMs(wallMs),
      events: totals.events,
      frames: totals.frames,
      faults: totals.faults,
      faultsByVerb: byName(totals.faultsByVerb),
      acknowledged: totals.acknowledged,
      marks: byName(totals.marks),
      missingMarks: this.missingMarks(),
      distinctFailures: this.distinct().length,
      failures,
    };
  }
}

/** In an order that does not hang on which run came to its end first. */
function byName(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** As it is typed, but for the seeds. */
function planWords(plan: CampaignPlan): string {
  const { families, intensity, size, plots, beyondBudget, variants } = plan;
  const narrowed = drawnWithWords({
    ...(families === null ? {} : { families }),
    ...(size === 'any' ? {} : { size }),
    ...(intensity === 'swarm' ? {} : { intensity }),
    ...(plots === null ? {} : { plots }),
    beyondBudget,
  });
  return [
    ...(narrowed === '' ? [] : [narrowed]),
    ...Object.entries(variants).map(([name, option]) => `--variant ${name}=${option}`),
  ].join(' ');
}

const EMPTY: CampaignState['totals'] = {
  runs: 0,
  simulatedMs: 0,
  wallMs: 0,
  events: 0,
  frames: 0,
  acknowledged: 0,
  faults: 0,
  faultsByVerb: {},
  marks: {},
};

const fuzzResultSchema = z
  .strictObject({
    schema: z.literal(1),
    seeds: whole.meta({ description: 'Runs that came to an end.' }),
    from: whole,
    shard: planSchema.shape.shard,
    variants: z
      .record(z.string(), z.string())
      .meta({ description: 'Historic rules that were on.' }),
    ...totalsSchema.omit({ runs: true }).shape,
    missingMarks: z.array(z.string()).meta({ description: 'Marks that no run reached.' }),
    distinctFailures: whole.meta({ description: 'Failures with signatures of their own.' }),
    failures: z.array(failedSchema).meta({ description: 'In the order of their seeds.' }),
  })
  .meta({ title: 'Trial fuzz', description: 'What `trial fuzz --json` prints.' });
export type FuzzResult = z.output<typeof fuzzResultSchema>;

/** The published JSON Schema. */
export function fuzzJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(fuzzResultSchema) as Record<string, unknown>;
}
