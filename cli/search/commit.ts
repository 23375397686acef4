/** Recorded figures belong to a commit: that of the checkout of the project that this runs in. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { usageError } from '../errors.ts';

/**
 * @param before of the process that is gone on with; null: of none.
 * @returns null where there is no checkout.
 * @throws a usage error when figures are to be recorded that belong to no commit.
 */
export function commitOf(
  isRecorded: boolean,
  before: { readonly commit: string | null } | null,
): string | null {
  const commit = commitHere();
  if (!isRecorded) return before === null ? commit : before.commit;
  if (commit === null) throw usageError('--record: this is no checkout of the project');
  if (commit.endsWith('-dirty'))
    throw usageError('--record: commit first: a record names its commit');
  if (before !== null && before.commit !== commit) {
    throw usageError(`--record: this was begun at ${before.commit}, and this is ${commit}`);
  }
  return commit;
}

function commitHere(): string | null {
  if (!existsSync('sim/search/zoo')) return null;
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const dirty = git('status', '--porcelain', '--', 'kafka', 'sim') !== '';
    return git('rev-parse', '--short=12', 'HEAD') + (dirty ? '-dirty' : '');
  } catch {
    return null;
  }
}
