/**
 * `--reporter`: how a command that judges tells what came out. `pretty` and `json` are each
 * command's own; the others need only the cases: what was judged, and what was wrong with it.
 */
import { Option } from 'commander';
import type { FindingKind } from '../../sim/search/finding.ts';
import { usageError } from '../errors.ts';
import type { Colors } from '../terminal.ts';
import { githubLines } from './github.ts';
import { junitXml } from './junit.ts';

const REPORTERS = ['pretty', 'dot', 'json', 'junit', 'github', 'minimal'] as const;
export type Reporter = (typeof REPORTERS)[number];

/** One thing that was judged. */
export interface Case {
  readonly name: string;
  readonly wallMs: number;
  /** null: it came out as it should. */
  readonly failed: Failed | null;
}

export interface Failed {
  readonly kind: FindingKind;
  /** The check or the kind: what a list of failures is sorted by. */
  readonly type: string;
  readonly message: string;
  /** How to see it again; '': nothing to type. */
  readonly replay: string;
}

export const failureWords: Readonly<Record<FindingKind, string>> = {
  broken: 'BROKEN',
  'not-deterministic': 'DIFFERS',
  violated: 'FAIL',
  unmet: 'FAIL',
  unexplained: 'FAIL',
  problem: 'FAIL',
  unknown: 'UNKNOWN',
};

export function reporterOption(): Option {
  const about = 'how results are told: pretty, a dot for each, JUnit XML, annotations of GitHub, …';
  return new Option('--reporter <name>', about).choices(REPORTERS);
}

/** `--json` is another way to say `--reporter json`. */
export function reporterOf(options: {
  readonly reporter?: Reporter;
  readonly json?: true;
}): Reporter {
  const { reporter, json } = options;
  if (json !== true) return reporter ?? 'pretty';
  if (reporter === undefined || reporter === 'json') return 'json';
  throw usageError(`--json and --reporter ${reporter} both want stdout; --json=FILE wants a file`);
}

/** A reporter that needs nothing but the cases. */
export function isOfCases(reporter: Reporter): reporter is 'junit' | 'github' | 'minimal' {
  return reporter === 'junit' || reporter === 'github' || reporter === 'minimal';
}

export interface Told {
  /** `trial fuzz` */
  readonly suite: string;
  /** One line of what it all came to. */
  readonly sums: string;
  readonly colors: Colors;
}

/** The text for stdout, with its end of line. */
export function toldCases(
  reporter: 'junit' | 'github' | 'minimal',
  cases: readonly Case[],
  { suite, sums, colors }: Told,
): string {
  if (reporter === 'junit') return junitXml(cases, suite);
  if (reporter === 'github') return `${[...githubLines(cases, suite), sums].join('\n')}\n`;
  const lines = cases.flatMap(({ name, failed }) => {
    if (failed === null) return [];
    const paint = failed.kind === 'unknown' ? colors.yellow : colors.red;
    const replay = failed.replay === '' ? '' : `  ${colors.dim(failed.replay)}`;
    return [`${paint(failureWords[failed.kind])} ${name}: ${failed.message}${replay}`];
  });
  return `${[...lines, sums].join('\n')}\n`;
}

const DOTS: Readonly<Record<string, string>> = { BROKEN: 'B', DIFFERS: 'D', FAIL: 'F' };

/** A character for each case as it ends, in lines as wide as the window. */
export class Dots {
  private readonly out: (text: string) => void;
  private readonly colors: Colors;
  private readonly width: number;
  private column = 0;

  constructor(out: (text: string) => void, { colors, width }: { colors: Colors; width: number }) {
    this.out = out;
    this.colors = colors;
    this.width = width;
  }

  ended(failed: Pick<Failed, 'kind'> | null): void {
    const { colors } = this;
    if (failed === null) this.out(colors.green('.'));
    else if (failed.kind === 'unknown') this.out(colors.yellow('U'));
    else this.out(colors.red(DOTS[failureWords[failed.kind]] ?? 'F'));
    this.column += 1;
    if (this.column === this.width) this.end();
  }

  /** Ends the line, if one was begun. */
  end(): void {
    if (this.column > 0) this.out('\n');
    this.column = 0;
  }
}
