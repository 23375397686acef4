/** A shrunk failure in other forms: a scenario file, a test, a link to the page. */
import packageJson from '../../package.json' with { type: 'json' };
import type { RunReport } from '../../sim/run/report.ts';
import type { Scenario, ScenarioInput } from '../../sim/scenario/schema.ts';
import { encodeLink, type RunLink } from '../../viz/model/link.ts';

export const FORMS = ['scenario', 'vitest', 'link'] as const;
export type Form = (typeof FORMS)[number];

export interface Emitted {
  readonly input: ScenarioInput;
  /** The same with every default. */
  readonly scenario: Scenario;
  readonly seed: number | string;
  readonly report: Pick<RunReport, 'digest' | 'traceHash' | 'events'>;
  readonly at: number;
}

export async function emitted(form: Form, shrunk: Emitted): Promise<string> {
  switch (form) {
    case 'scenario':
      return `${JSON.stringify(shrunk.input, null, 2)}\n`;
    case 'vitest':
      return vitestSource(shrunk.input);
    case 'link':
      return `${await encodeLink(linkOf(shrunk))}\n`;
  }
}

/** Goes behind the page's address, and into `trial view` and `trial replay`. */
function linkOf({ scenario, seed, report, at }: Emitted): RunLink {
  const { digest, traceHash } = report;
  const engine = packageJson.version;
  const json = scenario as unknown as RunLink['scenario'];
  const none = { actions: [], view: '', events: 0, marks: '' };
  return { engine, scenario: json, seed, at, digest, traceHash, ...none };
}

/** Runs the command, so that it needs nothing but `kafka-trial` in the project. */
function vitestSource(input: ScenarioInput): string {
  const scenario = JSON.stringify(input, null, 2);
  return `import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const scenario = ${scenario};

test('${input.name} comes out as expected', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trial-'));
  const file = join(folder, 'scenario.json');
  writeFileSync(file, JSON.stringify(scenario));

  const ended = spawnSync('npx', ['trial', 'run', file, '--json'], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });

  // What npm has to say stands on stderr, too: it matters only when no result was told.
  if (!ended.stdout.startsWith('{')) throw new Error(ended.error?.message ?? ended.stderr);
  const { verdicts, expectations, met } = JSON.parse(ended.stdout);
  const violated = verdicts.filter((one: { verdict: string }) => one.verdict === 'violated');
  const unmet = expectations.filter((one: { met: boolean }) => !one.met);
  expect({ violated, unmet, met }).toEqual({ violated: [], unmet: [], met: true });
});
`;
}
