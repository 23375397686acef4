/**
 * Runs one scenario with one seed: warm-up → faults → heal → convergence → final read →
 * judgement. Everything the run did is in the report; the world is handed back for its trace.
 */
import { Checks, type Judge, type Judgement, LIVENESS_CHECKS } from '../check/checks.ts';
import type { Behind } from '../check/final-state.ts';
import { ClientHistory } from '../check/history/history.ts';
import type { RunSettings } from '../check/settings.ts';
import { unknownVerdict, type Verdict } from '../check/verdict.ts';
import { ClusterView } from '../cluster/cluster-view.ts';
import { brokerNames, clientNames, controllerNames } from '../cluster/names.ts';
import { nodeSpecs } from '../cluster/node-specs.ts';
import { Placements } from '../cluster/placements.ts';
import { runSettings } from '../cluster/settings.ts';
import { warmUp } from '../cluster/warm-up.ts';
import type { StepLog } from '../engine/step-log.ts';
import { LossBudget } from '../faults/budget.ts';
import type { FaultActs } from '../faults/fault-acts.ts';
import { LabFaults } from '../faults/lab-faults.ts';
import { FaultPlan } from '../faults/plan.ts';
import type { Strike } from '../faults/strike.ts';
import type { RunWorld } from '../run-world.ts';
import type { Scenario } from '../scenario/schema.ts';
import { Workload } from '../workload/workload.ts';
import { World } from '../world.ts';
import { capReports, LeaderAppends } from './cap.ts';
import { CapClients } from './cap-clients.ts';
import { type FateOf, lossesOf } from './cap-losses.ts';
import { isNetworkPartition } from './cap-parted.ts';
import { consumerReading, memberReading } from './cap-reading.ts';
import { clientReports, type LostRows } from './client-report.ts';
import { behind, type LivePartition, type LiveParts } from './convergence.ts';
import { type Compare, EventTallies, judgeExpectations } from './expectations.ts';
import { finalRead } from './final-read.ts';
import { GroupTallies } from './group-tallies.ts';
import { lostRows } from './lost-rows.ts';
import { reportNumbers } from './numbers.ts';
import { type Act, advance, finish, type Pace, unpaced } from './pace.ts';
import { ProcessEnds } from './process-ends.ts';
import { ReaderMoves } from './reader-moves.ts';
import type { Counts, RunReport } from './report.ts';
import { Timeline } from './timeline.ts';
import { VariantTallies } from './variant-tallies.ts';

export interface RunOptions<W extends RunWorld = World> {
  readonly seed: string | number;
  /** `rows` keeps the trace for a file or a reader. Default: none. */
  readonly store?: 'none' | 'rows';
  /** Notes the digest after every step, for comparing runs. */
  readonly stepLog?: StepLog;
  /** Real milliseconds, for `wallMs`; without it that is 0. */
  readonly wallClockMs?: () => number;
  /**
   * Ends the run early, at a scenario time or once that many events have happened: no healing, and
   * no expectation is judged. A point after `runFor` changes nothing.
   */
  readonly until?: { readonly ms: number } | { readonly event: number };
  /** Sees the world before anything is started: subscriptions, planted lies. */
  readonly prepare?: (world: W) => void;
}

export interface RunResult<W extends RunWorld = World> {
  readonly report: RunReport;
  readonly world: W;
  readonly history: ClientHistory;
  readonly strikes: readonly Strike[];
  readonly placements: Placements;
  /** All that the checks call allowed; the report has the first of each check. */
  readonly allowances: readonly Verdict[];
  /** Brokers that stopped in order, yet not so that their controller trusts what they have. */
  readonly stoppedInVain: ReadonlySet<string>;
}

/** How often the end of the convergence is looked for. */
const SLICE_US = 50_000;

