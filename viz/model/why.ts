/**
 * The tab "Why": the causal chain behind an event or a verdict in at most eight sentences, each
 * from a template (`why-templates.ts`), with the events that it rests on and Kafka's rule. The
 * sentences go from what was promised to how it ended.
 */
import type { Verdict } from '../../sim/check/verdict.ts';
import type { TraceEvent } from '../../sim/trace/rows.ts';
import { legendOf } from './legend.ts';
import { silentNodes } from './silence.ts';
import type { Timeline } from './timeline.ts';
import type { TraceStore } from './trace-store.ts';
import { chainOf } from './why/chain.ts';
import { whyAnswered, whyRefused, whyRetried, whyStuck } from './why/clients.ts';
import { whyDecided } from './why/decisions.ts';
import { whyElected, whyFenced, whyIsrChanged, whyLeads } from './why/elections.ts';
import { completed, whyFinding } from './why/findings.ts';
import {
  whyAppended,
  whyDirectoryFailed,
  whyRecovered,
  whyTruncated,
  whyWatermark,
} from './why/logs.ts';
import { lossOf } from './why/loss.ts';
import { duplicated, reordered } from './why/order.ts';
import { whyActivated, whyQuorumState } from './why/quorum.ts';
import { whyReplicasChanged } from './why/reassignment.ts';
import { recordIn } from './why/record.ts';
import { inOrder, Scene, type Sentence } from './why/scene.ts';
import { MOST_SENTENCES } from './why/whole-story.ts';

export type { Sentence } from './why/scene.ts';

/** @param verdict what was judged at this event; null: why the event itself happened. */
export function explain(
  store: TraceStore,
  timeline: Timeline,
  event: number,
  verdict: Verdict | null,
): Sentence[] {
  if (event < 1 || event > store.count) return [];
  const scene = new Scene(store, timeline);
  const sentences = verdict === null ? whyEvent(scene, event) : whyVerdict(scene, event, verdict);
  return condensed(sentences);
}

/** The events of faults that an explanation names. */
export function namedFaults(store: TraceStore, sentences: readonly Sentence[]): number[] {
  const events = new Set(sentences.flatMap((one) => [...one.events]));
  return [...events].filter((event) => store.kindName(event).startsWith('fault.')).sort(byNumber);
}

/** What was done before an event that explains it, or the finding of a check at it. */
export function faultsBehind(store: TraceStore, timeline: Timeline, event: number): number[] {
  const verdicts = store.identity?.report?.verdicts ?? [];
  const finding = verdicts.find((one) => one.verdict !== 'holds' && one.at === event) ?? null;
  if (finding === null && silentNodes(store, event).length === 0) return [];
  const faults = namedFaults(store, explain(store, timeline, event, finding));
  return faults.filter((fault) => fault < event);
}

type Explain = (scene: Scene, event: TraceEvent) => Sentence[];

const explanations: Readonly<Record<string, Explain>> = {
  'leader.elected': whyElected,
  'leader.started': whyLeads,
  'follower.started': whyLeads,
  'broker.fenced': whyFenced,
  'isr.changed': whyIsrChanged,
  'log.truncated': whyTruncated,
  'log.recovered': whyRecovered,
  'log.cut': whyRecovered,
  'log.appended': whyAppended,
  'log.dir.failed': whyDirectoryFailed,
  'hw.advanced': whyWatermark,
  'command.completed': whyAnswered,
  'produce.refused': whyRefused,
  'quorum.state': whyQuorumState,
  'controller.activated': whyActivated,
  'controller.resigned': whyActivated,
  'replicas.changed': whyReplicasChanged,
  'client.retried': whyRetried,
  'decision.changed': whyDecided,
};

function whyEvent(scene: Scene, event: number): Sentence[] {
  const one = scene.at(event);
  const found = explanations[one.kind]?.(scene, one) ?? [];
  return found.length > 0 ? found : chainOf(scene, event);
}

const STUCK: ReadonlySet<string> = new Set(['produce-progress', 'follower-progress']);

