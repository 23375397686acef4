/**
 * `npm start`: the flagship pair, side by side (the same faults strike the same load; only `acks`
 * differs), then the page, until Ctrl-C. `npm start -- --no-page` ends after the telling.
 */
import { parseArgs } from 'node:util';
import { CliError } from './errors.ts';
import type { ExitCode } from './exit-codes.ts';
import { worstExitCode } from './exit-codes.ts';
import { DEFAULT_SEED } from './input/arguments.ts';
import { loadScenario } from './input/load-scenario.ts';
import { eventWordsFrom } from './report/event-words.ts';
import { sideBySide } from './report/side-by-side.ts';
import { storyLines } from './report/story.ts';
import { showPage } from './serve/page.ts';
import { exitCodeOf, simulate } from './simulate.ts';
import { colorsFor, processTerminal } from './terminal.ts';

const { values: wished } = parseArgs({
  options: {
    'no-page': { type: 'boolean', default: false },
    open: { type: 'boolean', default: false },
  },
});

const PAIR = ['acks-1-loses-an-acknowledged-record', 'acks-all-survives-leader-crash'];
/** Two stories need room; what is narrower gets them one below the other. */
const NARROWEST_COLUMN = 60;
const SEPARATOR_WIDTH = 3;

const terminal = processTerminal();
const columns = terminal.isTty ? terminal.columns : 160;
const half = Math.floor((columns - SEPARATOR_WIDTH) / 2);
const beside = half >= NARROWEST_COLUMN;
const codes: ExitCode[] = [];
const stories: string[][] = [];
for (const name of PAIR) {
  const { scenario } = await loadScenario(name);
  const { report, rows, interrupted } = await simulate(scenario, { seed: DEFAULT_SEED }, terminal);
  if (interrupted) process.exit(130);
  codes.push(exitCodeOf(report));
  const story = storyLines(report, {
    width: beside ? half : columns,
    colors: colorsFor(terminal, true),
    verbose: false,
    replay: `npx trial run ${name} --seed ${DEFAULT_SEED}`,
    eventWords: eventWordsFrom(rows, report.story.warmUpMs),
  });
  stories.push(story);
}
const [left = [], right = []] = stories;
const lines = beside ? sideBySide(left, right, half) : [...left, '', ...right];
terminal.out(`${lines.join('\n')}\n`);
process.exitCode = worstExitCode(codes);
if (!wished['no-page']) {
  terminal.out('\nThe same to watch, stop, step back and change: ');
  try {
    await showPage(terminal, { open: wished.open });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    terminal.err(`\nerror: ${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