/** Where a run takes place: its world, who judges there, and how faults strike. */
export interface Stage<W extends RunWorld> {
  readonly world: W;
  judge(view: ClusterView, history: ClientHistory, settings: RunSettings): Judge;
  faults(): FaultActs;
  /** Which partitions there are; absent: those that the quorum was seen to decide. */
  live?(view: ClusterView): readonly LivePartition[];
  /** Absent: the laboratory. */
  readonly name?: 'real';
  /** What of the expectations is meant there; absent: all, as it stands. */
  readonly compare?: Compare;
}

export function runScenario(scenario: Scenario, options: RunOptions): RunResult {
  return finish(courseOf(scenario, options, unpaced()).course);
}

/** What somebody who takes part in a run sees of it, and may do. */
export interface RunDoors {
  readonly view: ClusterView;
  readonly history: ClientHistory;
  readonly plan: FaultPlan;
  /** null until scenario time 0 is known. */
  readonly workload: Workload | null;
  /** When scenario time 0 is; 0 until it has come. */
  readonly originUs: number;
  /** Why it does not count, so far. */
  readonly problems: readonly string[];
  /** Every send is answered, every replica has caught up, every consumer has read to the end. */
  isIdle(): boolean;
  /** The faults and the load end at this scenario time and not at `runFor`. */
  endAt(runForMs: number): void;
}

export interface Course<W extends RunWorld = World> {
  readonly world: W;
  readonly course: Act<RunResult<W>>;
  readonly doors: RunDoors;
}

/** The same for who wants to pause: see `session.ts`. */
export function courseOf(scenario: Scenario, options: RunOptions, pace: Pace): Course {
  return courseOn(laboratory(scenario, options), { scenario, options, pace });
}

/** The same anywhere. */
export function courseOn<W extends RunWorld>(stage: Stage<W>, parts: RunParts<W>): Course<W> {
  const run = new Run(stage, parts);
  return { world: run.world, course: run.run(), doors: run };
}

interface RunParts<W extends RunWorld> {
  readonly scenario: Scenario;
  readonly options: RunOptions<W>;
  readonly pace: Pace;
}

function laboratory(scenario: Scenario, options: RunOptions): Stage<World> {
  const world = new World({
    seed: options.seed,
    store: options.store ?? 'none',
    ...(options.stepLog === undefined ? {} : { stepLog: options.stepLog }),
  });
  for (const spec of nodeSpecs(scenario)) world.addNode(spec);
  return {
    world,
    judge: (_view, history, settings) => new Checks(world, { history, settings }),
    faults: () => new LabFaults(world),
  };
}

class Run<W extends RunWorld> implements RunDoors {
  private readonly stage: Stage<W>;
  private readonly scenario: Scenario;
  private readonly options: RunOptions<W>;
  readonly world: W;
  private readonly pace: Pace;
  readonly history = new ClientHistory();
  readonly view: ClusterView;
  private readonly placements: Placements;
  private allowances: readonly Verdict[] = [];
  private readonly checks: Judge;
  private readonly ends: ProcessEnds;
  private readonly timeline: Timeline;
  private readonly tallies: EventTallies;
  private readonly variants: VariantTallies;
  private readonly groups: GroupTallies;
  readonly plan: FaultPlan;
  private readonly budget: LossBudget;
  private readonly appends: LeaderAppends;
  private readonly readerMoves: ReaderMoves;
  readonly problems: string[] = [];
  workload: Workload | null = null;
  originUs = 0;
  private runForMs: number;
  private stoppedUs: number | null = null;
  private healedUs: number | null = null;
  private convergedUs: number | null = null;
  /** What never came to rest. */
  private missing: Behind[] = [];
  /** The event at which it came to rest after healing. */
  private restedAt: number | null = null;

