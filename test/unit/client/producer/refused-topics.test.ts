/** Sends to topics that this client may not know of end at once, and may be sent anew. */
import { expect, test } from 'vitest';
import { createProducerNode } from '../../../../kafka/client/producer/producer-node.ts';
import { apis } from '../../../../kafka/wire/apis.ts';
import { ModelCluster } from '../support/model-cluster.ts';

const REFUSED = {
  kind: 'failed',
  error: 'TOPIC_AUTHORIZATION_FAILED',
  message: 'not authorized for the topic: secret',
};

function started(): ModelCluster {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  cluster.addTopic('secret', 1);
  cluster.unauthorized.add('secret');
  const config = { 'bootstrap.servers': 'broker-1:9092', 'linger.ms': '0' };
  cluster.start((host) => createProducerNode(host, config));
  return cluster;
}

test('all sends that wait for a topic fail as soon as a broker says that it is not theirs', () => {
  const cluster = started();

  const first = cluster.sendAll('secret', ['a', 'b']);
  const other = cluster.send('orders', 'c');
  cluster.runFor(1000);

  expect(cluster.result(first)).toMatchObject(REFUSED);
  expect(cluster.result((first + 1) as typeof first)).toMatchObject(REFUSED);
  expect(cluster.result(other)).toMatchObject({ kind: 'sent', offset: 0 });
});

test('a later send asks anew, fails by the new answer, and is sent once it may be', () => {
  const cluster = started();
  cluster.send('secret', 'a');
  cluster.runFor(1000);
  const asked = cluster.requestsOf(apis.Metadata).length;

  const again = cluster.send('secret', 'b');
  cluster.runFor(1000);
  const askedAgain = cluster.requestsOf(apis.Metadata).length;
  cluster.unauthorized.clear();
  const allowed = cluster.send('secret', 'c');
  cluster.runFor(1000);

  expect(cluster.result(again)).toMatchObject(REFUSED);
  expect(askedAgain).toBe(asked + 1);
  expect(cluster.result(allowed)).toMatchObject({ kind: 'sent', offset: 0 });
  expect(cluster.log('secret-0').values()).toEqual(['c']);
});
