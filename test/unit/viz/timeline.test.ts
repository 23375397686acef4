import { applyPatches, produce } from 'immer';
import { describe, expect, test } from 'vitest';
import { defined } from '../../../kafka/base/assert.ts';
import { factsOf, isInternal } from '../../../viz/model/facts.ts';
import { applyEvent, ruleOf } from '../../../viz/model/reducer.ts';
import { brokerNameOf, type ClusterState, initialState } from '../../../viz/model/state.ts';
import { Timeline } from '../../../viz/model/timeline.ts';
import { TraceStore } from '../../../viz/model/trace-store.ts';
import { copyTree, shareTree } from '../../../viz/model/tree.ts';
import { storyRun } from '../../support/viz-runs.ts';

const stories = [
  'acks-1-loses-an-acknowledged-record',
  'partition-ap-loses',
  'power-loss-of-all-replicas-loses-unflushed',
  'torn-tail-is-cut-at-recovery',
];

describe.each(stories)('%s', (name) => {
  const run = storyRun(name);
  const { store, timeline, scenario } = run;
  const context = { nodeNames: store.nodeNames, facts: factsOf(scenario) };

  test('the reducer makes the same state of a plain object and of a draft', () => {
    let plain = initialState(store.nodeNames, context.facts);
    let drafted = produce(plain, () => {});
    plain = copyTree(plain);
    for (let from = 1; from <= store.count; from += 4_000) {
      const end = Math.min(store.count + 1, from + 4_000);
      for (let event = from; event < end; event++) applyEvent(plain, store.at(event), context);
      drafted = produce(drafted, (draft) => {
        for (let event = from; event < end; event++) applyEvent(draft, store.at(event), context);
      });
      expect(drafted).toEqual(plain);
    }
  });

  test('the state at a position is what folding every event up to it makes', () => {
    const state = initialState(store.nodeNames, context.facts);
    let folded = 0;
    for (let position = 0; position <= store.count; position += 1_733) {
      while (folded < position) {
        folded += 1;
        applyEvent(state, store.at(folded), context);
      }
      expect(timeline.stateAt(position)).toEqual(state);
    }
  });

  test('the diff of an event leads from the state before it to the state after it', () => {
    let told = 0;
    for (let event = 1; event <= store.count; event += 211) {
      const before = timeline.stateAt(event - 1);
      const after = timeline.stateAt(event);
      const patches = timeline.diffAt(event);
      expect(applyPatches(before, patches)).toEqual(after);
      told += patches.length;
    }
    expect(told).toBeGreaterThan(0);
  });

  test('at the end the picture is what the laboratory believes', () => {
    const state = timeline.stateAt(store.count);
    expect(run.view.partitions.size).toBeGreaterThan(0);
    for (const [name, believed] of run.view.partitions) {
      if (isInternal(name)) continue;
      const shown = defined(state.partitions[name], name);
      expect(shown.leader < 0 ? null : brokerNameOf(shown.leader)).toBe(believed.leader);
      expect(shown.leaderEpoch).toBe(believed.leaderEpoch);
      expect(shown.isr.toSorted().map(brokerNameOf)).toEqual(believed.inSyncReplicas);
      for (const replica of Object.values(shown.replicas)) {
        const known = defined(believed.byNode.get(brokerNameOf(replica.broker)), 'the replica');
        const { logStartOffset, logEndOffset, highWatermark } = known;
        expect(replica).toMatchObject({ logStartOffset, logEndOffset, highWatermark });
      }
    }
  });

  test('at rest every replica has what the leader has, from the same epochs', () => {
    const state = timeline.stateAt(store.count);
    for (const partition of Object.values(state.partitions)) {
      if (partition.electedEvent === 0) continue;
      const leader = defined(partition.replicas[String(partition.leader)], 'its leader');
      expect(leader.role).toBe('leader');
      for (const replica of Object.values(partition.replicas)) {
        expect(replica.extents).toEqual(leader.extents);
      }
    }
  });

  test('clients have been answered as the report counts it', () => {
    const state = timeline.stateAt(store.count);
    for (const client of store.identity?.report?.story.clients ?? []) {
      if (client.kind !== 'producer') continue;
      const shown = defined(state.clients[client.name], client.name);
      expect([shown.asked, shown.ok, shown.failed, shown.unknown]).toEqual([
        client.sent,
        client.acknowledged,
        client.failed,
        client.unknown,
      ]);
      expect(shown.inFlight).toBe(client.unanswered);
    }
  });

  test('rows that come in pieces are folded into the same states', () => {
    const piecewise = new TraceStore(store.kinds);
    piecewise.identity = store.identity;
    piecewise.append(null, { texts: store.texts, nodeNames: store.nodeNames });
    const growing = new Timeline(piecewise);
    for (const chunk of store.rows.chunks) {
      piecewise.append(chunk);
      expect(growing.stateAt(piecewise.count)).toEqual(timeline.stateAt(piecewise.count));
    }
    expect(growing.index.bands.faults).toEqual(timeline.index.bands.faults);
  });
});

test('positions out of bounds are moved inside', () => {
  const { store, timeline } = storyRun(stories[0] as string);
  expect(timeline.stateAt(-5)).toBe(timeline.stateAt(0));
  expect(timeline.stateAt(store.count + 5)).toBe(timeline.stateAt(store.count));
  expect(timeline.diffAt(0)).toEqual([]);
  expect(timeline.diffAt(store.count + 1)).toEqual([]);
});

test('a state that was handed out never changes', () => {
  const { store, timeline } = storyRun(stories[0] as string);
  const state = timeline.stateAt(15_000);
  const before = copyTree(state);
  for (let position = 15_001; position < 15_400; position++) {
    timeline.stateAt(position);
    timeline.diffAt(position);
  }
  expect(state).toEqual(before);
  expect(store.count).toBeGreaterThan(15_400);
});

test('events of kinds without a rule change nothing', () => {
  const { store, timeline } = storyRun(stories[0] as string);
  const received = store.listOf('input.received').at(100);
  expect(ruleOf('input.received')).toBeUndefined();
  expect(timeline.stateAt(received)).toEqual(timeline.stateAt(received - 1));
  expect(timeline.diffAt(received)).toEqual([]);
});

test('shared copies take over what is equal and nothing else', () => {
  const known = { a: { b: [1, 2], c: 3 }, d: [{ e: 1 }] };
  const next = { a: { b: [1, 2], c: 4 }, d: [{ e: 1 }] };
  const shared = shareTree(known, next);
  expect(shared).toEqual(next);
  expect(shared.d).toBe(known.d);
  expect(shared.a.b).toBe(known.a.b);
  expect(shared.a).not.toBe(next.a);
  const fewer: Record<string, number> = { a: 1 };
  expect(shareTree({ a: 1, b: 2 } as Record<string, number>, fewer)).toEqual({ a: 1 });
});

test('an empty store has the state of nobody', () => {
  const state: ClusterState = new Timeline(new TraceStore([])).stateAt(0);
  expect(state.nodes).toEqual({});
});