  constructor(stage: Stage<W>, { scenario, options, pace }: RunParts<W>) {
    const { world } = stage;
    this.stage = stage;
    this.scenario = scenario;
    this.pace = pace;
    this.options = options;
    this.runForMs = scenario.runFor;
    this.world = world;
    this.view = new ClusterView(world);
    this.placements = new Placements(world);
    const settings = runSettings(scenario);
    this.checks = stage.judge(this.view, this.history, settings);
    const { witness } = this.checks;
    this.budget = new LossBudget(world, this.view, (name) => witness.promise(name));
    this.ends = new ProcessEnds(world);
    this.timeline = new Timeline(world, this.ends);
    this.tallies = new EventTallies(world, scenario);
    this.variants = new VariantTallies(world, scenario.cluster.variants);
    this.groups = new GroupTallies(world, this.history);
    this.plan = new FaultPlan(world, this.view, {
      acts: stage.faults(),
      nodes: {
        brokers: brokerNames(scenario),
        controllers: controllerNames(scenario),
        clients: clientNames(scenario),
      },
      faults: scenario.faults,
      struck: (strike) => {
        this.timeline.struck(strike);
        this.budget.struck(strike);
      },
    });
    const { strikes } = this.plan;
    this.appends = new LeaderAppends(world, () =>
      strikes.some((one) => one.endedUs === null && isNetworkPartition(one)),
    );
    this.readerMoves = new ReaderMoves(world);
    options.prepare?.(world);
  }

  *run(): Act<RunResult<W>> {
    const { world } = this;
    const startedMs = this.options.wallClockMs?.() ?? 0;
    const warm = yield* warmUp(world, this.view, this.scenario, this.pace);
    if (warm.ready) yield* this.trial(warm.originUs);
    else if (this.pace.stopped) this.stoppedUs = world.nowUs;
    else this.problems.push(`the warm-up did not finish: ${warm.why}`);
    const wallMs = (this.options.wallClockMs?.() ?? 0) - startedMs;
    const report = this.report(wallMs);
    const { history, placements } = this;
    const { allowances, plan } = this;
    const stoppedInVain = this.ends.uncounted;
    return { report, world, history, strikes: plan.strikes, placements, allowances, stoppedInVain };
  }

  private *trial(originUs: number): Act<void> {
    const { world, scenario, history } = this;
    this.originUs = originUs;
    this.timeline.begin(originUs);
    this.tallies.begin(originUs);
    this.plan.arm(originUs);
    this.workload = new Workload(world, { scenario, history, originUs });
    this.checks.witness.onVoterChanged = (node, votes, event) =>
      this.timeline.votersChanged(node, votes, event);
    this.workload.start();
    yield* this.runFaults(originUs);
    this.workload.stopProducing();
    if (this.stoppedUs !== null) return this.workload.stopConsuming();
    this.problems.push(...this.faultProblems());
    if (scenario.heal) yield* this.heal(this.workload);
    this.workload.stopConsuming();
  }

  /** The phase of faults, or as much of it as was asked for. */
  private *runFaults(originUs: number): Act<void> {
    const { world, options } = this;
    const endUs = (): number => originUs + this.runForMs * 1_000;
    const { until } = options;
    if (until !== undefined && 'event' in until) {
      yield* advance(world, this.pace, endUs, () => world.events >= until.event);
      if (world.nowUs < endUs()) this.stoppedUs = world.nowUs;
    } else {
      const untilUs = until === undefined ? endUs() : originUs + until.ms * 1_000;
      if (until === undefined) yield* advance(world, this.pace, endUs);
      else yield* advance(world, this.pace, Math.min(endUs(), untilUs));
      if (untilUs < endUs()) this.stoppedUs = untilUs;
    }
    if (this.pace.stopped && world.nowUs < endUs()) this.stoppedUs = world.nowUs;
  }

  isIdle(): boolean {
    const { world, view, workload } = this;
    if (workload === null || workload.unanswered().length > 0) return false;
    return behind(world, view, { ...this.liveParts(), workload }).length === 0;
  }

  private liveParts(): LiveParts {
    const { scenario, stage, view } = this;
    const { witness } = this.checks;
    if (stage.live === undefined) return { scenario, witness };
    return { scenario, witness, live: () => stage.live?.(view) ?? [] };
  }

