/** Why a leader was replaced, a broker fenced, a replica taken out of the ISR or let in again. */
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { ids } from '../reduce/fields.ts';
import { brokerName, listed, type Scene, type Sentence } from './scene.ts';
import { troubleOf } from './trouble.ts';

/** How the former leader came to be replaced: what had happened to it, and the fence. */
export function deposed(scene: Scene, elected: TraceEvent): Sentence[] {
  const partition = String(elected.fields[0]);
  const before = scene.state(elected.event - 1).partitions[partition];
  const former = before?.leader ?? -1;
  const last = former < 0 ? (lastLeader(scene, elected) ?? -1) : former;
  if (last < 0 || last === Number(elected.fields[1])) return [];
  const name = brokerName(last);
  const fenced = fenceOf(scene, last, elected.event);
  const patienceMs = scene.timeline.facts.sessionTimeoutMs;
  const at = fenced?.event ?? elected.event;
  const around = { event: at, peers: scene.controllers, patienceMs };
  const trouble = troubleOf(scene, name, around);
  const sentences: Sentence[] = [];
  if (trouble !== null) {
    sentences.push(scene.say('trouble', { trouble: trouble.words }, trouble.events));
  }
  if (fenced !== null) {
    const why = spokenReason(String(fenced.fields[1]));
    sentences.push(scene.say('fenced', { broker: name, why }, [fenced.event]));
  }
  return sentences;
}

/** The fence that belongs to an election: told in the same commit, or some time before. */
function fenceOf(scene: Scene, broker: number, event: number): TraceEvent | null {
  const isIt = (one: TraceEvent) => one.fields[0] === broker;
  const after = scene.first('broker.fenced', event, isIt);
  if (after !== null && after.timeUs === scene.at(event).timeUs) return after;
  const before = scene.last('broker.fenced', event, isIt);
  const back = scene.last('broker.unfenced', event, isIt);
  return before !== null && (back === null || back.event < before.event) ? before : null;
}

function lastLeader(scene: Scene, elected: TraceEvent): number | null {
  const found = scene.last(
    'leader.elected',
    elected.event,
    (one) => one.fields[0] === elected.fields[0] && Number(one.fields[1]) >= 0,
  );
  return found === null ? null : Number(found.fields[1]);
}

/** Nothing happened to a leader then: a candidate came, or was allowed. */
const AT_LAST: ReadonlySet<string> = new Set(['unfenced', 'unclean-election']);

const REASONS: Readonly<Record<string, string>> = {
  'session-timed-out': 'no heartbeat came within broker.session.timeout.ms',
  'shut-down': 'it shut down',
  'controlled-shutdown': 'it was shutting down',
  'restarted-uncleanly': 'it came back from an unclean stop',
  restarted: 'it was started again',
  'alter-partition': 'the leader asked for it',
  unfenced: 'it came back',
  'unclean-election': 'an unclean election was allowed',
  'directory-lost': 'its log directory had failed',
  replayed: 'the former controller had decided it',
};

export function spokenReason(why: string): string {
  return REASONS[why] ?? why.replaceAll('-', ' ');
}

export function whyElected(scene: Scene, event: TraceEvent): Sentence[] {
  const [partition, leader, epoch, , , how] = event.fields;
  const facts = {
    partition: String(partition),
    leader: brokerName(Number(leader)),
    epoch: Number(epoch),
  };
  if (how === 'created') return [scene.say('created', facts, [event.event])];
  const why = deposed(scene, event);
  if (Number(leader) < 0) return [...why, scene.say('no-leader', facts, [event.event])];
  if (how === 'preferred') return [scene.say('elected-preferred', facts, [event.event])];
  const former = lastLeader(scene, event);
  if (former === Number(leader)) return [scene.say('elected-again', facts, [event.event])];
  const change = scene.first('isr.changed', event.event, (one) => one.fields[0] === partition);
  const told = change !== null && change.event === event.event + 1 ? String(change.fields[4]) : '';
  if (AT_LAST.has(told)) {
    return [
      ...why,
      scene.say('elected-at-last', { ...facts, why: spokenReason(told) }, [event.event]),
    ];
  }
  const reason = told === '' ? 'could not lead any more' : spokenReason(told);
  const because = {
    ...facts,
    former: former === null ? 'the former one' : brokerName(former),
    why: reason === 'could not lead any more' ? reason : `had to go (${reason})`,
  };
  return [...why, scene.say('elected-because', because, [event.event])];
}

