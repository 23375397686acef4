/** A short cycle within a group of nodes that reach each other, for people to read. */
import type { DependencyGraph } from './dependency-graph.ts';

/** From operation to operation; moments of time in between are left out. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly label: number;
  readonly value: number;
}

/** Edges that the search begins with: enough for a short cycle, few enough to be fast. */
const TRIED = 16;

/** @returns the shortest cycle that was found with an edge of `needs`; null: there is none. */
export function shortCycle(
  graph: DependencyGraph,
  { group, mask, needs }: { group: Int32Array; mask: number; needs: number },
): Step[] | null {
  const place = new Map<number, number>();
  for (let i = 0; i < group.length; i++) place.set(group[i] as number, i);
  const usable = (edge: number): boolean =>
    ((graph.label[edge] as number) & mask) !== 0 && place.has(graph.target[edge] as number);
  let best: number[] | null = null;
  let tried = 0;
  for (const node of group) {
    const end = graph.first[node + 1] as number;
    for (let edge = graph.first[node] as number; edge < end && tried < TRIED; edge++) {
      if (((graph.label[edge] as number) & needs) === 0 || !usable(edge)) continue;
      tried += 1;
      const back = pathOf(graph, { from: graph.target[edge] as number, to: node, place, usable });
      if (back === null) continue;
      const cycle = [edge, ...back];
      if (best === null || cycle.length < best.length) best = cycle;
    }
    if (tried >= TRIED) break;
  }
  return best === null ? null : stepsOf(graph, best);
}

interface Route {
  readonly from: number;
  readonly to: number;
  readonly place: ReadonlyMap<number, number>;
  usable(edge: number): boolean;
}

/** The edges of a shortest path. */
function pathOf(graph: DependencyGraph, { from, to, place, usable }: Route): number[] | null {
  const cameBy = new Int32Array(place.size).fill(-1);
  const cameFrom = new Int32Array(place.size).fill(-1);
  const queue = [from];
  const reached = new Set(queue);
  for (let head = 0; head < queue.length && !reached.has(to); head++) {
    const node = queue[head] as number;
    const end = graph.first[node + 1] as number;
    for (let edge = graph.first[node] as number; edge < end; edge++) {
      const target = graph.target[edge] as number;
      if (!usable(edge) || reached.has(target)) continue;
      reached.add(target);
      cameBy[place.get(target) as number] = edge;
      cameFrom[place.get(target) as number] = node;
      queue.push(target);
    }
  }
  if (!reached.has(to)) return null;
  const path: number[] = [];
  for (let node = to; node !== from; node = cameFrom[place.get(node) as number] as number) {
    path.push(cameBy[place.get(node) as number] as number);
  }
  return path.reverse();
}

function stepsOf(graph: DependencyGraph, edges: readonly number[]): Step[] {
  const steps: Step[] = [];
  let from = graph.target[edges.at(-1) as number] as number;
  for (const edge of edges) {
    const to = graph.target[edge] as number;
    // The first edge of a cycle is no realtime edge, so that each chain of moments has an end.
    if (to >= graph.operations) continue;
    steps.push({
      from,
      to,
      label: graph.label[edge] as number,
      value: graph.value[edge] as number,
    });
    from = to;
  }
  return steps;
}
