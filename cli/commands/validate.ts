/** `trial validate`: reads scenarios, checks schema and meaning, runs nothing. */
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { loadScenario } from '../input/load-scenario.ts';
import {
  type Case,
  Dots,
  isOfCases,
  type Reporter,
  reporterOf,
  reporterOption,
  toldCases,
} from '../report/reporters.ts';
import { counted, quoted } from '../report/words.ts';
import { colorsFor } from '../terminal.ts';
import { printJson } from '../write-json.ts';

interface ValidateOptions {
  readonly reporter?: Reporter;
  readonly json?: true;
  readonly jsonFile?: string;
  readonly color: boolean;
}

export function addValidate(command: Command, context: Context): Command {
  return command
    .name('validate')
    .description('check scenarios without running them')
    .argument('<scenario...>', 'names of built-in scenarios, .json or .ts files')
    .addOption(reporterOption())
    .option('--json', 'as JSON on stdout')
    .option('--json-file <file>', 'as JSON into a file')
    .option('--no-color', 'no colours')
    .action((labels: string[], options: ValidateOptions) => run(labels, options, context));
}

async function run(
  labels: readonly string[],
  options: ValidateOptions,
  { terminal, exitWith }: Context,
): Promise<void> {
  const reporter = reporterOf(options);
  const colors = colorsFor(terminal, options.color);
  const dots =
    reporter === 'dot' ? new Dots(terminal.out, { colors, width: terminal.columns }) : null;
  const cases: Case[] = [];
  for (const label of labels) {
    const startedMs = terminal.nowMs();
    const said = await problemOf(label);
    if (said !== null) exitWith(said.exitCode);
    const replay = `trial validate ${quoted(label)}`;
    const failed =
      said === null
        ? null
        : { kind: 'problem' as const, type: 'invalid', message: said.message, replay };
    cases.push({ name: label, wallMs: terminal.nowMs() - startedMs, failed });
    dots?.ended(failed);
    if (reporter !== 'pretty') continue;
    if (failed === null) terminal.out(`${label}: ok\n`);
    else terminal.err(`error: ${failed.message}\n`);
  }
  dots?.end();
  const bad = cases.filter((one) => one.failed !== null).length;
  const sums = `${counted(cases.length, 'scenario')}: ${cases.length - bad} valid, ${bad} not`;
  const json = { schema: 1, scenarios: cases.map(({ name, failed }) => jsonOf(name, failed)) };
  if (options.jsonFile !== undefined) printJson(json, options.jsonFile, terminal);
  if (reporter === 'json') printJson(json, undefined, terminal);
  if (isOfCases(reporter)) {
    terminal.out(toldCases(reporter, cases, { suite: 'trial validate', sums, colors }));
  }
  if (dots === null) return;
  for (const { failed } of cases) if (failed !== null) terminal.out(`${failed.message}\n`);
  terminal.out(`${sums}\n`);
}

function jsonOf(scenario: string, failed: Case['failed']) {
  return { scenario, valid: failed === null, problem: failed?.message ?? null };
}

async function problemOf(label: string): Promise<CliError | null> {
  try {
    await loadScenario(label);
    return null;
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
}
