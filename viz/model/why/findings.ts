/**
 * Why a check found what it found, for the checks that are about no single record: what was done
 * to disks or permitted by settings, what came of it, what was seen, and the rule that the check
 * asks for.
 */
import type { Verdict } from '../../../sim/check/verdict.ts';
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { faultsIn, withCourse } from './course.ts';
import { demandTemplates } from './finding-templates.ts';
import { lastElection, votedTwice } from './quorum.ts';
import { recordIn, writersOf } from './record.ts';
import { brokerName, inOrder, type Scene, type Sentence } from './scene.ts';
import { troubleOf } from './trouble.ts';
import { wholeStory } from './whole-story.ts';

type Demand = keyof typeof demandTemplates;

/** @param witnesses what is said of the events that the verdict rests on. */
export function whyFinding(
  scene: Scene,
  verdict: Verdict,
  witnesses: readonly Sentence[],
): Sentence[] {
  const at = verdict.at ?? scene.store.count;
  const own = [...damage(scene, verdict, at), ...ofCheck(scene, verdict, at)];
  const told = new Set(own.flatMap((one) => [...one.events]));
  const others = witnesses.filter(({ events }) => events.some((event) => !told.has(event)));
  const course = [
    ...own,
    ...(verdict.name === 'unclean-excluded' ? [] : others.slice(-MOST_WITNESSES)),
  ];
  const end = [...permitted(scene, verdict, at), ...seen(scene, verdict, at)];
  const whole = isBroken(verdict)
    ? wholeStory(scene, verdict, course, end.length)
    : inOrder(scene, withCourse(scene, verdict, course));
  return [...whole, ...afterAll(scene, whole, end, at)];
}

const MOST_WITNESSES = 4;

function isBroken({ verdict, allowedBy }: Verdict): boolean {
  return verdict === 'violated' && allowedBy === null;
}

/**
 * A story that tells of a record, with what it leaves open: disks, what was seen, the rule.
 * @param remedy settings that would have helped: of what they permit, not of broken promises.
 */
export function completed(
  scene: Scene,
  verdict: Verdict,
  story: readonly Sentence[],
  remedy: readonly Sentence[],
): Sentence[] {
  const at = verdict.at ?? scene.store.count;
  const end = seen(scene, verdict, at);
  if (isBroken(verdict)) {
    const course = [...damage(scene, verdict, at), ...story];
    const whole = wholeStory(scene, verdict, course, end.length);
    return [...whole, ...afterAll(scene, whole, end, at)];
  }
  if (story.length + remedy.length >= WHOLE_STORY && faultsIn(scene, story).length > 0) {
    return [...story, ...remedy];
  }
  const course = withCourse(scene, verdict, [...damage(scene, verdict, at), ...story]);
  const whole = inOrder(scene, course);
  return [...whole, ...remedy, ...afterAll(scene, whole, end, at)];
}

/**
 * Sentences at the end that rest on the event `at` of a finding: on the last of its step that the
 * story tells of. What is committed with one event a controller tells with the next.
 */
function afterAll(
  { store }: Scene,
  story: readonly Sentence[],
  end: readonly Sentence[],
  at: number,
): Sentence[] {
  const now = store.stepEnd(at);
  const told = story.flatMap((one) => one.events.filter((event) => event <= now));
  const last = Math.max(at, ...told);
  return end.map((one) => ({
    ...one,
    events: one.events.map((event) => (event === at ? last : event)),
  }));
}

const WHOLE_STORY = 4;

/** What the check saw, and what it asks for. */
function seen(scene: Scene, verdict: Verdict, at: number): Sentence[] {
  const finding = verdict.explanation.replace(/ \(and \d+ more\)$/, '');
  const found = scene.say('found', { finding }, [at]);
  if (!isDemand(verdict.name)) return [found];
  const { rule } = demandTemplates[verdict.name];
  const isOfOne = verdict.name === 'acked-durable' && finding.includes('(acks=1)');
  const demand = isOfOne ? 'one-copy-promised' : verdict.name;
  return [{ ...found, rule }, scene.say(demand, {}, [at])];
}

function isDemand(name: string): name is Demand {
  return Object.hasOwn(demandTemplates, name);
}

type DiskFault = 'lost' | 'misdirected write' | 'bit flip' | 'lost flush';

/** As `allowedBy` and the explanations of checks have them. */
const DAMAGES: readonly (readonly [words: RegExp, fault: DiskFault])[] = [
  [/a lost disk on ([\w-]+)/g, 'lost'],
  [/([\w-]+) lost its disk/g, 'lost'],
  [/a misdirected write on ([\w-]+)/g, 'misdirected write'],
  [/bit rot on ([\w-]+)/g, 'bit flip'],
  [/lost flushes on ([\w-]+)/g, 'lost flush'],
];

const DAMAGE_WORDS = {
  lost: 'disk-lost',
  'misdirected write': 'disk-misdirected',
  'bit flip': 'disk-rotten',
  'lost flush': 'disk-lied',
} as const;

/** What was done to the disks of which the verdict speaks. */
function damage(scene: Scene, { allowedBy, explanation }: Verdict, at: number): Sentence[] {
  const told = `${allowedBy ?? ''}; ${explanation}`;
  return DAMAGES.flatMap(([words, fault]) =>
    [...told.matchAll(words)].flatMap((match) => struckDisk(scene, String(match[1]), fault, at)),
  );
}

