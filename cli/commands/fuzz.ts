/** `trial fuzz`: runs many seeds and keeps those that break a promise. */
import { type Command, Option } from 'commander';
import { PROFILES } from '../../kafka/protocol/choice.ts';
import { variantChoice } from '../../kafka/protocol/variants.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { Campaign, type CampaignPlan, type CampaignState } from '../../sim/search/campaign.ts';
import type { FindingKind } from '../../sim/search/finding.ts';
import { PLOTS } from '../../sim/swarm/plots.ts';
import { INTENSITIES, SIZES, type SwarmOptions } from '../../sim/swarm/swarm.ts';
import type { Context } from '../context.ts';
import { CliError, usageError } from '../errors.ts';
import { type ExitCode, worstExitCode } from '../exit-codes.ts';
import { parseSeed } from '../input/arguments.ts';
import { loadScenarios } from '../input/load-scenarios.ts';
import {
  type Family,
  parseCount,
  parseFamilies,
  parsePlots,
  parseShard,
  parseWallTime,
  type Shard,
  workersOption,
} from '../input/search-options.ts';
import { addTo, applyVariants, chosenVariants } from '../input/variants.ts';
import {
  type CampaignLook,
  campaignCases,
  campaignLines,
  campaignSums,
} from '../report/campaign.ts';
import { junitXml } from '../report/junit.ts';
import {
  Dots,
  isOfCases,
  type Reporter,
  reporterOf,
  reporterOption,
  toldCases,
} from '../report/reporters.ts';
import { counted } from '../report/words.ts';
import {
  forgetFiles,
  makeFolder,
  readState,
  refuseCampaign,
  writeState,
} from '../search/campaign-files.ts';
import { appendRecord, CAMPAIGN_RECORDS, readRecords } from '../search/campaign-records.ts';
import { commitOf } from '../search/commit.ts';
import { explainFailures } from '../search/explain-failures.ts';
import { type FuzzEnd, fuzz } from '../search/fuzz.ts';
import { PROGRESS_STYLES, type ProgressStyle } from '../search/progress.ts';
import { shrinkFailures } from '../search/shrink-failures.ts';
import { colorsFor } from '../terminal.ts';
import { printJson, refuseUnwritable, writeResult } from '../write-json.ts';

interface FuzzCommandOptions {
  readonly seeds?: number;
  readonly for?: number;
  readonly from?: number;
  readonly families?: readonly Family[];
  readonly intensity?: NonNullable<SwarmOptions['intensity']>;
  readonly size?: NonNullable<SwarmOptions['size']>;
  readonly plots?: NonNullable<SwarmOptions['plots']>;
  readonly beyondBudget?: true;
  readonly workers: number;
  readonly shard?: Shard;
  readonly variant?: readonly string[];
  readonly kafka?: string;
  readonly bail?: number;
  readonly shrink?: true;
  readonly out?: string;
  readonly resume?: string;
  readonly againEvery?: number;
  readonly record?: string | true;
  readonly junit?: string;
  readonly progress: ProgressStyle;
  readonly reporter?: Reporter;
  readonly json?: true;
  readonly jsonFile?: string;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly color: boolean;
}

const DEFAULT_SEEDS = 1_000;
const DEFAULT_FOLDER = 'failures';
const MAX_WIDTH = 110;

const EXAMPLES = `
Examples:
  trial fuzz                                     1,000 seeds of the swarm
  trial fuzz --for 60s --families network,disk   as many as fit into a minute, of these faults
  trial fuzz acks-all-survives-leader-crash --seeds 200
  trial fuzz my-scenarios/ --bail 1 --junit fuzz.xml
  trial fuzz --variant truncation=to-high-watermark --bail 1 --shrink
  trial fuzz --size small --plots late-joiner,leaders-in-turn
  trial fuzz --seeds 100000 --shard 2/8 --out shard-2
  trial fuzz --resume shard-2                    goes on where it was interrupted
  trial fuzz --seeds 20000 --again-every 20 --out campaign --record

A seed that fails leaves a file, ${DEFAULT_FOLDER}/<seed>.json or --out DIR, for trial replay,
trial shrink, trial explain and trial view.
`;

