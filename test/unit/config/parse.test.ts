import { describe, expect, test } from 'vitest';
import { brokerConfigs } from '../../../kafka/config/broker.ts';
import { consumerConfigs } from '../../../kafka/config/consumer.ts';
import type { ConfigKey } from '../../../kafka/config/define.ts';
import {
  checkLevel,
  configLevels,
  keysOfLevel,
  levelsOfKey,
} from '../../../kafka/config/levels.ts';
import { checkConfig, InvalidConfig, parseConfig } from '../../../kafka/config/parse.ts';
import { producerConfigs } from '../../../kafka/config/producer.ts';
import { topicConfigs } from '../../../kafka/config/topic.ts';
import { readValue } from '../../../kafka/config/values.ts';

const at = 'cluster.config';

describe('defaults', () => {
  test('are those of Kafka 4.1', () => {
    const broker = parseConfig(brokerConfigs, {}, { at });
    const producer = parseConfig(producerConfigs, {}, { at });
    const consumer = parseConfig(consumerConfigs, {}, { at });

    expect(broker.get('replica.lag.time.max.ms')).toBe(30000);
    expect(broker.get('broker.session.timeout.ms')).toBe(9000);
    expect(broker.get('auto.create.topics.enable')).toBe(true);
    expect(broker.get('broker.rack')).toBeNull();
    expect(producer.get('acks')).toBe('all');
    expect(producer.get('linger.ms')).toBe(5);
    expect(producer.get('retries')).toBe(2147483647);
    expect(consumer.get('auto.offset.reset')).toBe('latest');
  });

  test('lie in the range that given values must keep, but for node.id', () => {
    const outside = configLevels.flatMap((level) =>
      Object.entries(keysOfLevel(level))
        .filter(([, key]) => key.defaultText !== null && !readValue(key, key.defaultText).ok)
        .map(([name]) => name),
    );

    expect(outside).toEqual(['node.id']);
  });

  test('print as Kafka prints them', () => {
    for (const level of configLevels) {
      for (const key of Object.values(keysOfLevel(level))) {
        if (key.defaultText === null) continue;
        const result = readValue({ ...key, min: null, max: null }, key.defaultText);
        expect(result).toMatchObject({ ok: true, text: key.defaultText });
      }
    }
  });
});

describe('values', () => {
  test('keep the exact text of a LONG beyond 2^53 and count as unlimited', () => {
    const topic = parseConfig(topicConfigs, { 'flush.ms': '9223372036854775806' }, { at });

    expect(topic.text('flush.messages')).toBe('9223372036854775807');
    expect(topic.get('flush.messages')).toBe(Number.POSITIVE_INFINITY);
    expect(topic.text('flush.ms')).toBe('9223372036854775806');
  });

  test.each([
    ['retention.ms', '9223372036854775808'],
    ['retention.ms', '-2'],
    ['min.insync.replicas', '0'],
    ['min.insync.replicas', '2147483648'],
    ['min.insync.replicas', '1.5'],
    ['min.insync.replicas', '1e3'],
    ['min.insync.replicas', '0x10'],
    ['min.insync.replicas', ''],
    ['segment.bytes', '٣'],
    ['unclean.leader.election.enable', '1'],
    ['message.timestamp.type', 'createtime'],
    ['cleanup.policy', 'delete,,'],
    ['cleanup.policy', 'drop'],
  ])('%s=%j is refused', (key, value) => {
    const [error] = checkConfig(topicConfigs, { [key]: value }, { at });

    expect(error).toMatchObject({ key, value, kind: 'bad-value', at });
    expect(error?.message).toContain('allowed: ');
  });

  test.each([
    ['retention.ms', '007', '7'],
    ['retention.ms', '-0', '0'],
    ['retention.ms', ' +5 ', '5'],
    ['unclean.leader.election.enable', 'TRUE', 'true'],
    ['cleanup.policy', ' delete ', 'delete'],
  ])('%s=%j is read as %s', (key, value, text) => {
    const result = readValue(topicConfigs.keys[key as 'retention.ms'] as ConfigKey<unknown>, value);

    expect(result).toMatchObject({ ok: true, text });
  });

  test('have one spelling: acks=-1 is all', () => {
    const producer = parseConfig(producerConfigs, { acks: '-1' }, { at });

    expect(producer.get('acks')).toBe('all');
    expect(producer.isGiven('acks')).toBe(true);
    expect(producer.isGiven('linger.ms')).toBe(false);
  });
});

describe('errors', () => {
  test('name key, value, what is allowed and the nearest name, all at once', () => {
    const raw = { 'min.isr': '2', 'num.partitions': '0', 'log.dirs': '/data' };

    const errors = checkConfig(brokerConfigs, raw, { at });

    expect(errors).toMatchObject([
      { kind: 'unknown-key', key: 'min.isr', value: '2', nearest: 'min.insync.replicas' },
      { kind: 'bad-value', key: 'num.partitions', allowed: 'an integer from 1 to 2147483647' },
    ]);
    expect(() => parseConfig(brokerConfigs, raw, { at })).toThrow(InvalidConfig);
    expect(() => parseConfig(brokerConfigs, raw, { at })).toThrow(/min\.isr.*num\.partitions=0/);
  });

  test('a topic key on the broker level points at its broker synonym', () => {
    const [error] = checkLevel('broker', { 'retention.ms': '1' }, at);

    expect(error?.message).toBe('retention.ms is not a broker key; did you mean log.retention.ms?');
  });

  test('names of Object.prototype are not keys', () => {
    const errors = checkLevel('topic', JSON.parse('{"__proto__":"1","toString":"1"}'), at);

    expect(errors.map((error) => error.kind)).toEqual(['unknown-key', 'unknown-key']);
  });

  test('a value whose feature is missing is refused, its default is not', () => {
    expect(checkLevel('topic', { 'compression.lz4.level': '3' }, at)).toMatchObject([
      { kind: 'not-yet', allowed: '9' },
    ]);
    expect(checkLevel('producer', { 'transactional.id': 'tx' }, at)).toMatchObject([
      { kind: 'not-yet', message: expect.stringContaining('transactions, not there yet') },
    ]);
    expect(checkLevel('topic', { 'cleanup.policy': 'delete' }, at)).toEqual([]);
    expect(checkLevel('consumer', { 'enable.auto.commit': 'false' }, at)).toEqual([]);
  });
});

test('a key that exists on several levels is found on each', () => {
  expect(levelsOfKey('compression.type')).toEqual(['topic', 'broker', 'producer']);
  expect(levelsOfKey('acks')).toEqual(['producer']);
  expect(levelsOfKey('nothing')).toEqual([]);
});