function whyVerdict(scene: Scene, event: number, verdict: Verdict): Sentence[] {
  const ack = acknowledgement(scene, verdict);
  if (ack !== null) {
    const { story, remedy } = lossOf(scene, ack);
    return completed(scene, verdict, story, remedy);
  }
  const ofOrder = verdict.name === 'no-dup' ? duplicated : reordered;
  if (verdict.name === 'producer-order' || verdict.name === 'no-dup') {
    const found = ofOrder(scene, verdict);
    if (found.length > 0) return completed(scene, verdict, inOrder(scene, found), []);
  }
  if (STUCK.has(verdict.name)) {
    const found = whyStuck(scene, event);
    if (found.length > 0) return whyFinding(scene, verdict, found);
  }
  return whyFinding(scene, verdict, ofWitnesses(scene, event, verdict));
}

/** What is known of the events that a verdict rests on; routine ones tell nothing. */
function ofWitnesses(scene: Scene, event: number, verdict: Verdict): Sentence[] {
  const witnesses = [...verdict.evidence, event].filter(
    (one) => one >= 1 && one <= scene.store.count,
  );
  const told = new Set(witnesses.map((one) => announced(scene, one)));
  return [...told].sort(byNumber).flatMap((one) => {
    const event = scene.at(one);
    const { kind } = event;
    // Who looks at the end what there is has no part in it.
    if (scene.nodeName(event).startsWith('lab-')) return [];
    if (explanations[kind] !== undefined) return whyEvent(scene, one);
    return legendOf(kind).weight < 2
      ? []
      : [scene.say('happened', { words: scene.words(one) }, [one])];
  });
}

/**
 * The fault itself, where the laboratory only announced it; what was decided, where the controller
 * only learnt that its decisions are committed.
 */
function announced(scene: Scene, event: number): number {
  const { store } = scene;
  const kind = store.kindName(event);
  if (kind === 'lab.action' && event < store.count) {
    return store.kindName(event + 1).startsWith('fault.') ? event + 1 : event;
  }
  if (kind !== 'quorum.committed') return event;
  const end = store.stepEnd(event);
  for (let next = event + 1; next <= end; next++) {
    if (legendOf(store.kindName(next)).weight >= 2) return next;
  }
  return event;
}

const LOSSES: ReadonlySet<string> = new Set([
  'acked-durable',
  'offset-unique',
  'read-stable',
  'hw-mono',
  'leader-complete',
  'candidate-complete',
  'committed-somewhere',
]);

/**
 * The answer that promised what the verdict says is gone; null when it is about no such thing, or
 * nobody had been answered yet.
 */
function acknowledgement(scene: Scene, verdict: Verdict): TraceEvent | null {
  if (!LOSSES.has(verdict.name)) return null;
  const at = verdict.at ?? scene.store.count;
  const record = recordIn(verdict);
  for (const event of verdict.evidence) {
    if (event < 1 || event > scene.store.count) continue;
    const one = scene.at(event);
    if (one.kind === 'command.completed' && one.fields[0] === 'sent') return one;
  }
  if (record === null) return null;
  const { partition, offset } = record;
  const found = scene.first('command.completed', 0, ({ fields }) => {
    const first = Number(fields[5] ?? -1);
    const count = Number(fields[3]);
    return fields[4] === partition && first <= offset && offset < first + count;
  });
  return found !== null && found.event <= at ? found : null;
}

/**
 * No sentence twice; of more than eight those in the middle are left out. What would have helped
 * stays at the end.
 */
function condensed(sentences: readonly Sentence[]): Sentence[] {
  const seen = new Set<string>();
  const unique = sentences.filter((one) => {
    if (one.events.length === 0 || seen.has(one.text)) return false;
    seen.add(one.text);
    return true;
  });
  if (unique.length <= MOST_SENTENCES) return unique;
  return [...unique.slice(0, MOST_SENTENCES - 3), ...unique.slice(-3)];
}

function byNumber(a: number, b: number): number {
  return a - b;
}
