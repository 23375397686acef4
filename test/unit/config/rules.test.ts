import { describe, expect, test } from 'vitest';
import { brokerConfigs } from '../../../kafka/config/broker.ts';
import { checkConfig, parseConfig } from '../../../kafka/config/parse.ts';
import {
  deliveryTimeoutMs,
  idempotenceEnabled,
  producerConfigs,
} from '../../../kafka/config/producer.ts';

const at = 'producer p1';
const producer = (raw: Record<string, string>) => parseConfig(producerConfigs, raw, { at });
const problems = (raw: Record<string, string>) =>
  checkConfig(producerConfigs, raw, { at }).map((error) => error.key);

describe('idempotence', () => {
  test('asked for, it refuses acks=1, no retries and more than five in flight', () => {
    const asked = { 'enable.idempotence': 'true' };

    expect(problems({ ...asked, acks: '1' })).toEqual(['acks']);
    expect(problems({ ...asked, retries: '0' })).toEqual(['retries']);
    expect(problems({ ...asked, 'max.in.flight.requests.per.connection': '6' })).toEqual([
      'max.in.flight.requests.per.connection',
    ]);
  });

  test('by default only, it is silently switched off by acks and retries', () => {
    expect(idempotenceEnabled(producer({}))).toBe(true);
    expect(idempotenceEnabled(producer({ acks: '1' }))).toBe(false);
    expect(idempotenceEnabled(producer({ acks: '0' }))).toBe(false);
    expect(idempotenceEnabled(producer({ retries: '0' }))).toBe(false);
    expect(idempotenceEnabled(producer({ 'enable.idempotence': 'false' }))).toBe(false);
  });

  test('even by default it refuses more than five in flight', () => {
    const six = { 'max.in.flight.requests.per.connection': '6' };

    expect(problems(six)).toHaveLength(1);
    expect(problems({ ...six, 'enable.idempotence': 'false' })).toEqual([]);
    expect(problems({ ...six, acks: '1' })).toEqual([]);
  });
});

describe('delivery.timeout.ms', () => {
  test('given, it must cover linger and one request', () => {
    expect(problems({ 'delivery.timeout.ms': '30004' })).toEqual(['delivery.timeout.ms']);
    expect(problems({ 'delivery.timeout.ms': '30005' })).toEqual([]);
  });

  test('left out, it grows with them', () => {
    expect(deliveryTimeoutMs(producer({}))).toBe(120000);
    expect(deliveryTimeoutMs(producer({ 'request.timeout.ms': '200000' }))).toBe(200005);
  });
});

test('a follower may not wait longer for a fetch than the ISR tolerates', () => {
  const raw = { 'replica.lag.time.max.ms': '400' };

  const [error] = checkConfig(brokerConfigs, raw, { at });

  expect(error).toMatchObject({ kind: 'conflict', key: 'replica.fetch.wait.max.ms' });
});
