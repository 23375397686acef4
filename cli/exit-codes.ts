/** What the exit code of `trial` means; the table in `--help` is made from this one. */

export const exitCodes = {
  0: 'everything came out as expected',
  1: 'a check is violated, an expectation is not met, or a cluster refuses',
  2: 'a verdict that was needed is unknown',
  3: 'not deterministic: two runs of one seed differ',
  4: 'a filter selected nothing',
  64: 'something is wrong on the command line, --set keys and values included',
  65: 'a scenario, failure or history is unknown, invalid or of another version',
  70: 'the simulator itself broke',
  74: 'a file could not be written, or no broker answers',
  130: 'interrupted',
} as const;

export type ExitCode = keyof typeof exitCodes;

/** Codes that several runs may end with, worst first. */
const WORST_FIRST: readonly ExitCode[] = [70, 3, 1, 2, 0];

/** The code that speaks for several runs, so that a violation is never masked. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? codes[0] ?? 0;
}

export function exitCodeTable(): string {
  const rows = Object.entries(exitCodes).map(([code, what]) => `  ${code.padStart(3)}  ${what}`);
  return ['Exit codes:', ...rows, '  Of several runs the worst counts: 70, 3, 1, 2, 0.'].join('\n');
}