export function addFuzz(command: Command, context: Context): Command {
  const intensity = new Option('--intensity <how>', 'how many faults a drawn seed has');
  const size = new Option(
    '--size <how>',
    'small: two to four brokers; quorum: and more controllers',
  );
  const progress = new Option('--progress <style>', 'on stderr').choices(PROGRESS_STYLES);
  return command
    .name('fuzz')
    .description('run many seeds and keep those that break a promise')
    .argument('[scenario|dir]', 'give the seeds to these instead of drawing a scenario from each')
    .option(
      '--seeds <n>',
      `how many seeds (${DEFAULT_SEEDS}, or as many as --for allows)`,
      parseCount,
    )
    .option(
      '--for <time>',
      'begin no further seed after this much real time; one that is not done 20 s later is UNKNOWN',
      parseWallTime,
    )
    .option('--from <seed>', 'the first seed (1)', parseSeed)
    .option(
      '--families <list>',
      'draw only faults of: network, process, disk, clock',
      parseFamilies,
    )
    .addOption(intensity.choices(INTENSITIES))
    .addOption(size.choices(SIZES))
    .option(
      '--plots <list>',
      `faults and requests drawn together, in every seed: ${PLOTS.join(', ')}`,
      parsePlots,
    )
    .option('--beyond-budget', 'draw only seeds whose settings and faults may lose data')
    .addOption(workersOption())
    .option('--shard <i/n>', 'run only every n-th seed, beginning with the i-th', parseShard)
    .option('--variant <name=option>', 'a historic rule; again for another', addTo)
    .option('--kafka <release>', `the rules of a release: ${PROFILES.join(', ')}`)
    .option('--bail <n>', 'end after so many failures', parseCount)
    .option('--shrink', 'make one failure of each kind small, for up to a minute each')
    .option('--out <dir>', 'failures go there, and what --resume needs; no campaign is there yet')
    .option(
      '--resume <dir>',
      'go on with the seeds of an earlier --out; --shrink and --bail are not kept',
    )
    .option('--again-every <n>', 'run every n-th seed twice; it must come out the same', parseCount)
    .option(
      '--record [file]',
      `in a checkout: add the campaign, when all seeds are done, to a file (${CAMPAIGN_RECORDS})`,
    )
    .option('--junit <file>', 'results as JUnit XML into a file')
    .addOption(progress.default('auto'))
    .addOption(reporterOption())
    .option('--json', 'results as JSON on stdout (docs/reference/fuzz.schema.json)')
    .option('--json-file <file>', 'results as JSON into a file')
    .option('-q, --quiet', 'no progress')
    .option('-v, --verbose', 'leave nothing out')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action((what: string | undefined, options: FuzzCommandOptions) => run(what, options, context));
}

async function run(
  what: string | undefined,
  options: FuzzCommandOptions,
  { terminal, exitWith }: Context,
): Promise<void> {
  const reporter = reporterOf(options);
  const colors = colorsFor(terminal, options.color);
  const width = Math.min(terminal.columns, MAX_WIDTH);
  const before = options.resume === undefined ? null : resumed(what, options, options.resume);
  const plan = before === null ? await planOf(what, options) : widened(before, options);
  const commit = commitOf(options.record !== undefined, before);
  const campaign = new Campaign(plan, { engine: packageJson.version, commit }, before);
  if (campaign.size === 0) {
    throw new CliError(
      4,
      `--shard ${plan.shard.part}/${plan.shard.of} of ${plan.seeds} seeds is none`,
    );
  }
  const recordFile = recordOf(plan, options);
  const folder = options.resume ?? options.out ?? DEFAULT_FOLDER;
  const keepState = options.resume !== undefined || options.out !== undefined;
  if (options.out !== undefined) refuseCampaign(options.out);
  if (keepState) makeFolder(folder);
  for (const file of [options.junit, options.jsonFile]) refuseUnwritable(file, folder);
  forgetFiles(folder, campaign.outdated);
  const progress = options.quiet === true || reporter === 'dot' ? 'none' : options.progress;
  const dots = reporter === 'dot' ? new Dots(terminal.out, { colors, width }) : null;
  const ended = await fuzz(
    campaign,
    {
      workers: options.workers,
      forMs: options.for ?? null,
      bail: options.bail ?? null,
      folder,
      keepState,
      progress,
      ended: (failed) => dots?.ended(failed === null ? null : { kind: failed.verdict }),
    },
    terminal,
  );
  dots?.end();
  let { problem } = ended;
  if (options.shrink === true && problem === null && ended.end !== 'interrupted') {
    problem = await writeProblemOf(async () => {
      await shrinkFailures(campaign, progress, terminal);
      if (keepState) writeState(folder, campaign.state(ended.wallMs));
    });
  }
  const isRead = reporter === 'pretty' || reporter === 'dot';
  const why =
    isRead && ended.end !== 'interrupted'
      ? await explainFailures(campaign, terminal)
      : new Map<string, never>();
  const { wallMs, end } = ended;
  const look = { width, colors, wallMs, end, verbose: options.verbose === true, why };
  problem ??= await writeProblemOf(async () => writeFiles(campaign, ended, options, terminal));
  tell(campaign, { reporter, ended, look, terminal });
  if (keepState) tellOfResume(campaign, { folder, end }, terminal);
  if (problem !== null) throw problem;
  if (recordFile !== null && commit !== null) {
    if (campaign.isWhole) appendRecord(recordFile, campaign.record(commit));
    const what = campaign.isWhole ? 'added to' : 'not all seeds are done: nothing is added to';
    terminal.err(`${what} ${recordFile}\n`);
  }
  const codes = campaign.failures.map((one) => EXIT[one.verdict]);
  exitWith(ended.end === 'interrupted' ? 130 : worstExitCode([...codes, 0]));
}

/** What could not be written; the rest of the campaign is told all the same. */
async function writeProblemOf(act: () => Promise<void>): Promise<CliError | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof CliError && error.exitCode === 74) return error;
    throw error;
  }
}

