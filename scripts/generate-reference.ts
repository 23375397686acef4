/** The reference pages that are made from tables in the code, by path. Kept up to date by tidy. */

import { checkJsonSchema } from '../cli/report/history-json.ts';
import { diffJsonSchema, explainJsonSchema } from '../cli/report/look-schemas.ts';
import { historyJsonSchema } from '../sim/check/history/recorded/format.ts';
import { runJsonSchema } from '../sim/run/report-schema.ts';
import { scenarioJsonSchema } from '../sim/scenario/schema.ts';
import { fuzzJsonSchema } from '../sim/search/campaign.ts';
import { failureJsonSchema } from '../sim/search/failure.ts';
import { shrinkJsonSchema } from '../sim/search/shrink/shrink.ts';
import { sweepJsonSchema } from '../sim/search/sweep.ts';

export function generateReference(): Map<string, string> {
  return new Map([
    ['docs/reference/scenario.schema.json', text(scenarioJsonSchema())],
    ['docs/reference/history.schema.json', text(historyJsonSchema())],
    ['docs/reference/run.schema.json', text(runJsonSchema())],
    ['docs/reference/check.schema.json', text(checkJsonSchema())],
    ['docs/reference/failure.schema.json', text(failureJsonSchema())],
    ['docs/reference/fuzz.schema.json', text(fuzzJsonSchema())],
    ['docs/reference/shrink.schema.json', text(shrinkJsonSchema())],
    ['docs/reference/explain.schema.json', text(explainJsonSchema())],
    ['docs/reference/diff.schema.json', text(diffJsonSchema())],
    ['docs/reference/sweep.schema.json', text(sweepJsonSchema())],
  ]);
}

function text(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
