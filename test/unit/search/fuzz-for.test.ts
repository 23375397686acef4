/** A campaign whose time is over while a seed hangs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fuzz } from '../../../cli/search/fuzz.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { Campaign, type CampaignPlan, campaignSchema } from '../../../sim/search/campaign.ts';
import { hurriedTerminal } from './hurried-terminal.ts';
import { jsonOf } from './lying-leader.ts';

const folder = mkdtempSync(join(tmpdir(), 'trial-hangs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const WORKER = `process.on('message', ({ job }) => {
  if (job !== undefined) for (;;);
});`;

const { scenario } = parseScenario({ name: 'small', cluster: { brokers: 1 }, runFor: 100 });
const by = { engine: '0', commit: null };
const plan: CampaignPlan = {
  ...{ from: 7, seeds: 1, shard: { part: 1, of: 1 }, families: null, plots: null },
  ...{ beyondBudget: false, variants: {}, againEvery: 0, scenarios: [scenario!] },
  intensity: 'swarm',
  size: 'any',
};

test('a seed that hangs when --for is over is unknown, keeps a file, and is run again', async () => {
  const campaign = new Campaign(plan, by);
  const said: string[] = [];

  const { end, cases, problem } = await fuzz(
    campaign,
    { workers: 1, forMs: 60_000, bail: null, folder, keepState: true, progress: 'plain' },
    hurriedTerminal(WORKER, (text) => said.push(text)),
  );

  expect({ end, problem }).toEqual({ end: 'time is over', problem: null });
  expect(cases[0]!.failed).toMatchObject({
    kind: 'unknown',
    message: expect.stringContaining('cut off'),
  });
  expect(said.join('')).toMatch(/ETA \d+ s/);
  expect(said.join('')).not.toContain('ETA -');
  expect(campaign.failures).toHaveLength(1);
  expect(campaign.totals.runs).toBe(0);
  expect(jsonOf(campaign.failures[0]!.file)).toMatchObject({ seed: 7, verdict: 'unknown' });
  const before = campaignSchema.parse(jsonOf(join(folder, 'campaign.json')));
  const resumed = new Campaign(before.plan, by, before);
  expect(resumed.failures).toEqual([]);
  expect(resumed.take()).toMatchObject({ seed: 7 });
});
