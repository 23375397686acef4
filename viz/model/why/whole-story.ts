/**
 * The story of a promise that was broken, within the sentences that there are: which decisions were
 * taken by a historic rule, every fault that it needs, and of the rest what says most.
 */
import type { Verdict } from '../../../sim/check/verdict.ts';
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { faultIndexOf, strikeIndexOf } from '../fault-origin.ts';
import { sliceOf } from '../slice.ts';
import { decisions, faultsIn, sayings, strikesBefore, strikesIn, withCourse } from './course.ts';
import { decisionsBehind } from './decisions.ts';
import { inOrder, type Scene, type Sentence } from './scene.ts';
import { isLiveness, subjectsOf } from './subjects.ts';

/** Of an explanation. */
export const MOST_SENTENCES = 8;

/** Faults of a scenario that are all told where they lie in the past of the finding. */
const FEW_FAULTS = 6;
/** Faults that nothing else tells of: the newest have sentences of their own. */
const ALONE = 2;

/** @param end sentences that follow it. */
export function wholeStory(
  scene: Scene,
  verdict: Verdict,
  story: readonly Sentence[],
  end: number,
): Sentence[] {
  const at = verdict.at ?? scene.store.count;
  const decided = decisionsBehind(scene, verdict, at);
  const strikes = strikesToTell(scene, verdict, at);
  const around = strikes === null ? withCourse(scene, verdict, story) : [];
  const elected = decisions(scene, subjectsOf(scene, verdict, at), at);
  // What came of it later has no part in it.
  const now = scene.store.stepEnd(at);
  const before = [...story, ...around, ...elected].filter((one) => (one.events.at(-1) ?? 0) <= now);
  let kept = distinct([...decided, ...before]).slice(decided.length);
  const room = MOST_SENTENCES - end;
  for (;;) {
    const all = [...decided, ...kept];
    const faults = untold(scene, strikes ?? [], all);
    const alone = faults.length <= ALONE + 1 ? faults.length : ALONE;
    const told = [alone, 1, 0].map((most) => sayings(scene, faults, most));
    const fitting = told.find((one) => all.length + one.length <= room);
    if (fitting !== undefined) return inOrder(scene, [...all, ...fitting]);
    if (kept.length === 0) return inOrder(scene, all);
    kept = withoutLeast(scene, kept);
  }
}

/** The last strike of each fault that may have to do with it; null: there are too many to tell. */
function strikesToTell(scene: Scene, verdict: Verdict, at: number): TraceEvent[] | null {
  const { store } = scene;
  const last = new Map<number, TraceEvent>();
  for (const one of strikesIn(scene, at)) {
    const fault = strikeIndexOf(store, one.event) ?? -1;
    const known = last.get(fault)?.event ?? 0;
    // Of what one strike does the first says most.
    if (store.parentA(known) !== store.parentA(one.event)) last.set(fault, one);
  }
  if (last.size > FEW_FAULTS) return null;
  const past = isLiveness(verdict) ? null : sliceOf(store, { event: at, direction: 'past' });
  const all = [...last.values()].sort((a, b) => a.event - b.event);
  const isInPast = (one: TraceEvent) => past?.has(one.event) !== false;
  // What is let go comes without a word of who let it go.
  const held = all.filter((one) => one.kind === 'fault.hold' && isInPast(one));
  const letsGo = ({ kind, fields }: TraceEvent) =>
    kind === 'fault.release' && held.some((one) => one.fields[4] === fields[0]);
  const inPast = all.filter((one) => isInPast(one) || letsGo(one));
  if (inPast.length > 0) return inPast;
  return strikesBefore(scene, verdict, { at, about: subjectsOf(scene, verdict, at) });
}

function untold(
  scene: Scene,
  strikes: readonly TraceEvent[],
  story: readonly Sentence[],
): TraceEvent[] {
  const { store } = scene;
  const told = new Set(faultsIn(scene, story).map((event) => faultIndexOf(store, event)));
  return strikes.filter((one) => !told.has(strikeIndexOf(store, one.event)));
}

/** Without those that rest on nothing that is not told before. */
function distinct(sentences: readonly Sentence[]): Sentence[] {
  const told = new Set<number>();
  return sentences.filter(({ events }) => {
    const isNew = events.some((event) => !told.has(event));
    for (const event of events) told.add(event);
    return isNew;
  });
}

/** Of those that say least the earliest goes. */
function withoutLeast(scene: Scene, sentences: readonly Sentence[]): Sentence[] {
  const weights = sentences.map((one) => weightOf(scene, one));
  const least = weights.indexOf(Math.min(...weights));
  return sentences.filter((_, place) => place !== least);
}

const WEIGHTS: Readonly<Record<string, number>> = {
  'command.completed': 2,
  'leader.elected': 2,
  'log.truncated': 2,
  'log.recovered': 2,
  'log.appended': 1,
  'isr.changed': 1,
};

function weightOf({ store }: Scene, { events }: Sentence): number {
  const weights = events.map((event) => {
    const kind = store.kindName(event);
    return kind.startsWith('fault.') ? 3 : (WEIGHTS[kind] ?? 0);
  });
  return Math.max(0, ...weights);
}
