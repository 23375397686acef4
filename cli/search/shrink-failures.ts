/** Shrinks one failure of each kind of a campaign: that with the fewest events. */
import type { Campaign, FailedSeed } from '../../sim/search/campaign.ts';
import { Shrinking } from '../../sim/search/shrink/shrink.ts';
import { loadRun } from '../input/load-run.ts';
import { shrunkWords } from '../report/shrunk.ts';
import type { Terminal } from '../terminal.ts';
import type { ProgressStyle } from './progress.ts';
import { shrink } from './shrink.ts';
import { smallFile, writeSmallFailure } from './small-failure.ts';

const FOR_MS = 60_000;

export async function shrinkFailures(
  campaign: Campaign,
  progress: ProgressStyle,
  terminal: Terminal,
): Promise<void> {
  for (const group of campaign.distinct()) {
    const smallest = group.reduce((a, b) => (b.events > 0 && b.events < a.events ? b : a));
    if (await shrinkOne(campaign, smallest, { progress, terminal })) return;
  }
}

/** @returns whether the user has had enough. */
async function shrinkOne(
  campaign: Campaign,
  failed: FailedSeed,
  { progress, terminal }: { readonly progress: ProgressStyle; readonly terminal: Terminal },
): Promise<boolean> {
  const { scenario, seed, failure } = await loadRun(failed.file);
  const [finding] = failure?.findings ?? [];
  // A run that its worker did not survive is not run again here.
  if (finding === undefined || failed.events === 0) return false;
  const shrinking = Shrinking.of(scenario, seed, finding);
  if (shrinking === null) return false;
  const label = `seed ${failed.seed} ${failed.check}`;
  const ended = await shrink(shrinking, { forMs: FOR_MS, progress, label }, terminal);
  const shrunk = shrinking.result(`${scenario.name}, seed ${seed}`);
  const file = smallFile(failed.file);
  writeSmallFailure(shrunk, file);
  campaign.shrunk(failed, { file, words: shrunkWords(shrunk, ended.wallMs) });
  return ended.interrupted;
}
