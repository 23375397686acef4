/** `trial check`: judges a history that was recorded anywhere, by what clients saw. */
import type { Command } from 'commander';
import { judgeHistory } from '../../sim/check/history/judge-history.ts';
import type { VerdictKind } from '../../sim/check/verdict.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { loadHistory } from '../input/load-history.ts';
import { historyCases, historyLines, historyOneLine } from '../report/history.ts';
import { historyJson } from '../report/history-json.ts';
import {
  Dots,
  isOfCases,
  type Reporter,
  reporterOf,
  reporterOption,
  toldCases,
} from '../report/reporters.ts';
import { colorsFor } from '../terminal.ts';
import { printJson } from '../write-json.ts';

interface CheckOptions {
  readonly reporter?: Reporter;
  readonly json?: true;
  readonly jsonFile?: string;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly color: boolean;
}

const EXIT: Readonly<Record<VerdictKind, ExitCode>> = {
  holds: 0,
  allowed: 0,
  violated: 1,
  unknown: 2,
};

/** Narrower than a wide window: lines of prose stay readable. */
const MAX_WIDTH = 110;

export function addCheck(command: Command, { terminal, exitWith }: Context): Command {
  return command
    .name('check')
    .description('judge a history recorded anywhere: lost writes, duplicates, aborted reads, …')
    .argument('<history>', 'a .jsonl file, see docs/history-format.md; -: stdin')
    .addOption(reporterOption())
    .option('--json', 'as JSON on stdout (docs/reference/check.schema.json)')
    .option('--json-file <file>', 'as JSON into a file')
    .option('-q, --quiet', 'one line')
    .option('-v, --verbose', 'leave nothing out')
    .option('--no-color', 'no colours')
    .action((path: string, options: CheckOptions) => {
      const reporter = reporterOf(options);
      const startedMs = terminal.nowMs();
      const history = loadHistory(path);
      const judgement = judgeHistory(history);
      const wallMs = terminal.nowMs() - startedMs;
      exitWith(EXIT[judgement.verdict]);
      const told = { path, history, judgement, wallMs };
      if (options.jsonFile !== undefined) {
        printJson(historyJson(told), options.jsonFile, terminal);
      }
      if (reporter === 'json') return printJson(historyJson(told), undefined, terminal);
      const colors = colorsFor(terminal, options.color);
      const cases = historyCases(told);
      if (isOfCases(reporter)) {
        const sums = historyOneLine(told);
        return terminal.out(toldCases(reporter, cases, { suite: 'trial check', sums, colors }));
      }
      if (reporter === 'dot') {
        const dots = new Dots(terminal.out, { colors, width: terminal.columns });
        for (const one of cases) dots.ended(one.failed);
        dots.end();
      }
      const lines = historyLines(told, {
        width: Math.min(terminal.columns, MAX_WIDTH),
        colors,
        verbose: options.verbose === true,
        quiet: options.quiet === true,
      });
      terminal.out(`${lines.join('\n')}\n`);
    });
}
