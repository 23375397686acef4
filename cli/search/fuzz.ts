/** Runs a campaign: seeds on workers, progress while they run, a file for every failure. */
import packageJson from '../../package.json' with { type: 'json' };
import { marks } from '../../sim/marks/marks.ts';
import { count } from '../../sim/run/words.ts';
import type { Campaign, CampaignJob, FailedSeed } from '../../sim/search/campaign.ts';
import { failureOf } from '../../sim/search/failure.ts';
import { type Finding, signatureOf } from '../../sim/search/finding.ts';
import { drawnScenario, type SeedOutcome } from '../../sim/search/seed-run.ts';
import { CliError } from '../errors.ts';
import { type CampaignLook, failedCase } from '../report/campaign.ts';
import type { Case } from '../report/reporters.ts';
import { wallTime } from '../report/words.ts';
import type { Terminal } from '../terminal.ts';
import { writeFailure, writeState } from './campaign-files.ts';
import { ProgressLine, type ProgressStyle } from './progress.ts';
import { runJobs } from './run-jobs.ts';
import { type SeedHeard, type SeedSetup, seedWork } from './seed-job.ts';

export interface FuzzOptions {
  readonly workers: number;
  /** Real time after which no further seed is begun; null: none. */
  readonly forMs: number | null;
  /** Ends after so many failures; null: never. */
  readonly bail: number | null;
  /** Where failure files go. */
  readonly folder: string;
  /** Keep `campaign.json` in the folder. */
  readonly keepState: boolean;
  readonly progress: ProgressStyle;
  /** Told of every run as it ends, in no order. */
  readonly ended?: (failed: FailedSeed | null) => void;
}

export interface FuzzEnd {
  readonly end: CampaignLook['end'];
  readonly wallMs: number;
  /** In the order of their seeds. */
  readonly cases: readonly Case[];
  /** What could not be written, for which it ended early; null: all was. */
  readonly problem: CliError | null;
}

const SAVE_EVERY_MS = 5_000;
/** A few seeds take 15 s of a processor. */
const LAST_WAIT_MS = 20_000;

export async function fuzz(
  campaign: Campaign,
  options: FuzzOptions,
  terminal: Terminal,
): Promise<FuzzEnd> {
  const course = new Course(campaign, options, terminal);
  const interrupted = await runJobs<SeedSetup, CampaignJob, SeedHeard>(
    {
      setup: {
        task: 'seeds',
        scenarios: campaign.plan.scenarios,
        swarm: campaign.swarm,
        againEvery: campaign.plan.againEvery,
      },
      work: seedWork,
      workers: options.workers,
      take: () => campaign.take(),
      done: (job, heard) => course.heard(job, heard),
      died: (job, why) => course.died(job, why),
      lastWait: { ms: LAST_WAIT_MS, left: (job) => course.left(job) },
      enough: () => course.enough(),
      tick: () => course.tick(),
    },
    terminal,
  ).catch((error: unknown) => {
    if (!(error instanceof CliError)) throw error;
    course.problem = error;
    return false;
  });
  return course.ended(interrupted);
}

class Course {
  private readonly campaign: Campaign;
  private readonly options: FuzzOptions;
  private readonly terminal: Terminal;
  private readonly progress: ProgressLine;
  private readonly startedMs: number;
  private readonly runsBefore: number;
  private readonly eventsBefore: number;
  private readonly failuresBefore: number;
  private readonly cases: { seed: number; place: number; one: Case }[] = [];
  private lastHeardMs: number;
  private savedMs: number;
  /** A seed was still under way when nobody waited any longer. */
  private cutOff = false;
  /** It ended before its time because a file could not be written. */
  problem: CliError | null = null;

  constructor(campaign: Campaign, options: FuzzOptions, terminal: Terminal) {
    this.campaign = campaign;
    this.options = options;
    this.terminal = terminal;
    this.progress = new ProgressLine(terminal, options.progress);
    this.startedMs = terminal.nowMs();
    this.lastHeardMs = this.startedMs;
    this.savedMs = this.startedMs;
    this.runsBefore = campaign.totals.runs;
    this.eventsBefore = campaign.totals.events;
    this.failuresBefore = campaign.failures.length;
  }

  private get wallMs(): number {
    return this.terminal.nowMs() - this.startedMs;
  }

  private get bailed(): boolean {
    const { bail } = this.options;
    return bail !== null && this.campaign.failures.length - this.failuresBefore >= bail;
  }

  private get timeIsOver(): boolean {
    const { forMs } = this.options;
    return forMs !== null && this.wallMs >= forMs;
  }

  enough(): boolean {
    return this.bailed || this.timeIsOver;
  }

  heard(job: CampaignJob, heard: SeedHeard): void {
    const { campaign } = this;
    if ('failure' in heard) {
      const failed = this.failed(job, [brokenFinding(heard.failure)], NOTHING_KNOWN);
      campaign.broke(job, heard.failure);
      return this.settled(job, failed);
    }
    const { findings } = heard;
    const failed = findings.length === 0 ? null : this.failed(job, findings, heard);
    campaign.add(job, heard);
    this.settled(job, failed);
  }

  died(job: CampaignJob, why: string): void {
    this.cameToNoEnd(job, brokenFinding(why));
  }

  /** Whether it would ever have come to its end, nobody knows: it is no clean seed. */
  left(job: CampaignJob): void {
    this.cutOff = true;
    const waited = `the campaign had waited ${LAST_WAIT_MS / 1_000} s for it at its end`;
    const explanation = `cut off when ${waited}: it hangs, or takes too long`;
    this.cameToNoEnd(job, { kind: 'unknown', check: '', at: null, explanation });
    this.progress.clear();
    this.terminal.err(`${this.nameOf(job)} is not waited for any longer\n`);
  }

