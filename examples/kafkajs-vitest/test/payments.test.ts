/** The service against real brokers in this process: no Docker, no JVM. */
import { clusterTest, expect, vi } from 'kafka-trial/server/vitest';
import { Kafka, logLevel } from 'kafkajs';
import { Payments } from '../src/payments.ts';

const test = clusterTest({
  topics: { payments: { partitions: 3, config: { 'min.insync.replicas': 2 } } },
});

function kafkaOf(brokers: string[]): Kafka {
  return new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50 } });
}

test('payments are added up', async ({ cluster }) => {
  const payments = new Payments(kafkaOf(cluster.bootstrap), 'adds-up');
  await payments.start();

  await payments.pay({ account: 'ada', cents: 250 });
  await payments.pay({ account: 'ada', cents: 100 });

  await vi.waitFor(() => expect(payments.totals.get('ada')).toBe(350), { timeout: 60_000 });
  await payments.stop();
});

test('a payment is written although too few replicas are in sync for a moment', async ({
  cluster,
}) => {
  const payments = new Payments(kafkaOf(cluster.bootstrap), 'tries-again');
  await payments.start();
  const fault = cluster.faults.answer('Produce', { error: 'NOT_ENOUGH_REPLICAS', times: 2 });

  const paid = payments.pay({ account: 'bob', cents: 5 });
  await fault.hit({ times: 2 });
  await paid;

  await vi.waitFor(() => expect(payments.totals.get('bob')).toBe(5), { timeout: 60_000 });
  await payments.stop();
});
