/** The reference pages that are made from tables in the code, by path. Kept up to date by tidy. */

import { checkJsonSchema } from '../cli/report/history-json.ts';
import { diffJsonSchema, explainJsonSchema } from '../cli/report/look-schemas.ts';
import { recordedZoo, zooPage } from '../cli/report/zoo-page.ts';
import { toolJsonSchemas } from '../cli/tools/json-schemas.ts';
import { type Variant, variants } from '../kafka/protocol/variants.ts';
import { zoo } from '../scenarios/zoo/index.ts';
import { historyJsonSchema } from '../sim/check/history/recorded/format.ts';
import { runJsonSchema } from '../sim/run/report-schema.ts';
import { scenarioJsonSchema } from '../sim/scenario/schema.ts';
import { fuzzJsonSchema } from '../sim/search/campaign.ts';
import { failureJsonSchema } from '../sim/search/failure.ts';
import { shrinkJsonSchema } from '../sim/search/shrink/shrink.ts';
import { sweepJsonSchema } from '../sim/search/sweep.ts';
import { zooJsonSchema } from '../sim/search/zoo/state.ts';

export function generateReference(): Map<string, string> {
  return new Map([
    ['docs/reference/variants.md', variantsPage()],
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
    ['docs/reference/zoo.schema.json', text(zooJsonSchema())],
    ['docs/reference/zoo.md', zooPage(recordedZoo())],
    ...toolJsonSchemas().map(([path, schema]) => [path, text(schema)] as const),
  ]);
}

function text(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The historic rules: what each decided, when, and the story that shows it. */
function variantsPage(): string {
  const sections = (variants as readonly Variant[]).map(({ name, decides, options }) => {
    const rows = options.map((one) => {
      const { history, doc } = one;
      if (history === null) return `| \`${one.name}\` | ${doc} | today | | |`;
      const { since, fixedIn, by, breaks } = history;
      const when =
        since === null ? `in no release; guarded since ${fixedIn}` : `${since} to ${fixedIn}`;
      const stories = storiesOf(name, one.name).map((story) => `\`${story}\``);
      return `| \`${one.name}\` | ${doc} | ${when}: ${by.join(', ')} | ${breaks.join(', ')} | ${stories.join(', ')} |`;
    });
    const head = ['| option | the rule | when | may break | story |', '|---|---|---|---|---|'];
    return [`## ${name}`, '', decides, '', ...head, ...rows, ''].join('\n');
  });
  const intro = [
    '# Historic rules',
    '',
    'Generated from `kafka/protocol/variants.ts` by `npm run generate`; do not edit it here.',
    'A scenario chooses with `cluster.variants`, the command line with `--variant name=option`,',
    'or with `--kafka 0.10` for all the rules that a release lived with.',
    '',
  ];
  return `${[...intro, ...sections].join('\n')}`;
}

function storiesOf(variant: string, option: string): string[] {
  return zoo.filter(({ cluster }) => cluster.variants?.[variant] === option).map((one) => one.name);
}
