/**
 * What a campaign of drawn seeds is remembered by: how often each check came out as what, what
 * permitted the losses, what it cost, and a hash over the digests of each thousand seeds, so that
 * any thousand can be run again at the same commit and compared.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from '../scenario/zod.ts';
import { findingWords } from './finding.ts';
import type { SeedOutcome } from './seed-run.ts';

const whole = z.int().min(0);
const counts = z.record(z.string(), whole);

const wrongSeed = z.strictObject({ seed: whole, wrong: z.array(z.string()) });

export const tallySchema = z.strictObject({
  cpuMs: z.number().min(0).meta({ description: 'Of the runs.' }),
  runTwice: whole.meta({ description: 'Seeds that were run a second time.' }),
  verdicts: z.record(z.string(), counts).meta({
    description: 'By check: how often it came out as what.',
  }),
  allowedBy: counts.meta({ description: 'What permitted the losses that were allowed.' }),
  wrong: z.array(wrongSeed),
  digests: z.record(z.string(), z.string()).meta({
    description: 'By first seed: a hash over the digests of each thousand.',
  }),
  open: z.record(z.string(), z.string()).meta({
    description: 'By seed: digests of thousands that are not over yet.',
  }),
});
export type TallyState = z.output<typeof tallySchema>;

/** A seed's run and what it cost. */
export interface HeardOutcome extends SeedOutcome {
  readonly cpuMs: number;
  readonly ranTwice: boolean;
}

const THOUSAND = 1_000;

export class CampaignTally {
  private readonly firstSeed: number;
  private cpuMs: number;
  private runTwice: number;
  private readonly verdicts: Map<string, Map<string, number>>;
  private readonly allowedBy: Map<string, number>;
  private wrong: { seed: number; wrong: string[] }[];
  private readonly digests: Map<number, string>;
  private readonly open: Map<number, string>;

  /** @param before goes on where this one ended. */
  constructor(firstSeed: number, before: TallyState | null) {
    this.firstSeed = firstSeed;
    this.cpuMs = before?.cpuMs ?? 0;
    this.runTwice = before?.runTwice ?? 0;
    this.verdicts = new Map(
      Object.entries(before?.verdicts ?? {}).map(([name, of]) => [
        name,
        new Map(Object.entries(of)),
      ]),
    );
    this.allowedBy = new Map(Object.entries(before?.allowedBy ?? {}));
    this.wrong = [...(before?.wrong ?? [])];
    this.digests = bySeed(before?.digests);
    this.open = bySeed(before?.open);
  }

  add(outcome: HeardOutcome): void {
    this.cpuMs += outcome.cpuMs;
    if (outcome.ranTwice) this.runTwice += 1;
    this.open.set(outcome.seed, outcome.digest);
    for (const said of outcome.verdicts) this.addVerdict(said);
    if (outcome.findings.length > 0) {
      this.wrong.push({ seed: outcome.seed, wrong: outcome.findings.map(findingWords) });
    }
  }

  /** A run that came to no end. */
  wentWrong(seed: number, why: string): void {
    this.wrong.push({ seed, wrong: [why] });
  }

  /** It is run again: what was wrong with it does not count. */
  forget(seed: number): void {
    this.wrong = this.wrong.filter((one) => one.seed !== seed);
  }

  /** All seeds before this one are done: of whole thousands only a hash is kept. */
  doneBefore(seed: number): void {
    const thousands = new Map<number, number[]>();
    for (const one of this.open.keys()) {
      const first = this.firstSeed + Math.floor((one - this.firstSeed) / THOUSAND) * THOUSAND;
      if (first + THOUSAND > seed) continue;
      const seeds = thousands.get(first) ?? [];
      seeds.push(one);
      thousands.set(first, seeds);
    }
    for (const [first, seeds] of thousands) {
      const lines = seeds.sort((a, b) => a - b).map((one) => `${one} ${this.open.get(one)}`);
      for (const one of seeds) this.open.delete(one);
      const hash = bytesToHex(sha256(utf8ToBytes(lines.join('\n'))));
      this.digests.set(first, hash.slice(0, 32));
    }
  }

  state(): TallyState {
    return {
      cpuMs: this.cpuMs,
      runTwice: this.runTwice,
      verdicts: Object.fromEntries([...this.verdicts].map(([name, of]) => [name, sorted(of)])),
      allowedBy: sorted(this.allowedBy),
      wrong: this.wrong.toSorted((a, b) => a.seed - b.seed),
      digests: sorted(this.digests),
      open: sorted(this.open),
    };
  }

  private addVerdict(said: string): void {
    const [name = '', verdict = '', , ...by] = said.split(' ');
    let of = this.verdicts.get(name);
    if (of === undefined) {
      of = new Map();
      this.verdicts.set(name, of);
    }
    of.set(verdict, (of.get(verdict) ?? 0) + 1);
    // Which node it was and how many there were makes no difference here.
    const why = by
      .join(' ')
      .replace(/ on \S+-\d+$/, '')
      .replace(/\d+ in-sync replicas?/, 'in-sync replicas');
    if (why !== '') this.allowedBy.set(why, (this.allowedBy.get(why) ?? 0) + 1);
  }
}

function bySeed(of: Readonly<Record<string, string>> = {}): Map<number, string> {
  return new Map(Object.entries(of).map(([seed, value]) => [Number(seed), value]));
}

function sorted<K extends string | number, V>(map: ReadonlyMap<K, V>): Record<string, V> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const recordSchema = z.strictObject({
  commit: z.string().meta({ description: 'Of the checkout it was run in.' }),
  firstSeed: whole,
  seeds: whole,
  drawnWith: z.string().optional().meta({
    description: 'Options of `trial fuzz` that seeds were narrowed by; absent: none.',
  }),
  simulatedHours: z.number(),
  cpuSeconds: whole,
  frames: whole,
  recordsAcknowledged: whole,
  runTwice: whole.meta({
    description: 'Seeds that were run a second time, and came out the same.',
  }),
  faultsStruck: whole,
  faults: counts,
  ...tallySchema.pick({ verdicts: true, allowedBy: true, wrong: true, digests: true }).shape,
});
export type CampaignRecord = z.output<typeof recordSchema>;