function tellOfResume(
  campaign: Campaign,
  { folder, end }: { readonly folder: string; readonly end: FuzzEnd['end'] },
  terminal: Context['terminal'],
): void {
  const { diedCount } = campaign;
  const died = `${counted(diedCount, 'seed')} came to no end; once more with`;
  if (end === 'interrupted' || end === 'cannot write' || diedCount > 0) {
    const what = diedCount > 0 ? died : 'go on with';
    terminal.err(`${what}: trial fuzz --resume ${folder}\n`);
  }
}

/** Null: nothing is recorded. @throws before anything is run, when it could not be in the end. */
function recordOf(
  { seeds, scenarios, shard }: CampaignPlan,
  { record }: FuzzCommandOptions,
): string | null {
  if (record === undefined) return null;
  if (scenarios !== null) throw usageError('--record: only campaigns of drawn seeds are recorded');
  if (shard.of > 1) throw usageError('--record: a shard is no campaign; use --from and --seeds');
  if (seeds === null) throw usageError('--record: say how many seeds, with --seeds');
  const file = record === true ? CAMPAIGN_RECORDS : record;
  readRecords(file);
  return file;
}

const EXIT: Readonly<Record<FindingKind, ExitCode>> = {
  broken: 70,
  'not-deterministic': 3,
  violated: 1,
  unmet: 1,
  unexplained: 1,
  problem: 1,
  unknown: 2,
};

async function planOf(
  what: string | undefined,
  options: FuzzCommandOptions,
): Promise<CampaignPlan> {
  const {
    from = 1,
    families = null,
    intensity = 'swarm',
    size = 'any',
    plots = null,
    shard = { part: 1, of: 1 },
  } = options;
  const seeds = options.seeds ?? (options.for === undefined ? DEFAULT_SEEDS : null);
  const beyondBudget = options.beyondBudget === true;
  if (from + (seeds ?? 0) > Number.MAX_SAFE_INTEGER) {
    throw usageError(
      `--from ${from} with --seeds ${seeds}: seeds end at ${Number.MAX_SAFE_INTEGER}`,
    );
  }
  if (what !== undefined) refuse(options, DRAWING, 'a scenario that is given is not drawn');
  const chosen = chosenVariants(options.variant ?? [], options.kafka);
  const variants = variantChoice(chosen);
  const loaded = what === undefined ? null : await loadScenarios(what);
  const scenarios = loaded?.map((one) => applyVariants(one, chosen).scenario) ?? null;
  const drawn = {
    families: families === null ? null : [...families],
    plots: plots === null ? null : [...plots],
    ...{ intensity, size, beyondBudget },
  };
  const { againEvery = 0 } = options;
  return { from, seeds, shard, ...drawn, variants, againEvery, scenarios };
}

const DRAWING = ['families', 'intensity', 'size', 'plots', 'beyondBudget'] as const;

function refuse(
  options: FuzzCommandOptions,
  names: readonly (keyof FuzzCommandOptions)[],
  why: string,
): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw usageError(`--${flag}: ${why}`);
}

function resumed(
  what: string | undefined,
  options: FuzzCommandOptions,
  folder: string,
): CampaignState {
  const why = 'a resumed campaign keeps what its seeds were begun with (--seeds may be raised)';
  const others = ['from', 'shard', 'variant', 'kafka', 'out', 'againEvery'] as const;
  refuse(options, [...DRAWING, ...others], why);
  if (what !== undefined) throw usageError(`${what}: ${why}`);
  return readState(folder, packageJson.version);
}

/** More seeds than it was begun with are well. */
function widened({ plan }: CampaignState, options: FuzzCommandOptions): CampaignPlan {
  const { seeds = plan.seeds } = options;
  if (seeds !== null && plan.seeds !== null && seeds < plan.seeds) {
    throw usageError(`--seeds ${seeds}: the campaign was begun with ${plan.seeds}; not fewer`);
  }
  return { ...plan, seeds };
}

function writeFiles(
  campaign: Campaign,
  { cases, wallMs }: FuzzEnd,
  { jsonFile, junit }: FuzzCommandOptions,
  terminal: Context['terminal'],
): void {
  if (jsonFile !== undefined) printJson(campaign.resultJson(wallMs), jsonFile, terminal);
  if (junit !== undefined) writeResult(junit, junitXml(cases, SUITE));
}

const SUITE = 'trial fuzz';

interface Telling {
  readonly reporter: Reporter;
  readonly ended: FuzzEnd;
  readonly look: CampaignLook;
  readonly terminal: Context['terminal'];
}

function tell(campaign: Campaign, { reporter, ended, look, terminal }: Telling): void {
  if (reporter === 'json') return printJson(campaign.resultJson(look.wallMs), undefined, terminal);
  if (isOfCases(reporter)) {
    // In a table each run has its line; to be read, each kind of failure has one.
    const cases = reporter === 'junit' ? ended.cases : campaignCases(campaign);
    const told = { suite: SUITE, sums: campaignSums(campaign, look), colors: look.colors };
    return terminal.out(toldCases(reporter, cases, told));
  }
  terminal.out(`${campaignLines(campaign, look).join('\n')}\n`);
}