export function whyFenced(scene: Scene, event: TraceEvent): Sentence[] {
  const broker = brokerName(Number(event.fields[0]));
  const patienceMs = scene.timeline.facts.sessionTimeoutMs;
  const around = { event: event.event, peers: scene.controllers, patienceMs };
  const trouble = troubleOf(scene, broker, around);
  const fenced = scene.say('fenced', { broker, why: spokenReason(String(event.fields[1])) }, [
    event.event,
  ]);
  if (trouble === null) return [fenced];
  return [scene.say('trouble', { trouble: trouble.words }, trouble.events), fenced];
}

export function whyIsrChanged(scene: Scene, event: TraceEvent): Sentence[] {
  const partition = String(event.fields[0]);
  const after = ids(String(event.fields[1]));
  const why = String(event.fields[4]);
  // An election in the same commit has told the new ISR already; what was before it counts.
  const elected = scene.last('leader.elected', event.event, (one) => one.fields[0] === partition);
  const isOfElection = elected !== null && elected.event === event.event - 1;
  const position = isOfElection ? event.event - 2 : event.event - 1;
  const before = scene.state(position).partitions[partition];
  const left = (before?.isr ?? []).filter((one) => !after.includes(one));
  const joined = after.filter((one) => !(before?.isr ?? []).includes(one));
  const asked = scene.last('isr.proposed', event.event, (one) => one.fields[0] === partition);
  const leader = asked === null || why !== 'alter-partition' ? null : scene.nodeName(asked);
  const sentences: Sentence[] = [];
  for (const broker of left.slice(0, 3)) {
    const name = brokerName(broker);
    const peers = [brokerName(before?.leader ?? -1), ...scene.controllers];
    const patienceMs = scene.timeline.facts.replicaLagMs;
    const at = asked?.event ?? event.event;
    const trouble = troubleOf(scene, name, { event: at, peers, patienceMs });
    if (trouble !== null) {
      sentences.push(scene.say('trouble-behind', { trouble: trouble.words }, trouble.events));
    }
    const reason = leader === null ? spokenReason(why) : 'it did not keep up with the leader';
    const facts = { broker: name, partition, why: reason };
    sentences.push(scene.say('isr-shrank', facts, [event.event]));
  }
  for (const broker of joined.slice(0, 3)) {
    const facts = { broker: brokerName(broker), partition };
    sentences.push(scene.say('isr-grew', facts, [event.event]));
  }
  if (leader !== null && asked !== null) {
    sentences.push(scene.say('isr-asked', { leader, partition }, [asked.event]));
  }
  return sentences;
}

export function whyLeads(scene: Scene, event: TraceEvent): Sentence[] {
  const [partition, epoch] = event.fields;
  const elected = scene.last(
    'leader.elected',
    event.event,
    (one) => one.fields[0] === partition && one.fields[2] === epoch,
  );
  const before = elected === null ? [] : whyElected(scene, elected);
  const broker = scene.nodeName(event);
  if (event.kind === 'leader.started') {
    const facts = { broker, partition: String(partition), offset: Number(event.fields[2]) };
    return [...before, scene.say('leads-from-here', facts, [elected?.event, event.event])];
  }
  const leader = brokerName(Number(event.fields[2]));
  const facts = { broker, leader, partition: String(partition) };
  return [...before, scene.say('follows-since', facts, [elected?.event, event.event])];
}

export function inSyncWords(isr: readonly number[]): string {
  return isr.length === 0 ? 'nobody' : listed(isr.map(brokerName));
}
