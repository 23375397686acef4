/** The stories as cards: what is told, what is claimed, what must come out. */
import { allScenarios } from '../../scenarios/all.ts';
import type { VerdictKind } from '../../sim/check/verdict.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import { claimWords, groupOf, HISTORIC } from './claims.ts';
import { eventExpectationWords, spanWordsOf } from './expectation-words.ts';
import { spoken } from './spoken.ts';

export interface Expectation {
  readonly name: string;
  readonly verdict: VerdictKind | null;
  /** `acked-durable: allowed`, `records lost: at least 1` */
  readonly words: string;
}

export interface Card {
  readonly scenario: ScenarioInput;
  readonly title: string;
  readonly story: string;
  readonly claim: string;
  /** Under which heading it stands: one of `claimGroups`. */
  readonly group: string;
  readonly expectations: readonly Expectation[];
  /** `3 brokers · acks=1 · cut, powerCut` */
  readonly facts: string;
}

function cardOf(scenario: ScenarioInput): Card {
  return {
    scenario,
    title: titleOf(scenario.name),
    story: scenario.story ?? '',
    claim: claimWords(scenario.claim ?? ''),
    group: ruleOf(scenario) === '' ? groupOf(scenario.claim ?? '') : HISTORIC,
    expectations: Object.entries(scenario.expect ?? {})
      .map(([name, wanted]) => expectationOf(name, wanted))
      .sort((a, b) => Number(a.verdict === null) - Number(b.verdict === null)),
    facts: factsOf(scenario),
  };
}

const KEPT: readonly string[] = ['acks', 'isr', 'ap', 'cp'];

/** `acks-1-loses-an-acknowledged-record` → `acks=1 loses an acknowledged record` */
export function titleOf(name: string): string {
  const words = name.replace(/^acks-(0|1|all)-/, 'acks=$1 ').replaceAll('-', ' ');
  const capital = words
    .split(' ')
    .map((one) => (KEPT.includes(one) && one !== 'acks' ? one.toUpperCase() : one))
    .join(' ');
  return capital.startsWith('acks=') ? capital : capital[0]?.toUpperCase() + capital.slice(1);
}

const VERDICTS: readonly string[] = ['holds', 'allowed', 'violated', 'unknown'];

function expectationOf(name: string, wanted: unknown): Expectation {
  const verdict = VERDICTS.includes(String(wanted)) ? (wanted as VerdictKind) : null;
  if (verdict !== null) return { name, verdict, words: verdict };
  const words = eventExpectationWords(name, wanted);
  if (words !== null) return { ...words, verdict };
  const inMs = /^(.*)Ms(\.max)?$/.exec(name);
  if (inMs !== null) {
    const longest = inMs[2] === undefined ? '' : ' (longest)';
    return { name: numberWords(inMs[1] ?? name) + longest, verdict, words: spanWordsOf(wanted) };
  }
  return { name: numberWords(name), verdict, words: boundsWords(wanted) };
}

const NUMBERS: Readonly<Record<string, string>> = {
  acknowledgedLost: 'acknowledged and lost',
};

/** `counts.acknowledgedLost` → `acknowledged and lost`, `clients.p1.failed` → `p1 failed` */
function numberWords(path: string): string {
  const parts = path.replace(/^(counts|clients|events|run)\./, '').split('.');
  return parts.map((part) => NUMBERS[part] ?? spoken(part)).join(' ');
}

function boundsWords(wanted: unknown): string {
  if (Array.isArray(wanted)) return wanted.join(' or ');
  if (typeof wanted !== 'object' || wanted === null) return String(wanted);
  const { atLeast, atMost, equals } = wanted as Record<string, unknown>;
  const parts = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
    ...(equals === undefined ? [] : [String(equals)]),
  ];
  return parts.join(', ');
}

const NOT_VERBS: readonly string[] = [
  'at',
  'when',
  'after',
  'name',
  'for',
  'restartAfter',
  'style',
];

/** `reassignment-end=added-in-sync`: the rules of earlier releases that the story brings back. */
function ruleOf(scenario: ScenarioInput): string {
  const { variants = {} } = scenario.cluster;
  return Object.entries(variants)
    .map(([rule, option]) => `${rule}=${option}`)
    .join(', ');
}

function factsOf(scenario: ScenarioInput): string {
  const acks = new Set<string>();
  for (const entry of scenario.workload ?? []) {
    if ('producer' in entry) acks.add(`acks=${entry.config?.['acks'] ?? 'all'}`);
  }
  const verbs = new Set<string>();
  for (const fault of scenario.faults ?? []) {
    const verb = Object.keys(fault).find((key) => !NOT_VERBS.includes(key));
    if (verb !== undefined && verb !== 'heal') verbs.add(spoken(verb));
  }
  const brokers = scenario.cluster.brokers ?? 3;
  return [`${brokers} brokers`, ruleOf(scenario), [...acks].join(', '), [...verbs].join(', ')]
    .filter((part) => part !== '')
    .join(' · ');
}

export const cards: readonly Card[] = allScenarios.map(cardOf);
