import { describe, expect, test } from 'vitest';
import { CliError } from '../../../cli/errors.ts';
import { applyOverrides, parseOverride, parseOverrides } from '../../../cli/input/overrides.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';

const complaint = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return `${error.exitCode} ${error.message}`;
  }
  return 'fine';
};

describe('--set finds the level of a key', () => {
  test.each([
    ['retention.ms=1', { level: 'topic', key: 'retention.ms', value: '1' }],
    ['min.insync.replicas=2', { level: 'topic', key: 'min.insync.replicas', value: '2' }],
    ['broker.min.insync.replicas=2', { level: 'broker', key: 'min.insync.replicas', value: '2' }],
    ['log.retention.ms=1', { level: 'broker', key: 'log.retention.ms', value: '1' }],
    [
      'broker.session.timeout.ms=5',
      { level: 'broker', key: 'broker.session.timeout.ms', value: '5' },
    ],
    ['broker.rack=a=b', { level: 'broker', key: 'broker.rack', value: 'a=b' }],
    ['acks=1', { level: 'producer', key: 'acks', value: '1' }],
    ['consumer.fetch.max.bytes=1', { level: 'consumer', key: 'fetch.max.bytes', value: '1' }],
  ])('%s', (text, override) => {
    expect(parseOverride(text)).toEqual({ ...override, option: '--set' });
  });
});

describe('--set refuses with 64', () => {
  test.each([
    ['acks', '64 --set acks: expected key=value'],
    ['=1', '64 --set =1: expected key=value'],
    [
      'request.timeout.ms=1',
      '64 --set request.timeout.ms: several levels have this key; say which: ' +
        'broker.request.timeout.ms, producer.request.timeout.ms, consumer.request.timeout.ms',
    ],
    ['min.isr=1', '64 --set min.isr: no such key; did you mean min.insync.replicas?'],
    [
      'topic.min.isr=1',
      '64 --set topic.min.isr=1: min.isr is not a topic key; did you mean min.insync.replicas?',
    ],
    ['qqq=1', '64 --set qqq: no such key; `trial list configs` shows them all'],
    [
      'acks=2',
      '64 --set acks=2: acks=2 is not one of the allowed values; allowed: all, 0, 1, -1 (= all)',
    ],
  ])('%s', (text, expected) => {
    expect(complaint(() => parseOverride(text))).toBe(expected);
  });
});

test('--set gives each key one value, but each level its own', () => {
  const twice = ['acks=1', 'retention.ms=1', 'producer.acks=all'];
  const levels = ['topic.min.insync.replicas=1', 'broker.min.insync.replicas=2'];

  expect(complaint(() => parseOverrides(twice))).toBe(
    '64 --set producer.acks=all: producer.acks is set already; give each key one value',
  );
  expect(parseOverrides(levels).map((one) => one.value)).toEqual(['1', '2']);
});

describe('--set changes', () => {
  const scenario = parseScenario({
    name: 'small',
    cluster: { topics: [{ name: 'a' }, { name: 'b', config: { 'retention.ms': '9' } }] },
    workload: [{ producer: 'p1', topic: 'a', recordsPerSecond: 1 }],
    runFor: 1000,
  }).scenario!;
  const set = (...texts: string[]) =>
    applyOverrides(
      { label: 'small', scenario },
      texts.map((one) => parseOverride(one)),
    ).scenario;

  test('every topic, the cluster, or every client of a kind', () => {
    const changed = set('retention.ms=1', 'log.retention.ms=2', 'acks=1', 'acks=0');

    expect(changed.cluster.topics.map((topic) => topic.config)).toEqual([
      { 'retention.ms': '1' },
      { 'retention.ms': '1' },
    ]);
    expect(changed.cluster.config).toEqual({ 'log.retention.ms': '2' });
    expect(changed.workload.map((entry) => entry.config)).toEqual([{ acks: '0' }]);
    expect(scenario.cluster.topics.map((topic) => topic.config)[0]).toEqual({});
  });

  test('nothing is an error', () => {
    expect(complaint(() => set('fetch.min.bytes=2'))).toBe(
      '64 --set consumer.fetch.min.bytes=2: small has no consumer',
    );
  });

  test('into a contradiction is an error', () => {
    const said = complaint(() => set('acks=1', 'enable.idempotence=true'));

    expect(said).toMatch(/^64 --set makes small invalid:\n {2}workload\[0\]\.config\.acks/);
  });
});
