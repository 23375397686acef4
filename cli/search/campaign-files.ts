/** The folder of a campaign: failure files, and `campaign.json`, which `--resume` goes on with. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseJsonText } from '../../sim/scenario/json-text.ts';
import { describeProblem } from '../../sim/scenario/problems.ts';
import type { z } from '../../sim/scenario/zod.ts';
import { type CampaignState, campaignSchema } from '../../sim/search/campaign.ts';
import type { Failure } from '../../sim/search/failure.ts';
import { inputError, reasonOf, usageError, writeError } from '../errors.ts';
import { formProblem } from '../input/form-problem.ts';
import { writeResult } from '../write-json.ts';

const STATE_FILE = 'campaign.json';

/** @throws an error with exit code 74 if it cannot be made. */
export function makeFolder(folder: string): void {
  try {
    makeWithParents(resolve(folder));
  } catch (error) {
    throw writeError(folder, error);
  }
}

/** Node's own way does not come to an end where a folder cannot be made, as in /proc. */
function makeWithParents(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(folder);
  if (parent !== folder) makeWithParents(parent);
  mkdirSync(folder);
}

/** @throws a usage error when a campaign is in the folder: its files would be lost among others. */
export function refuseCampaign(folder: string): void {
  refuseState(folder, STATE_FILE, 'campaign');
}

/** @throws a usage error when the folder holds what `--resume` needs. */
export function refuseState(folder: string, file: string, what: string): void {
  if (!existsSync(join(folder, file))) return;
  throw usageError(
    `--out ${folder}: a ${what} is there already; go on with it with --resume ${folder}, ` +
      'or name another folder, or remove it',
  );
}

/** Of a campaign that is gone on with, wherever it lay when they were written. */
export function forgetFiles(folder: string, files: readonly string[]): void {
  for (const file of files) rmSync(join(folder, basename(file)), { force: true });
}

export function writeState(folder: string, state: CampaignState): void {
  writeStateFile(join(folder, STATE_FILE), state);
}

export function writeStateFile(path: string, state: object): void {
  writeResult(path, `${JSON.stringify(state, null, 2)}\n`);
}

export function readState(folder: string, engine: string): CampaignState {
  return readStateFile(join(folder, STATE_FILE), { schema: campaignSchema, engine });
}

interface StateForm<T> {
  readonly schema: z.ZodType<T>;
  /** This version of trial. */
  readonly engine: string;
}

/** @throws an error with exit code 65 that names the field and what is wrong with it. */
export function readStateFile<T extends { readonly engine: string }>(
  path: string,
  { schema, engine }: StateForm<T>,
): T {
  const read = parseJsonText(textOf(path));
  if (!read.ok) throw inputError(`${path}:${read.line}:${read.column}: not JSON: ${read.message}`);
  const parsed = schema.safeParse(read.value);
  if (!parsed.success) {
    const wrong = formProblem(read.value, parsed.error);
    const where = `${path}${read.locate(wrong.path)}`;
    throw inputError(`${where}: ${describeProblem(wrong)}; only what --out wrote can be resumed`);
  }
  if (parsed.data.engine !== engine) {
    throw inputError(
      `${path}: engine: this was begun by trial ${parsed.data.engine}, this is ${engine}; ` +
        'begin a new one with --out',
    );
  }
  return parsed.data;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw inputError(`cannot read ${path}: ${reasonOf(error)}; --resume wants the --out of before`);
  }
}

/**
 * A later failure of the same run takes the place of an earlier one; one of other settings or rules
 * goes beside it: `7.json`, `7-2.json`.
 * @returns the path.
 */
export function writeFailure(folder: string, name: string, failure: Failure): string {
  makeFolder(folder);
  const scenario = JSON.stringify(failure.scenario);
  let path = join(folder, `${name}.json`);
  for (let next = 2; isOfOtherRun(path, scenario); next++) {
    path = join(folder, `${name}-${next}.json`);
  }
  writeResult(path, `${JSON.stringify(failure, null, 2)}\n`);
  return path;
}

/** What is no failure is nobody's. */
function isOfOtherRun(path: string, scenario: string): boolean {
  if (!existsSync(path)) return false;
  try {
    const { kind, scenario: other } = JSON.parse(readFileSync(path, 'utf8'));
    return kind !== 'failure' || JSON.stringify(other) !== scenario;
  } catch {
    return true;
  }
}