function struckDisk(scene: Scene, node: string, fault: DiskFault, at: number): Sentence[] {
  const isIt = ({ fields }: TraceEvent) => fields[0] === node && fields[1] === fault;
  const struck = scene.last('fault.disk', at + 1, isIt);
  if (struck === null) return [];
  const isVoter = fault === 'lost' && node.startsWith('controller-');
  return [scene.say(isVoter ? 'voter-disk-lost' : DAMAGE_WORDS[fault], { node }, [struck.event])];
}

/** A setting that permits it, or what followed from changing one. */
function permitted(scene: Scene, { allowedBy, name }: Verdict, at: number): Sentence[] {
  if (allowedBy === null) return [];
  if (allowedBy.startsWith('feature.eligible.leader.replicas')) {
    return [scene.say('without-elr', {}, [at])];
  }
  if (allowedBy.startsWith('unclean.leader.election')) return [scene.say('clean-only', {}, [at])];
  if (allowedBy.includes('min.insync.replicas while nobody')) {
    const changed = scene.last('config.changed', at, (one) => one.fields[1] === MIN_ISR);
    return [scene.say('elr-cleared', {}, [changed?.event ?? at])];
  }
  if (name === 'isr-stable') return [scene.say('tight-timing', { setting: allowedBy }, [at])];
  return [];
}

const MIN_ISR = 'min.insync.replicas';

function ofCheck(scene: Scene, verdict: Verdict, at: number): Sentence[] {
  switch (verdict.name) {
    case 'one-leader-per-epoch':
      return twoLeaders(scene, verdict);
    case 'raft-leader-complete':
    case 'metadata-match':
    case 'raft-durable':
      return [...committedBefore(scene, verdict, at), ...lastElection(scene, at)];
    case 'log-match':
    case 'strong-isr':
      return bothRecords(scene, verdict, at);
    case 'quorum-superset':
      return verdict.allowedBy === null ? [] : lastElection(scene, at);
    case 'unclean-excluded':
      return cameBack(scene, verdict, at);
    case 'follower-progress':
    case 'metadata-progress':
    case 'consume-progress':
    case 'produce-progress':
      return notBack(scene, at);
    default:
      return [];
  }
}

function twoLeaders(scene: Scene, { evidence }: Verdict): Sentence[] {
  const [first, second] = evidence
    .filter((event) => scene.store.kindName(event) === 'quorum.state')
    .map((event) => scene.at(event));
  return first === undefined || second === undefined ? [] : votedTwice(scene, first, second);
}

/** Who wrote the two records that stand at one offset: the newest of each epoch. */
function bothRecords(scene: Scene, verdict: Verdict, at: number): Sentence[] {
  const record = /another record/.test(verdict.explanation) ? recordIn(verdict) : null;
  if (record === null) return [];
  return writersOf(scene, record, at)
    .slice(-2)
    .map(({ broker, batch }) => {
      const facts = { leader: brokerName(broker), epoch: batch.leaderEpoch };
      const said = { ...facts, record: `${record.partition} offset ${record.offset}` };
      return scene.say('wrote-in-epoch', said, [batch.bornEvent]);
    });
}

/** Who had committed what is missing now. */
function committedBefore(scene: Scene, { explanation }: Verdict, at: number): Sentence[] {
  const told = /up to (\d+) was committed before|hold it up to (\d+)/.exec(explanation);
  const offset = Number(told?.[1] ?? told?.[2] ?? -1);
  if (offset < 0) return [];
  const by = scene.last(
    'quorum.committed',
    at,
    ({ fields }) => fields[2] === 'leader' && Number(fields[0]) >= offset,
  );
  if (by === null) return [];
  const facts = {
    node: scene.nodeName(by),
    offset: Number(by.fields[0]),
    epoch: Number(by.fields[1]),
  };
  return [scene.say('committed-by', facts, [by.event])];
}

function cameBack(scene: Scene, { explanation, evidence }: Verdict, at: number): Sentence[] {
  const broker = /^(\S+) came back/.exec(explanation)?.[1];
  if (broker === undefined) return [];
  const [lost = 0] = evidence;
  const trouble =
    lost > 0 && lost < at ? troubleOf(scene, broker, { event: lost + 1, peers: [] }) : null;
  const id = Number(broker.split('-').at(-1));
  const isIt = (one: TraceEvent) => one.fields[0] === id && one.fields[2] === 'unclean';
  const end = scene.store.stepEnd(at);
  const registered = scene.last('broker.registered', end + 1, isIt);
  return [
    ...(trouble === null ? [] : [scene.say('trouble', { trouble: trouble.words }, trouble.events)]),
    ...(registered === null
      ? []
      : [scene.say('came-back-unclean', { broker }, [registered.event])]),
  ];
}

/** Brokers and controllers that do not run at the end, and why. */
function notBack(scene: Scene, at: number): Sentence[] {
  const state = scene.state(at);
  return Object.values(state.nodes)
    .filter((one) => one.id >= 0 && one.process !== 'up' && one.since > 0)
    .slice(0, 3)
    .flatMap((one) => {
      const trouble = troubleOf(scene, one.name, { event: at, peers: [] });
      if (trouble === null) return [];
      const facts = { node: one.name, trouble: trouble.words };
      return [scene.say('not-back', facts, trouble.events)];
    });
}
