/** What the faults of `startCluster` refuse, in words, before anything happens. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClusterFaults, type RealCluster, startCluster } from '../../../library/server.ts';

let cluster: RealCluster;
beforeAll(async () => {
  cluster = await startCluster({ brokers: 2, topics: { orders: {} } });
});
afterAll(() => cluster.close());

const error = 'NOT_ENOUGH_REPLICAS';

describe('answer refuses', () => {
  test.each<[string, unknown, string]>([
    ['Produze', { error }, 'there is no API "Produze"; did you mean Produce?'],
    ['Vote', { delayMs: 1 }, 'Vote: no broker serves it'],
    ['Produce', undefined, 'answer: Produce: options: undefined is not an object'],
    ['Produce', {}, 'say an error, a delayMs, or both'],
    ['Produce', { error, tpoic: 'a' }, 'there is no option "tpoic"; did you mean topic?'],
    ['Produce', { error: 'NOT_ENOUGH_REPLICA' }, 'did you mean NOT_ENOUGH_REPLICAS?'],
    ['Produce', { error: 'NONE' }, 'NONE is no error'],
    ['DescribeCluster', { error: 'NOT_CONTROLLER' }, 'DescribeCluster can only be delayed'],
    ['Produce', { delayMs: Number.NaN }, 'answer: delayMs: NaN is not an integer'],
    ['Produce', { delayMs: '50' }, 'answer: delayMs: "50" is not an integer'],
    ['Produce', { delayMs: -1 }, 'answer: delayMs: -1 is out of range'],
    ['Produce', { delayMs: Number.POSITIVE_INFINITY }, 'Infinity is not an integer'],
    ['Produce', { error, delayMs: Number.NaN }, 'answer: delayMs: NaN is not an integer'],
    ['Produce', { error, times: 0 }, 'answer: times: 0 is out of range'],
    ['Produce', { error, times: 1.5 }, 'answer: times: 1.5 is not an integer'],
    ['Produce', { error, partition: '0' }, 'answer: partition: "0" is not an integer'],
    ['Produce', { error, partition: -1 }, 'answer: partition: -1 is out of range'],
    ['Produce', { error, topic: 7 }, 'answer: topic: 7 is not a string'],
    ['Produce', { error, client: null }, 'answer: client: null is not a string'],
    [
      'Produce',
      { error, broker: 'broker-9' },
      'no broker "broker-9" (there are: broker-1, broker-2',
    ],
    ['Produce', { error, broker: 1 }, 'there is no broker 1'],
    ['Produce', { error, broker: 'controller-101' }, 'there is no broker "controller-101"'],
    ['Produce', { error, group: 'g' }, 'requests of Produce name none, so it would never strike'],
    ['Heartbeat', { delayMs: 1, topic: 'a' }, 'allowed: group, client, broker'],
    ['Metadata', { error, topic: 'a', partition: 0 }, 'answer: partition: requests of Metadata'],
  ])('%s %o', (api, options, words) => {
    const { faults } = cluster;

    expect(() => faults.answer(api, options as { delayMs: 1 })).toThrow(words);
  });

  test('and takes as many times as there may be', () => {
    const fault = cluster.faults.answer('Produce', { error, times: Number.POSITIVE_INFINITY });

    expect(fault.hits).toBe(0);
    fault.end();
  });
});

describe('hit refuses', () => {
  test.each<[unknown, string]>([
    [{ times: 0 }, 'hit: times: 0 is out of range'],
    [{ times: 3 }, 'hit: times: 3 is out of range; allowed: an integer from 1 to 2'],
    [{ timeoutMs: -5 }, 'hit: timeoutMs: -5 is out of range'],
    [{ timeout: 5 }, 'hit: there is no option "timeout"; did you mean timeoutMs?'],
    [null, 'hit: options: null is not an object'],
  ])('%o', async (options, words) => {
    const fault = cluster.faults.answer('Produce', { error, times: 2 });

    await expect(fault.hit(options as { times: 1 })).rejects.toThrow(words);
    fault.end();
  });
});

describe('faults refuse', () => {
  // Types would refuse some of them; plain JavaScript has none.
  const refused: [string, (faults: ClusterFaults) => unknown, string][] = [
    ['an unknown node', (faults) => faults.kill('broker-9'), 'there is no node "broker-9"'],
    ['a misspelt option', (faults) => cut(faults, { oneway: true }), 'did you mean oneWay?'],
    ['a direction', (faults) => cut(faults, { oneWay: 'yes' }), '"yes" is neither true nor false'],
    ['no options', (faults) => cut(faults, null), 'cut: options: null is not an object'],
    ['a node and itself', (faults) => faults.cut('broker-1', 'broker-1'), 'no link between'],
    ['clients and clients', (faults) => faults.cut('clients', 'clients'), 'no link between'],
    ['a delay of -3', (faults) => faults.delay('broker-1', 'broker-2', -3), '-3 is out of range'],
    ['a delay of NaN', (faults) => faults.delay('broker-1', 'broker-2', Number.NaN), 'NaN is not'],
    ['a number as broker', (faults) => move(faults, { topic: 'orders' }, 2), 'no node "2"'],
    ['a controller', (faults) => move(faults, { topic: 'orders' }, 'controller-101'), 'no broker'],
    ['no place', (faults) => move(faults, null, 'broker-2'), 'moveLeader: partition: null is not'],
    ['another key', (faults) => move(faults, { tpoic: 'a' }, 'broker-2'), 'did you mean topic?'],
    [
      'a text as partition',
      (faults) => move(faults, { topic: 'orders', partition: '0' }, 'broker-2'),
      'moveLeader: partition: "0" is not an integer',
    ],
    [
      'a partition that is not there',
      (faults) => move(faults, { topic: 'orders', partition: 7 }, 'broker-2'),
      'there is no partition orders-7',
    ],
  ];

  function cut(faults: ClusterFaults, options: unknown): void {
    faults.cut('broker-1', 'broker-2', options as { oneWay: true });
  }

  function move(faults: ClusterFaults, place: unknown, to: unknown): Promise<void> {
    return faults.moveLeader(place as { topic: string }, to as string);
  }

  test.each(refused)('%s', async (_, call, words) => {
    await expect((async () => call(cluster.faults))()).rejects.toThrow(words);
  });
});