  endAt(runForMs: number): void {
    this.runForMs = runForMs;
    this.workload?.endAt(this.originUs + runForMs * 1_000);
  }

  private *heal(workload: Workload): Act<void> {
    const { world, scenario, view } = this;
    const parts = { ...this.liveParts(), workload };
    this.timeline.phase('everything is healed');
    this.healedUs = world.nowUs;
    this.plan.healAll();
    const limitUs = world.nowUs + scenario.convergeWithin * 1_000;
    const atRest = (): boolean =>
      workload.unanswered().length === 0 && behind(world, view, parts).length === 0;
    while (!atRest() && world.nowUs < limitUs && world.failures.length === 0) {
      if (this.pace.stopped) break;
      yield* advance(world, this.pace, world.nowUs + SLICE_US);
    }
    this.missing = behind(world, view, parts);
    if (!atRest() && this.pace.stopped) {
      this.stoppedUs = world.nowUs;
      return;
    }
    if (world.failures.length === 0) this.missing = this.missing.filter((one) => !one.progresses);
    if (this.missing.length > 0 || workload.unanswered().length > 0) return;
    this.convergedUs = world.nowUs;
    this.restedAt = world.events;
    this.timeline.phase('the cluster is at rest');
    const { history, pace } = this;
    this.missing = yield* finalRead(world, view, { ...this.liveParts(), history, pace });
    if (pace.stopped && this.missing.length > 0) this.stoppedUs = world.nowUs;
  }

  private faultProblems(): string[] {
    const unresolved = this.plan.strikes.filter(
      (one) => one.unresolved && one.spec.mayMiss !== true,
    );
    return [
      ...unresolved.map((one) => `fault ${one.fault} (${one.verb}) matched nothing`),
      ...this.plan.notStruck().map((name) => `fault ${name} never struck: its event did not come`),
      ...(this.workload?.admin.neverAsked() ?? []).map(
        (name) => `operation ${name} was never asked: its event did not come`,
      ),
      ...(this.workload?.neverSent() ?? []).map(
        (name) => `${name} was never sent: its event did not come`,
      ),
    ];
  }

  /** Before it was healed, or before it had its time to come to rest. */
  private get endedEarly(): boolean {
    return this.healedUs === null || this.stoppedUs !== null;
  }

