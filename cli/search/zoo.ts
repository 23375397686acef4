/** Runs a zoo on workers, in its three acts, with progress and a state that outlives the process. */
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { count } from '../../sim/run/words.ts';
import type { Shrunk } from '../../sim/search/shrink/shrink.ts';
import type { ZooState } from '../../sim/search/zoo/state.ts';
import type { Zoo, ZooJob } from '../../sim/search/zoo/zoo.ts';
import { counted } from '../report/words.ts';
import type { Terminal } from '../terminal.ts';
import { makeFolder, writeStateFile } from './campaign-files.ts';
import { ProgressLine, type ProgressStyle } from './progress.ts';
import { runJobs } from './run-jobs.ts';
import { writeSmallFailure } from './small-failure.ts';
import { type ZooHeard, type ZooSetup, zooWork } from './zoo-job.ts';

export interface ZooOptions {
  readonly workers: number;
  /** Real time after which nothing more is begun; null: none. */
  readonly forMs: number | null;
  readonly folder: string;
  readonly commit: string | null;
  /** Real time of earlier processes. */
  readonly wallMsBefore: number;
  readonly progress: ProgressStyle;
}

export interface ZooEnd {
  readonly end: 'done' | 'time is over' | 'interrupted';
  readonly wallMs: number;
}

/** In the folder of a zoo: what `--resume` goes on with. */
export const ZOO_FILE = 'zoo.json';
const SAVE_EVERY_MS = 5_000;

export async function runZoo(zoo: Zoo, options: ZooOptions, terminal: Terminal): Promise<ZooEnd> {
  makeFolder(options.folder);
  const course = new ZooCourse(zoo, options, terminal);
  const interrupted = await course.run();
  course.save();
  const end = interrupted ? 'interrupted' : course.timeIsOver ? 'time is over' : 'done';
  return { end, wallMs: course.wallMs };
}

class ZooCourse {
  private readonly zoo: Zoo;
  private readonly options: ZooOptions;
  private readonly terminal: Terminal;
  private readonly progress: ProgressLine;
  private readonly startedMs: number;
  private savedMs: number;
  /** Answers of this process: for the speed. */
  private seeds = 0;
  private words: () => string = () => '';
  private wasEnough = false;

  constructor(zoo: Zoo, options: ZooOptions, terminal: Terminal) {
    this.zoo = zoo;
    this.options = options;
    this.terminal = terminal;
    this.progress = new ProgressLine(terminal, options.progress);
    this.startedMs = terminal.nowMs();
    this.savedMs = this.startedMs;
  }

  /** @returns whether the user ended it. */
  async run(): Promise<boolean> {
    const { zoo } = this;
    this.words = () => this.huntWords();
    if (await this.act(() => zoo.nextHunt())) return true;
    if (!this.timeIsOver) {
      let left = zoo.beginClean();
      this.words = () => `without the switch · ${count(left)} seeds left · ${this.speed()}`;
      const next = (): ZooJob | null => {
        const job = zoo.nextClean();
        if (job !== null) left -= 1;
        return job;
      };
      if (await this.act(next)) return true;
    }
    if (!this.timeIsOver) {
      const entries = zoo.beginShrink();
      let begun = 0;
      this.words = () => `made small · ${begun} of ${count(entries)} begun`;
      const next = (): ZooJob | null => {
        const job = zoo.nextShrink();
        if (job !== null) begun += 1;
        return job;
      };
      if (await this.act(next)) return true;
    }
    this.progress.clear();
    return false;
  }

  private async act(take: () => ZooJob | null): Promise<boolean> {
    const interrupted = await runJobs<ZooSetup, ZooJob, ZooHeard>(
      {
        setup: { task: 'zoo' },
        work: zooWork,
        workers: this.options.workers,
        take,
        done: (job, heard) => this.heard(job, heard),
        died: (job, why) => this.died(job, why),
        enough: () => {
          const { forMs } = this.options;
          this.wasEnough ||= forMs !== null && this.wallMs - this.options.wallMsBefore >= forMs;
          return this.wasEnough;
        },
        tick: () => this.tick(),
      },
      this.terminal,
    );
    this.progress.clear();
    return interrupted;
  }

