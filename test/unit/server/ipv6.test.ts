/** Addresses with colons of their own: told in brackets, and understood so. */
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { parseEndpoint } from '../../../kafka/broker/listeners.ts';
import { parseAddress, parseVoters } from '../../../kafka/raft/voter-set.ts';
import { startServerCluster } from '../../../server/cluster/cluster.ts';
import { listenerText, readListeners } from '../../../server/properties/listeners.ts';
import { trial } from '../cli/in-process.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

test('what a file says in brackets is one host, and is told in brackets again', () => {
  const keys = { advertised: null, controllerNames: ['C'], interBroker: null, roles: ['broker'] };
  const read = readListeners({ ...keys, listeners: 'A://[::1]:9092' });

  expect(read).toMatchObject({ listeners: [{ name: 'A', host: '::1', port: 9092 }] });
  expect(listenerText({ name: 'A', host: '::1', port: 9092 })).toBe('A://[::1]:9092');
  expect(parseEndpoint('A://[::1]:9092')).toEqual({ name: 'A', host: '::1', port: 9092 });
  expect(parseAddress('[::1]:9093')).toEqual({ host: '::1', port: 9093 });
  const [voter] = parseVoters(['1@[::1]:9093'], 'C').voters;
  expect(voter?.endpoints).toEqual([{ name: 'C', host: '::1', port: 9093 }]);
});

describe.skipIf(!hasIpv6)('a cluster that listens at ::1', () => {
  test('tells an address that clients take as it is', async () => {
    const shape = { brokers: 1, controllers: 1, host: '::1', advertisedHost: '::1' };
    const topics = [{ name: 'orders', partitions: 1, replicationFactor: 1 }];
    const cluster = await startServerCluster({ ...shape, port: 0, data: null, config: {} }, topics);
    const [bootstrap = ''] = cluster.bootstrap;
    const { out } = await trial('topics', '--bootstrap-server', bootstrap, '--list');
    const listeners = cluster.brokers[0]?.parts.config['listeners'];
    await cluster.stop();

    expect(bootstrap).toMatch(/^\[::1\]:\d+$/);
    expect(listeners).toBe(`PLAINTEXT://${bootstrap}`);
    expect(out).toBe('orders\n');
  });
});
