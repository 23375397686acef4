/**
 * Why an acknowledged record is gone: what was promised, who had it and who could not have it,
 * what became of those who had it, who was elected without it, and what would have helped.
 */
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { decisionOf } from './decisions.ts';
import { deposed } from './elections.ts';
import { isDeposed, isLeftByAll, notCopied } from './not-copied.ts';
import {
  type AcknowledgedRecord,
  firstHolder,
  holderNames,
  leaderWithout,
  logEndAt,
  lostRecordOf,
  recordName,
} from './record.ts';
import { brokerName, inOrder, listed, type Scene, type Sentence } from './scene.ts';
import { troubleOf } from './trouble.ts';

export interface Loss {
  readonly story: readonly Sentence[];
  /** What would have helped. */
  readonly remedy: readonly Sentence[];
}

/** @param ack the `command.completed` of the record. */
export function lossOf(scene: Scene, ack: TraceEvent): Loss {
  const record = lostRecordOf(scene, ack);
  if (record === null) return withoutRecord(scene, ack);
  const next = leaderWithout(scene, record);
  const lost = holdersLost(scene, record, next);
  const told = [
    promised(scene, record),
    ...notCopied(scene, record, next?.elected ?? next?.started ?? null),
    ...lost,
    ...electedWithout(scene, record, next, lost),
    ...cutLater(scene, record, next),
  ];
  return { story: inOrder(scene, told), remedy: remedy(scene, record, next) };
}

type NextLeader = ReturnType<typeof leaderWithout>;

function promised(scene: Scene, record: AcknowledgedRecord): Sentence {
  const { ack, client, acks, epoch, partition } = record;
  const held = holderNames(record, ack.event);
  const first = firstHolder(record);
  const events = [first.batch.bornEvent, ack.event];
  if (acks === '0') {
    return scene.say('told-by-nobody', { client, count: recordName(record) }, events);
  }
  if (acks === '1') {
    const leader = brokerName(first.broker);
    return scene.say(
      'told-by-leader',
      { client, record: recordName(record), leader, epoch },
      events,
    );
  }
  const isr = (scene.state(ack.event).partitions[partition]?.isr ?? []).map(brokerName);
  const lacking = isr.filter((one) => !held.includes(one));
  const facts = { client, record: recordName(record), acks };
  if (held.length > 0 && lacking.length > 0) {
    const sides = { holders: listed(held), lacking: listed(lacking) };
    return scene.say('told-though-lacking', { ...facts, ...sides }, events);
  }
  const holders = held.length > 0 ? held : isr;
  return scene.say('told-by-in-sync', { ...facts, holders: listed(holders) }, events);
}

/** How those that held it lost it from their own disks, before anybody told them to cut. */
function holdersLost(scene: Scene, record: AcknowledgedRecord, next: NextLeader): Sentence[] {
  const sentences: Sentence[] = [];
  for (const { broker, batch } of record.holders) {
    const gone = batch.goneEvent === 0 ? null : scene.at(batch.goneEvent);
    if (gone === null || gone.kind !== 'log.recovered') continue;
    if (next !== null && gone.event > next.started.event) continue;
    sentences.push(lostOnDisk(scene, record, { broker: brokerName(broker), gone }));
  }
  return sentences.slice(0, 3);
}

function lostOnDisk(
  scene: Scene,
  record: AcknowledgedRecord,
  { broker, gone }: { broker: string; gone: TraceEvent },
): Sentence {
  const facts = { broker, record: recordName(record), end: Number(gone.fields[2]) };
  const since = record.ack.event;
  const ofNode = (one: TraceEvent) => one.fields[0] === broker;
  const disk = scene.last('fault.disk', gone.event, (one) => ofNode(one) && isLoss(one));
  if (disk !== null && disk.event > since) {
    return scene.say('lost-with-disk', facts, [disk.event, gone.event]);
  }
  const power = scene.last('fault.powerCut', gone.event, ofNode);
  if (power !== null) return scene.say('lost-with-power', facts, [power.event, gone.event]);
  const crash = scene.last('node.crashed', gone.event, (one) => scene.nodeName(one) === broker);
  const armed = scene.last('fault.crashInStep', gone.event, ofNode);
  const damage = scene.last('fault.disk', gone.event, ofNode);
  const events = [crash?.event, armed?.event, damage?.event, gone.event];
  return scene.say('lost-to-damage', facts, events);
}

function isLoss(event: TraceEvent): boolean {
  return event.fields[1] === 'lost';
}

