/**
 * How it came to what a check found, where nothing that is told so far names a fault: what the
 * controller decided last about the partitions that the finding speaks of, and what the scenario
 * had done to the nodes that hold them, as far as it lies in the past of the finding.
 */
import type { Verdict } from '../../../sim/check/verdict.ts';
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { strikeIndexOf } from '../fault-origin.ts';
import { nodesOf } from '../lanes.ts';
import { names } from '../reduce/fields.ts';
import { sliceOf } from '../slice.ts';
import { whyElected, whyIsrChanged } from './elections.ts';
import { inOrder, type Scene, type Sentence } from './scene.ts';
import { isLiveness, type Subjects, subjectsOf } from './subjects.ts';

/** Faults with a sentence of their own; older ones share one. */
const ALONE = 3;
const MOST_FAULTS = 6;
const MOST_DECISIONS = 2;

/** A story that names no fault leaves open how it came to what was found. */
export function withCourse(
  scene: Scene,
  verdict: Verdict,
  story: readonly Sentence[],
): readonly Sentence[] {
  const at = verdict.at ?? scene.store.count;
  const faults = faultsIn(scene, story);
  if (faults.length === 0) return [...courseOf(scene, verdict, at), ...story];
  return [...alsoStruck(scene, verdict, { at, told: faults }), ...story];
}

/** Events of faults that the sentences cite. */
export function faultsIn({ store }: Scene, story: readonly Sentence[]): number[] {
  const cited = story.flatMap((one) => [...one.events]);
  return cited.filter((event) => store.kindName(event).startsWith('fault.'));
}

function courseOf(scene: Scene, verdict: Verdict, at: number): Sentence[] {
  const about = subjectsOf(scene, verdict, at);
  const decided = decisions(scene, about, at);
  const told = new Set(decided.flatMap((one) => [...one.events]));
  const done = strikesBefore(scene, verdict, { at, about }).filter((one) => !told.has(one.event));
  return inOrder(scene, [...sayings(scene, done, ALONE), ...decided]);
}

/** One sentence for each of the newest `alone` faults, and one for all before. */
export function sayings(scene: Scene, faults: readonly TraceEvent[], alone: number): Sentence[] {
  const newest = alone === 0 ? [] : faults.slice(-alone);
  const older = faults.slice(0, faults.length - newest.length);
  const earlier = older.length === 0 ? [] : [saying(scene, older)];
  return [...earlier, ...newest.map((one) => saying(scene, [one]))];
}

function saying(scene: Scene, faults: readonly TraceEvent[]): Sentence {
  const events = faults.map((one) => one.event);
  const words = [...new Set(events.map((event) => scene.words(event)))].join('; ');
  return scene.say('happened', { words }, events);
}

/** Of nodes that the finding names and no fault that is told strikes, what was done to them last. */
function alsoStruck(
  scene: Scene,
  verdict: Verdict,
  { at, told }: { readonly at: number; readonly told: readonly number[] },
): Sentence[] {
  const { store } = scene;
  const struck = new Set(told.flatMap((event) => nodesOf(scene.at(event), store)));
  const { named } = subjectsOf(scene, verdict, at);
  const left = [...named].filter(
    (one) => /^(broker|controller)-/.test(one) && !struck.has(store.nodeOf(one)),
  );
  return left.flatMap((node) => {
    const of = new Set([node]);
    const last = strikesIn(scene, at).findLast((one) => touches(one, of, of));
    return last === undefined ? [] : [saying(scene, [last])];
  });
}

/** The last elections and changes of the ISR, each with what was behind it. */
export function decisions(scene: Scene, { partitions }: Subjects, at: number): Sentence[] {
  const sentences = partitions.slice(0, 2).flatMap((partition) => {
    const isOf = (one: TraceEvent) => one.fields[0] === partition;
    const elected = scene.last(
      'leader.elected',
      at,
      (one) => isOf(one) && one.fields[5] !== 'created',
    );
    const changed = scene.last('isr.changed', at, isOf);
    return [
      ...(elected === null ? [] : whyElected(scene, elected)),
      ...(changed === null ? [] : whyIsrChanged(scene, changed)),
    ];
  });
  return inOrder(scene, sentences).slice(-2 * MOST_DECISIONS);
}

/** What the scenario had done, oldest first: to who is named, else to who is involved, else at all. */
export function strikesBefore(
  scene: Scene,
  verdict: Verdict,
  { at, about }: { readonly at: number; readonly about: Subjects },
): TraceEvent[] {
  const { store } = scene;
  const strikes = strikesIn(scene, at);
  const controllers = new Set([...about.named, ...scene.controllers]);
  const tiers = [
    strikes.filter((one) => touches(one, about.named, controllers)),
    strikes.filter((one) =>
      touches(one, about.involved, new Set([...about.involved, ...controllers])),
    ),
    strikes.filter((one) => touches(one, controllers, controllers)),
    strikes,
  ];
  // Who waits for what never comes has no past that tells why.
  const past = isLiveness(verdict) ? null : sliceOf(store, { event: at, direction: 'past' });
  const chosen = new Map<number, TraceEvent>();
  for (const tier of tiers) {
    const inPast = past === null ? tier : tier.filter((one) => past.has(one.event));
    for (const one of inPast.toReversed()) {
      const index = strikeIndexOf(store, one.event) ?? -1;
      if (chosen.size < MOST_FAULTS && !chosen.has(index)) chosen.set(index, one);
    }
    if (tier !== tiers[0] && chosen.size > 0) break;
  }
  return [...chosen.values()].sort((a, b) => a.event - b.event);
}

/** Everything that faults of the scenario did before `at`, in order. */
export function strikesIn({ store }: Scene, at: number): TraceEvent[] {
  const strikes: TraceEvent[] = [];
  for (const { name } of store.kinds) {
    if (!name.startsWith('fault.')) continue;
    const list = store.listOf(name);
    for (let place = 0; place < list.count && list.at(place) < at; place++) {
      const event = list.at(place);
      const one = store.at(event);
      if (strikeIndexOf(store, event) !== null && !isOfNoLink(one)) strikes.push(one);
    }
  }
  return strikes.sort((a, b) => a.event - b.event);
}

/** Between a node and itself there is nothing to cut. */
function isOfNoLink({ kind, fields }: TraceEvent): boolean {
  return (
    LINKS.has(kind) &&
    fields[0] !== '' &&
    fields[0] === fields[1] &&
    names(String(fields[0])).length === 1
  );
}

/** A fault of a node in `of`, or of a link between one of them and one of `others`. */
function touches(event: TraceEvent, of: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  const [from, to] = [event.fields[0], event.fields[1]].map((one) =>
    typeof one === 'string' ? names(one) : [],
  ) as [string[], string[]];
  if (!LINKS.has(event.kind)) return from.some((one) => of.has(one));
  const isEverything = from.length === 0 && to.length === 0;
  const joins = (a: readonly string[], b: readonly string[]) =>
    a.some((one) => of.has(one)) && b.some((one) => others.has(one));
  return isEverything || joins(from, to) || joins(to, from);
}

const LINKS: ReadonlySet<string> = new Set([
  'fault.cut',
  'fault.stall',
  'fault.heal',
  'fault.delay',
  'fault.slowLink',
  'fault.resetConnections',
  'fault.hold',
  'fault.flipInFlight',
  'fault.flippedInFlight',
  'fault.restoreNetwork',
]);
