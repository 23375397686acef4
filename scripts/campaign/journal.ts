/**
 * What a campaign keeps on disk while it goes on: every result as a line of `heard.jsonl`, so that
 * one that was stopped or died can be resumed, and the scenario of every seed that went wrong, for
 * `trial run FILE --seed N`.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { swarmScenario } from '../../sim/swarm/swarm.ts';
import type { Heard } from './seed-run.ts';

/** What must be the same for results to be counted together. */
export interface Course {
  readonly commit: string;
  readonly first: number;
  readonly seeds: number;
  readonly againEvery: number;
}

const FILE = 'heard.jsonl';

export class Journal {
  readonly folder: string;
  /** Results of before, when it was resumed. */
  readonly before: readonly Heard[];
  private readonly path: string;

  private constructor(folder: string, before: readonly Heard[]) {
    this.folder = folder;
    this.path = join(folder, FILE);
    this.before = before;
  }

  /** Takes the place of whatever journal is in the folder. */
  static begin(folder: string, course: Course): Journal {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, FILE), `${JSON.stringify(course)}\n`);
    return new Journal(folder, []);
  }

  /** @returns the journal, or why it cannot be gone on with. */
  static resume(folder: string, course: Course): Journal | string {
    const path = join(folder, FILE);
    if (!existsSync(path)) return `there is no campaign in ${folder}`;
    const text = readFileSync(path, 'utf8');
    // The last line may be half of one: whoever wrote it was killed.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole !== text) writeFileSync(path, whole);
    const [head = '{}', ...lines] = whole.split('\n').filter((line) => line !== '');
    const known = JSON.parse(head) as Course;
    for (const key of ['commit', 'first', 'seeds', 'againEvery'] as const) {
      if (known[key] === course[key]) continue;
      return `${folder} holds a campaign with ${key} ${known[key]}, not ${course[key]}`;
    }
    const heard = lines.map((line) => JSON.parse(line) as Heard);
    // A run that came to no end may have been ended from outside: it is tried again.
    return new Journal(
      folder,
      heard.filter((one) => !('failure' in one)),
    );
  }

  add(heard: Heard): void {
    appendFileSync(this.path, `${JSON.stringify(heard)}\n`);
  }

  /** @returns the path of the scenario. */
  saveFailed(seed: number, wrong: readonly string[]): string {
    const path = join(this.folder, `swarm-${seed}.json`);
    const scenario = { ...swarmScenario(seed), story: wrong.join('\n') };
    writeFileSync(path, `${JSON.stringify(scenario, null, 2)}\n`);
    return path;
  }
}
