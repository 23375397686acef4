#!/usr/bin/env node
/** The `trial` command. */
import { main } from './main.ts';
import { processTerminal } from './terminal.ts';

// A reader that went away (`trial run … | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await main(process.argv.slice(2), processTerminal());
