/** The folder of a campaign: failure files, and `campaign.json`, which `--resume` goes on with. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJsonText } from '../../sim/scenario/json-text.ts';
import { formatPath } from '../../sim/scenario/problems.ts';
import type { z } from '../../sim/scenario/zod.ts';
import { type CampaignState, campaignSchema } from '../../sim/search/campaign.ts';
import type { Failure } from '../../sim/search/failure.ts';
import { inputError, reasonOf, writeError } from '../errors.ts';
import { writeResult } from '../write-json.ts';

const STATE_FILE = 'campaign.json';

/** @throws an error with exit code 74 if it cannot be made. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw writeError(folder, error);
  }
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
    const [first] = parsed.error.issues;
    const field = formatPath(first?.path ?? []);
    const where = `${path}${read.locate(field)}`;
    throw inputError(`${where}: ${field}: ${first?.message}; only what --out wrote can be resumed`);
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

/** @returns the path. Later failures of the same run take the place of earlier ones. */
export function writeFailure(folder: string, name: string, failure: Failure): string {
  makeFolder(folder);
  const path = join(folder, `${name}.json`);
  writeResult(path, `${JSON.stringify(failure, null, 2)}\n`);
  return path;
}
