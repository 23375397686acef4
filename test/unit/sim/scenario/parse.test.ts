import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import { describeProblem, type Problem } from '../../../../sim/scenario/problems.ts';
import { scenarioJsonSchema } from '../../../../sim/scenario/schema.ts';

const small = {
  name: 'small',
  cluster: { brokers: 3, topics: [{ name: 'orders', partitions: 2, replicationFactor: 3 }] },
  workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 10 }],
  faults: [],
  runFor: '10s',
};

function problemsOf(change: Record<string, unknown>): readonly Problem[] {
  return parseScenario({ ...small, ...change }).problems ?? [];
}

function only(change: Record<string, unknown>): Problem {
  const problems = problemsOf(change);
  expect(problems.map(describeProblem)).toHaveLength(1);
  return problems[0] as Problem;
}

function cluster(change: Record<string, unknown>): Record<string, unknown> {
  return { cluster: { ...small.cluster, ...change } };
}

describe('records that a producer lists', () => {
  const sends = (...list: unknown[]) => ({
    workload: [{ producer: 'p1', topic: 'orders', sends: list }],
  });

  test('have bytes as text or in hexadecimal digits', () => {
    const { scenario } = parseScenario({
      ...small,
      ...sends({ at: '1s', value: 'x' }, { afterEvent: 9, key: { hex: 'ff00' } }),
    });

    expect(scenario?.workload[0]).toMatchObject({
      sends: [
        { at: 1_000, key: null, value: 'x', headers: [] },
        { afterEvent: 9, key: { hex: 'ff00' }, value: null, headers: [] },
      ],
    });
  });

  test.each([
    [{ value: 'x' }, 'workload[0].sends[0]', /says not when it is sent/],
    [{ at: 1, afterEvent: 2 }, 'workload[0].sends[0]', /says twice when it is sent/],
    [{ at: '1m' }, 'workload[0].sends[0].at', /after the end of the run/],
    [{ at: 1, partition: 2 }, 'workload[0].sends[0].partition', /the topic has no partition 2/],
    [{ at: 1, value: { hex: 'f' } }, 'workload[0].sends[0].value.hex', /pairs of hex digits/],
  ])('%j is refused', (send, path, message) => {
    const problem = only(sends(send));

    expect(problem.path).toBe(path);
    expect(describeProblem(problem)).toMatch(message);
  });

  test('are instead of a pace', () => {
    const workload = [{ producer: 'p1', topic: 'orders', recordsPerSecond: 1, sends: [] }];

    expect(only({ workload }).message).toBe(
      'a producer has one of recordsPerSecond, inFlight and sends',
    );
  });
});

test('only an idempotent producer has counters', () => {
  const counters = { sequence: 7 };
  const producer = { producer: 'p1', topic: 'orders', recordsPerSecond: 1, counters };
  const config = { 'enable.idempotence': false };

  expect(problemsOf({ workload: [producer] })).toEqual([]);
  expect(only({ workload: [{ ...producer, config }] })).toMatchObject({
    path: 'workload[0].counters',
    message: 'only an idempotent producer has counters',
  });
});

describe('a scenario that is right', () => {
  test('gets every default filled in and its durations in ms', () => {
    const { scenario } = parseScenario(small);

    expect(scenario?.runFor).toBe(10_000);
    expect(scenario?.heal).toBe(true);
    expect(scenario?.cluster.controllers).toBe(1);
    expect(scenario?.workload[0]).toMatchObject({ valueBytes: 100, keys: 'none', startAt: 0 });
  });

  test('is the same again when its parsed form is parsed', () => {
    const faults = [{ at: '1.5s', cut: ['leader:orders-0', ['broker-2', 'client:p1']], for: '2s' }];
    const once = parseScenario({ ...small, faults }).scenario;

    expect(parseScenario(JSON.parse(JSON.stringify(once))).scenario).toEqual(once);
  });

  test('takes config values as text, numbers and booleans', () => {
    const config = { 'num.replica.fetchers': 1, 'auto.create.topics.enable': false };
    const { scenario } = parseScenario({ ...small, ...cluster({ config }) });

    expect(scenario?.cluster.config).toEqual({
      'num.replica.fetchers': '1',
      'auto.create.topics.enable': 'false',
    });
  });
});

