/** The file of campaigns that were recorded: a list, to which each adds itself. */
import { existsSync, readFileSync } from 'node:fs';
import { describeProblem } from '../../sim/scenario/problems.ts';
import { z } from '../../sim/scenario/zod.ts';
import { type CampaignRecord, recordSchema } from '../../sim/search/campaign-tally.ts';
import { inputError, reasonOf } from '../errors.ts';
import { formProblem } from '../input/form-problem.ts';
import { writeResult } from '../write-json.ts';

export const CAMPAIGN_RECORDS = 'docs/reference/campaigns.json';

/** @throws an error with exit code 65 when it cannot be understood. */
export function readRecords(file: string): CampaignRecord[] {
  if (!existsSync(file)) return [];
  const json = jsonOf(file);
  const parsed = z.array(recordSchema).safeParse(json);
  if (parsed.success) return parsed.data;
  const wrong = describeProblem(formProblem(json, parsed.error));
  throw inputError(`${file}: ${wrong}; this is no file of records`);
}

export function appendRecord(file: string, record: CampaignRecord): void {
  const records = [...readRecords(file), record];
  writeResult(file, `${JSON.stringify(records, null, 2)}\n`);
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw inputError(`cannot read ${file}: ${reasonOf(error)}`);
  }
}
