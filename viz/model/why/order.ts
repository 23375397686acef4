/** Why records of a producer stand twice in a log, or not in the order in which they were sent. */
import type { Verdict } from '../../../sim/check/verdict.ts';
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { whyRetried } from './clients.ts';
import { brokerName, type Scene, type Sentence } from './scene.ts';

/** Empty when nothing was sent again: then it came about in another way. */
export function orderOf(scene: Scene, verdict: Verdict): Sentence[] {
  const [first] = verdict.evidence;
  if (first === undefined || first < 1 || first > scene.store.count) return [];
  const asked = scene.at(first);
  const client = scene.nodeName(asked);
  const retried = scene.first('client.retried', first, (one) => one.node === asked.node);
  if (retried === null) return [];
  const sentences = [
    scene.say('asked-for', { client, command: String(asked.fields[0]) }, [first]),
    ...whyRetried(scene, retried),
  ];
  if (verdict.name === 'no-dup') return withCopies(scene, { sentences, retried, verdict });
  const later = verdict.evidence.at(-1) ?? first;
  return [...sentences, scene.say('overtaken', { client }, [later])];
}

const TWO_OFFSETS = /offset (\d+) and again .*?at (\d+)/;

/** The two appends, where the verdict tells the two offsets. */
function withCopies(
  scene: Scene,
  {
    sentences,
    retried,
    verdict,
  }: {
    sentences: Sentence[];
    retried: TraceEvent;
    verdict: Verdict;
  },
): Sentence[] {
  const partition = String(retried.fields[0]);
  const offsets = TWO_OFFSETS.exec(verdict.explanation);
  if (offsets === null) return sentences;
  const [one, two] = [
    writer(scene, partition, Number(offsets[1])),
    writer(scene, partition, Number(offsets[2])),
  ];
  if (one === null || two === null) return sentences;
  const [asked, ...rest] = sentences;
  if (asked === undefined) return sentences;
  const facts = { leader: one.leader, offset: Number(offsets[1]) };
  const again = { leader: two.leader, offset: Number(offsets[2]) };
  return [
    asked,
    scene.say('first-written', facts, [one.event]),
    ...rest,
    scene.say('written-twice', again, [two.event]),
  ];
}

/** Who first wrote an offset that is in the log at the end. */
function writer(
  scene: Scene,
  partition: string,
  offset: number,
): { leader: string; event: number } | null {
  const end = scene.store.count;
  const known = scene.state(end).partitions[partition];
  if (known === undefined) return null;
  const { logs } = scene.timeline.index;
  let first: { leader: string; event: number } | null = null;
  for (const broker of Object.keys(known.replicas).map(Number)) {
    const batch = logs.of(partition, broker).writtenBy(offset, end);
    if (batch === null || (first !== null && first.event < batch.bornEvent)) continue;
    first = { leader: brokerName(broker), event: batch.bornEvent };
  }
  return first;
}
