/** What a decision that a protocol variant took otherwise is called in a sentence. */
import { optionNamed } from '../../../kafka/protocol/variants.ts';
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { ids } from '../reduce/fields.ts';
import { type RuleLink, rules } from '../rules.ts';
import { whyTemplates } from '../why-templates.ts';
import { decisionTemplates } from './decision-templates.ts';
import { messageOf } from './messages.ts';
import { brokerName, listed, type Scene, type Sentence } from './scene.ts';

type DecisionName = keyof typeof decisionTemplates;

/** A decision, and what its node told of it next: by kind. */
export interface Decided {
  readonly decision: TraceEvent;
  readonly after: ReadonlyMap<string, TraceEvent>;
}

/** Null: it had no consequence that could be told. */
export function tell(scene: Scene, decided: Decided): Sentence | null {
  const [variant, option] = decided.decision.fields.map(String);
  const history = optionNamed(String(variant), String(option))?.history;
  const name = placeOf(scene, decided);
  if (history == null || name === null) return null;
  const [by = ''] = history.by;
  const facts: Facts = { ...factsOf(scene, decided), by };
  const wanted = [...whyTemplates[name].text.matchAll(/\{(\w+)\}/g)].map((one) => String(one[1]));
  if (wanted.some((fact) => facts[fact] === undefined)) return null;
  const cited = [decided.decision, ...decided.after.values()].map((one) => one.event);
  const { text, events } = scene.say(name, facts as Readonly<Record<string, string>>, cited);
  return { text: `${text} (${variant}=${option})`, events, rule: ruleOf(history.by) };
}

/** Which sentence is meant: some rules are asked in several places. */
function placeOf(scene: Scene, { decision, after }: Decided): DecisionName | null {
  const [variant, option, subject] = decision.fields.map(String);
  const name = `${variant}=${option}`;
  const leads = isLeader(scene, decision, String(subject));
  switch (name) {
    case 'truncation=end-offset-only':
    case 'out-of-range=from-the-beginning':
      return leads ? `${name} leader` : name;
    case 'epoch-start=with-first-write':
      return after.has('leader.started') ? `${name} leader` : name;
    case 'forgotten-producer=with-its-records':
      if (isClient(scene, decision)) return `${name} client`;
      return after.has('produce.refused') ? `${name} refused` : name;
    case 'fetch-fencing=none':
      // Who does not lead refuses the fetch all the same.
      return leads ? name : null;
    default:
      return isDecision(name) ? name : null;
  }
}

function isDecision(name: string): name is DecisionName {
  return Object.hasOwn(decisionTemplates, name);
}

function isClient(scene: Scene, decision: TraceEvent): boolean {
  return scene.timeline.facts.clients[scene.nodeName(decision)] !== undefined;
}

function isLeader(scene: Scene, decision: TraceEvent, partition: string): boolean {
  const id = scene.nodeName(decision).split('-').at(-1) ?? '';
  return scene.state(decision.event).partitions[partition]?.replicas[id]?.role === 'leader';
}

const CONSEQUENCES: ReadonlySet<string> = new Set([
  'log.truncated',
  'leader.started',
  'fetch.diverged',
  'isr.proposed',
  'hw.advanced',
  'produce.refused',
]);

/** By kind: what the node told of the same subject next, in the same step. */
export function consequencesOf(
  scene: Scene,
  decision: TraceEvent,
): ReadonlyMap<string, TraceEvent> {
  const { store } = scene;
  const end = store.stepEnd(decision.event);
  const found = new Map<string, TraceEvent>();
  for (let event = decision.event + 1; event <= end; event++) {
    const kind = store.kindName(event);
    if (!CONSEQUENCES.has(kind) || found.has(kind)) continue;
    const one = scene.at(event);
    const isOfBroker = String(decision.fields[2]).startsWith('broker-') && kind === 'isr.proposed';
    if (one.fields[0] === decision.fields[2] || isOfBroker) found.set(kind, one);
  }
  return found;
}

type Facts = Readonly<Record<string, string | number | undefined>>;

