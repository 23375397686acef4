/** `trial replay`: makes a run again and shows it at an event, with the real state of any node. */
import { type Command, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { reportJson } from '../../sim/run/report.ts';
import { count } from '../../sim/run/words.ts';
import type { Context } from '../context.ts';
import { inputError, usageError } from '../errors.ts';
import { parseEvent, parseSeed } from '../input/arguments.ts';
import { isJournal } from '../input/journal-lines.ts';
import { endOf, type LoadedRun, loadRun } from '../input/load-run.ts';
import { LiveRun } from '../look/live-run.ts';
import { LOOKS, type Look, type Looked, lookLines, stateAt } from '../look/looks.ts';
import { nodeLogs } from '../look/node-logs.ts';
import { type RunModel, runModel, timeAt, wordsAt } from '../look/run-model.ts';
import { stepThrough } from '../look/stepper.ts';
import {
  anyVersionOption,
  checkComesAgain,
  isOfOtherVersion,
  mindVersion,
  type VersionOptions,
} from '../look/what-failed.ts';
import { explanationAt } from '../look/why-lines.ts';
import { replayJournal } from '../replay-journal.ts';
import { eventWordsFrom } from '../report/event-words.ts';
import { storyLines } from '../report/story.ts';
import { quoted } from '../report/words.ts';
import { exitCodeOf, type Simulated, simulate } from '../simulate.ts';
import { colorsFor } from '../terminal.ts';
import { printJson } from '../write-json.ts';

interface ReplayOptions extends VersionOptions {
  readonly seed?: number;
  readonly at?: number;
  readonly step?: true;
  readonly print?: Look;
  readonly node?: string;
  readonly verify?: true;
  readonly json?: true;
  readonly jsonFile?: string;
  readonly verbose?: true;
  readonly color: boolean;
}

const MAX_WIDTH = 110;

const EXAMPLES = `
Examples:
  trial replay failures/7.json                          the whole story of a failure
  trial replay failures/7.json --at 2310                the events before it, and why it happened
  trial replay failures/7.json --at 2310 --print state --node broker-1
  trial replay failures/7.json --at 2310 --print log    every batch on every disk
  trial replay run.trial --step --node broker-2         event by event
  trial replay broker-1.journal                         a real node’s steps: is each call the same?
  trial replay run.trial --verify                       is it the same run here, to the last bit?
`;

export function addReplay(command: Command, context: Context): Command {
  const print = new Option(
    '--print <what>',
    'what to show at the event (events, then why); state and log as its step ended',
  );
  return command
    .name('replay')
    .description('make a run again and look at it at any event')
    .argument('<run>', 'a failure, a .trial file, a link, a scenario or a journal of `trial serve`')
    .option('--seed <n>', 'another course of chance than the run’s own', parseSeed)
    .option('--at <event>', 'stand still at this event (that of the failure)', parseEvent)
    .option('--step', 'go through the events, a line of input for each')
    .addOption(print.choices(LOOKS))
    .option('--node <name>', 'only this node: broker-1, controller-101, p1')
    .option('--verify', 'is it the run that its file tells of? 0: yes, whatever came out; 3: no')
    .addOption(anyVersionOption())
    .option('--json', 'as JSON on stdout')
    .option('--json-file <file>', 'as JSON into a file')
    .option('-v, --verbose', 'leave nothing out')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action((what: string, options: ReplayOptions) => replay(what, options, context));
}

async function replay(what: string, options: ReplayOptions, context: Context): Promise<void> {
  const { terminal, exitWith } = context;
  if (isJournal(what)) return replayNode(what, options, context);
  const looks = [options.at, options.print, options.step];
  if (options.node !== undefined && looks.every((one) => one === undefined)) {
    throw usageError(`--node ${options.node}: of what? Add --at, --print or --step`);
  }
  const loaded = await loadRun(what);
  const isOther = options.seed !== undefined && String(options.seed) !== String(loaded.seed);
  const seed = isOther ? (options.seed as number) : loaded.seed;
  const said = isOther ? { ...loaded, digest: '', traceHash: '' } : loaded;
  if (options.verify === true && said.digest === '' && said.traceHash === '') {
    const why = isOther ? `--seed ${seed}` : what;
    throw inputError(
      `${why}: nothing is said of the hashes of this run, so that --verify has no use`,
    );
  }
  if (!isOther) mindVersion(loaded, options, terminal);
  const simulated = await simulate(loaded.scenario, { seed, ...endOf(said) }, terminal);
  if (simulated.interrupted) return exitWith(130);
  const run = runModel(simulated);
  const same = agrees(said, simulated);
  if (!isOther) checkComesAgain(loaded, simulated.result);
  if (!same && options.verify === true && isOfOtherVersion(said)) {
    throw inputError(otherRun(said, simulated));
  }
  if (!same && options.verify !== true) terminal.err(`warning: ${otherRun(said, simulated)}\n`);
  const at = placeOf(options, { loaded: said, run });
  const looked: Looked = {
    run,
    live: new LiveRun(loaded.scenario, seed),
    node: options.node ?? null,
    width: Math.min(terminal.columns, MAX_WIDTH),
    colors: colorsFor(terminal, options.color),
    whole: options.verbose === true,
  };
  checkNode(looked);
  if (options.json === true || options.jsonFile !== undefined) {
    printJson(replayJson({ simulated, at, same, looked, options }), options.jsonFile, terminal);
  } else if (options.step === true) await stepThrough(at ?? 1, looked, terminal);
  else tell({ simulated, at, same, looked, options, said }, context);
  // Who asks whether it is the same run is not told again that it fails.
  if (options.verify === true) exitWith(same ? 0 : 3);
  else exitWith(at === null ? exitCodeOf(simulated.report) : 0);
}

/** Of a journal there is one course, and one node. */
const NOT_OF_JOURNALS = ['seed', 'at', 'step', 'node', 'verify', 'verbose', 'anyVersion'] as const;

function replayNode(path: string, options: ReplayOptions, context: Context): Promise<void> {
  const wrong = NOT_OF_JOURNALS.find((name) => options[name] !== undefined);
  if (wrong !== undefined) {
    const flag = wrong === 'anyVersion' ? 'any-version' : wrong;
    throw usageError(`--${flag}: not with a journal`);
  }
  const { print, json, jsonFile } = options;
  if (print !== undefined && print !== 'events') {
    throw usageError(`--print ${print}: of a journal, only events`);
  }
  return replayJournal(
    path,
    { events: print === 'events', json: json === true, jsonFile },
    context,
  );
}

interface Replayed {
  readonly simulated: Simulated;
  /** null: the whole run. */
  readonly at: number | null;
  readonly same: boolean;
  readonly looked: Looked;
  readonly options: ReplayOptions;
}

function tell(
  { simulated, at, same, looked, options, said }: Replayed & { readonly said: LoadedRun },
  { terminal }: Context,
): void {
  const { run, width, colors, whole } = looked;
  const { report, rows } = simulated;
  const lines: string[] = [];
  if (options.verify === true) {
    lines.push(same ? sameRun(simulated) : otherRun(said, simulated));
  } else if (at === null) {
    const eventWords = eventWordsFrom(rows, report.story.warmUpMs);
    const replayed = `trial replay ${quoted(said.given)}`;
    lines.push(
      ...storyLines(report, { width, colors, verbose: whole, replay: replayed, eventWords }),
    );
  }
  if (at !== null) {
    const place = `event ${count(at)} of ${count(run.store.count)}  ${timeAt(run, at)}`;
    lines.push(`${colors.bold(run.scenario.name)}  seed ${report.seed}  ${place}`);
    const looks: readonly Look[] =
      options.print === undefined ? ['events', 'why'] : [options.print];
    for (const look of looks) {
      lines.push('', colors.bold(look), ...lookLines(look, at, looked));
    }
  }
  terminal.out(`${lines.join('\n')}\n`);
}

/** @throws a usage error when the run has no such event. */
function placeOf(
  options: ReplayOptions,
  { loaded, run }: { readonly loaded: LoadedRun; readonly run: RunModel },
): number | null {
  const { count: last } = run.store;
  const { at } = options;
  if (at !== undefined && at > last) {
    throw usageError(`--at ${at}: the run has ${count(last)} events`);
  }
  if (at !== undefined) return at;
  const isAsked = options.print !== undefined || options.step === true;
  if (!isAsked) return null;
  if (options.step === true) return 1;
  return loaded.at > 0 ? Math.min(loaded.at, last) : last;
}

function checkNode({ node, run }: Looked): void {
  const { nodeNames } = run.store;
  if (node === null || nodeNames.includes(node)) return;
  throw usageError(`--node ${node}: there is no such node (allowed: ${nodeNames.join(', ')})`);
}

type Said = Pick<LoadedRun, 'digest' | 'traceHash' | 'engine' | 'label'>;

function agrees(said: Said, { report }: Simulated): boolean {
  const same = (one: string, other: string) => one === '' || one === other;
  return same(said.digest, report.digest) && same(said.traceHash, report.traceHash);
}

function sameRun({ report }: Simulated): string {
  return `the same run: digest ${report.digest}  trace ${report.traceHash}`;
}

function otherRun(said: Said, { report }: Simulated): string {
  const here = packageJson.version;
  const made =
    said.engine === '' || said.engine === here
      ? `it was changed since it was written, or another build of trial ${here} made it`
      : `it was made by trial ${said.engine}, this is ${here}`;
  return [
    `this is not the run that ${said.label} tells of: ${made}; event numbers may have moved`,
    `  said  digest ${said.digest}  trace ${said.traceHash}`,
    `  here  digest ${report.digest}  trace ${report.traceHash}`,
  ].join('\n');
}

/** The event, and what was asked for with --print. */
function replayJson({ simulated, at, same, looked, options }: Replayed): Record<string, unknown> {
  const { run, live, node } = looked;
  const result: Record<string, unknown> = { ...reportJson(simulated.report), same };
  if (at === null) return result;
  const row = run.store.at(at);
  const { kind, fields } = row;
  const place = { event: at, timeMs: run.store.timeUs(at) / 1_000, kind, fields };
  result['at'] = { ...place, node: run.store.nodeName(row.node), words: wordsAt(run, at) };
  if (options.print === 'state') {
    result['state'] = node === null ? stateAt(at, run) : live.nodeState(at, node);
  } else if (options.print === 'log') {
    const { world } = live.at(at);
    const nodes = world.nodes.filter((one) => one.role !== 'client').map((one) => one.name);
    const names = node === null ? nodes : [node];
    result['logs'] = names.flatMap((name) => nodeLogs(world, name, null));
  } else result['why'] = explanationAt(run, at).sentences;
  return result;
}
