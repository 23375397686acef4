/**
 * The one table of what every event kind looks like and says: where its mark stands, its colour
 * (a token of `viz/style/tokens.css`), its shape, how much it weighs when there is no room for
 * all, its words and its documentation. A kind that is not in here is shown by the default entry.
 */
import type { TraceEvent } from '../../sim/trace/rows.ts';
import { clientLegend } from './legend/clients.ts';
import { faultLegend } from './legend/faults.ts';
import { groupLegend } from './legend/groups.ts';
import { inputLegend } from './legend/inputs.ts';
import { systemLegend } from './legend/system.ts';
import type { RuleLink } from './rules.ts';

/** Names of CSS variables, without the dashes in front. */
export type ColourToken =
  | 'kind-message'
  | 'kind-log'
  | 'kind-replication'
  | 'kind-leader'
  | 'kind-isr'
  | 'kind-client'
  | 'kind-refusal'
  | 'kind-fault'
  | 'kind-life'
  | 'kind-other'
  | 'fault-process'
  | 'fault-network'
  | 'fault-disk'
  | 'fault-clock';

export type Shape =
  | 'dot'
  | 'tick'
  | 'square'
  | 'diamond'
  | 'triangle-up'
  | 'triangle-down'
  | 'cross';

/**
 * 0 is folded into beads first (wake-ups, bytes that came in), 1 is the run's daily bread, 2 is
 * worth a mark of its own, 3 is shown at any zoom (elections, truncations, faults).
 */
export type Weight = 0 | 1 | 2 | 3;

export interface LegendEntry {
  /** What the kind is called on screen. */
  readonly title: string;
  /** `own`: the node that told it; `targets`: the nodes that its first fields name. */
  readonly lane: 'own' | 'targets';
  readonly colour: ColourToken;
  readonly shape: Shape;
  readonly weight: Weight;
  /** One sentence without a full stop; `node` is the name of the event's own node. */
  readonly words: (event: TraceEvent, node: string) => string;
  readonly doc: RuleLink | null;
}

const entries: ReadonlyMap<string, LegendEntry> = new Map(
  Object.entries({
    ...inputLegend,
    ...clientLegend,
    ...groupLegend,
    ...systemLegend,
    ...faultLegend,
  }),
);

export function legendOf(kind: string): LegendEntry {
  return entries.get(kind) ?? unknownKind(kind);
}

/** Kinds that have an entry of their own. */
export function knownKinds(): string[] {
  return [...entries.keys()];
}

const unknowns = new Map<string, LegendEntry>();

function unknownKind(kind: string): LegendEntry {
  const known = unknowns.get(kind);
  if (known !== undefined) return known;
  const entry: LegendEntry = {
    title: kind.replaceAll('.', ' '),
    lane: 'own',
    colour: 'kind-other',
    shape: 'dot',
    weight: 1,
    words: (event, node) => `${node} ${kind} ${event.fields.join(' ')}`.trimEnd(),
    doc: null,
  };
  unknowns.set(kind, entry);
  return entry;
}

/** The sentence of an event. */
export function wordsOf(event: TraceEvent, nodeNames: readonly string[]): string {
  const node = event.node === 0 ? 'lab' : (nodeNames[event.node - 1] ?? `node ${event.node}`);
  return legendOf(event.kind).words(event, node);
}
