import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DependencyGraph, Edge } from '../../sim/check/history/anomalies/dependency-graph.ts';
import { HistoryView } from '../../sim/check/history/anomalies/history-view.ts';
import { shortCycle } from '../../sim/check/history/anomalies/short-cycle.ts';
import { stronglyConnected } from '../../sim/check/history/anomalies/strongly-connected.ts';
import { OperationHistory } from '../../sim/check/history/recorded/operation-history.ts';

type EdgeOf = readonly [from: number, to: number, label: number];

const NODES = 12;
const edges: fc.Arbitrary<EdgeOf[]> = fc.array(
  fc.tuple(fc.nat(NODES - 1), fc.nat(NODES - 1), fc.constantFrom(1, 2, 4, 8)),
  { maxLength: 30 },
);
const mask = fc.integer({ min: 1, max: 15 });

function graphOf(all: readonly EdgeOf[]): DependencyGraph {
  const sorted = [...all].sort((a, b) => a[0] - b[0]);
  const first = Int32Array.from(
    { length: NODES + 1 },
    (_, node) => sorted.filter(([from]) => from < node).length,
  );
  return {
    operations: NODES,
    nodes: NODES,
    first,
    target: Int32Array.from(sorted, ([, to]) => to),
    label: Int8Array.from(sorted, ([, , label]) => label),
    value: new Int32Array(sorted.length),
  };
}

/** By node: which nodes can be reached, by one edge or more. */
function reach(all: readonly EdgeOf[]): boolean[][] {
  const reached = Array.from({ length: NODES }, () => new Array<boolean>(NODES).fill(false));
  for (const [from, to] of all) reached[from]![to] = true;
  for (let over = 0; over < NODES; over++) {
    for (const row of reached) {
      if (!row[over]) continue;
      for (let to = 0; to < NODES; to++) if (reached[over]![to]) row[to] = true;
    }
  }
  return reached;
}

test('groups are the nodes that reach each other', () => {
  fc.assert(
    fc.property(edges, mask, (all, bits) => {
      const reached = reach(all.filter(([, , label]) => (label & bits) !== 0));
      const naive = new Set<string>();
      for (let node = 0; node < NODES; node++) {
        const group = Array.from({ length: NODES }, (_, other) => other).filter(
          (other) => other === node || (reached[node]![other] && reached[other]![node]),
        );
        if (group.length > 1) naive.add(group.join());
      }

      const groups = stronglyConnected(graphOf(all), bits).map((one) => [...one].sort(ascending));
      expect(new Set(groups.map((one) => one.join()))).toEqual(naive);
      expect(groups).toHaveLength(naive.size);
    }),
    { numRuns: 2_000 },
  );
});

test('a search among some nodes is a search in the graph of those', () => {
  fc.assert(
    fc.property(edges, fc.uniqueArray(fc.nat(NODES - 1)), (all, some) => {
      const nodes = Int32Array.from(some).sort();
      const inside = all.filter(([from, to]) => some.includes(from) && some.includes(to));

      const asText = (groups: Int32Array[]) => groups.map((one) => [...one].sort(ascending).join());
      expect(asText(stronglyConnected(graphOf(all), 15, nodes)).sort()).toEqual(
        asText(stronglyConnected(graphOf(inside), 15)).sort(),
      );
    }),
    { numRuns: 500 },
  );
});

test('a cycle that is told is one, with the edge that is asked for', () => {
  fc.assert(
    fc.property(edges, mask, fc.constantFrom(1, 2), (all, bits, needs) => {
      const graph = graphOf(all);
      const usable = new Set(
        all.filter(([, , label]) => (label & (bits | needs)) !== 0).map((one) => one.join()),
      );
      for (const group of stronglyConnected(graph, bits | needs)) {
        const steps = shortCycle(graph, { group, mask: bits | needs, needs });
        const has = all.some(
          ([from, to, label]) => label === needs && group.includes(from) && group.includes(to),
        );
        expect(steps !== null).toBe(has);
        if (steps === null) continue;
        steps.forEach((step, i) => {
          expect(usable).toContain([step.from, step.to, step.label].join());
          expect(step.to).toBe(steps[(i + 1) % steps.length]!.from);
        });
        expect(steps.some((step) => step.label === needs)).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('in the order of a process is what had ended and what was begun after it', () => {
  const spell = fc.record({
    from: fc.nat(40),
    length: fc.nat(12),
    ending: fc.constantFrom('ok' as const, 'ok' as const, 'info' as const, 'fail' as const),
    crash: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  });
  fc.assert(
    fc.property(fc.array(spell, { maxLength: 30 }), (spells) => {
      const history = new OperationHistory('event');
      for (const { from, length, ending, crash } of spells) {
        const invoked = { mark: from, timeMs: from };
        const completed = { mark: from + length, timeMs: from + length };
        if (!crash) history.add({ process: 'p', kind: 'send', ending, invoked, completed });
        else
          history.add({ process: 'p', kind: 'crash', ending: 'info', invoked, completed: invoked });
      }
      const view = new HistoryView(history);
      const graph = new DependencyGraph(view);
      const order = [...(view.byProcess[0] ?? [])];
      const clientOf = (one: number) =>
        order.slice(0, order.indexOf(one)).filter((i) => history.kindOf(i) === 'crash').length;
      const isSend = (one: number) =>
        history.kindOf(one) === 'send' && history.endingOf(one) !== 'fail';

      for (const one of order.filter(isSend)) {
        const after = order.filter(
          (other) =>
            isSend(other) &&
            history.isOk(one) &&
            clientOf(one) === clientOf(other) &&
            history.completedMark.at(one) < history.invokedMark.at(other),
        );
        expect(inOrderOf(graph, one)).toEqual(after.sort(ascending));
      }
    }),
    { numRuns: 500 },
  );
});

/** The operations that come after it by edges of processes. */
function inOrderOf(graph: DependencyGraph, operation: number): number[] {
  const reached = new Set<number>();
  const queue = [operation];
  for (const node of queue) {
    for (let edge = graph.first[node]!; edge < graph.first[node + 1]!; edge++) {
      const target = graph.target[edge]!;
      if (graph.label[edge] !== Edge.process || reached.has(target)) continue;
      reached.add(target);
      queue.push(target);
    }
  }
  return [...reached].filter((node) => node < graph.operations).sort(ascending);
}

function ascending(a: number, b: number): number {
  return a - b;
}
