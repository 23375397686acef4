import { fault } from 'kafka-trial';
import { describe, expect, test } from 'kafka-trial/vitest';
import { Outbox } from '../src/outbox.ts';

const topics = {
  orders: { partitions: 2, replicationFactor: 3, config: { 'min.insync.replicas': 2 } },
};

function isEmpty(outbox: Outbox): boolean {
  outbox.work();
  return outbox.pending === 0;
}

describe('the outbox', () => {
  test('delivers every order although the leader loses power', ({ trial }) => {
    const k = trial.createCluster({ brokers: 3, controllers: 3, topics });
    const producer = k.producer({ acks: 'all' });
    const consumer = k.consumer();
    const outbox = new Outbox((id) => producer.send('orders', { key: id, value: id }));
    k.at('2s', fault.powerCut('leader:orders-0', { restartAfter: '20s' }));

    for (let order = 1; order <= 20; order++) {
      outbox.add(`o-${order}`);
      k.tick('250ms');
      outbox.work();
    }
    k.run({ until: () => isEmpty(outbox), max: '60s' });
    k.run({ until: () => new Set(consumer.values).size === 20, max: '60s' });

    expect(k.partition('orders', 0).epoch).toBeGreaterThan(0);
    k.check();
  });

  test('keeps an order that too few replicas could take, and delivers it later', ({ trial }) => {
    const k = trial.createCluster({ topics });
    const producer = k.producer({
      acks: 'all',
      'delivery.timeout.ms': 3_000,
      'request.timeout.ms': 1_000,
      'linger.ms': 0,
    });
    const outbox = new Outbox((id) =>
      producer.send('orders', { key: id, value: id, partition: 0 }),
    );
    k.now(fault.kill('followers:orders-0', { restartAfter: '40s' }));
    k.tick('35s');

    outbox.add('o-1');
    k.tick('5s');

    expect(producer.sends[0]?.error).toMatch(/NOT_ENOUGH_REPLICAS|TimeoutException/);
    expect(outbox.pending).toBe(1);
    k.run({ until: () => isEmpty(outbox), max: '60s' });
    k.check();
  });
});
