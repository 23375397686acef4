/** What a campaign came out as: each distinct failure once, with its seeds, then the sums. */

import { marks } from '../../sim/marks/marks.ts';
import { count } from '../../sim/run/words.ts';
import type { Campaign, FailedSeed } from '../../sim/search/campaign.ts';
import type { Colors } from '../terminal.ts';
import { Page } from './page.ts';
import { counted, tallied, wallTime } from './words.ts';

const SEEDS_SHOWN = 8;
const WORDS: Readonly<Record<FailedSeed['verdict'], string>> = {
  broken: 'BROKEN',
  'not-deterministic': 'DIFFERS',
  violated: 'FAIL',
  unmet: 'FAIL',
  unexplained: 'FAIL',
  problem: 'FAIL',
  unknown: 'UNKNOWN',
};

export interface CampaignLook {
  readonly width: number;
  readonly colors: Colors;
  readonly wallMs: number;
  /** How it ended. */
  readonly end: 'done' | 'time is over' | 'interrupted' | 'bailed out';
  readonly verbose: boolean;
}

export function campaignLines(campaign: Campaign, look: CampaignLook): string[] {
  const page = new Page(look.width, look.colors);
  for (const group of campaign.distinct()) failureOn(page, group);
  sumsOn(page, campaign, look);
  return page.lines;
}

function failureOn(page: Page, group: readonly [FailedSeed, ...FailedSeed[]]): void {
  const [first] = group;
  const { red, yellow } = page.colors;
  const label = WORDS[first.verdict];
  const where = first.at === 0 ? '' : `event ${count(first.at)} of ${count(first.events)}`;
  const what = first.check === '' ? first.verdict : first.check;
  const head = [what, `seed ${first.seed}`, where].filter((one) => one !== '').join('  ');
  const paint = first.verdict === 'unknown' ? yellow : red;
  page.item({ indent: 0, label, labelWidth: 7, paint }, head);
  page.text(9, first.explanation);
  const { dim } = page.colors;
  const at = (name: string) => ({ indent: 9, label: name, labelWidth: 6, paint: dim });
  if (group.length > 1) page.item(at('seeds'), seedWords(group));
  const event = first.at === 0 ? '' : ` --at ${first.at}`;
  page.item(at('replay'), `trial replay ${first.file}${event}`);
  page.item(at('why'), `trial explain ${first.file}`);
  page.item(at('watch'), `trial view ${first.file}`);
  const small = group.find((one) => one.shrunk !== undefined)?.shrunk;
  if (small !== undefined) page.item(at('shrunk'), `${small.words} ${small.file}`);
  page.lines.push('');
}

function seedWords(group: readonly FailedSeed[]): string {
  const seeds = group.slice(0, SEEDS_SHOWN).map((one) => String(one.seed));
  const more = group.length > SEEDS_SHOWN ? ` and ${count(group.length - SEEDS_SHOWN)} more` : '';
  return `${seeds.join(', ')}${more}`;
}

function sumsOn(page: Page, campaign: Campaign, look: CampaignLook): void {
  const { totals, failures, plan } = campaign;
  const result = campaign.resultJson(look.wallMs);
  const runs = plan.scenarios === null ? 'seed' : 'run';
  const ofAll = campaign.size === null ? '' : ` of ${count(campaign.size)}`;
  const ended = look.end === 'done' ? '' : `, ${look.end}${look.end === 'bailed out' ? '' : ofAll}`;
  const distinct = result.distinctFailures;
  const failed = failures.length === 0 ? '0 failed' : `${count(failures.length)} failed`;
  const kinds = failures.length < 2 ? '' : `, ${count(distinct)} distinct`;
  const parts = [
    `${counted(totals.runs, runs)} from ${plan.from} on${ended}`,
    `${(totals.simulatedMs / 3_600_000).toFixed(2)} simulated hours`,
    counted(totals.faults, 'fault'),
    `${counted(totals.acknowledged, 'record')} acknowledged`,
    `${failed}${kinds}`,
    `marks ${Object.keys(totals.marks).length} of ${marks.length}`,
    wallTime(result.wallMs),
  ];
  const paint = failures.length > 0 ? page.colors.red : page.colors.green;
  page.text(0, parts.join(' · '), paint);
  const rules = Object.entries(plan.variants).map(([name, option]) => `${name}=${option}`);
  if (rules.length > 0) page.text(2, `historic rules ${rules.join(' · ')}`);
  if (!look.verbose) return;
  page.text(2, `faults ${tallied(sorted(totals.faultsByVerb))}`);
  page.text(2, `marks reached ${tallied(sorted(totals.marks))}`);
  const missing = campaign.missingMarks();
  if (missing.length > 0) page.text(2, `marks not reached ${missing.join(' · ')}`);
}

function sorted(tally: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(tally).sort(([a], [b]) => (a < b ? -1 : 1)));
}
