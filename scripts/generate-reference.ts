/** The reference pages that are made from tables in the code, by path. Kept up to date by tidy. */
import { scenarioJsonSchema } from '../sim/scenario/schema.ts';

export function generateReference(): Map<string, string> {
  const text = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
  return new Map([['docs/reference/scenario.schema.json', text]]);
}
