/** What the CAP strip claims of a run, against what the checks found in its final logs. */
import { expect, test } from 'vitest';

import { scenarios } from '../../../scenarios/index.ts';
import { runScenario } from '../../../sim/run/runner.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../../sim/scenario/schema.ts';
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { partitionPicture } from '../../../viz/canvas/partition-log-model.ts';
import { decodeCap } from '../../../viz/model/cap.ts';
import { legendOf } from '../../../viz/model/legend.ts';
import { Timeline } from '../../../viz/model/timeline.ts';
import { TraceStore } from '../../../viz/model/trace-store.ts';

function eventsOf(store: TraceStore, kind: string): TraceEvent[] {
  const list = store.listOf(kind);
  return Array.from({ length: list.count }, (_, place) => store.at(list.at(place)));
}

function runOf(name: string, changes: Partial<ScenarioInput> = {}) {
  const told = scenarios.find((one) => one.name === name);
  const { scenario } = parseScenario({ ...told, ...changes });
  const { world, report } = runScenario(scenario!, { seed: 1, store: 'rows' });
  const store = TraceStore.of(world.trace.rows!, {
    scenario: scenario!,
    seed: 1,
    digest: report.digest,
    traceHash: report.traceHash,
    report,
    originUs: 0,
  });
  return { store, report, timeline: new Timeline(store) };
}

test.each([
  ['rolling-restart-loses-nothing'],
  ['partition-cp-refuses'],
  ['partition-ap-loses'],
  ['acks-1-loses-an-acknowledged-record'],
  ['power-loss-of-all-replicas-loses-unflushed'],
])('%s: "lost" is said if and only if acknowledged records were lost', (name) => {
  const { store, report, timeline } = runOf(name);
  const { bands, caps } = timeline.index;
  const saysLost = bands.partitions().some((partition) => {
    const track = caps.of(partition);
    const values = track.values.subarray(0, track.count);
    return values.some((value) => decodeCap(value).durability === 'lost');
  });

  expect(saysLost).toBe(report.counts.acknowledgedLost > 0);
  for (const partition of Object.values(timeline.stateAt(store.count).partitions)) {
    const leader = partition.replicas[String(partition.leader)];
    for (const broker of partition.isr) {
      expect(partition.replicas[String(broker)]?.extents).toEqual(leader?.extents);
    }
  }
});

test('what was sent with acks=0 is never called durable', () => {
  const { store, timeline, report } = runOf('acks-0-loses-silently');

  const first = eventsOf(store, 'command.completed').find((one) => one.fields[4] === 'orders-0')!;
  const track = timeline.index.caps.of('orders-0');
  const values = [...track.values.subarray(0, track.count)].filter(
    (_, place) => track.events[place]! >= first.event,
  );
  expect(report.counts.acknowledgedLost).toBeGreaterThan(0);
  expect(new Set(values.map((value) => decodeCap(value).durability))).toEqual(new Set(['unknown']));
  expect(legendOf(first.kind).words(first, 'p1')).toBe(
    'p1: 1 record of orders-0 sent, no offset told',
  );
});

test('from the last power cut to the recoveries nobody claims to know the logs', () => {
  const { store, timeline } = runOf('power-loss-of-all-replicas-loses-unflushed');
  const cut = eventsOf(store, 'fault.powerCut').at(-1)!.event;
  const partitionAt = (event: number) => timeline.stateAt(event).partitions['orders-0']!;

  const replicas = Object.values(partitionAt(cut).replicas);
  expect(replicas.map((one) => one.isUnproven)).toEqual([true, true, true]);
  expect(decodeCap(timeline.index.caps.of('orders-0').valueAt(cut, 0)).durability).toBe('unknown');
  const picture = partitionPicture(timeline.stateAt(cut), 'orders-0', () => [])!;
  expect(picture.rows.map((row) => row.lag)).toEqual([-1, -1, -1]);

  const after = Object.values(partitionAt(store.count).replicas);
  expect(after.map((one) => one.isUnproven)).toEqual([false, false, false]);
});

test('a paused leader makes writes and reads wait', () => {
  const { store, timeline } = runOf('acks-all-survives-leader-crash', {
    faults: [{ at: '3s', pause: 'leader:orders-0', for: '20s' }],
    expect: {},
  });
  const pause = eventsOf(store, 'fault.pause')[0]!;
  const state = timeline.stateAt(pause.event);
  const led = Object.values(state.partitions).find(
    (one) => `broker-${one.leader}` === pause.fields[0] && !one.name.startsWith('__'),
  )!;

  const cap = decodeCap(timeline.index.caps.of(led.name).valueAt(pause.event, 0));
  expect(cap).toMatchObject({ write: 'waits', read: 'waits' });
});
