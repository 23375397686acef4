/** `trial validate`: reads scenarios, checks schema and meaning, runs nothing. */
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { loadScenario } from '../input/load-scenario.ts';

export function addValidate(command: Command, { terminal, exitWith }: Context): Command {
  return command
    .name('validate')
    .description('check scenarios without running them')
    .argument('<scenario...>', 'names of built-in scenarios, .json or .ts files')
    .option('--no-color', 'no colours')
    .action(async (labels: string[]) => {
      for (const label of labels) {
        try {
          await loadScenario(label);
          terminal.out(`${label}: ok\n`);
        } catch (error) {
          if (!(error instanceof CliError)) throw error;
          terminal.err(`error: ${error.message}\n`);
          exitWith(error.exitCode);
        }
      }
    });
}
