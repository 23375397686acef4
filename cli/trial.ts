#!/usr/bin/env node
/** The `trial` command. */
import { reasonOf } from './errors.ts';
import { CODE_FILE } from './input/load-scenario.ts';
import { main } from './main.ts';
import { processTerminal } from './terminal.ts';

// A reader that went away (`trial run … | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// What a .ts scenario left running and what then fails there has nobody else to answer for it.
const failedBeside = (error: unknown): never => {
  const args = process.argv.slice(2);
  const fromScenario = args.some((arg) => CODE_FILE.test(arg));
  const whose = fromScenario ? 'a scenario file fails after it was loaded' : 'internal error';
  process.stderr.write(`error: ${whose}: ${reasonOf(error)}\n`);
  process.exit(fromScenario ? 65 : 70);
};
process.on('uncaughtException', failedBeside);
process.on('unhandledRejection', failedBeside);

process.exitCode = await main(process.argv.slice(2), processTerminal());
