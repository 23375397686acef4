#!/usr/bin/env node
/** The `trial` command. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { reasonOf, writeError } from './errors.ts';
import { CODE_FILE } from './input/load-scenario.ts';
import { main } from './main.ts';
import { processTerminal } from './terminal.ts';

// A reader that went away (`trial run … | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    process.stderr.write(`error: ${writeError('the results to stdout', error).message}\n`);
    process.exit(74);
  }
  const isAlone = process.stdout.listenerCount('error') === 1;
  if (isAlone) process.exit();
});
// Complaints that cannot be written have nowhere else to go.
process.stderr.on('error', () => undefined);

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

/**
 * Lies beside this file. It gets none of the benchmark's flags: wider inlining makes the swarm,
 * which runs everything for a short time, a quarter slower, and more memory for what is young makes
 * it no faster.
 */
const worker = fileURLToPath(new URL('./worker.js', import.meta.url));
/** It is told who its parent is: that may be gone before it can look. */
const forkWorker = () => fork(worker, [`${process.pid}`], { execArgv: [] });

const trial = { program: process.execPath, args: [fileURLToPath(import.meta.url)] };

process.exitCode = await main(process.argv.slice(2), processTerminal({ forkWorker, trial }));
