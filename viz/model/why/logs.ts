/** Why a log was written, cut, recovered, or its high watermark moved. */
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { decisionOf } from './decisions.ts';
import { whyElected } from './elections.ts';
import { messageOf } from './messages.ts';
import { brokerName, type Scene, type Sentence } from './scene.ts';
import { endOf, troubleOf } from './trouble.ts';

export function whyTruncated(scene: Scene, event: TraceEvent): Sentence[] {
  const partition = String(event.fields[0]);
  const state = scene.state(event.event).partitions[partition];
  const elected = scene.last('leader.elected', event.event, (one) => one.fields[0] === partition);
  const before = elected === null ? [] : whyElected(scene, elected);
  const decided = decisionOf(scene, event);
  if (decided !== null) return [...before, decided];
  const told = scene.last('fetch.diverged', event.event, (one) => one.fields[0] === partition);
  const broker = scene.nodeName(event);
  const facts = {
    broker,
    partition,
    from: Number(event.fields[2]),
    end: Number(event.fields[1]),
    epoch: state?.leaderEpoch ?? -1,
    leader: brokerName(state?.leader ?? -1),
  };
  return [...before, scene.say('cut-as-follower', facts, [told?.event, event.event])];
}

export function whyRecovered(scene: Scene, event: TraceEvent): Sentence[] {
  const broker = scene.nodeName(event);
  const end = endOf(scene, broker, event.event);
  const sentences: Sentence[] = [];
  if (end !== null) {
    sentences.push(scene.say('happened', { words: scene.words(end) }, [end]));
  }
  const partition = String(event.fields[0]);
  const before = scene.state(event.event - 1).partitions[partition];
  const id = Number(broker.split('-').at(-1));
  const had = before?.replicas[String(id)]?.logEndOffset ?? 0;
  const has = event.kind === 'log.cut' ? Number(event.fields[1]) : Number(event.fields[2]);
  if (has >= had) {
    return [
      ...sentences,
      scene.say('happened', { words: scene.words(event.event) }, [event.event]),
    ];
  }
  const power = end !== null && scene.at(end).kind === 'fault.powerCut';
  const lost = had - has === 1 ? `offset ${has}` : `offsets ${has} to ${had - 1}`;
  const facts = { broker, record: `${partition} ${lost}`, end: has };
  const template = power ? 'lost-with-power' : 'lost-to-damage';
  return [...sentences, scene.say(template, facts, [event.event])];
}

export function whyAppended(scene: Scene, event: TraceEvent): Sentence[] {
  const broker = scene.nodeName(event);
  const sent = messageOf(scene, event.event);
  const words = scene.say('happened', { words: scene.words(event.event) }, [event.event]);
  if (sent === null) return [words];
  const facts = { broker, from: scene.nodeName(sent), partition: String(event.fields[0]) };
  const template = event.fields[4] === 'leader' ? 'produced-by' : 'copied-from';
  return [scene.say(template, facts, [sent.event]), words];
}

export function whyWatermark(scene: Scene, event: TraceEvent): Sentence[] {
  const [partition, highWatermark, , role] = event.fields;
  const broker = scene.nodeName(event);
  const sent = messageOf(scene, event.event);
  const facts = { broker, partition: String(partition), offset: Number(highWatermark) };
  const template = role === 'leader' ? 'watermark-moved' : 'watermark-learnt';
  const moved = scene.say(template, facts, [event.event]);
  if (sent === null) return [moved];
  return [scene.say('happened', { words: scene.words(sent.event) }, [sent.event]), moved];
}

export function whyDirectoryFailed(scene: Scene, event: TraceEvent): Sentence[] {
  const broker = scene.nodeName(event);
  const trouble = troubleOf(scene, broker, { event: event.event, peers: [] });
  const words = scene.say('happened', { words: scene.words(event.event) }, [event.event]);
  if (trouble === null) return [words];
  return [scene.say('trouble', { trouble: trouble.words }, trouble.events), words];
}
