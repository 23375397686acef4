/** Why a client heard what it heard: acknowledged, refused, failed, sent again. */
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { inSyncWords } from './elections.ts';
import { recordAt, recordName } from './record.ts';
import { brokerName, type Scene, type Sentence } from './scene.ts';
import { troubleOf } from './trouble.ts';

export function whyAnswered(scene: Scene, event: TraceEvent): Sentence[] {
  const [result, id, error, count] = event.fields;
  const client = scene.nodeName(event);
  if (error !== '') return whyFailed(scene, event);
  const asked = commandOf(scene, event, Number(id));
  const question =
    asked === null
      ? []
      : [scene.say('asked-for', { client, command: String(asked.fields[0]) }, [asked.event])];
  if (result !== 'sent') return question;
  const partition = String(event.fields[4] ?? '');
  const offset = Number(event.fields[5] ?? -1);
  if (partition === '' || offset < 0) {
    const many = recordsOf(Number(count));
    if (scene.acksOf(client) !== '0') return question;
    return [...question, scene.say('told-by-nobody', { client, count: many }, [event.event])];
  }
  const record = recordAt(scene, event, { partition, offset });
  const first = record?.holders[0];
  if (record === null || first === undefined) return question;
  const leader = brokerName(first.broker);
  const written = scene.say('wrote-leader', { leader, record: recordName(record) }, [
    first.batch.bornEvent,
  ]);
  if (record.acks === '1') {
    const facts = { client, record: `${partition} offset ${offset}`, leader, epoch: record.epoch };
    return [...question, written, scene.say('told-by-leader', facts, [event.event])];
  }
  const passed = scene.last(
    'hw.advanced',
    event.event,
    (one) => one.fields[0] === partition && one.fields[3] === 'leader',
  );
  const last = offset + Number(count) - 1;
  const facts = { client, partition, offset: last };
  const answer = scene.say('answered-all', facts, [passed?.event, event.event]);
  return [...question, written, answer];
}

function whyFailed(scene: Scene, event: TraceEvent): Sentence[] {
  const [result, id, error, count] = event.fields;
  const client = scene.nodeName(event);
  const sentences: Sentence[] = [];
  const asked = commandOf(scene, event, Number(id));
  const since = asked?.event ?? 0;
  const retried = scene.last(
    'client.retried',
    event.event,
    (one) => one.node === event.node && one.event > since,
  );
  const refused = scene.last('produce.refused', event.event, (one) => one.event > since);
  if (refused !== null) sentences.push(...whyRefused(scene, refused));
  else sentences.push(...leaderTrouble(scene, event, client, String(retried?.fields[0] ?? '')));
  if (retried !== null) sentences.push(sentAgain(scene, retried));
  const many = recordsOf(Number(count));
  if (result === 'unknown') {
    const facts = { client, count: many, error: String(error) };
    sentences.push(scene.say('unknown-outcome', facts, [event.event]));
  } else {
    const startUs = asked === null ? event.timeUs : asked.timeUs;
    const waited = `${Math.round((event.timeUs - startUs) / 1_000)} ms`;
    const facts = { client, count: many, waited, error: String(error) };
    sentences.push(scene.say('failed-with', facts, [asked?.event, event.event]));
  }
  return sentences;
}

function recordsOf(count: number): string {
  return count === 1 ? 'the record' : `${count} records`;
}

function commandOf(scene: Scene, event: TraceEvent, id: number): TraceEvent | null {
  const { operations } = scene.timeline.index;
  const row = operations.of(event.node).rowOf(id);
  return row < 0 ? null : scene.at(operations.of(event.node).at(row).startEvent);
}