  /** Whoever resumes the campaign runs it again. */
  private cameToNoEnd(job: CampaignJob, finding: Finding): void {
    const failed = this.failed(job, [finding], NOTHING_KNOWN);
    this.campaign.died(job, finding.explanation);
    this.settled(job, failed);
  }

  private settled(job: CampaignJob, failed: FailedSeed | null): void {
    if (failed !== null) this.campaign.fail(failed);
    const nowMs = this.terminal.nowMs();
    const { seed, place } = job;
    const wallMs = nowMs - this.lastHeardMs;
    const name = this.nameOf(job);
    const told = failed === null ? null : failedCase(failed);
    this.cases.push({ seed, place, one: { name, wallMs, failed: told } });
    this.options.ended?.(failed);
    this.lastHeardMs = nowMs;
  }

  /** Its file is written before anything counts: what cannot be written is run again one day. */
  private failed(
    job: CampaignJob,
    findings: readonly Finding[],
    report: Pick<SeedOutcome, 'digest' | 'traceHash' | 'events'>,
  ): FailedSeed {
    const { campaign, options } = this;
    const scenario = campaign.scenarioOf(job) ?? drawnScenario(job.seed, campaign.swarm);
    const { seed } = job;
    const run = { engine: packageJson.version, scenario, seed, findings };
    const failure = failureOf({ ...run, report });
    const name = campaign.plan.scenarios === null ? `${seed}` : `${scenario.name}-${seed}`;
    const file = writeFailure(options.folder, name, failure);
    const { check, verdict, at, events, explanation } = failure;
    const signature = signatureOf(findings[0] as Finding);
    const about = { check, verdict, at, events, explanation };
    const what = check === '' ? verdict : `${check} ${verdict}`;
    if (options.progress !== 'none') this.progress.say(`${this.nameOf(job)}: ${what} → ${file}`);
    return { seed, scenario: scenario.name, signature, file, ...about };
  }

  private nameOf(job: CampaignJob): string {
    const scenario = this.campaign.scenarioOf(job);
    return scenario === null ? `seed ${job.seed}` : `${scenario.name} seed ${job.seed}`;
  }

  tick(): void {
    this.progress.show(() => this.words());
    const nowMs = this.terminal.nowMs();
    if (!this.options.keepState || nowMs - this.savedMs < SAVE_EVERY_MS) return;
    this.savedMs = nowMs;
    writeState(this.options.folder, this.campaign.state(this.wallMs));
  }

  /** `seeds 4,210/10,000 · 9.1/s · 1.1 M events/s · 2 workers · 20.1 simulated h · 0 failed · …` */
  private words(): string {
    const { campaign, options } = this;
    const { totals, size, failures } = campaign;
    const seconds = Math.max(0.001, this.wallMs / 1_000);
    const perSecond = (totals.runs - this.runsBefore) / seconds;
    const events = (totals.events - this.eventsBefore) / seconds / 1_000_000;
    const workers = options.workers === 1 ? '1 worker' : `${options.workers} workers`;
    const distinct = failures.length < 2 ? '' : ` (${campaign.distinct().length} distinct)`;
    const parts = [
      `seeds ${count(totals.runs)}${size === null ? '' : `/${count(size)}`}`,
      `${perSecond.toFixed(1)}/s`,
      `${events.toFixed(2)} M events/s`,
      workers,
      `${(totals.simulatedMs / 3_600_000).toFixed(2)} simulated h`,
      `${failures.length} failed${distinct}`,
      `marks ${Object.keys(totals.marks).length}/${marks.length}`,
    ];
    const left = this.leftMs(perSecond);
    if (left !== null) parts.push(`ETA ${wallTime(left).replace(/\.\d+/, '')}`);
    return parts.join(' · ');
  }

  private leftMs(perSecond: number): number | null {
    const { size, totals } = this.campaign;
    const { forMs } = this.options;
    const byTime = forMs === null ? null : Math.max(0, forMs - this.wallMs);
    if (size === null || perSecond === 0) return byTime;
    const bySeeds = (Math.max(0, size - totals.runs) / perSecond) * 1_000;
    return byTime === null ? bySeeds : Math.min(byTime, bySeeds);
  }

  ended(interrupted: boolean): FuzzEnd {
    this.progress.clear();
    const { wallMs } = this;
    const { keepState, folder } = this.options;
    if (keepState && this.problem === null) this.save(folder);
    const inOrder = this.cases.sort((a, b) => a.seed - b.seed || a.place - b.place);
    const cases = inOrder.map(({ one }) => one);
    return { end: this.endWords(interrupted), wallMs, cases, problem: this.problem };
  }

  private save(folder: string): void {
    try {
      writeState(folder, this.campaign.state(this.wallMs));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      this.problem = error;
    }
  }

  private endWords(interrupted: boolean): CampaignLook['end'] {
    if (interrupted) return 'interrupted';
    if (this.problem !== null) return 'cannot write';
    if (this.campaign.isOver && !this.cutOff) return 'done';
    return this.bailed ? 'bailed out' : 'time is over';
  }
}

function brokenFinding(explanation: string): Finding {
  return { kind: 'broken', check: '', at: null, explanation };
}

const NOTHING_KNOWN = { digest: '', traceHash: '', events: 0 };
