/**
 * One search of the zoo: seeds of one entry from one start, in any order of answers, until the
 * first seed in which it is found. Which seed that is does not depend on who runs them.
 */
import type { ZooEntry } from './entries.ts';
import type { WrongSeed, ZooFound, ZooSearch } from './state.ts';

/** What is known of a seed. */
export interface SeedTold {
  readonly seed: number;
  readonly found: ZooFound | null;
  readonly wrong: string | null;
  readonly cpuMs: number;
  readonly simulatedMs: number;
}

export class Hunt {
  readonly entry: ZooEntry;
  readonly from: number;
  found: ZooFound | null;
  private readonly most: number;
  private next: number;
  private tried: number;
  private cpuMs: number;
  private simulatedMs: number;
  private readonly wrong: WrongSeed[];
  /** Answers behind one that is still missing. */
  private readonly ahead = new Map<number, SeedTold>();

  /** @param before where an earlier process stopped. */
  constructor(entry: ZooEntry, from: number, most: number, before: ZooSearch | null) {
    this.entry = entry;
    this.from = from;
    this.most = most;
    this.tried = before?.tried ?? 0;
    this.next = from + this.tried;
    this.cpuMs = before?.cpuMs ?? 0;
    this.simulatedMs = before?.simulatedMs ?? 0;
    this.found = before?.found ?? null;
    this.wrong = [...(before?.wrong ?? [])];
  }

  get isOver(): boolean {
    return this.found !== null || this.tried >= this.most;
  }

  /** Null: nothing more is to be begun; what was begun may still come. */
  take(): number | null {
    if (this.isOver || this.next >= this.from + this.most) return null;
    for (const { found } of this.ahead.values()) if (found !== null) return null;
    this.next += 1;
    return this.next - 1;
  }

  heard(told: SeedTold): void {
    this.ahead.set(told.seed, told);
    for (
      let one = this.ahead.get(this.from + this.tried);
      one !== undefined && !this.isOver;
      one = this.ahead.get(this.from + this.tried)
    ) {
      this.ahead.delete(one.seed);
      this.tried += 1;
      this.cpuMs += one.cpuMs;
      this.simulatedMs += one.simulatedMs;
      this.found = one.found;
      if (one.wrong !== null) this.wrong.push({ seed: one.seed, words: one.wrong });
    }
  }

  state(): ZooSearch {
    const { entry, from, tried, simulatedMs, found, wrong } = this;
    const cpuMs = Math.round(this.cpuMs);
    return { entry: entry.name, from, tried, cpuMs, simulatedMs, found, wrong: [...wrong] };
  }
}
