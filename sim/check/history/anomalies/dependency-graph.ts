/**
 * Which operation must have come before which:
 *
 * - ww: both sent to a partition, one value directly behind the other in the version order.
 * - wr: one sent what the other polled.
 * - process: one process did both, and the first had ended before the second was begun.
 * - realtime: one had ended before the other was begun.
 *
 * Operations that failed have no part in it. What is unknown is preceded by others, and precedes
 * only by what was seen of it. Realtime, and the order of a process that does several things at a
 * time, would need an edge for each pair; instead every ended operation points into a chain of
 * moments, and the chain to what was begun later.
 */
import { NO_MARK } from '../recorded/operation-history.ts';
import type { HistoryView } from './history-view.ts';

export const Edge = { ww: 1, wr: 2, process: 4, realtime: 8 } as const;

export class DependencyGraph {
  /** Nodes below this number are operations, the others moments. */
  readonly operations: number;
  readonly nodes: number;
  /** Edges of node n are those from `first[n]` to `first[n + 1]`. */
  readonly first: Int32Array;
  readonly target: Int32Array;
  readonly label: Int8Array;
  /** The value that makes a ww edge (the later one) or a wr edge; else -1. */
  readonly value: Int32Array;

  constructor(view: HistoryView) {
    const edges = new Edges();
    this.operations = view.history.count;
    writeEdges(view, edges);
    readEdges(view, edges);
    const processMoments = processEdges(view, edges);
    this.nodes = realtimeEdges(view, edges, this.operations + processMoments);
    const counts = new Int32Array(this.nodes + 1);
    const { length } = edges;
    for (let i = 0; i < length; i++) {
      const from = edges.source[i] as number;
      counts[from + 1] = (counts[from + 1] as number) + 1;
    }
    for (let node = 0; node < this.nodes; node++) {
      counts[node + 1] = (counts[node + 1] as number) + (counts[node] as number);
    }
    this.first = counts.slice();
    this.target = new Int32Array(length);
    this.label = new Int8Array(length);
    this.value = new Int32Array(length);
    for (let i = 0; i < length; i++) {
      const from = edges.source[i] as number;
      const at = counts[from] as number;
      counts[from] = at + 1;
      this.target[at] = edges.target[i] as number;
      this.label[at] = edges.label[i] as number;
      this.value[at] = edges.value[i] as number;
    }
  }
}

class Edges {
  source = new Int32Array(4096);
  target = new Int32Array(4096);
  value = new Int32Array(4096);
  label = new Int8Array(4096);
  length = 0;

  add(source: number, target: number, label: number, value = -1): void {
    const i = this.length;
    if (i === this.source.length) this.grow();
    this.source[i] = source;
    this.target[i] = target;
    this.label[i] = label;
    this.value[i] = value;
    this.length = i + 1;
  }

  private grow(): void {
    const { source, target, value, label } = this;
    const capacity = source.length * 2;
    this.source = new Int32Array(capacity);
    this.source.set(source);
    this.target = new Int32Array(capacity);
    this.target.set(target);
    this.value = new Int32Array(capacity);
    this.value.set(value);
    this.label = new Int8Array(capacity);
    this.label.set(label);
  }
}

function takesPart(view: HistoryView, operation: number): boolean {
  return operation >= 0 && view.history.endingOf(operation) !== 'fail';
}

/** Copies of a value, at a later place than its first, were written by no send of their own. */
function writeEdges(view: HistoryView, edges: Edges): void {
  const { indexOfValue } = view.order;
  for (const { values } of view.order.keys) {
    let earlier = -1;
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      if (indexOfValue[value] !== index) continue;
      const later = view.writerOf(value);
      if (earlier !== later && takesPart(view, earlier) && takesPart(view, later)) {
        edges.add(earlier, later, Edge.ww, value);
      }
      earlier = later;
    }
  }
}