  /** Something was left out for it. */
  get timeIsOver(): boolean {
    return this.wasEnough;
  }

  get wallMs(): number {
    return this.options.wallMsBefore + this.terminal.nowMs() - this.startedMs;
  }

  private heard(job: ZooJob, heard: ZooHeard): void {
    const { zoo } = this;
    if (job.kind === 'hunt' && heard.kind === 'hunt') {
      const isOver = (): boolean => zoo.hunts[job.hunt]?.isOver === true;
      const wasOver = isOver();
      zoo.heardHunt(job.hunt, heard.told);
      this.seeds += 1;
      if (!wasOver && isOver()) this.tellHunt(job.hunt);
    } else if (job.kind === 'clean' && heard.kind === 'clean') {
      zoo.heardClean(job.group, job.seed, heard.wrong);
      this.seeds += 1;
      if (heard.wrong !== null) this.say(`seed ${job.seed} without a switch: ${heard.wrong}`);
    } else if (heard.kind === 'shrink') {
      if (heard.shrunk === null) this.notSmall(job, 'it does not fail again');
      else this.keep(job.entry, heard.shrunk);
    }
  }

  private notSmall({ entry, seed }: ZooJob, why: string): void {
    const another = this.zoo.shrinkFailed(entry, seed);
    const instead = another === null ? '' : `; seed ${another} instead`;
    this.terminal.err(`${entry} seed ${seed} cannot be made small: ${why}${instead}\n`);
  }

  private died(job: ZooJob, why: string): void {
    if (job.kind === 'shrink') return this.notSmall(job, why);
    this.say(`${job.entry} seed ${job.seed}: ${why}`);
    if (job.kind === 'clean') this.zoo.heardClean(job.group, job.seed, why);
    if (job.kind !== 'hunt') return;
    const nothing = { found: null, wrong: why, cpuMs: 0, simulatedMs: 0 };
    this.zoo.heardHunt(job.hunt, { seed: job.seed, ...nothing });
  }

  private keep(entry: string, shrunk: Shrunk): void {
    const file = join(this.options.folder, `${entry}.json`);
    writeSmallFailure(shrunk, file);
    const { seed, finding, before, after, isMinimal } = shrunk;
    this.zoo.heardShrunk({
      entry,
      seed,
      check: finding.check,
      events: after.events,
      before: before.events,
      faults: after.faults,
      minimal: isMinimal,
      file,
    });
    this.save();
  }

  private tellHunt(place: number): void {
    const state = this.zoo.hunts[place]?.state();
    if (state === undefined) return;
    const { entry, from, tried, found } = state;
    const what =
      found === null
        ? `not found in ${counted(tried, 'seed')}`
        : `${found.check} after ${counted(tried, 'seed')} (seed ${found.seed})`;
    this.say(`${entry} from ${from} on: ${what}`);
    this.save();
  }

  private say(line: string): void {
    if (this.options.progress !== 'none') this.progress.say(line);
  }

  private huntWords(): string {
    const { hunts } = this.zoo;
    const over = hunts.filter((one) => one.isOver);
    const found = over.filter((one) => one.found !== null);
    const current = hunts.find((one) => !one.isOver)?.state();
    const now =
      current === undefined ? '' : ` · ${current.entry} from ${current.from}: ${current.tried}`;
    const done = `searches ${over.length}/${hunts.length} · ${found.length} found`;
    return `${done} · ${this.speed()}${now}`;
  }

  private speed(): string {
    const seconds = Math.max(0.001, (this.terminal.nowMs() - this.startedMs) / 1_000);
    const workers = counted(this.options.workers, 'worker');
    return `${(this.seeds / seconds).toFixed(1)} seeds/s · ${workers}`;
  }

  private tick(): void {
    this.progress.show(this.words);
    if (this.terminal.nowMs() - this.savedMs >= SAVE_EVERY_MS) this.save();
  }

  save(): void {
    this.savedMs = this.terminal.nowMs();
    writeStateFile(join(this.options.folder, ZOO_FILE), this.state());
  }

  private state(): ZooState {
    const { commit } = this.options;
    return this.zoo.state({ engine: packageJson.version, commit, wallMs: Math.round(this.wallMs) });
  }
}
