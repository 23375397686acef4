/** `trial view`: the page, with what was named on screen. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { readTraceFile, TraceFileError } from '../../sim/trace/file.ts';
import type { Context } from '../context.ts';
import { inputError, reasonOf } from '../errors.ts';
import { loadRun } from '../input/load-run.ts';
import { loadScenario } from '../input/load-scenario.ts';
import { DEFAULT_PORT, type PageOptions, showPage } from '../serve/page.ts';

interface ViewOptions {
  readonly port?: number;
  readonly open?: true;
}

const FILE = /\.(trial|json)$/;
const LINK = /[#?](v1\.|scenario=)/;

export function addView(command: Command, context: Context): Command {
  return command
    .name('view')
    .description('show the page in a browser: the gallery, a run, a trace')
    .argument('[what]', 'a .trial or .json file, a folder of them, a scenario’s name or a link')
    .option(
      '--port <n>',
      `where to serve it (${DEFAULT_PORT} or the next free one; 0: any)`,
      parsePort,
    )
    .option('--open', 'start the browser, too')
    .action(async (what: string | undefined, options: ViewOptions) => {
      const shown = what === undefined ? {} : await whatIs(what);
      await showPage(context.terminal, { ...options, ...shown });
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('A port is an integer from 0 to 65535.');
  }
  return port;
}

/** Everything is looked at before anything is served: a mistake is told here, with its place. */
async function whatIs(what: string): Promise<Pick<PageOptions, 'files' | 'query'>> {
  const link = LINK.exec(what);
  if (link !== null) return { query: what.slice(link.index) };
  if (!FILE.test(what) && !/[/\\.]/.test(what)) {
    await loadScenario(what);
    return { query: `?scenario=${what}` };
  }
  if (!isFolder(what)) {
    await checkFile(what);
    return { files: [what] };
  }
  const names = readdirSync(what).filter((name) => FILE.test(name));
  if (names.length === 0) throw inputError(`${what}: no .trial and no .json file is in it`);
  return { files: names.sort().map((name) => join(what, name)) };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw inputError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

async function checkFile(path: string): Promise<void> {
  if (!FILE.test(path)) throw inputError(`${path}: expected a .trial or a .json file`);
  if (path.endsWith('.json')) {
    await loadRun(path);
    return;
  }
  try {
    readTraceFile(readFileSync(path));
  } catch (error) {
    if (!(error instanceof TraceFileError)) throw error;
    throw inputError(`${path}: ${error.message}`);
  }
}