describe('a mistake is told with its path, its value and what is right', () => {
  test('an unknown field, with the nearest known one', () => {
    const found = only({ runsFor: 5 });

    expect(found).toMatchObject({ path: 'runsFor', value: 5, nearest: 'runFor' });
  });

  test('an unknown field deep inside', () => {
    const topics = [{ name: 'orders', replicationfactor: 2 }];

    expect(only(cluster({ topics }))).toMatchObject({
      path: 'cluster.topics[0].replicationfactor',
      nearest: 'replicationFactor',
    });
  });

  test('an unknown field of a member of a group, though consumers without one have it', () => {
    const workload = [{ consumer: 'c1', topic: 'orders', group: 'g' }];

    expect(only({ workload })).toMatchObject({
      path: 'workload[0].topic',
      value: 'orders',
      nearest: 'topics',
    });
  });

  test('an unknown field of a fault', () => {
    const faults = [{ at: 1, powerCut: 'broker-1', restartafter: 5 }];

    expect(only({ faults })).toMatchObject({
      path: 'faults[0].restartafter',
      nearest: 'restartAfter',
    });
  });

  test('a fault without a known verb', () => {
    expect(only({ faults: [{ at: 1, powercut: 'broker-1' }] })).toMatchObject({
      path: 'faults[0].powercut',
      nearest: 'powerCut',
    });
  });

  test('a fault with two verbs', () => {
    expect(only({ faults: [{ at: 1, kill: 'broker-1', pause: 'broker-2' }] }).message).toContain(
      'kill, pause',
    );
  });

  test('a missing field', () => {
    expect(only({ runFor: undefined }).path).toBe('runFor');
  });

  test('a negative time', () => {
    const faults = [{ at: -5, kill: 'broker-1' }];

    expect(only({ faults })).toMatchObject({ path: 'faults[0].at', value: -5 });
    expect(only({ faults }).message).toContain('negative');
    expect(only({ faults: [{ at: '-5s', kill: 'broker-1' }] }).value).toBe('-5s');
  });

  test('a word that is no duration', () => {
    expect(only({ runFor: '10 s' })).toMatchObject({ path: 'runFor', value: '10 s' });
  });

  test('more replicas than brokers', () => {
    const topics = [{ name: 'orders', replicationFactor: 4 }];

    expect(only(cluster({ topics }))).toMatchObject({
      path: 'cluster.topics[0].replicationFactor',
      value: 4,
      allowed: '1 to 3',
    });
  });

  test('more controllers than brokers, where brokers are the controllers', () => {
    expect(only(cluster({ roles: 'combined', controllers: 4 }))).toMatchObject({
      path: 'cluster.controllers',
      value: 4,
      allowed: '1 to 3',
    });
  });

  test('an unknown config key, with the nearest known one', () => {
    const topics = [{ name: 'orders', config: { 'min.isr': '2' } }];

    expect(only(cluster({ topics }))).toMatchObject({
      path: 'cluster.topics[0].config["min.isr"]',
      nearest: 'min.insync.replicas',
    });
  });

  test('a bad config value', () => {
    const workload = [{ ...small.workload[0], config: { acks: '2' } }];

    expect(only({ workload })).toMatchObject({ path: 'workload[0].config.acks', value: '2' });
  });

  test('a broker that does not exist', () => {
    expect(only({ faults: [{ at: 1, kill: 'broker-9' }] })).toMatchObject({
      path: 'faults[0].kill',
      value: 'broker-9',
      allowed: expect.stringContaining('broker-3'),
    });
  });

  test.each([
    ['leader:orders-2', 'leader:orders-0'],
    ['leder:orders-0', 'leader:orders-0'],
    ['client:p2', 'client:p1'],
    ['all:broker', 'all:brokers'],
    ['struck:nothing', undefined],
  ])('the target %s, which can never match', (target, nearest) => {
    const found = only({ faults: [{ at: 1, kill: target }] });

    expect(found.value).toBe(target);
    expect(found.nearest).toBe(nearest);
  });

  test('a target inside a group', () => {
    const faults = [{ at: 1, cut: [['broker-1', 'broker-8'], 'broker-2'] }];

    expect(only({ faults })).toMatchObject({ path: 'faults[0].cut[0][1]', value: 'broker-8' });
  });

  test('a fault after the end', () => {
    expect(only({ faults: [{ at: '11s', kill: 'broker-1' }] }).path).toBe('faults[0].at');
  });

  test('a fault without a time', () => {
    expect(only({ faults: [{ kill: 'broker-1' }] }).message).toContain('says not when');
  });

  test('an event that the trace does not have', () => {
    const faults = [{ when: { event: 'leader.electd' }, kill: 'broker-1' }];

    expect(only({ faults })).toMatchObject({
      path: 'faults[0].when.event',
      nearest: 'leader.elected',
    });
  });

  test('a field that the event does not have', () => {
    const faults = [{ when: { event: 'broker.fenced', partition: 'orders-0' }, kill: 'broker-1' }];

    expect(only({ faults })).toMatchObject({ path: 'faults[0].when.partition' });
  });

  test('an unknown topic of a client', () => {
    const workload = [{ producer: 'p1', topic: 'order', recordsPerSecond: 1 }];

    expect(only({ workload })).toMatchObject({ path: 'workload[0].topic', nearest: 'orders' });
  });

  test('a producer without a pace', () => {
    expect(only({ workload: [{ producer: 'p1', topic: 'orders' }] }).message).toContain('inFlight');
  });

  test('two clients of one name', () => {
    const consumer = { consumer: 'p1', topic: 'orders' };

    expect(only({ workload: [...small.workload, consumer] }).path).toBe('workload[1].consumer');
  });

  test('an expectation of an unknown check', () => {
    expect(only({ expect: { 'ack-durable': 'holds' } })).toMatchObject({
      path: 'expect["ack-durable"]',
      nearest: 'acked-durable',
    });
  });

  test('a verdict that there is not', () => {
    expect(only({ expect: { 'acked-durable': 'hold' } })).toMatchObject({ nearest: 'holds' });
  });

  test('an unknown count', () => {
    expect(only({ expect: { 'counts.acknowledgdLost': 0 } })).toMatchObject({
      nearest: 'acknowledgedLost',
    });
  });

  test('an unknown event or field of an expectation', () => {
    expect(only({ expect: { 'events.isr.change.count': 0 } }).nearest).toBe('isr.changed');
    expect(only({ expect: { 'events.isr.changed[wy=x].count': 0 } }).nearest).toBe('why');
    expect(only({ expect: { 'events.isr.changed.afterFault.x': 0 } }).path).toContain('expect');
  });
});

