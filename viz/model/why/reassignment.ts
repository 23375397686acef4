/** Why the replicas of a partition are others now (KIP-455). */
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { ids } from '../reduce/fields.ts';
import { inSyncWords } from './elections.ts';
import type { Scene, Sentence } from './scene.ts';

export function whyReplicasChanged(scene: Scene, event: TraceEvent): Sentence[] {
  const [name, replicas, adding, removing] = event.fields.map(String);
  const partition = name ?? '';
  const moving = ids(adding ?? '').length + ids(removing ?? '').length > 0;
  const facts = { partition, replicas: inSyncWords(ids(replicas ?? '')) };
  if (!moving) {
    const begun = scene.last(
      'replicas.changed',
      event.event,
      (one) => one.fields[0] === partition && `${one.fields[2]}${one.fields[3]}` !== '',
    );
    const before = begun === null ? [] : whyReplicasChanged(scene, begun);
    // The ISR of the same decision is told after it.
    const decided = scene.store.stepEnd(event.event);
    const isr = scene.state(decided).partitions[partition]?.isr ?? [];
    const done = { ...facts, isr: inSyncWords(isr) };
    return [...before, scene.say('reassignment-done', done, [event.event])];
  }
  const asked = scene.last('input.command', event.event, ({ fields }) =>
    String(fields[0]).toLowerCase().includes('reassign'),
  );
  const command = asked === null ? [] : [askedFor(scene, asked)];
  const move = {
    ...facts,
    adding: inSyncWords(ids(adding ?? '')),
    removing: inSyncWords(ids(removing ?? '')),
  };
  return [...command, scene.say('reassignment-begun', move, [event.event])];
}

function askedFor(scene: Scene, asked: TraceEvent): Sentence {
  const facts = { client: scene.nodeName(asked), command: String(asked.fields[0]) };
  return scene.say('reassignment-asked', facts, [asked.event]);
}