function readEdges(view: HistoryView, edges: Edges): void {
  const { history } = view;
  const { value: values } = history.reads;
  for (let reader = 0; reader < history.count; reader++) {
    const end = history.endOfReads(reader);
    if (!takesPart(view, reader)) continue;
    let last = -1;
    for (let row = history.firstRead.at(reader); row < end; row++) {
      const writer = view.writerOf(values.at(row));
      if (writer === last || writer === reader || !takesPart(view, writer)) continue;
      last = writer;
      edges.add(writer, reader, Edge.wr, values.at(row));
    }
  }
}

/** @returns how many moments there are: of operations that overlap others of their process. */
function processEdges(view: HistoryView, edges: Edges): number {
  const { history } = view;
  let node = history.count;
  for (const operations of view.byProcess) {
    for (const all of view.byClient(operations)) {
      const own = all.filter((one) => takesPart(view, one));
      node = clientEdges(view, edges, { own, node });
    }
  }
  return node - history.count;
}

/**
 * What was begun after all earlier ends stands for them when it ends; where operations of the
 * client overlap, a moment does.
 * @returns the next node.
 */
function clientEdges(
  view: HistoryView,
  edges: Edges,
  { own, node: firstNode }: { own: Int32Array; node: number },
): number {
  const { history } = view;
  const ends = (operation: number): number => history.completedMark.at(operation);
  const ended = own.filter((one) => history.isOk(one) && ends(one) !== NO_MARK);
  ended.sort((a, b) => ends(a) - ends(b) || a - b);
  let node = firstNode;
  let next = 0;
  let before = -1;
  for (const operation of own) {
    const begun = beginning(view, operation);
    for (; next < ended.length && ends(ended[next] as number) < begun; next++) {
      const one = ended[next] as number;
      const isAlone = next === 0 || ends(ended[next - 1] as number) < beginning(view, one);
      if (!isAlone) {
        edges.add(one, node, Edge.process);
        edges.add(before, node, Edge.process);
      }
      before = isAlone ? one : node++;
    }
    if (before >= 0 && begun !== NO_MARK) edges.add(before, operation, Edge.process);
  }
  return node;
}

/**
 * Who does one thing at a time had ended all else when it ended this, so that a beginning that is
 * not known was after that.
 * @returns NO_MARK when it is not known whether anything had ended before it.
 */
function beginning({ history }: HistoryView, operation: number): number {
  const mark = history.invokedMark.at(operation);
  if (mark !== NO_MARK || history.besideOthers.has(operation)) return mark;
  return history.completedMark.at(operation);
}

/**
 * The ends of ok operations are moments, numbered from `firstNode` on.
 * @returns the number behind the last one.
 */
function realtimeEdges(view: HistoryView, edges: Edges, firstNode: number): number {
  const { history } = view;
  const { count, completedMark, invokedMark } = history;
  let lastMark = 0;
  for (let i = 0; i < count; i++) {
    lastMark = Math.max(lastMark, completedMark.at(i), invokedMark.at(i));
  }
  /** By mark: how many ok operations had ended before it. */
  const endedBefore = new Int32Array(lastMark + 2);
  const isMoment = (operation: number): boolean =>
    history.isOk(operation) && completedMark.at(operation) !== NO_MARK;
  for (let i = 0; i < count; i++) {
    if (!isMoment(i)) continue;
    const after = completedMark.at(i) + 1;
    endedBefore[after] = (endedBefore[after] as number) + 1;
  }
  for (let mark = 1; mark < endedBefore.length; mark++) {
    endedBefore[mark] = (endedBefore[mark] as number) + (endedBefore[mark - 1] as number);
  }
  const next = endedBefore.slice();
  let moments = 0;
  for (let operation = 0; operation < count; operation++) {
    if (!takesPart(view, operation)) continue;
    const invoked = invokedMark.at(operation);
    const before = invoked === NO_MARK ? 0 : (endedBefore[invoked] as number);
    if (before > 0) edges.add(firstNode + before - 1, operation, Edge.realtime);
    if (!isMoment(operation)) continue;
    const mark = completedMark.at(operation);
    const rank = next[mark] as number;
    next[mark] = rank + 1;
    moments += 1;
    edges.add(operation, firstNode + rank, Edge.realtime);
    if (rank > 0) edges.add(firstNode + rank - 1, firstNode + rank, Edge.realtime);
  }
  return firstNode + moments;
}
