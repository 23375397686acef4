import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import type { Problem } from '../../../../sim/scenario/problems.ts';

function parse(operations: unknown[], change: Record<string, unknown> = {}) {
  return parseScenario({
    name: 'small',
    cluster: { brokers: 3, topics: [{ name: 'orders', partitions: 2, replicationFactor: 3 }] },
    workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 10 }],
    operations,
    runFor: '10s',
    ...change,
  });
}

function only(operation: unknown, change: Record<string, unknown> = {}): Problem {
  const problems = parse([operation], change).problems ?? [];
  expect(problems.map((one) => one.path)).toHaveLength(1);
  return problems[0] as Problem;
}

describe('operations of a scenario', () => {
  test('get their defaults, at a time or on an event', () => {
    const { scenario } = parse([
      { at: '1s', reassign: 'orders-0', replicas: [3, 2, 1] },
      { when: { event: 'broker.fenced', broker: 1 }, after: '1s', electLeaders: 'preferred' },
    ]);

    expect(scenario?.operations).toMatchObject([
      { at: 1000, by: 'operator', timeout: 30_000 },
      { when: { count: 1 }, after: 1000 },
    ]);
  });

  test('may name topics and partitions that other operations make', () => {
    const { problems } = parse(
      [
        { at: 0, createTopic: { name: 'late', partitions: 2 } },
        { at: 1, createPartitions: 'orders', count: 4 },
        { at: 2, reassign: ['late-1', 'orders-3'], replicas: [1] },
        { at: 3, alterConfigs: 'topic:late', set: { 'retention.ms': 5 } },
      ],
      { workload: [{ producer: 'p1', topic: 'late', recordsPerSecond: 10, partition: 1 }] },
    );

    expect(problems).toBeUndefined();
  });

  test.each<[string, unknown, Partial<Problem>]>([
    ['no verb', { at: 0, reasign: 'orders-0' }, { nearest: 'reassign' }],
    [
      'an unknown field',
      { at: 0, reassign: 'orders-0', replicas: [1], replica: 2 },
      { path: 'operations[0].replica', nearest: 'replicas' },
    ],
    [
      'an unknown partition',
      { at: 0, reassign: 'orders-7', replicas: [1] },
      { path: 'operations[0].reassign' },
    ],
    [
      'an unknown topic',
      { at: 0, alterConfigs: 'topic:order', set: {} },
      { nearest: 'topic:orders' },
    ],
    [
      'an unknown setting',
      { at: 0, alterConfigs: 'topic:orders', set: { 'retention.m': 1 } },
      { path: 'operations[0].set["retention.m"]', nearest: 'retention.ms' },
    ],
    ['an unknown broker', { at: 0, unregisterBroker: 'broker-9' }, { nearest: 'broker-1' }],
    ['neither a time nor a trigger', { electLeaders: 'preferred' }, { path: 'operations[0]' }],
    [
      'a time after the run',
      { at: '11s', electLeaders: 'preferred' },
      { path: 'operations[0].at' },
    ],
    [
      'a client that is a producer',
      { at: 0, electLeaders: 'preferred', by: 'p1' },
      { path: 'operations[0].by' },
    ],
    [
      'an event that is none',
      { when: { event: 'broker.fence' }, electLeaders: 'preferred' },
      { nearest: 'broker.fenced' },
    ],
  ])('are refused with %s', (_what, operation, expected) => {
    expect(only(operation)).toMatchObject(expected);
  });

  test('can be asked about in expectations', () => {
    const named = { at: 0, name: 'move', reassign: 'orders-0', replicas: [1, 2, 3] };
    const right = { expect: { 'operations.move.error': 'NONE', 'operations.move.tookMs': 5 } };
    expect(parse([named], right).problems).toBeUndefined();
    const wrong = { expect: { 'operations.mov.error': 'NONE' } };
    expect(only(named, wrong)).toMatchObject({ nearest: 'move' });
  });
});
