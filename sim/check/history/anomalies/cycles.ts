/**
 * Cycles: operations of which each must have come before the next, and the last before the first.
 * What they are called tells which orders were needed (`dependency-graph.ts`):
 *
 * - G0: only ww. Writes of Kafka's transactions are not isolated from each other: always allowed.
 * - G1c: wr, alone or with ww. With wr alone two operations saw each other's writes, or one saw
 *   what was not yet there: a violation, unless uncommitted records may be read. What needs ww is
 *   allowed for the reason of G0.
 * - with -process or -realtime at the end: the order of a process or of real time was needed, too.
 *
 * One cycle, a short one, is told of each group of operations that reach each other, under the
 * first name that fits, what cannot be allowed before what can. Jepsen's G-single and G2 need
 * anti-dependencies (rw), which neither its checker nor this one draws; its less exact names for
 * cycles that could not be searched (PL-1-cycle-exists and so on) are not needed: here all are.
 */
import { NO_MARK } from '../recorded/operation-history.ts';
import type { AnomalyKind, Case, Cases, Pass } from './anomaly.ts';
import { DependencyGraph, Edge } from './dependency-graph.ts';
import { type HistoryView, READ_UNCOMMITTED } from './history-view.ts';
import { type Step, shortCycle } from './short-cycle.ts';
import { stronglyConnected } from './strongly-connected.ts';

const INTERLEAVE = 'writes are not isolated';

const ORDERS = [
  { suffix: '', edges: 0, words: '' },
  { suffix: '-process', edges: Edge.process, words: ', in the order of processes' },
  {
    suffix: '-realtime',
    edges: Edge.process | Edge.realtime,
    words: ', in the order of processes and of real time',
  },
] as const;

const KINDS: readonly AnomalyKind[] = ORDERS.flatMap(({ suffix, words }) => [
  {
    name: `G0${suffix}`,
    doc: `writes follow each other in no circle${words}`,
    allowedBy: INTERLEAVE,
  },
  {
    name: `G1c${suffix}`,
    doc: `who was read comes before who read${words}`,
    allowedBy: null,
    needsPolls: true,
  },
]);

/** What to look for: first what cannot be allowed, so that nothing that is hides it. */
const SEARCHES = [
  ...ORDERS.map(({ suffix, edges }) => ({
    name: `G1c${suffix}`,
    mask: Edge.wr | edges,
    needs: Edge.wr,
  })),
  ...ORDERS.flatMap(({ suffix, edges }) => [
    { name: `G0${suffix}`, mask: Edge.ww | edges, needs: Edge.ww },
    { name: `G1c${suffix}`, mask: Edge.ww | Edge.wr | edges, needs: Edge.wr },
  ]),
];

const EVERYTHING = Edge.ww | Edge.wr | Edge.process | Edge.realtime;

export const cycles: Pass = {
  kinds: KINDS,
  find(view, casesOf) {
    const graph = new DependencyGraph(view);
    const groups = stronglyConnected(graph, EVERYTHING);
    if (groups.length === 0) return;
    const suspects = joined(groups);
    /** By operation: it is in a cycle that has been told. */
    const told = new Uint8Array(graph.nodes);
    for (const { name, mask, needs } of SEARCHES) {
      for (const group of stronglyConnected(graph, mask, suspects)) {
        if (group.some((node) => told[node] === 1)) continue;
        const steps = shortCycle(graph, { group, mask, needs });
        if (steps === null) continue;
        for (const { from } of steps) told[from] = 1;
        tell(view, { steps, cases: casesOf(name), mask, name });
      }
    }
  },
};

function joined(groups: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(groups.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const group of groups) {
    all.set(group, at);
    at += group.length;
  }
  return all.sort();
}

function tell(
  view: HistoryView,
  found: { steps: readonly Step[]; cases: Cases; mask: number; name: string },
): void {
  const { steps, cases, mask, name } = found;
  const needsWrites = (mask & Edge.ww) !== 0;
  const unlessAllowed = view.history.readUncommitted ? READ_UNCOMMITTED : null;
  const allowedBy = needsWrites || name.startsWith('G0') ? INTERLEAVE : unlessAllowed;
  cases.add(allowedBy, () => cycleCase(view, steps));
}

function cycleCase(view: HistoryView, steps: readonly Step[]): Omit<Case, 'allowedBy'> {
  const operations = steps.map((one) => one.from);
  const said = steps.slice(0, SHOWN).map((step) => stepWords(view, step));
  const more = steps.length - said.length;
  const rest = more > 0 ? `, … ${more} more steps back to the first` : '';
  return { key: null, explanation: said.join(', ') + rest, operations };
}

/** Steps of a cycle that are told in words. */
const SHOWN = 8;

function stepWords(view: HistoryView, { from, to, label, value }: Step): string {
  const first = `process ${view.processName(from)} (${view.place(from)})`;
  const second = `process ${view.processName(to)} (${view.place(to)})`;
  if (label === Edge.process) return `${first} did this before ${second}`;
  if (label === Edge.realtime) return `${first} had ended before ${second} began${begun(view, to)}`;
  const { history } = view;
  const key = view.keyName(history.keyOfValue.at(value));
  const text = history.valueText(value);
  if (label === Edge.wr) return `${first} sent ${text} to ${key}, which ${second} polled`;
  return `${first} sent to ${key} just before ${text} of ${second}`;
}

function begun(view: HistoryView, operation: number): string {
  const mark = view.history.invokedMark.at(operation);
  return mark === NO_MARK ? '' : ` (${view.history.marks} ${mark})`;
}
