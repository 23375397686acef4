import { expect, test } from 'vitest';
import { apis } from '../../../kafka/wire/apis.ts';
import { traceKinds } from '../../../sim/trace/table.ts';
import { apiName, apiNames } from '../../../viz/model/api-names.ts';
import { factsOf } from '../../../viz/model/facts.ts';
import { lanesOf, nodesOf } from '../../../viz/model/lanes.ts';
import { knownKinds, legendOf, wordsOf } from '../../../viz/model/legend.ts';
import { rules } from '../../../viz/model/rules.ts';
import { storyRun } from '../../support/viz-runs.ts';

const run = storyRun('rolling-restart-loses-nothing');

test('every kind of the trace has an entry of its own, and no entry is of a kind unknown', () => {
  expect(knownKinds().toSorted()).toEqual(traceKinds.map((kind) => kind.name).toSorted());
});

test('a kind that nobody described is shown all the same', () => {
  const event = { event: 7, timeUs: 1, step: 1, node: 1, kind: 'weather.changed', parents: [] };
  const entry = legendOf('weather.changed');
  expect(entry).toMatchObject({ title: 'weather changed', lane: 'own', shape: 'dot', doc: null });
  expect(wordsOf({ ...event, fields: ['g1', 3] }, ['broker-1'])).toBe(
    'broker-1 weather.changed g1 3',
  );
  expect(legendOf('weather.changed')).toBe(entry);
});

test('the sentence of every event names what its fields hold, and nothing undefined', () => {
  const { store } = run;
  for (let event = 1; event <= store.count; event += 7) {
    const words = wordsOf(store.at(event), store.nodeNames);
    expect(words).not.toMatch(/undefined|NaN|\{|\}/);
    expect(words.length).toBeGreaterThan(5);
  }
});

test('who follows a partition that nobody leads follows nobody', () => {
  const event = { event: 7, timeUs: 1, step: 1, node: 1, kind: 'follower.started', parents: [] };

  expect(wordsOf({ ...event, fields: ['orders-0', 3, -1] }, ['broker-1'])).toBe(
    'broker-1 follows nobody for orders-0 in epoch 3: it has no leader',
  );
});

test('names of APIs are those of the protocol table', () => {
  const table = Object.fromEntries(Object.values(apis).map((api) => [api.key, api.name]));
  expect(apiNames).toEqual(table);
  expect(apiName(-1)).toBe('bytes');
  expect(apiName(999)).toBe('API 999');
});

test('lanes go from the laboratory down to the clients; pinned ones come first', () => {
  const { store, scenario } = run;
  const lanes = lanesOf(store, factsOf(scenario));
  expect(lanes[0]?.role).toBe('lab');
  const roles = lanes.map((lane) => lane.role);
  expect(roles.lastIndexOf('controller')).toBeLessThan(roles.indexOf('broker'));
  expect(roles.lastIndexOf('broker')).toBeLessThan(roles.indexOf('producer'));
  const broker2 = store.nodeOf('broker-2');
  expect(lanesOf(store, factsOf(scenario), [broker2])[0]?.node).toBe(broker2);
});

test('a fault is marked on the lanes of those that it strikes', () => {
  const { store } = storyRun('partition-ap-loses');
  const cut = store.at(store.listOf('fault.cut').at(0));
  const struck = nodesOf(cut, store).map((node) => store.nodeName(node));
  expect(struck.length).toBeGreaterThan(1);
  for (const name of struck) expect(cut.fields.join()).toContain(name);
});

test('every rule names a page of Kafka and nothing else', () => {
  for (const rule of Object.values(rules)) {
    expect(rule.href).toMatch(/^https:\/\/(kafka|cwiki)\.apache\.org\//);
    expect(rule.href).not.toMatch(/\s/);
    expect(rule.name).not.toBe('');
  }
});

test('who stands twice on one side of a cut is named once', () => {
  const event = { event: 7, timeUs: 1, step: 1, node: 0, kind: 'fault.cut', parents: [] };

  expect(wordsOf({ ...event, fields: ['broker-2', 'broker-1,p1,broker-1', 'no'] }, [])).toBe(
    'the network between broker-2 and broker-1, p1 is cut',
  );
});
