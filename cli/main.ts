/**
 * The command line as a function: arguments in, exit code out. Every failure ends here as a
 * message and a code of the table; a stack trace never reaches the user.
 */
import { Command, CommanderError, type Help, type Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addCheck } from './commands/check.ts';
import { addConfigs } from './commands/configs.ts';
import { addConsume } from './commands/consume.ts';
import { addDiff } from './commands/diff.ts';
import { addDigest } from './commands/digest.ts';
import { addExplain } from './commands/explain.ts';
import { addFuzz } from './commands/fuzz.ts';
import { addGroups } from './commands/groups.ts';
import { addList } from './commands/list.ts';
import { addProduce } from './commands/produce.ts';
import { addReplay } from './commands/replay.ts';
import { addRun } from './commands/run.ts';
import { addServe } from './commands/serve.ts';
import { addShrink } from './commands/shrink.ts';
import { addSweep } from './commands/sweep.ts';
import { addTopics } from './commands/topics.ts';
import { addValidate } from './commands/validate.ts';
import { addView } from './commands/view.ts';
import { addZoo } from './commands/zoo.ts';
import type { Context } from './context.ts';
import { CliError } from './errors.ts';
import { type ExitCode, exitCodeTable } from './exit-codes.ts';
import { colorsFor, type Terminal } from './terminal.ts';

export async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const context: Context = {
    terminal,
    exitWith(code) {
      exitCode = code;
    },
  };
  try {
    await createProgram(context).parseAsync(splitJsonFile(args), { from: 'user' });
    return exitCode;
  } catch (error) {
    return failed(error, terminal, !args.includes('--no-color'));
  }
}

function createProgram(context: Context): Command {
  const { terminal } = context;
  const program = new Command('trial')
    .description('Puts Kafka’s promises on trial: simulates a cluster, breaks it, judges it.')
    .version(packageJson.version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', `\n${exitCodeTable()}`)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: () => undefined })
    .configureHelp({ optionTerm, helpWidth: Math.min(terminal.columns, 100) });
  for (const add of [
    addList,
    addRun,
    addFuzz,
    addReplay,
    addShrink,
    addExplain,
    addDiff,
    addSweep,
    addZoo,
    addView,
    addServe,
    addTopics,
    addProduce,
    addConsume,
    addGroups,
    addConfigs,
    addCheck,
    addValidate,
    addDigest,
  ]) {
    const command = add(program.command('placeholder'), context);
    command.copyInheritedSettings(program).addHelpText('after', `\n${exitCodeTable()}`);
  }
  return program;
}

/** The value of --json is optional and only taken after "=", see `splitJsonFile`. */
function optionTerm(this: Help, option: Option): string {
  return option.long === '--json-file' ? '--json=FILE' : option.flags;
}

/** `--json=FILE` → `--json-file FILE`, so that plain `--json` never eats a scenario's name. */
function splitJsonFile(args: readonly string[]): string[] {
  return args.flatMap((arg) =>
    arg.startsWith('--json=') ? ['--json-file', arg.slice('--json='.length)] : [arg],
  );
}

function failed(error: unknown, terminal: Terminal, wantsColors: boolean): ExitCode {
  if (error instanceof CommanderError) return commandLineFailed(error, terminal);
  const colors = colorsFor(terminal, wantsColors, terminal.errIsTty === true);
  if (error instanceof CliError) {
    terminal.err(`${colors.red('error')}: ${error.message}\n`);
    return error.exitCode;
  }
  const name = error instanceof Error ? error.name : typeof error;
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`${colors.red('internal error')}: ${name}: ${message}\n`);
  terminal.err('This is a mistake in trial itself. Please report the command and this line.\n');
  return 70;
}

/** How commander complains of an argument. */
const WRONG_ARGUMENT = /command-argument value '(.*)' is invalid for argument '(.*?)'\./s;

function commandLineFailed(error: CommanderError, terminal: Terminal): ExitCode {
  // Help and version, when asked for, end this way too.
  if (error.exitCode === 0) return 0;
  if (error.code === 'commander.help') {
    terminal.err('error: which command? `trial --help` lists them\n');
    return 64;
  }
  terminal.err(`${error.message.replace(WRONG_ARGUMENT, '$1: no such $2.')}\n`);
  return 64;
}
