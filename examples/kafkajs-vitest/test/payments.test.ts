/** The service against real brokers in this process: no Docker, no JVM. */
import { clusterTest, expect, vi } from 'kafka-trial/server/vitest';
import { Kafka, logLevel } from 'kafkajs';
import { Payments } from '../src/payments.ts';

const test = clusterTest({
  topics: { payments: { partitions: 3, config: { 'min.insync.replicas': 2 } } },
});

/**
 * A kafkajs consumer looks for another group coordinator only after it gave up on the one that
 * died: few retries make that a matter of seconds.
 */
function kafkaOf(brokers: string[]): Kafka {
  const retry = { initialRetryTime: 50, maxRetryTime: 500, retries: 3 };
  return new Kafka({ brokers, logLevel: logLevel.NOTHING, retry });
}

test('payments are added up', async ({ cluster }) => {
  const payments = new Payments(kafkaOf(cluster.bootstrap), 'adds-up');
  await payments.start();

  await payments.pay({ id: 'a1', account: 'ada', cents: 250 });
  await payments.pay({ id: 'a2', account: 'ada', cents: 100 });

  await vi.waitFor(() => expect(payments.totals.get('ada')).toBe(350), { timeout: 60_000 });
  await payments.stop();
});

test('a payment is written although too few replicas are in sync for a moment', async ({
  cluster,
}) => {
  const payments = new Payments(kafkaOf(cluster.bootstrap), 'tries-again');
  await payments.start();
  const fault = cluster.faults.answer('Produce', { error: 'NOT_ENOUGH_REPLICAS', times: 2 });

  const paid = payments.pay({ id: 'b1', account: 'bob', cents: 5 });
  await fault.hit({ times: 2 });
  await paid;

  await vi.waitFor(() => expect(payments.totals.get('bob')).toBe(5), { timeout: 60_000 });
  await payments.stop();
});

test('every payment is counted once although a broker dies', async ({ cluster }) => {
  const payments = new Payments(kafkaOf(cluster.bootstrap), 'survives');
  await payments.start();

  for (let i = 0; i < 30; i++) {
    if (i === 10) cluster.faults.kill('broker-2');
    await payments.pay({ id: `e${i}`, account: 'eve', cents: 1 });
  }

  await vi.waitFor(() => expect(payments.totals.get('eve')).toBe(30), { timeout: 90_000 });
  await payments.stop();
});
