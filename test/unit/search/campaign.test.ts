/** A campaign over processes that end, hang and are stopped, and what it goes on with afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LOOKS_UNTIL_KILLED } from '../../../cli/search/pool.ts';
import { type Course, Journal } from '../../../scripts/campaign/journal.ts';
import { type RunningCampaign, startCampaign } from '../../../scripts/campaign/run.ts';

const course: Course = { commit: 'abc', first: 101, seeds: 12, againEvery: 0 };
const seeds = Array.from({ length: course.seeds }, (_, i) => course.first + i);

/** Hears seeds as the real one does; says so on stdout before it begins to hang. */
function workerThat({ hangs = 0, dies = 0 }): string {
  return `
    const told = [];
    let isDying = false;
    process.on('message', ({ job }) => {
      if (job === undefined || isDying) return;
      if (job === ${hangs}) {
        require('node:fs').writeSync(1, 'hangs');
        for (;;);
      }
      if (job === ${dies}) {
        isDying = true;
        return Promise.all(told).then(() => process.exit(3));
      }
      const result = {
        seed: job, digest: 'd' + job, traceHash: '', events: 1, frames: 1, simulatedMs: 1_000,
        acknowledged: 1, faults: {}, verdicts: [], marks: [], findings: [], wrong: [], cpuMs: 1,
      };
      told.push(new Promise((done) => process.send(result, done)));
    });`;
}

interface Told {
  readonly wrong: { readonly seed: number; readonly words: string }[];
  readonly campaign: RunningCampaign;
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'campaign-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Two workers, where one that hangs is looked at until it is killed; or one, and nobody looks. */
function start(journal: Journal, code: string, watched = true): Told {
  const wrong: Told['wrong'] = [];
  let newest: ChildProcess | null = null;
  const campaign = startCampaign({
    course,
    journal,
    workers: watched ? 2 : 1,
    fork: () => {
      newest = spawn(process.execPath, ['--eval', code], {
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      });
      return newest;
    },
    watch: (look) => {
      newest?.stdout?.once('data', () => {
        for (let i = 0; watched && i < LOOKS_UNTIL_KILLED; i++) look();
      });
      return () => undefined;
    },
    wentWrong: (seed, [words = '']) => wrong.push({ seed, words }),
  });
  return { wrong, campaign };
}

/** The journal, where what was heard stands in any order. */
function heardSeeds(): number[] {
  const [, ...lines] = readFileSync(join(folder, 'heard.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { seed: number }).seed).sort((a, b) => a - b);
}

function resumed(): Journal {
  const journal = Journal.resume(folder, course);
  if (typeof journal === 'string') throw new Error(journal);
  return journal;
}

describe('a campaign', () => {
  test('tells of a seed that hangs and of one whose process dies, and hears of all others', async () => {
    const code = workerThat({ hangs: 105, dies: 108 });

    const { wrong, campaign } = start(Journal.begin(folder, course), code);
    await campaign.over;

    expect([...wrong].sort((a, b) => a.seed - b.seed)).toEqual([
      { seed: 105, words: 'it hangs, or takes longer than 600 s' },
      { seed: 108, words: 'its process ended (exit code 3)' },
    ]);
    expect(heardSeeds()).toEqual(seeds);
    expect(existsSync(join(folder, 'swarm-105.json'))).toBe(true);
  });

  test('that is resumed runs only what came to no end, and comes out as one that never stopped', async () => {
    const broken = start(Journal.begin(folder, course), workerThat({ hangs: 105, dies: 112 }));
    await broken.campaign.over;
    const journal = resumed();

    const { wrong, campaign } = start(journal, workerThat({}));
    await campaign.over;

    expect(journal.before.map((one) => one.seed).sort((a, b) => a - b)).toEqual(
      seeds.filter((seed) => seed !== 105 && seed !== 112),
    );
    expect(wrong).toEqual([]);
    expect(campaign.tally.resumed).toBe(course.seeds - 2);
    const { over, tally } = start(
      Journal.begin(mkdtempSync(join(folder, 'whole-')), course),
      workerThat({}),
    ).campaign;
    await over;
    expect(campaign.tally.record('abc')).toEqual(tally.record('abc'));
  });

  test('that is stopped goes on where it was, also behind half a line', async () => {
    const { campaign } = start(Journal.begin(folder, course), workerThat({ hangs: 104 }), false);
    const heard = new Promise<void>((resolve) => {
      const known = campaign.tally.add.bind(campaign.tally);
      campaign.tally.add = (result) => {
        known(result);
        if (result.seed === 102) resolve();
      };
    });
    await heard;
    campaign.stop();
    await campaign.over;
    const before = heardSeeds();
    appendFileSync(join(folder, 'heard.jsonl'), '{"seed":103,"dig');

    const again = start(resumed(), workerThat({}));
    await again.campaign.over;

    expect(before.length).toBeLessThan(course.seeds);
    expect(again.campaign.tally.resumed).toBe(before.length);
    expect(heardSeeds()).toEqual(seeds);
  });

  test('is not resumed as another one, nor where there is none', () => {
    expect(Journal.resume(folder, course)).toBe(`there is no campaign in ${folder}`);
    Journal.begin(folder, course);
    expect(Journal.resume(folder, { ...course, seeds: 13 })).toBe(
      `${folder} holds a campaign with seeds 12, not 13`,
    );
  });
});
