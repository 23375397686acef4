/** Why the failures of a campaign came about: one of each kind is run again with its events. */
import { optionNamed } from '../../kafka/protocol/variants.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import type { Campaign, FailedSeed } from '../../sim/search/campaign.ts';
import { loadRun } from '../input/load-run.ts';
import { runModel, timeAt } from '../look/run-model.ts';
import { findingAgain } from '../look/what-failed.ts';
import { explanationOf } from '../look/why-lines.ts';
import type { FailureWhy } from '../report/campaign.ts';
import { simulate } from '../simulate.ts';
import type { Terminal } from '../terminal.ts';

/** Of more kinds of failures nobody reads all. */
const MOST = 20;

/** By the failure's file; those that have nothing to explain, or broke the simulator, are not in. */
export async function explainFailures(
  campaign: Campaign,
  terminal: Terminal,
): Promise<ReadonlyMap<string, FailureWhy>> {
  const told = new Map<string, FailureWhy>();
  for (const [first] of campaign.distinct().slice(0, MOST)) {
    if (first.at === 0 || first.events === 0 || first.verdict === 'broken') continue;
    const why = await whyOf(first, terminal);
    if (why === 'interrupted') break;
    if (why !== null) told.set(first.file, why);
  }
  return told;
}

/** Null: the run does not fail so any more. */
async function whyOf(
  { file, at }: FailedSeed,
  terminal: Terminal,
): Promise<FailureWhy | 'interrupted' | null> {
  const { scenario, seed, failure } = await loadRun(file);
  const simulated = await simulate(scenario, { seed }, terminal);
  if (simulated.interrupted) return 'interrupted';
  const finding = failure === null ? null : findingAgain(failure, scenario, simulated.result);
  if (finding === null) return null;
  const run = runModel(simulated);
  const { sentences } = explanationOf(run, finding);
  return { time: timeAt(run, finding.at ?? at), sentences, rules: rulesOf(scenario) };
}

/** `truncation=to-high-watermark (KIP-101, KAFKA-1211)` */
function rulesOf({ cluster }: Scenario): string[] {
  return Object.entries(cluster.variants).map(([name, option]) => {
    const by = optionNamed(name, option)?.history?.by ?? [];
    return `${name}=${option}${by.length === 0 ? '' : ` (${by.join(', ')})`}`;
  });
}