/** What ailed the leaders that the client needs; of one partition if it is known. */
function leaderTrouble(
  scene: Scene,
  event: TraceEvent,
  client: string,
  partition: string,
): Sentence[] {
  const state = scene.state(event.event);
  const asked = partition === '' ? Object.keys(state.partitions) : [partition];
  for (const name of asked) {
    const one = state.partitions[name];
    if (one === undefined || name.startsWith('__')) continue;
    const leader = one.leader >= 0 ? one.leader : (one.out.at(-1)?.broker ?? -1);
    if (leader < 0) continue;
    const peers = [client, ...scene.controllers];
    const trouble = troubleOf(scene, brokerName(leader), { event: event.event, peers });
    if (trouble === null) continue;
    if (one.leader >= 0) {
      const named = trouble.words.split(/[ ,]+/);
      const isBetween =
        named.includes(client) && !scene.controllers.some((on) => named.includes(on));
      const template = isBetween ? 'trouble-of-link' : 'trouble';
      return [scene.say(template, { trouble: trouble.words }, trouble.events)];
    }
    const facts = { partition: name, trouble: trouble.words };
    return [scene.say('waits-for-leader', facts, trouble.events)];
  }
  return [];
}

export function whyRefused(scene: Scene, event: TraceEvent): Sentence[] {
  const [partition, error] = event.fields;
  const leader = scene.nodeName(event);
  const name = String(partition);
  const state = scene.state(event.event).partitions[name];
  const tooFew = String(error).startsWith('NOT_ENOUGH_REPLICAS');
  if (!tooFew || state === undefined) {
    return [scene.say('refused', { leader, partition: name, error: String(error) }, [event.event])];
  }
  const left = state.out.slice(0, 3).map((out) => {
    const broker = brokerName(out.broker);
    const peers = [leader, ...scene.controllers];
    const trouble = troubleOf(scene, broker, { event: out.event, peers });
    const events = [...(trouble?.events ?? []), out.event];
    const facts = { broker, why: out.why, trouble: trouble?.words ?? 'it had fallen behind' };
    return scene.say('left-the-isr', facts, events);
  });
  const facts = {
    leader,
    partition: name,
    count: state.isr.length,
    minimum: state.minInSync,
  };
  return [...left, scene.say('refused-too-few', facts, [event.event])];
}

export function whyRetried(scene: Scene, event: TraceEvent): Sentence[] {
  const client = scene.nodeName(event);
  const partition = String(event.fields[0]);
  const error = String(event.fields[1]);
  const refused = scene.last('produce.refused', event.event, (one) => one.fields[0] === partition);
  const isThat = refused !== null && String(refused.fields[1]) === error;
  const before = isThat
    ? whyRefused(scene, refused)
    : leaderTrouble(scene, event, client, partition);
  return [...before, sentAgain(scene, event)];
}

export function sentAgain(scene: Scene, retried: TraceEvent): Sentence {
  const facts = {
    client: scene.nodeName(retried),
    attempt: Number(retried.fields[2]) + 1,
    error: String(retried.fields[1]),
  };
  return scene.say('sent-again', facts, [retried.event]);
}

/** Why a partition cannot be written or copied: for what never came to an end. */
export function whyStuck(scene: Scene, event: number): Sentence[] {
  const state = scene.state(event);
  for (const partition of Object.values(state.partitions)) {
    if (partition.name.startsWith('__') || partition.electedEvent === 0) continue;
    const { name, isr, minInSync } = partition;
    const leader = brokerName(partition.leader);
    const ofLeader =
      partition.leader < 0 ? null : troubleOf(scene, leader, { event, peers: scene.controllers });
    if (partition.leader < 0 || ofLeader !== null) {
      const trouble = ofLeader?.words ?? 'nobody who is in sync or eligible is up';
      const events = ofLeader?.events ?? [partition.electedEvent];
      return [scene.say('waits-for-leader', { partition: name, trouble }, events)];
    }
    if (isr.length < minInSync) {
      const facts = { partition: name, isr: inSyncWords(isr), minimum: minInSync };
      const events = partition.out.map((one) => one.event);
      return [scene.say('below-minimum', facts, [...events, event])];
    }
    for (const broker of isr) {
      if (broker === partition.leader) continue;
      const trouble = troubleOf(scene, brokerName(broker), { event, peers: [leader] });
      if (trouble === null) continue;
      const facts = { broker: brokerName(broker), trouble: trouble.words };
      return [scene.say('waits-for-replica', facts, trouble.events)];
    }
  }
  return [];
}