/** @param before what was told of its holders already. */
function electedWithout(
  scene: Scene,
  record: AcknowledgedRecord,
  next: NextLeader,
  before: readonly Sentence[],
): Sentence[] {
  if (next === null) return [];
  const { elected, started } = next;
  const leader = scene.nodeName(started);
  const end = Number(started.fields[2]);
  const facts = { leader, epoch: Number(started.fields[1]), end, record: recordName(record) };
  if (elected === null) return [scene.say('led-on-without', facts, [started.event])];
  const how = String(elected.fields[5]);
  const first = firstHolder(record);
  if (isDeposed(record, elected)) {
    const former = brokerName(first.broker);
    const words = isLeftByAll(scene, record) ? 'elected-before' : 'elected-before-unknown';
    const stale = scene.say(words, { ...facts, former }, [elected.event, started.event]);
    return [...deposed(scene, elected), stale];
  }
  const template =
    how === 'unclean'
      ? 'elected-uncleanly'
      : how === 'last-known-leader'
        ? 'elected-last-known'
        : record.holders.some((one) => brokerName(one.broker) === leader)
          ? 'elected-having-lost'
          : 'elected-without';
  const former = deposed(scene, elected);
  const told = new Set(before.flatMap((one) => [...one.events]));
  const why = former.filter((one) => !one.events.every((event) => told.has(event)));
  return [...why, scene.say(template, facts, [elected.event, started.event])];
}

/** What remained of it was cut when its holders came back as followers. */
function cutLater(scene: Scene, record: AcknowledgedRecord, next: NextLeader): Sentence[] {
  if (next === null) return [];
  const cuts = record.holders.filter(({ batch }) => batch.goneEvent > next.started.event);
  const first = cuts[0];
  if (first === undefined) return [];
  const gone = scene.at(first.batch.goneEvent);
  const broker = brokerName(first.broker);
  const end = logEndAt(scene.state(gone.event).partitions[record.partition], first.broker);
  const facts = { broker, partition: record.partition, record: recordName(record), end };
  if (gone.kind === 'log.truncated') {
    return [decisionOf(scene, gone) ?? scene.say('cut-off', facts, [gone.event])];
  }
  return [lostOnDisk(scene, record, { broker, gone })];
}

function remedy(scene: Scene, record: AcknowledgedRecord, next: NextLeader): Sentence[] {
  const { ack, acks, partition } = record;
  if (acks === '1' || acks === '0') return [scene.say('acks-all-waits', {}, [ack.event])];
  const state = scene.state(ack.event).partitions[partition];
  const how = String(next?.elected?.fields[5] ?? '');
  if (state !== undefined && state.isr.length < 2 && state.minInSync < 2) {
    return [scene.say('min-isr-refuses', {}, [ack.event])];
  }
  if (how === 'unclean') return [scene.say('clean-only', {}, [next?.elected?.event])];
  const onDisk = record.holders.filter(
    ({ batch }) => batch.goneEvent > 0 && scene.at(batch.goneEvent).kind === 'log.recovered',
  );
  if (onDisk.length < 2) return [];
  return [
    scene.say(
      'flush-costs',
      {},
      onDisk.map(({ batch }) => batch.goneEvent),
    ),
  ];
}

/** It is nowhere, or nobody told an offset: what was promised, and what went wrong around it. */
function withoutRecord(scene: Scene, ack: TraceEvent): Loss {
  const client = scene.nodeName(ack);
  const count = Number(ack.fields[3] ?? 1);
  const facts = { client, count: count === 1 ? 'a record' : `${count} records` };
  const acks = scene.acksOf(client);
  if (acks !== '0') {
    const [, , , , partition = '', offset = -1] = ack.fields;
    if (partition === '' || Number(offset) < 0) return { story: [], remedy: [] };
    const where = { ...facts, partition, offset, acks };
    return { story: [scene.say('told-an-offset', where, [ack.event])], remedy: [] };
  }
  const sentences = [scene.say('told-by-nobody', facts, [ack.event])];
  const state = scene.state(ack.event);
  for (const partition of Object.values(state.partitions)) {
    if (partition.name.startsWith('__')) continue;
    const leader = brokerName(partition.leader);
    const trouble = troubleOf(scene, leader, { event: ack.event, peers: [client] });
    if (trouble === null) continue;
    sentences.push(scene.say('trouble-unanswered', { trouble: trouble.words }, trouble.events));
    break;
  }
  return { story: sentences, remedy: [scene.say('acks-all-waits', {}, [ack.event])] };
}
