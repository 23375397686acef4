/**
 * What a campaign comes out as, and the file of all of them: `docs/reference/campaigns.json`. Each
 * thousand seeds keep a hash over their digests, so that any thousand can be run again at the
 * same commit and compared.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Heard } from './seed-run.ts';

const CHUNK = 1_000;

export interface CampaignRecord {
  readonly commit: string;
  readonly firstSeed: number;
  readonly seeds: number;
  readonly simulatedHours: number;
  readonly cpuSeconds: number;
  readonly frames: number;
  readonly recordsAcknowledged: number;
  /** Seeds that were run a second time, and came out the same. */
  readonly runTwice: number;
  readonly faultsStruck: number;
  readonly faults: Readonly<Record<string, number>>;
  /** By check: how often it came out as what. */
  readonly verdicts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What permitted the losses that were allowed; how often. */
  readonly allowedBy: Readonly<Record<string, number>>;
  /** Seeds that went wrong, with what was wrong. */
  readonly wrong: readonly { readonly seed: number; readonly wrong: readonly string[] }[];
  /** By first seed: a hash over the digests of each thousand. */
  readonly digests: Readonly<Record<string, string>>;
}

export class Tally {
  heard = 0;
  /** Of these, before it was resumed. */
  resumed = 0;
  readonly wrong: { seed: number; wrong: readonly string[] }[] = [];
  private readonly first: number;
  private readonly againEvery: number;
  private readonly digests = new Map<number, string>();
  private readonly faults = new Map<string, number>();
  private readonly verdicts = new Map<string, Map<string, number>>();
  private readonly allowedBy = new Map<string, number>();
  private simulatedMs = 0;
  private cpuMs = 0;
  private frames = 0;
  private acknowledged = 0;
  private runTwice = 0;

  constructor(first: number, againEvery: number) {
    this.first = first;
    this.againEvery = againEvery;
  }

  add(result: Heard): void {
    this.heard += 1;
    if ('failure' in result) {
      this.wrong.push({ seed: result.seed, wrong: [result.failure] });
      return;
    }
    if (result.wrong.length > 0) this.wrong.push({ seed: result.seed, wrong: result.wrong });
    this.digests.set(result.seed, result.digest);
    for (const [verb, count] of Object.entries(result.faults)) grow(this.faults, verb, count);
    for (const said of result.verdicts) this.addVerdict(said);
    this.simulatedMs += result.simulatedMs;
    this.cpuMs += result.cpuMs;
    this.frames += result.frames;
    this.acknowledged += result.acknowledged;
    if (this.againEvery > 0 && result.seed % this.againEvery === 0) this.runTwice += 1;
  }

  get simulatedHours(): number {
    return this.simulatedMs / 3_600_000;
  }

  get cpuSeconds(): number {
    return this.cpuMs / 1_000;
  }

  record(commit: string): CampaignRecord {
    const faults = sorted(this.faults);
    return {
      commit,
      firstSeed: this.first,
      seeds: this.heard,
      simulatedHours: Number(this.simulatedHours.toFixed(2)),
      cpuSeconds: Math.round(this.cpuSeconds),
      frames: this.frames,
      recordsAcknowledged: this.acknowledged,
      runTwice: this.runTwice,
      faultsStruck: Object.values(faults).reduce((sum, count) => sum + count, 0),
      faults,
      verdicts: Object.fromEntries([...this.verdicts].map(([name, of]) => [name, sorted(of)])),
      allowedBy: sorted(this.allowedBy),
      wrong: [...this.wrong].sort((a, b) => a.seed - b.seed),
      digests: this.chunkDigests(),
    };
  }

  private addVerdict(said: string): void {
    const [name = '', verdict = '', , ...by] = said.split(' ');
    let of = this.verdicts.get(name);
    if (of === undefined) {
      of = new Map();
      this.verdicts.set(name, of);
    }
    grow(of, verdict, 1);
    // Which node it was and how many there were makes no difference here.
    const why = by
      .join(' ')
      .replace(/ on \S+-\d+$/, '')
      .replace(/\d+ in-sync replicas?/, 'in-sync replicas');
    if (why !== '') grow(this.allowedBy, why, 1);
  }

  private chunkDigests(): Record<string, string> {
    const chunks = new Map<number, string[]>();
    for (const seed of [...this.digests.keys()].sort((a, b) => a - b)) {
      const chunk = this.first + Math.floor((seed - this.first) / CHUNK) * CHUNK;
      const list = chunks.get(chunk) ?? [];
      list.push(`${seed} ${this.digests.get(seed)}`);
      chunks.set(chunk, list);
    }
    return Object.fromEntries(
      [...chunks].map(([chunk, lines]) => [
        String(chunk),
        createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 32),
      ]),
    );
  }
}

export function readRecords(path: string): CampaignRecord[] {
  if (!existsSync(path)) return [];
  return JSON.parse(readFileSync(path, 'utf8')) as CampaignRecord[];
}

export function appendRecord(path: string, record: CampaignRecord): void {
  const records = [...readRecords(path), record];
  writeFileSync(path, `${JSON.stringify(records, null, 2)}\n`);
}

function grow(map: Map<string, number>, key: string, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by);
}

function sorted(map: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}
