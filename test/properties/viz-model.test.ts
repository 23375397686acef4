/** The model of the page on random clusters under random faults: every picture of a run agrees. */
import fc from 'fast-check';
import { produce } from 'immer';
import { expect, test } from 'vitest';
import { defined } from '../../kafka/base/assert.ts';
import { arbitraries } from '../../library/arbitraries.ts';
import { bandOf, nodeBands } from '../../viz/model/bands.ts';
import { capOf, decodeCap } from '../../viz/model/cap.ts';
import { factsOf, isInternal } from '../../viz/model/facts.ts';
import { applyEvent } from '../../viz/model/reducer.ts';
import { type ClusterState, type Extent, initialState } from '../../viz/model/state.ts';
import { copyTree } from '../../viz/model/tree.ts';
import { explain } from '../../viz/model/why.ts';
import { type VizRun, vizRun } from '../support/viz-runs.ts';

const drawn = arbitraries.scenario({ maxFaults: 5, runForMs: [4_000, 15_000], disks: true });
const seeds = fc.integer({ min: 1, max: 1_000_000 });
const RUNS = { numRuns: 5, seed: 23 };

function positionsOf(run: VizRun): number[] {
  return Array.from({ length: 12 }, (_, i) => Math.floor((run.store.count * (i + 1)) / 12));
}

/** Logs of all replicas and CAP strips, bands and operations as the state has them. */
function sameEverywhere(run: VizRun, position: number, state: ClusterState): void {
  const { store, timeline } = run;
  const { index } = timeline;
  for (const node of Object.values(state.nodes)) {
    const band = index.bands.node(store.nodeOf(node.name)).valueAt(position, 0);
    expect(nodeBands[band]).toBe(bandOf(node));
  }
  for (const partition of Object.values(state.partitions)) {
    for (const replica of Object.values(partition.replicas)) {
      const log = index.logs.of(partition.name, replica.broker);
      const everything = { from: 0, to: Number.POSITIVE_INFINITY };
      if (isInternal(partition.name)) continue;
      expect(merged(log.batchesAt(position, everything), replica.logStartOffset)).toEqual(
        replica.extents,
      );
    }
    if (partition.electedEvent === 0) continue;
    const cap = decodeCap(index.caps.of(partition.name).valueAt(position, 0));
    expect(capOf(state, partition)).toMatchObject(cap);
  }
  for (const client of Object.values(state.clients)) {
    const flying = index.operations.of(store.nodeOf(client.name)).inFlightAt(position);
    const asked = flying.reduce((sum, one) => sum + one.count, 0);
    expect(client.inFlight).toBeLessThanOrEqual(asked);
    if (asked === 0) expect(client.inFlight).toBe(0);
  }
}

function merged(batches: readonly Extent[], logStartOffset: number): Extent[] {
  const extents: Extent[] = [];
  for (const { baseOffset, endOffset, leaderEpoch } of batches) {
    const from = Math.max(baseOffset, logStartOffset);
    const last = extents.at(-1);
    if (last?.leaderEpoch === leaderEpoch && last.endOffset === from) last.endOffset = endOffset;
    else extents.push({ baseOffset: from, endOffset, leaderEpoch });
  }
  return extents;
}

test('keyframes, drafts, logs, strips, bands and operations agree at any position', () => {
  fc.assert(
    fc.property(drawn, seeds, (scenario, seed) => {
      const run = vizRun(scenario, seed);
      const { store, timeline } = run;
      const context = { nodeNames: store.nodeNames, facts: factsOf(run.scenario) };
      const plain = initialState(store.nodeNames, context.facts);
      let drafted = copyTree(plain);
      let folded = 0;
      for (const position of positionsOf(run)) {
        const from = folded + 1;
        for (let event = from; event <= position; event++) {
          applyEvent(plain, store.at(event), context);
        }
        drafted = produce(drafted, (draft) => {
          for (let event = from; event <= position; event++) {
            applyEvent(draft, store.at(event), context);
          }
        });
        folded = position;
        expect(drafted).toEqual(plain);
        expect(timeline.stateAt(position)).toEqual(plain);
        sameEverywhere(run, position, plain);
      }
    }),
    RUNS,
  );
});

test('at the end leaders, ISRs and offsets are those that the laboratory knows', () => {
  fc.assert(
    fc.property(drawn, seeds, (scenario, seed) => {
      const run = vizRun(scenario, seed);
      const state = run.timeline.stateAt(run.store.count);
      for (const [name, believed] of run.view.partitions) {
        if (isInternal(name)) continue;
        const shown = defined(state.partitions[name], name);
        const leader = shown.leader < 0 ? null : `broker-${shown.leader}`;
        expect(leader).toBe(believed.leader);
        expect(shown.leaderEpoch).toBe(believed.leaderEpoch);
        for (const replica of Object.values(shown.replicas)) {
          const known = believed.byNode.get(`broker-${replica.broker}`);
          if (known === undefined) continue;
          expect(replica.logEndOffset).toBe(known.logEndOffset);
          expect(replica.logStartOffset).toBe(known.logStartOffset);
        }
      }
    }),
    RUNS,
  );
});

test('whatever a check found has an explanation', () => {
  fc.assert(
    fc.property(drawn, seeds, (scenario, seed) => {
      const { store, timeline } = vizRun(scenario, seed);
      for (const verdict of store.identity?.report?.verdicts ?? []) {
        if (verdict.at === null || verdict.verdict === 'holds') continue;
        const sentences = explain(store, timeline, verdict.at, verdict);
        expect(sentences.length).toBeGreaterThan(0);
        expect(sentences.length).toBeLessThanOrEqual(8);
        for (const { text, events } of sentences) {
          expect(text).not.toMatch(/undefined|NaN|[{}]|broker--1/);
          for (const event of events) expect(event).toBeLessThanOrEqual(store.count);
        }
      }
    }),
    RUNS,
  );
});
