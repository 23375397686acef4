/** What `startCluster` refuses before it starts anything. */
import { describe, expect, test } from 'vitest';
import { type ServerOptions, startCluster } from '../../../library/server.ts';

describe('startCluster refuses', () => {
  test.each([
    [{ broker: 1 }, 'startCluster: there is no option "broker"; did you mean brokers?'],
    [{ verbose: true }, 'there are brokers, controllers, topics, config, data, port'],
    [null, 'startCluster: options: null is not an object'],
    [[], 'startCluster: options: [] is not an object'],
    [{ brokers: 0 }, 'brokers: 0 is out of range; allowed: an integer from 1 to 100'],
    [{ brokers: '3' }, 'brokers: "3" is not an integer'],
    [{ controllers: 1.5 }, 'controllers: 1.5 is not an integer'],
    [{ port: -1 }, 'port: -1 is out of range'],
    [{ port: 65_534 }, 'port: 65534: the last of 3 brokers would get port 65536'],
    [{ data: 7 }, 'data: 7 is not the name of a folder'],
    [{ config: ['a=1'] }, 'config: ["a=1"] is not an object'],
    [{ config: { 'min.insync.replicas': null } }, 'config["min.insync.replicas"]: null; allowed'],
    [{ topics: { a: { partition: 2 } } }, 'topics.a: there is no option "partition"; did you mean'],
    [{ topics: { a: { partitions: 0 } } }, 'topics.a.partitions: 0 is out of range'],
    [{ topics: { a: 3 } }, 'topics.a: 3 is not an object'],
    [
      { config: { 'min.isr': 2 } },
      'min.isr is not a broker key; did you mean min.insync.replicas?',
    ],
    [{ config: { 'num.io.threads': 8 } }, 'a node here is one thread; leave it out'],
  ])('%o', async (options, words) => {
    await expect(startCluster(options as ServerOptions)).rejects.toThrow(words);
  });
});
