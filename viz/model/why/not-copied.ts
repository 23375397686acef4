/**
 * Why replicas did not have a record when it was acknowledged, or passed over: what kept each of
 * them from copying it while its leader had it, or that it followed another leader by then.
 */
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { type AcknowledgedRecord, brokersOf, firstHolder, recordName } from './record.ts';
import { brokerName, listed, type Scene, type Sentence } from './scene.ts';
import { endOf, type Trouble, troubleOf, troubleWithin } from './trouble.ts';

/** @param election the one that passed it over; null: there was none. */
export function notCopied(
  scene: Scene,
  record: AcknowledgedRecord,
  election: TraceEvent | null,
): Sentence[] {
  const { ack, partition } = record;
  const until = Math.max(election?.event ?? 0, ack.event);
  const lacking = brokersOf(scene, partition).filter(
    (broker) =>
      !record.holders.some((one) => one.broker === broker && one.batch.bornEvent <= until),
  );
  if (lacking.length === 0) return [];
  const state = scene.state(ack.event).partitions[partition];
  const out = (state?.out ?? []).filter((one) => lacking.includes(one.broker));
  if (record.acks !== '1' && record.acks !== '0' && out.length > 0) {
    return leftTheIsr(scene, record, {
      out,
      isr: state?.isr ?? [],
      minimum: state?.minInSync ?? 1,
    });
  }
  // That nobody followed it any more is told with the election.
  if (election !== null && isDeposed(record, election) && isLeftByAll(scene, record)) return [];
  return byReason(scene, record, { lacking, until });
}

/** Whether who wrote the record had been replaced by then. */
export function isDeposed(record: AcknowledgedRecord, elected: TraceEvent): boolean {
  return elected.kind === 'leader.elected' && elected.event < firstHolder(record).batch.bornEvent;
}

/** Whether all other replicas had a later leader when the record was written. */
export function isLeftByAll(scene: Scene, record: AcknowledgedRecord): boolean {
  const others = brokersOf(scene, record.partition).filter(
    (one) => one !== firstHolder(record).broker,
  );
  return others.every((one) => turnedAway(scene, record, one) !== null);
}

/** Followers that a trouble kept from it, those with another leader, and those that were too late. */
function byReason(
  scene: Scene,
  record: AcknowledgedRecord,
  { lacking, until }: { readonly lacking: readonly number[]; readonly until: number },
): Sentence[] {
  const written = firstHolder(record).batch.bornEvent;
  const away = lacking.filter((one) => turnedAway(scene, record, one) !== null);
  const staying = lacking.filter((one) => !away.includes(one));
  const troubled = new Map<number, Trouble>();
  for (const broker of staying) {
    const peers = [brokerName(firstHolder(record).broker)];
    const stretch = { from: written, until: neededUntil(scene, record, { broker, until }), peers };
    const found = troubleWithin(scene, brokerName(broker), stretch);
    if (found !== null) troubled.set(broker, found);
  }
  const late = staying.filter((one) => !troubled.has(one)).map(brokerName);
  const sentences = turned(scene, record, away);
  if (troubled.size > 0) {
    const facts = {
      others: listed([...troubled.keys()].map(brokerName)),
      record: recordName(record),
      trouble: clauses([...troubled.values()]),
    };
    const events = [...troubled.values()].flatMap((one) => [...one.events]);
    sentences.push(scene.say('could-not-copy', facts, events));
  }
  if (late.length > 0) {
    const isNobody = late.length === lacking.length;
    const template = isNobody ? 'nobody-else-had-it' : 'not-yet-copied';
    const facts = { others: listed(late), record: recordName(record) };
    sentences.push(scene.say(template, facts, [record.ack.event]));
  }
  return sentences;
}

/** With whom a replica was when the record was written, where that was a later leader; else null. */
function turnedAway(scene: Scene, record: AcknowledgedRecord, broker: number): TraceEvent | null {
  return turnOf(scene, record, broker, { before: firstHolder(record).batch.bornEvent });
}

/** The last time before an event that a replica took up a later epoch than the record's. */
function turnOf(
  scene: Scene,
  record: AcknowledgedRecord,
  broker: number,
  { before }: { readonly before: number },
): TraceEvent | null {
  const isIt = (one: TraceEvent) => isTurn(scene, record, broker, one);
  const led = scene.last('leader.started', before, isIt);
  const followed = scene.last('follower.started', before, isIt);
  return (led?.event ?? 0) > (followed?.event ?? 0) ? led : followed;
}

