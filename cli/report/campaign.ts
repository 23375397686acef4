/** What a campaign came out as: each distinct failure once, with its seeds, then the sums. */

import { marks } from '../../sim/marks/marks.ts';
import { count } from '../../sim/run/words.ts';
import type { Campaign, FailedSeed } from '../../sim/search/campaign.ts';
import type { Colors } from '../terminal.ts';
import { Page } from './page.ts';
import { type Case, type Failed, failureWords } from './reporters.ts';
import { shortened } from './shortened.ts';
import { counted, tallied, wallTime } from './words.ts';

const SEEDS_SHOWN = 8;
/** Sentences of a chain; `trial explain` has them all. */
const SENTENCES_SHOWN = 6;

/** Why one failure came about. */
export interface FailureWhy {
  /** Of its event: `t=12.804 s` */
  readonly time: string;
  readonly sentences: readonly { readonly text: string; readonly events: readonly number[] }[];
  /** Historic rules that it followed, with what changed them. */
  readonly rules: readonly string[];
}

export interface CampaignLook {
  readonly width: number;
  readonly colors: Colors;
  readonly wallMs: number;
  /** How it ended. */
  readonly end: 'done' | 'time is over' | 'interrupted' | 'bailed out' | 'cannot write';
  readonly verbose: boolean;
  /** By the failure's file. */
  readonly why: ReadonlyMap<string, FailureWhy>;
}

export function campaignLines(campaign: Campaign, look: CampaignLook): string[] {
  const page = new Page(look.width, look.colors);
  for (const group of campaign.distinct()) failureOn(page, group, look.why);
  sumsOn(page, campaign, look);
  return page.lines;
}

/** One case for each kind of failure. */
export function campaignCases(campaign: Campaign): Case[] {
  return campaign.distinct().map((group) => {
    const [first] = group;
    const seeds = group.length === 1 ? `seed ${first.seed}` : `seeds ${seedWords(group)}`;
    return { name: seeds, wallMs: 0, failed: failedCase(first) };
  });
}

export function failedCase({ verdict, check, explanation, file, at }: FailedSeed): Failed {
  const type = check === '' ? verdict : check;
  const replay = `trial replay ${file}${at === 0 ? '' : ` --at ${at}`}`;
  return { kind: verdict, type, message: explanation, replay };
}

function failureOn(
  page: Page,
  group: readonly [FailedSeed, ...FailedSeed[]],
  whys: CampaignLook['why'],
): void {
  const [first] = group;
  const { red, yellow } = page.colors;
  const label = failureWords[first.verdict];
  const why = whys.get(first.file);
  const time = why === undefined ? '' : `  (${why.time})`;
  const where = first.at === 0 ? '' : `event ${count(first.at)} of ${count(first.events)}${time}`;
  const { type, replay } = failedCase(first);
  const what = type === first.verdict ? '' : type;
  const head = [what, `seed ${first.seed}`, where].filter((one) => one !== '').join('  ');
  const paint = first.verdict === 'unknown' ? yellow : red;
  page.item({ indent: 0, label, labelWidth: 7, paint }, head);
  page.text(9, first.explanation);
  const { dim } = page.colors;
  const at = (name: string) => ({ indent: 9, label: name, labelWidth: 7, paint: dim });
  if (why !== undefined) whyOn(page, why);
  for (const rule of why?.rules ?? []) page.item(at('variant'), rule);
  if (group.length > 1) page.item(at('seeds'), seedWords(group));
  const small = group.find((one) => one.shrunk !== undefined)?.shrunk;
  if (small !== undefined) page.item(at('shrunk'), `${small.words} ${small.file}`);
  page.item(at('replay'), replay);
  page.item(at('explain'), `trial explain ${small?.file ?? first.file}`);
  page.item(at('watch'), `trial view ${first.file}`);
  page.lines.push('');
}

/** Each sentence beside the last event that it rests on. */
function whyOn(page: Page, { sentences }: FailureWhy): void {
  const shown = shortened(sentences, SENTENCES_SHOWN);
  const widest = Math.max(0, ...shown.map((one) => count(one.events.at(-1) ?? 0).length));
  shown.forEach(({ text, events }, place) => {
    const event = count(events.at(-1) ?? 0).padStart(widest);
    const label = `${(place === 0 ? 'why' : '').padEnd(7)}  ${event}`;
    page.item({ indent: 9, label, labelWidth: label.length, paint: page.colors.dim }, text);
  });
}

function seedWords(group: readonly FailedSeed[]): string {
  const seeds = group.slice(0, SEEDS_SHOWN).map((one) => String(one.seed));
  const more = group.length > SEEDS_SHOWN ? ` and ${count(group.length - SEEDS_SHOWN)} more` : '';
  return `${seeds.join(', ')}${more}`;
}

/** `2,000 seeds from 1 on · 9.13 simulated hours · … · 0 failed · marks 83 of 86 · 3 min 5 s` */
export function campaignSums(
  campaign: Campaign,
  look: Pick<CampaignLook, 'wallMs' | 'end'>,
): string {
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
  return parts.join(' · ');
}

function sumsOn(page: Page, campaign: Campaign, look: CampaignLook): void {
  const { totals, failures, plan } = campaign;
  const paint = failures.length > 0 ? page.colors.red : page.colors.green;
  page.text(0, campaignSums(campaign, look), paint);
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
