/** The ways a command can fail that are not our mistake; `main` turns each into its exit code. */
import { describeProblem, type Problem } from '../sim/scenario/problems.ts';
import type { ExitCode } from './exit-codes.ts';

export class CliError extends Error {
  readonly exitCode: ExitCode;
  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** Something is wrong on the command line. */
export function usageError(message: string): CliError {
  return new CliError(64, message);
}

/** A scenario cannot be used: one line, or a headline and one line for each problem. */
export function inputError(message: string): CliError {
  return new CliError(65, message);
}

/** More at once help nobody. */
const PROBLEMS_SHOWN = 20;

/** `locate` gives the place of a path in the text, as `:line:column`, or ''. */
export function problemsError(
  label: string,
  problems: readonly Problem[],
  locate: (path: string) => string = () => '',
): CliError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const lines = problemLines(label, problems, locate);
  return inputError([`${label} is not a valid scenario, ${count}:`, ...lines].join('\n'));
}

/** A valid scenario that asks for what the real world does not have. */
export function refusedError(label: string, problems: readonly Problem[]): CliError {
  const lines = problemLines(label, problems, () => '');
  return inputError([`${label} cannot be run in the real world:`, ...lines].join('\n'));
}

function problemLines(
  label: string,
  problems: readonly Problem[],
  locate: (path: string) => string,
): string[] {
  const shown = problems.slice(0, PROBLEMS_SHOWN);
  const lines = shown.map((one) => `  ${label}${locate(one.path)}: ${describeProblem(one)}`);
  if (shown.length < problems.length) lines.push(`  … ${problems.length - shown.length} more`);
  return lines;
}

/** A result file cannot be written. */
export function writeError(path: string, cause: unknown): CliError {
  return new CliError(74, `cannot write ${path}: ${reasonOf(cause)}`);
}

/** The reason of a failed file operation in words, without the system call's name. */
export function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const known: Record<string, string> = {
    ENOENT: 'no such file or directory',
    EEXIST: 'it is there already',
    EACCES: 'permission denied',
    EISDIR: 'it is a directory',
    ENOTDIR: 'part of the path is not a directory',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the quota of the disk is used up',
    EFBIG: 'the file would be larger than is allowed',
    ENAMETOOLONG: 'the name is too long',
    EPERM: 'it is not permitted',
    EROFS: 'the file system is read-only',
  };
  return known[code] ?? (messageOf(cause).split('\n')[0] as string);
}

/** Whatever was thrown, in words. */
function messageOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message || cause.name;
  return typeof cause === 'object' ? (JSON.stringify(cause) ?? 'an object') : String(cause);
}
