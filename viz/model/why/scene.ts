/** What explanations look up in a run: states, the last event of a kind, the words of a node. */
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { legendOf, wordsOf } from '../legend.ts';
import type { RuleLink } from '../rules.ts';
import type { ClusterState } from '../state.ts';
import type { Timeline } from '../timeline.ts';
import type { TraceStore } from '../trace-store.ts';
import { fill, type TemplateName, whyTemplates } from '../why-templates.ts';

export interface Sentence {
  readonly text: string;
  /** The events that it rests on, oldest first; at least one. */
  readonly events: readonly number[];
  /** null: none of Kafka's is behind it, as with a fault. */
  readonly rule: RuleLink | null;
}

/** As far back as the last event of a kind is looked for. */
const FARTHEST = 300_000;

export class Scene {
  readonly store: TraceStore;
  readonly timeline: Timeline;

  constructor(store: TraceStore, timeline: Timeline) {
    this.store = store;
    this.timeline = timeline;
  }

  state(position: number): ClusterState {
    return this.timeline.stateAt(position);
  }

  at(event: number): TraceEvent {
    return this.store.at(event);
  }

  nodeName(event: TraceEvent): string {
    return this.store.nodeName(event.node);
  }

  words(event: number): string {
    return wordsOf(this.at(event), this.store.nodeNames);
  }

  /** Names of nodes that are controllers. */
  get controllers(): readonly string[] {
    return this.store.nodeNames.filter((name) => name.startsWith('controller-'));
  }

  acksOf(client: string): string {
    return this.timeline.facts.clients[client]?.acks ?? '';
  }

  /** The last event of the kind before `event` that passes; null when there is none. */
  last(
    kind: string,
    event: number,
    test: (one: TraceEvent) => boolean = () => true,
  ): TraceEvent | null {
    const list = this.store.listOf(kind);
    const from = list.placeFrom(event) - 1;
    for (let place = from; place >= 0 && from - place < FARTHEST; place--) {
      const one = this.at(list.at(place));
      if (test(one)) return one;
    }
    return null;
  }

  /** The first event of the kind after `event` that passes. */
  first(
    kind: string,
    event: number,
    test: (one: TraceEvent) => boolean = () => true,
  ): TraceEvent | null {
    const list = this.store.listOf(kind);
    const from = list.placeFrom(event + 1);
    for (let place = from; place < list.count && place - from < FARTHEST; place++) {
      const one = this.at(list.at(place));
      if (test(one)) return one;
    }
    return null;
  }

  /** Cites the rule of the template, else that of the kind of the first event. */
  say(
    name: TemplateName,
    facts: Readonly<Record<string, string | number>>,
    events: readonly (number | null | undefined)[],
  ): Sentence {
    const told = events.filter((one): one is number => typeof one === 'number' && one > 0);
    const cited = [...new Set(told)].sort((a, b) => a - b);
    const [first] = cited;
    const documented = first === undefined ? null : legendOf(this.store.kindName(first)).doc;
    return {
      text: sentenceOf(fill(name, facts), this.store.nodeNames),
      events: cited,
      rule: whyTemplates[name].rule ?? documented,
    };
  }
}

/** As things happened: by the step that ended what a sentence tells of. */
export function inOrder(scene: Scene, sentences: readonly Sentence[]): Sentence[] {
  const stepOf = ({ events }: Sentence) => scene.store.stepStart(events.at(-1) ?? 0);
  return sentences.toSorted((a, b) => stepOf(a) - stepOf(b));
}

/** A sentence begins with a capital letter, unless it begins with a name. */
function sentenceOf(text: string, names: readonly string[]): string {
  if (/^[\w.]*[\d-]/.test(text) || names.includes(text.split(' ')[0] ?? '')) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `broker-1`, `broker-1 and broker-2`, `broker-1, broker-2 and broker-3`; `nobody` */
export function listed(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined) return 'nobody';
  if (names.length === 1) return last;
  return `${names.slice(0, -1).join(', ')} and ${last}`;
}

export function brokerName(id: number): string {
  return `broker-${id}`;
}
