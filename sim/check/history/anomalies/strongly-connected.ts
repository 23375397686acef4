/**
 * Tarjan's algorithm without recursion: the groups of nodes that reach each other. Only edges with
 * a label of `mask` count, and only nodes that are given.
 */
import type { DependencyGraph } from './dependency-graph.ts';

const UNSEEN = 0;

/** @returns the groups of two nodes or more, in no particular order; time and room are linear. */
export function stronglyConnected(
  graph: DependencyGraph,
  mask: number,
  nodes: Int32Array | null = null,
): Int32Array[] {
  return new Search(graph, mask, nodes).run();
}

class Search {
  private readonly graph: DependencyGraph;
  private readonly mask: number;
  private readonly given: Int32Array | null;
  private readonly mayVisit: Uint8Array | null;
  /** When a node was found, from 1 on. */
  private readonly found: Int32Array;
  private readonly low: Int32Array;
  private readonly onStack: Uint8Array;
  private readonly stack: Int32Array;
  private height = 0;
  private readonly path: Int32Array;
  private readonly edge: Int32Array;
  private clock = 0;
  private readonly groups: Int32Array[] = [];

  constructor(graph: DependencyGraph, mask: number, nodes: Int32Array | null) {
    const { nodes: count } = graph;
    this.graph = graph;
    this.mask = mask;
    this.given = nodes;
    this.mayVisit = nodes === null ? null : new Uint8Array(count);
    for (const node of nodes ?? []) (this.mayVisit as Uint8Array)[node] = 1;
    this.found = new Int32Array(count);
    this.low = new Int32Array(count);
    this.onStack = new Uint8Array(count);
    this.stack = new Int32Array(nodes?.length ?? count);
    this.path = new Int32Array(nodes?.length ?? count);
    this.edge = new Int32Array(count);
  }

  run(): Int32Array[] {
    const count = this.given?.length ?? this.graph.nodes;
    for (let i = 0; i < count; i++) {
      const node = this.given === null ? i : (this.given[i] as number);
      if (this.found[node] === UNSEEN) this.from(node);
    }
    return this.groups;
  }

  private enter(node: number): void {
    this.clock += 1;
    this.found[node] = this.clock;
    this.low[node] = this.clock;
    this.edge[node] = this.graph.first[node] as number;
    this.onStack[node] = 1;
    this.stack[this.height++] = node;
  }

  private from(root: number): void {
    const { path, low, found } = this;
    let depth = 0;
    path[0] = root;
    this.enter(root);
    while (depth >= 0) {
      const node = path[depth] as number;
      const child = this.nextChild(node);
      if (child >= 0) {
        depth += 1;
        path[depth] = child;
        this.enter(child);
        continue;
      }
      if (low[node] === found[node]) this.leave(node);
      depth -= 1;
      if (depth < 0) return;
      const parent = path[depth] as number;
      if ((low[node] as number) < (low[parent] as number)) low[parent] = low[node] as number;
    }
  }

  /** The next node to go into; -1 when all edges of `node` have been followed. */
  private nextChild(node: number): number {
    const { graph, found, low, onStack, edge, mask, mayVisit } = this;
    const end = graph.first[node + 1] as number;
    for (let i = edge[node] as number; i < end; i++) {
      if (((graph.label[i] as number) & mask) === 0) continue;
      const target = graph.target[i] as number;
      if (mayVisit !== null && mayVisit[target] === 0) continue;
      if (found[target] === UNSEEN) {
        edge[node] = i + 1;
        return target;
      }
      if (onStack[target] === 1 && (found[target] as number) < (low[node] as number)) {
        low[node] = found[target] as number;
      }
    }
    edge[node] = end;
    return -1;
  }

  private leave(root: number): void {
    const { stack, onStack } = this;
    const top = this.height;
    let bottom = top - 1;
    while (stack[bottom] !== root) bottom -= 1;
    for (let i = bottom; i < top; i++) onStack[stack[i] as number] = 0;
    this.height = bottom;
    if (top - bottom > 1) this.groups.push(stack.slice(bottom, top));
  }
}
