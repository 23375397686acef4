/**
 * Decisions that a protocol variant took otherwise than Kafka does today: which of them made what a
 * check found. Those about its record, partition or nodes that lie in its past.
 */
import { optionNamed } from '../../../kafka/protocol/variants.ts';
import type { Verdict } from '../../../sim/check/verdict.ts';
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { sliceOf } from '../slice.ts';
import { consequencesOf, type Decided, METADATA, tell } from './decision-words.ts';
import { recordIn } from './record.ts';
import type { Scene, Sentence } from './scene.ts';
import { isLiveness, type Subjects, subjectsOf } from './subjects.ts';

/** More would leave no room for how it came to them. */
const MOST = 2;
/** As many are looked at, the newest first. */
const FARTHEST = 5_000;

/** In the order in which they were taken; empty where no variant decided anything. */
export function decisionsBehind(scene: Scene, verdict: Verdict, at: number): Sentence[] {
  const decided = decidedBefore(scene, verdict, at);
  const record = recordIn(verdict);
  // A record is gone with the first cut of each node, and visible once it is committed at all;
  // else what was decided last counts.
  const ofIt = decided.filter((one) => record !== null && concerns(one, record));
  const first = ofIt.filter(firstOf(({ decision }) => `${decision.node}`)).slice(0, MOST);
  const until = first[0]?.decision.event ?? Number.POSITIVE_INFINITY;
  const others = first.length > 0 ? decided.filter((one) => !isOfRecord(one)) : decided;
  const before = others.filter(({ decision }) => decision.event < until);
  const sentences: Sentence[] = [];
  const places = new Set<string>();
  for (const one of [...before, ...first].reverse()) {
    if (sentences.length === MOST) break;
    const place = placeOfDecision(one);
    const told = places.has(place) ? null : tell(scene, one);
    if (told === null) continue;
    places.add(place);
    sentences.unshift(told);
  }
  return sentences;
}

function firstOf(keyOf: (one: Decided) => string): (one: Decided) => boolean {
  const known = new Set<string>();
  return (one) => {
    const key = keyOf(one);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  };
}

/** The same place of the same node takes the same decision: what follows it is alike. */
function placeOfDecision({ decision, after }: Decided): string {
  return [decision.node, decision.fields[0], ...[...after.keys()].sort()].join(' ');
}

/** How it let the high watermark rise. */
function commitOf({ decision, after }: Decided): TraceEvent | null {
  const isOfCommit = decision.fields[0] === 'commit-below-min-isr';
  return isOfCommit ? (after.get('hw.advanced') ?? null) : null;
}

/** Whether it decided about some records only: those that it cut, or let be committed. */
function isOfRecord(one: Decided): boolean {
  return one.after.has('log.truncated') || commitOf(one) !== null;
}

function concerns(
  one: Decided,
  { partition, offset }: { readonly partition: string; readonly offset: number },
): boolean {
  const cut = one.after.get('log.truncated');
  const [name, to, from] = (cut ?? commitOf(one))?.fields ?? [];
  if (name !== partition) return false;
  if (cut === undefined) return offset < Number(to);
  return Number(to) <= offset && offset < Number(from);
}

/** All that have to do with the finding, oldest first. */
function decidedBefore(scene: Scene, verdict: Verdict, at: number): Decided[] {
  const { store } = scene;
  // Who waits for what never comes has no past that tells why, nor has what the laboratory does.
  const hasPast = !isLiveness(verdict) && store.node(at) !== 0;
  const past = hasPast ? sliceOf(store, { event: at, direction: 'past' }) : null;
  const ofStep = store.stepStart(at);
  const isBefore = (event: number) => event >= ofStep || past?.has(event) !== false;
  const about = subjectsOf(scene, verdict, at);
  const decided = decidedIn(scene, verdict, { about, last: store.stepEnd(at), isBefore });
  if (decided.length > 0 || !OF_WHOLE_RUN.has(verdict.name)) return decided;
  const later = decidedIn(scene, verdict, { about, last: store.count, isBefore: () => true });
  return later.filter(firstOf(placeOfDecision));
}

/** What clients saw is judged by how the logs are in the end: what made it may come later. */
const OF_WHOLE_RUN: ReadonlySet<string> = new Set([
  'acked-durable',
  'offset-unique',
  'read-stable',
  'no-dup',
  'producer-order',
]);

interface Search {
  readonly about: Subjects;
  /** Nothing behind it is looked at. */
  readonly last: number;
  isBefore(event: number): boolean;
}

function decidedIn(scene: Scene, verdict: Verdict, { about, last, isBefore }: Search): Decided[] {
  const list = scene.store.listOf('decision.changed');
  const from = list.placeFrom(last + 1) - 1;
  const decided: Decided[] = [];
  for (let place = from; place >= 0 && from - place < FARTHEST; place--) {
    const event = list.at(place);
    if (!isBefore(event)) continue;
    const decision = scene.at(event);
    if (!isAbout(scene, decision, about)) continue;
    decided.push({ decision, after: consequencesOf(scene, decision) });
  }
  const breaking = decided.filter((one) => mayBreak(one.decision, verdict.name));
  const all = (breaking.length > 0 ? breaking : decided).reverse();
  const ofNamed = all.filter(({ decision }) => about.named.has(String(decision.fields[2])));
  return ofNamed.length > 0 ? ofNamed : all;
}

function isAbout(scene: Scene, decision: TraceEvent, { partitions, involved }: Subjects): boolean {
  const subject = String(decision.fields[2]);
  if (partitions.length === 0 || subject === METADATA) return true;
  if (subject.startsWith('broker-')) return involved.has(subject);
  if (subject.startsWith('/')) return involved.has(scene.nodeName(decision));
  const isPartition = scene.state(scene.store.count).partitions[subject] !== undefined;
  return !isPartition || partitions.includes(subject);
}

function mayBreak({ fields }: TraceEvent, check: string): boolean {
  const option = optionNamed(String(fields[0]), String(fields[1]));
  return option?.history?.breaks.includes(check) === true;
}

/** Why a log was cut in this way; null: by today's rules. */
export function decisionOf(scene: Scene, cut: TraceEvent): Sentence | null {
  const { store } = scene;
  const start = store.stepStart(cut.event);
  for (let before = cut.event - 1; before >= start; before--) {
    if (store.kindName(before) !== 'decision.changed') continue;
    const decision = scene.at(before);
    const after = consequencesOf(scene, decision);
    if (after.get('log.truncated')?.event === cut.event) return tell(scene, { decision, after });
  }
  return null;
}

export function whyDecided(scene: Scene, decision: TraceEvent): Sentence[] {
  const told = tell(scene, { decision, after: consequencesOf(scene, decision) });
  return told === null ? [] : [told];
}