test('all mistakes are told at once', () => {
  const problems = problemsOf({
    faults: [
      { at: 1, kill: 'broker-9' },
      { at: '20s', kill: 'broker-1' },
    ],
    workload: [{ producer: 'p1', topic: 'nope', recordsPerSecond: 1 }],
    expect: { nope: 'holds' },
  });

  expect(problems.map((one) => one.path)).toEqual([
    'workload[0].topic',
    'faults[0].kill',
    'faults[1].at',
    'expect.nope',
  ]);
});

describe('what is wrong in form does not hide what is wrong in meaning', () => {
  const paths = (change: Record<string, unknown>) => problemsOf(change).map((one) => one.path);
  const topics = [{ name: 'orders', partitions: 0 }];

  test('of the same fault', () => {
    expect(paths({ faults: [{ at: -5, kill: 'broker-9' }] })).toEqual([
      'faults[0].at',
      'faults[0].kill',
    ]);
    expect(paths({ faults: [{ at: '20s', kill: 'broker-9', name: 'BAD' }] })).toEqual([
      'faults[0].name',
      'faults[0].at',
      'faults[0].kill',
    ]);
    expect(paths({ faults: [{ at: 1, slowCpu: 'broker-7', times: 0, foo: 1 }] })).toEqual([
      'faults[0].times',
      'faults[0].foo',
      'faults[0].slowCpu',
    ]);
  });

  test('of other parts of the file', () => {
    const faults = [{ at: 1, kil: 'broker-1' }];
    const workload = [{ producer: 'p1', topic: 'nope', recordsPerSecond: 0 }];
    const expected = ['workload[0].recordsPerSecond', 'faults[0].kil', 'workload[0].topic'];
    expect(paths({ faults, workload, expect: { nope: 'holds' } })).toEqual([
      ...expected,
      'expect.nope',
    ]);
    expect(paths({ runFor: -1, workload })).toEqual([
      'workload[0].recordsPerSecond',
      'runFor',
      'workload[0].topic',
    ]);
  });

  test('but nothing is said of what a wrong field leaves open', () => {
    const workload = [{ producer: 'P1', topic: 'orders', recordsPerSecond: 1 }];
    const faults = [{ at: 1, cut: ['client:P1', 'all:brokers'] }];
    expect(paths({ workload, faults })).toEqual(['workload[0].producer']);

    expect(paths({ faults: [{ at: 'soon', kill: 'broker-1' }] })).toEqual(['faults[0].at']);
    expect(
      paths({ cluster: { brokers: 0 }, workload: [], faults: [{ at: 1, kill: 'broker-4' }] }),
    ).toEqual(['cluster.brokers']);
    expect(paths({ cluster: { ...small.cluster, topics } })).toEqual([
      'cluster.topics[0].partitions',
    ]);
    expect(paths({ runFor: 'x', faults: [{ at: '2m', kill: 'broker-1' }] })).toEqual(['runFor']);
  });

  test('and config keys are always looked at', () => {
    const config = { 'min.isr': '2' };
    expect(paths({ cluster: { brokers: 0, config } })).toEqual([
      'cluster.brokers',
      'cluster.config["min.isr"]',
    ]);
  });
});

test.each([[null], [17], ['text'], [[]]])('%j is no scenario, and that is said', (json) => {
  expect(parseScenario(json).problems?.length).toBeGreaterThan(0);
});

test('the published JSON Schema knows every fault and forbids unknown fields', () => {
  const schema = scenarioJsonSchema() as {
    additionalProperties: boolean;
    properties: { faults: { items: { anyOf: { properties: object }[] } } };
  };

  expect(schema.additionalProperties).toBe(false);
  const verbs = schema.properties.faults.items.anyOf.flatMap((one) => Object.keys(one.properties));
  expect(verbs).toEqual(expect.arrayContaining(['powerCut', 'cut', 'heal', 'flipBit']));
});