function factsOf(scene: Scene, { decision, after }: Decided): Facts {
  const node = scene.nodeName(decision);
  const id = node.split('-').at(-1) ?? '';
  const subject = String(decision.fields[2]);
  const partition = scene.state(decision.event).partitions[subject];
  const replica = partition?.replicas[id];
  const cut = after.get('log.truncated');
  const diverged = after.get('fetch.diverged');
  const isr = partition?.isr ?? [];
  const proposed = after.get('isr.proposed');
  const wanted = proposed === undefined ? isr : ids(String(proposed.fields[1]));
  const started = scene.last(
    'leader.started',
    decision.event,
    (one) => one.node === decision.node && one.fields[0] === subject,
  );
  return {
    node,
    subject,
    partition: subject === METADATA || partition === undefined ? undefined : subject,
    epoch: Number(after.get('leader.started')?.fields[1] ?? replica?.leaderEpoch ?? -1),
    leader: partition === undefined ? undefined : brokerName(partition.leader),
    from: cut?.fields[2],
    end: cut?.fields[1] ?? diverged?.fields[3] ?? replica?.logEndOffset,
    peer: diverged === undefined ? peerOf(scene, decision) : brokerName(Number(diverged.fields[1])),
    start: started?.fields[2],
    joining: namesOf(wanted.filter((one) => !isr.includes(one))),
    gone: namesOf(isr.filter((one) => !wanted.includes(one))),
    isr: namesOf(isr),
    minimum: partition?.minInSync,
    offset: after.get('hw.advanced')?.fields[1],
    members: namesOf(ids(subject.replace(/^in sync: /, '')).filter((one) => !Number.isNaN(one))),
  };
}

export const METADATA = '__cluster_metadata-0';

const FETCH = 1;
const LIST_OFFSETS = 2;

/** Frames of a step are told behind it, with what other nodes do at that time. */
const FRAMES_WITHIN = 200;

/**
 * With whom it was decided: who is answered by that step, for what waits is often decided with a
 * message of somebody else; else whose request it was.
 */
function peerOf(scene: Scene, decision: TraceEvent): string {
  const { store } = scene;
  const isOfClient = decision.fields[0] === 'latest-offset';
  const api = isOfClient ? LIST_OFFSETS : FETCH;
  const answered = new Set<string>();
  const end = Math.min(store.count, store.stepEnd(decision.event) + FRAMES_WITHIN);
  for (let event = decision.event + 1; event <= end; event++) {
    if (store.node(event) !== decision.node) continue;
    const kind = store.kindName(event);
    if (kind.startsWith('input.')) break;
    const { fields } = scene.at(event);
    const isIt = kind === 'frame.sent' && fields[1] === 'response' && fields[2] === api;
    if (isIt && isPeer(scene, String(fields[0]), isOfClient)) answered.add(String(fields[0]));
  }
  const [peer] = answered;
  if (peer !== undefined && answered.size === 1) return peer;
  const message = messageOf(scene, decision.event);
  const sender = message?.fields[2] === api ? scene.nodeName(message) : '';
  return isPeer(scene, sender, isOfClient) ? sender : isOfClient ? 'a client' : 'a follower';
}

function isPeer({ timeline }: Scene, node: string, isClient: boolean): boolean {
  return isClient ? timeline.facts.clients[node] !== undefined : node.startsWith('broker-');
}

function namesOf(brokers: readonly number[]): string | undefined {
  return brokers.length === 0 ? undefined : listed(brokers.map(brokerName));
}

/** Kafka's text of what ended a rule: a proposal that the legend knows, else its issue. */
function ruleOf(by: readonly string[]): RuleLink | null {
  for (const name of by) {
    const known = Object.values(rules).find((one: RuleLink) => one.name === name);
    if (known !== undefined) return known;
  }
  const issue = by.find((one) => one.startsWith('KAFKA-'));
  if (issue !== undefined) {
    return { name: issue, href: `https://issues.apache.org/jira/browse/${issue}` };
  }
  return rules.protocol;
}
