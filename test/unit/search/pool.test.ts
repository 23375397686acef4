/** A pool of processes that end, hang and are stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { LOOKS_UNTIL_KILLED, type RunningPool, startPool } from '../../../cli/search/pool.ts';

const JOBS = Array.from({ length: 12 }, (_, i) => 101 + i);

/** Doubles numbers; says so on stdout before it begins to hang. */
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
      told.push(new Promise((done) => process.send(2 * job, done)));
    });`;
}

interface Told {
  readonly pool: RunningPool<number>;
  readonly done: Map<number, number>;
  readonly died: Map<number, string>;
}

/** Two workers, where one that hangs is looked at until it is killed; or one, and nobody looks. */
function start(code: string, { watched = true, heard = (_job: number) => {} } = {}): Told {
  const done = new Map<number, number>();
  const died = new Map<number, string>();
  const left = [...JOBS];
  let newest: ChildProcess | null = null;
  const pool = startPool<null, number, number>({
    workers: watched ? 2 : 1,
    setup: null,
    take: () => left.shift() ?? null,
    done: (job, result) => {
      done.set(job, result);
      heard(job);
    },
    died: (job, why) => died.set(job, why),
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
  });
  return { pool, done, died };
}

describe('a pool of workers', () => {
  test('that cannot keep a result ends, and rejects with the reason', async () => {
    const heard = (job: number): void => {
      if (job === 104) throw new Error('the disk is full');
    };
    const { pool, done } = start(workerThat({}), { watched: false, heard });

    await expect(pool.over).rejects.toThrow('the disk is full');
    expect([...done.keys()]).toEqual([101, 102, 103, 104]);
  });

  test('tells of a job that hangs and of one whose process dies, and does all others', async () => {
    const { pool, done, died } = start(workerThat({ hangs: 105, dies: 108 }));
    await pool.over;

    expect([...died].sort(([a], [b]) => a - b)).toEqual([
      [105, 'it hangs, or takes longer than 600 s'],
      [108, 'its process ended (exit code 3)'],
    ]);
    const others = JOBS.filter((job) => job !== 105 && job !== 108);
    expect([...done].sort(([a], [b]) => a - b)).toEqual(others.map((job) => [job, 2 * job]));
  });

  test('that is stopped ends at once and blames nobody', async () => {
    let stop: () => void = () => {};
    const heard = (job: number): void => {
      if (job === 102) stop();
    };
    const { pool, done, died } = start(workerThat({ hangs: 104 }), { watched: false, heard });
    stop = () => pool.stop();
    await pool.over;

    expect(died).toEqual(new Map());
    expect([...done.keys()]).toEqual([101, 102]);
  });
});