  private report(wallMs: number): RunReport {
    const { world, scenario, plan, workload } = this;
    const judgement = this.checks.judge({
      unanswered: workload?.unanswered() ?? [],
      behind: this.missing,
      restedAt: this.restedAt,
      endedEarly: this.endedEarly,
    });
    const verdicts = this.verdicts(judgement);
    this.allowances = judgement.allowances.filter(({ name }) =>
      verdicts.some((one) => one.name === name && one.verdict !== 'unknown'),
    );
    const { blamer } = this.checks.witness;
    const wasDeleted = (partition: string): boolean => blamer.lastDeletion(partition) !== null;
    const lost = lostRows(this.history, judgement.final, wasDeleted);
    const clients =
      workload === null
        ? []
        : clientReports(
            { workload, history: this.history, lost, final: judgement.final },
            { originUs: this.originUs, endUs: world.nowUs },
          );
    const groups = this.groups.reports(judgement.missedIn);
    const fateOf = lossesOf(blamer, plan.strikes);
    const capClients = this.capClients(verdicts, { lost, fateOf });
    const cap = capReports(plan.strikes, {
      history: this.history,
      lost,
      fateOf,
      appends: this.appends,
      originUs: this.originUs,
      clients: (spell) => capClients.during(spell),
    });
    const counts: Counts = {
      sent: sum(clients, (one) => one.sent),
      acknowledged: sum(clients, (one) => one.acknowledged),
      acknowledgedLost: judgement.acknowledgedLost,
      duplicated: judgement.duplicated,
      reordered: judgement.reordered,
      consumed: sum(clients, (one) => one.consumed),
    };
    const healedAtMs = this.scenarioMs(this.healedUs);
    const convergedAtMs = this.scenarioMs(this.convergedUs);
    const simulatedMs = world.nowUs / 1_000;
    const numbers = reportNumbers({
      counts,
      clients,
      groups,
      cap,
      admin: workload?.admin.answers ?? [],
      run: {
        simulatedMs,
        healedAtMs,
        convergedAtMs,
        endMs: this.scenarioMs(world.nowUs) ?? 0,
        unresolvedFaults: plan.strikes.filter((one) => one.unresolved).length,
      },
    });
    const measured = { verdicts, numbers, tallies: this.tallies, strikes: plan.strikes };
    const expectations =
      this.stoppedUs === null ? judgeExpectations(scenario, measured, this.stage.compare) : [];
    const broken = world.failures.map(({ node, message, event }) => ({ node, message, event }));
    const unexpected = verdicts.some(
      (one) => one.verdict === 'violated' && !isExpected(scenario, one),
    );
    const met =
      expectations.every((one) => one.met) &&
      !unexpected &&
      this.problems.length === 0 &&
      broken.length === 0;
    return {
      schema: 1,
      ...(this.stage.name === undefined ? {} : { world: this.stage.name }),
      scenario: scenario.name,
      seed: this.options.seed,
      digest: world.digest(),
      traceHash: world.traceHash(),
      simulatedMs,
      wallMs,
      events: world.events,
      frames: world.frames,
      counts,
      variants: this.variants.report(),
      verdicts,
      expectations,
      met,
      problems: this.problems,
      broken,
      story: {
        claim: scenario.claim,
        story: scenario.story,
        timeline: this.timeline.entries,
        timelineDropped: this.timeline.dropped,
        clients,
        groups,
        admin: workload?.admin.answers ?? [],
        cap,
        beyondPromise: this.budget.beyond,
        warmUpMs: this.originUs / 1_000,
        stoppedAtMs: this.scenarioMs(this.stoppedUs),
        healedAtMs,
        convergedAtMs,
      },
    };
  }

  private capClients(
    verdicts: readonly Verdict[],
    losses: { readonly lost: LostRows; readonly fateOf: FateOf },
  ): CapClients {
    const { world, workload, history, checks } = this;
    return new CapClients({
      history,
      readings: [
        ...(workload?.consumers ?? []).map((load) => consumerReading(load, this.readerMoves)),
        ...(workload?.members ?? []).map((load) => memberReading(load, this.readerMoves)),
      ],
      admin: workload?.admin.answers ?? [],
      ...losses,
      readToTheEnd: this.restedAt !== null && this.missing.length === 0,
      endUs: world.nowUs,
      promise: (partition) => checks.witness.promise(partition),
      verdict: (name) => verdicts.find((one) => one.name === name)?.verdict ?? 'unknown',
    });
  }

  /** Nobody can judge a run that did not begin, nor the recovery of a cluster never healed. */
  private verdicts(judgement: Judgement): readonly Verdict[] {
    if (!this.endedEarly) return judgement.verdicts;
    const begun = this.workload !== null;
    const came = this.healedUs === null ? 'before healing' : 'before it was at rest';
    const why = begun ? `the run ended ${came}` : 'the cluster did not come up';
    return judgement.verdicts.map((one) =>
      begun && !LIVENESS_CHECKS.includes(one.name) ? one : unknownVerdict(one.name, why),
    );
  }

  private scenarioMs(timeUs: number | null): number | null {
    return timeUs === null ? null : (timeUs - this.originUs) / 1_000;
  }
}

/** An expectation that says so makes a violation the wanted outcome. */
function isExpected(scenario: Scenario, verdict: Verdict): boolean {
  const expected = scenario.expect[verdict.name];
  return expected === 'violated' || (Array.isArray(expected) && expected.includes('violated'));
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
