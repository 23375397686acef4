/** Why records of a producer stand twice in a log, or not in the order in which they were sent. */
import {
  FIRST_BATCH_GAP,
  LATE_LOG_GAP,
  PRODUCER_EXPIRY,
  SNAPSHOT_GAP,
} from '../../../sim/check/history/known-gaps.ts';
import type { Verdict } from '../../../sim/check/verdict.ts';
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { sentAgain, whyRetried } from './clients.ts';
import type { Scene, Sentence } from './scene.ts';
import { troubleOf } from './trouble.ts';

/** Of two sends, the later one of which was written first; empty when none was sent again. */
export function reordered(scene: Scene, verdict: Verdict): Sentence[] {
  const [first, later] = witnesses(scene, verdict, 'input.command');
  if (first === undefined || later === undefined) return [];
  const client = scene.nodeName(first);
  const retried = scene.first('client.retried', first.event, (one) => one.node === first.node);
  if (retried === null) return [];
  return [
    scene.say('asked-for', { client, command: String(first.fields[0]) }, [first.event]),
    ...(refusedBefore(scene, verdict) ?? expired(scene, verdict, retried)),
    scene.say(isNumbered(verdict) ? 'overtaken-numbered' : 'overtaken', { client }, [later.event]),
    ...remedy(scene, verdict, later.event),
  ];
}

/** Of two appends of one batch; empty when it was not sent again between them. */
export function duplicated(scene: Scene, verdict: Verdict): Sentence[] {
  const [first, again] = witnesses(scene, verdict, 'log.appended').map((one) =>
    byLeader(scene, one),
  );
  if (first == null || again == null) return [];
  const partition = first.fields[0];
  const retried = scene.last(
    'client.retried',
    again.event,
    (one) => one.event > first.event && one.fields[0] === partition,
  );
  if (retried === null) return [];
  const leader = scene.nodeName(first);
  const client = scene.nodeName(retried);
  const facts = { leader, client, offset: Number(first.fields[1]), partition: String(partition) };
  const trouble = troubleOf(scene, leader, { event: retried.event, peers: [client] });
  const why =
    trouble === null
      ? whyRetried(scene, retried)
      : [
          scene.say('answer-lost', { client, trouble: trouble.words }, [
            ...trouble.events,
            retried.event,
          ]),
          sentAgain(scene, retried),
        ];
  return [
    scene.say('first-written', facts, [first.event]),
    ...(forgotten(scene, verdict, retried) ?? why),
    writtenAgain(scene, first, again),
    ...remedy(scene, verdict, again.event),
  ];
}

/** The leader's own write of what a follower wrote, too: only a leader tells whose batch it is. */
function byLeader(scene: Scene, appended: TraceEvent): TraceEvent | null {
  if (appended.fields[4] === 'leader') return appended;
  const [partition, baseOffset] = appended.fields;
  return scene.last(
    'log.appended',
    appended.event,
    ({ fields }) => fields[0] === partition && fields[1] === baseOffset && fields[4] === 'leader',
  );
}

/** The batches had sequence numbers, which the leader could not use. */
function isNumbered({ allowedBy }: Verdict): boolean {
  return allowedBy === FIRST_BATCH_GAP || allowedBy === PRODUCER_EXPIRY;
}

/** What nobody knew of the producer when its first batch was written; null: it was not that. */
function refusedBefore(scene: Scene, verdict: Verdict): Sentence[] | null {
  const [refused] = witnesses(scene, verdict, 'produce.refused');
  if (verdict.allowedBy !== FIRST_BATCH_GAP || refused === undefined) return null;
  return [scene.say('refused-before', { leader: scene.nodeName(refused) }, [refused.event])];
}

/** Why it was sent again, and whether the leader may have known the producer. */
function expired(scene: Scene, { allowedBy }: Verdict, retried: TraceEvent): Sentence[] {
  const why = whyRetried(scene, retried);
  if (allowedBy !== PRODUCER_EXPIRY) return why;
  return [...why, scene.say('producer-expired', {}, [retried.event])];
}

/** By which of the holes in idempotence the leader did not know the batch; null: by none. */
function forgotten(scene: Scene, verdict: Verdict, retried: TraceEvent): Sentence[] | null {
  if (verdict.allowedBy === PRODUCER_EXPIRY) return expired(scene, verdict, retried);
  const before = refusedBefore(scene, verdict);
  if (before !== null) return [...before, ...whyRetried(scene, retried)];
  const [refused] = witnesses(scene, verdict, 'produce.refused');
  if (refused === undefined) return null;
  const leader = scene.nodeName(refused);
  if (verdict.allowedBy === LATE_LOG_GAP) {
    return [scene.say('log-began-late', { leader }, [refused.event]), sentAgain(scene, retried)];
  }
  if (verdict.allowedBy !== SNAPSHOT_GAP) return null;
  const loads = ['log.recovered', 'log.truncated'].flatMap((kind) =>
    witnesses(scene, verdict, kind).map(({ event }) => event),
  );
  return [
    scene.say('snapshot-loaded', { leader }, [...loads, refused.event]),
    sentAgain(scene, retried),
  ];
}

/** What would have helped, where it was not set. */
function remedy(scene: Scene, { allowedBy }: Verdict, event: number): Sentence[] {
  const isOff = allowedBy === 'enable.idempotence=false';
  return isOff ? [scene.say('idempotence-knows', {}, [event])] : [];
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