function isTurn(
  scene: Scene,
  record: AcknowledgedRecord,
  broker: number,
  one: TraceEvent,
): boolean {
  const [partition, epoch] = one.fields;
  const isLater = partition === record.partition && Number(epoch) > record.epoch;
  return isLater && scene.nodeName(one) === brokerName(broker);
}

/** Until when a replica could have copied it from the leader that wrote it; inclusive. */
function neededUntil(
  scene: Scene,
  record: AcknowledgedRecord,
  { broker, until }: { readonly broker: number; readonly until: number },
): number {
  const { batch, broker: leader } = firstHolder(record);
  const ends = [leader, broker].flatMap((one) =>
    ['leader.started', 'follower.started'].map(
      (kind) =>
        scene.first(kind, batch.bornEvent, (event) => isTurn(scene, record, one, event))?.event ??
        until,
    ),
  );
  const down = endOf(scene, brokerName(leader), until) ?? 0;
  return Math.min(until, ...ends, down > batch.bornEvent ? down : until);
}

/** One sentence for each leader that they had turned to. */
function turned(scene: Scene, record: AcknowledgedRecord, away: readonly number[]): Sentence[] {
  const byEpoch = new Map<number, TraceEvent[]>();
  for (const broker of away) {
    const turn = turnedAway(scene, record, broker);
    if (turn === null) continue;
    const epoch = Number(turn.fields[1]);
    byEpoch.set(epoch, [...(byEpoch.get(epoch) ?? []), turn]);
  }
  return [...byEpoch].map(([epoch, turns]) => {
    const leads = turns.find((one) => one.kind === 'leader.started');
    const leader = leads === undefined ? followedBy(turns[0]) : scene.nodeName(leads);
    const followers = turns.map((one) => scene.nodeName(one)).filter((one) => one !== leader);
    const facts = {
      former: brokerName(firstHolder(record).broker),
      record: recordName(record),
      others: listed(followers),
    };
    const template = followers.length === 0 ? 'led-already' : 'turned-away';
    const events = turns.map((one) => one.event);
    return scene.say(template, { ...facts, leader, epoch }, events);
  });
}

function followedBy(turn: TraceEvent | undefined): string {
  return brokerName(Number(turn?.fields[2] ?? -1));
}

function leftTheIsr(
  scene: Scene,
  record: AcknowledgedRecord,
  facts: {
    readonly out: readonly { broker: number; why: string; event: number }[];
    readonly isr: readonly number[];
    readonly minimum: number;
  },
): Sentence[] {
  const { out, isr, minimum } = facts;
  const names = out.map((one) => brokerName(one.broker));
  const leader = brokerName(firstHolder(record).broker);
  const alone = scene.say(
    'in-sync-alone',
    { isr: listed(isr.map(brokerName)), minimum, others: listed(names) },
    out.map((one) => one.event),
  );
  const left = [...new Set(out.map((one) => one.event))].slice(0, 2).map((event) => {
    const together = out.filter((one) => one.event === event);
    const found = together.map((one) => {
      const peers = [leader, ...scene.controllers];
      const patienceMs = scene.timeline.facts.replicaLagMs;
      return troubleOf(scene, brokerName(one.broker), { event, peers, patienceMs });
    });
    const behind = together.filter((_, place) => found[place] === null);
    const troubles = found.filter((one) => one !== null);
    const slow = `${listed(behind.map((one) => brokerName(one.broker)))} had fallen behind`;
    const words = [clauses(troubles), ...(behind.length === 0 ? [] : [slow])];
    const trouble = troubles.length === 0 ? 'it had fallen behind' : words.join('; ');
    const broker = listed(together.map((one) => brokerName(one.broker)));
    const events = [...troubles.flatMap((one) => [...one.events]), event];
    const why = together[0]?.why ?? '';
    return scene.say('left-the-isr', { broker, why, trouble }, events);
  });
  return [...left, alone];
}

function clauses(troubles: readonly Trouble[]): string {
  return [...new Set(troubles.map((one) => one.words))].join('; ');
}
