import { describe, expect, test } from 'vitest';
import { brokerConfigs } from '../../../kafka/config/broker.ts';
import { parseConfig } from '../../../kafka/config/parse.ts';
import { topicConfigFor, topicConfigs, topicSynonyms } from '../../../kafka/config/topic.ts';

const broker = (raw: Record<string, string>) => parseConfig(brokerConfigs, raw, { at: 'broker' });

describe('a topic', () => {
  test('has Kafka’s defaults when neither it nor the broker says anything', () => {
    const topic = topicConfigFor(broker({}), {});

    expect(topic.get('retention.ms')).toBe(604800000);
    expect(topic.get('segment.ms')).toBe(604800000);
    expect(topic.get('max.message.bytes')).toBe(1048588);
    expect(topic.source('retention.ms')).toBe('default');
  });

  test('inherits broker keys under their other names', () => {
    const topic = topicConfigFor(
      broker({ 'log.flush.interval.messages': '1', 'min.insync.replicas': '2' }),
      {},
    );

    expect(topic.get('flush.messages')).toBe(1);
    expect(topic.get('min.insync.replicas')).toBe(2);
    expect(topic.source('min.insync.replicas')).toBe('broker');
  });

  test('has the last word', () => {
    const topic = topicConfigFor(broker({ 'min.insync.replicas': '2' }), {
      'min.insync.replicas': '1',
    });

    expect(topic.get('min.insync.replicas')).toBe(1);
    expect(topic.source('min.insync.replicas')).toBe('given');
  });

  test('takes milliseconds before minutes before hours', () => {
    const hours = { 'log.retention.hours': '2' };
    const minutes = { ...hours, 'log.retention.minutes': '3' };
    const ms = { ...minutes, 'log.retention.ms': '4' };

    expect(topicConfigFor(broker(hours), {}).get('retention.ms')).toBe(7200000);
    expect(topicConfigFor(broker(minutes), {}).get('retention.ms')).toBe(180000);
    expect(topicConfigFor(broker(ms), {}).get('retention.ms')).toBe(4);
  });

  test('keeps -1 in any unit as unlimited', () => {
    expect(topicConfigFor(broker({ 'log.retention.hours': '-1' }), {}).get('retention.ms')).toBe(
      -1,
    );
  });
});

test('every topic key and its broker synonyms agree in type and default', () => {
  for (const [name, synonyms] of Object.entries(topicSynonyms)) {
    const own = topicConfigs.keys[name as keyof typeof topicSynonyms];
    const last = synonyms[synonyms.length - 1]!;
    const inherited = brokerConfigs.keys[last.key];
    const scaled =
      last.times === 1 ? inherited.defaultText : String(Number(inherited.defaultText) * last.times);
    expect(scaled, name).toBe(own.defaultText);
    expect(inherited.allowed, name).toEqual(own.allowed);
  }
});
