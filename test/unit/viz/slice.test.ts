import { describe, expect, test } from 'vitest';
import { sliceOf } from '../../../viz/model/slice.ts';
import { faultsBehind } from '../../../viz/model/why.ts';
import { storyRun } from '../../support/viz-runs.ts';

const { store } = storyRun('acks-1-loses-an-acknowledged-record');
const truncation = store.listOf('log.recovered').at(store.listOf('log.recovered').count - 1);

describe('the past of an event', () => {
  const past = sliceOf(store, { event: truncation, direction: 'past' });

  test('is closed: with an event it has its parents and what its node did before', () => {
    for (let place = 0; place < past.events.count; place += 13) {
      const event = past.events.at(place);
      for (const parent of store.at(event).parents) expect(past.has(parent)).toBe(true);
      const node = store.node(event);
      const before = node === 0 ? 0 : store.byNode(node).before(event);
      if (before > 0) expect(past.has(before)).toBe(true);
    }
  });

  test('lies before it, and has what was done to its node', () => {
    expect(past.has(truncation)).toBe(true);
    expect(past.events.at(past.events.count - 1)).toBe(truncation);
    expect(past.has(store.listOf('fault.powerCut').at(0))).toBe(true);
  });
});

test('what lies in the past of an event has that event in its future', () => {
  const past = sliceOf(store, { event: truncation, direction: 'past' });
  for (const event of [past.events.at(10), past.events.at(past.events.count >> 1)]) {
    expect(sliceOf(store, { event, direction: 'future' }).has(truncation)).toBe(true);
  }
});

test('the relevance cut keeps a handful that touches the record', () => {
  const whole = sliceOf(store, { event: truncation, direction: 'past' });
  const relevance = { partition: 'orders-0', offsets: { from: 400, to: 400 } };
  const cut = sliceOf(store, { event: truncation, direction: 'past', relevance });
  expect(cut.events.count).toBeLessThan(80);
  expect(cut.events.count).toBeGreaterThan(5);
  for (let place = 0; place < cut.events.count; place++) {
    expect(whole.has(cut.events.at(place))).toBe(true);
  }
  expect(cut.has(store.listOf('fault.powerCut').at(0))).toBe(true);
});

test('an event of no run has no cone', () => {
  expect(sliceOf(store, { event: 0, direction: 'past' }).events.count).toBe(0);
  expect(sliceOf(store, { event: store.count + 1, direction: 'future' }).events.count).toBe(0);
});

test('what the scenario did leads to its fault, and the fault to what came of it', () => {
  const fault = store.listOf('fault.powerCut').at(0);
  const [action = 0] = store.at(fault).parents;
  expect(store.kindName(action)).toBe('lab.action');
  const future = sliceOf(store, { event: action, direction: 'future' });
  expect(future.has(fault)).toBe(true);
  expect(future.events.count).toBeGreaterThan(100);

  const started = store.listOf('fault.start').at(store.listOf('fault.start').count - 1);
  const input = store.listOf('input.started').after(started);
  expect(store.at(input).parents).toEqual([started]);
});

test.each([
  'acks-1-loses-an-acknowledged-record',
  'min-isr-1-unclean-election-loses',
  'partition-ap-loses',
])('the past of a finding holds the faults that explain it: %s', (name) => {
  const run = storyRun(name);
  let named = 0;
  for (const verdict of run.store.identity!.report!.verdicts) {
    const { at: event } = verdict;
    if (event === null || verdict.verdict === 'holds') continue;
    const relevance = { partition: 'orders-0', offsets: null };
    const also = faultsBehind(run.store, run.timeline, event);
    const past = sliceOf(run.store, { event, direction: 'past', relevance, also });
    for (const fault of also) expect(past.has(fault)).toBe(true);
    named += also.length;
  }
  expect(named).toBeGreaterThan(0);
});

test('an election that passes a silent leader over has in its past what silenced it', () => {
  const elections = store.listOf('leader.elected');
  const event = elections.at(elections.count - 1);
  const past = sliceOf(store, { event, direction: 'past' });
  expect(past.has(store.listOf('fault.powerCut').at(0))).toBe(true);
});
