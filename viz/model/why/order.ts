/** Why records of a producer stand twice in a log, or not in the order in which they were sent. */
import type { Verdict } from '../../../sim/check/verdict.ts';
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { whyRetried } from './clients.ts';
import type { Scene, Sentence } from './scene.ts';

/** Of two sends, the later one of which was written first; empty when none was sent again. */
export function reordered(scene: Scene, verdict: Verdict): Sentence[] {
  const [first, later] = witnesses(scene, verdict, 'input.command');
  if (first === undefined || later === undefined) return [];
  const client = scene.nodeName(first);
  const retried = scene.first('client.retried', first.event, (one) => one.node === first.node);
  if (retried === null) return [];
  return [
    scene.say('asked-for', { client, command: String(first.fields[0]) }, [first.event]),
    ...whyRetried(scene, retried),
    scene.say('overtaken', { client }, [later.event]),
  ];
}

/** Of two appends of one batch; empty when it was not sent again between them. */
export function duplicated(scene: Scene, verdict: Verdict): Sentence[] {
  const [first, again] = witnesses(scene, verdict, 'log.appended');
  if (first === undefined || again === undefined) return [];
  const partition = first.fields[0];
  const retried = scene.last(
    'client.retried',
    again.event,
    (one) => one.event > first.event && one.fields[0] === partition,
  );
  if (retried === null) return [];
  const written = (one: TraceEvent) => ({
    leader: scene.nodeName(one),
    offset: Number(one.fields[1]),
  });
  return [
    scene.say('first-written', written(first), [first.event]),
    ...whyRetried(scene, retried),
    writtenAgain(scene, first, again),
  ];
}

/** What the leader could know the repeat by. */
function writtenAgain(scene: Scene, first: TraceEvent, again: TraceEvent): Sentence {
  const facts = { leader: scene.nodeName(again), offset: Number(again.fields[1]) };
  const [, , , , , id = -1, epoch = -1, sequence = -1] = again.fields;
  if (Number(id) < 0) return scene.say('written-twice', facts, [again.event]);
  if (first.fields[5] === id && first.fields[6] === epoch) {
    return scene.say('wrote-again-known', { ...facts, id, sequence }, [again.event]);
  }
  return scene.say('wrote-again-anew', { ...facts, epoch }, [again.event]);
}

/** What the verdict rests on, as far as it is of the kind. */
function witnesses(scene: Scene, verdict: Verdict, kind: string): TraceEvent[] {
  return verdict.evidence
    .filter((event) => event >= 1 && event <= scene.store.count)
    .map((event) => scene.at(event))
    .filter((one) => one.kind === kind);
}
