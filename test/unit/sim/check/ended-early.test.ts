/** A run may end before anything is decided: what is on some disk is not lost yet. */
import { expect, test } from 'vitest';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';

function verdictsOf(input: object): Record<string, string> {
  const { scenario, problems } = parseScenario({ name: 'ended-early', heal: false, ...input });
  expect(problems).toBeUndefined();
  const { verdicts } = runScenario(scenario!, { seed: 1 }).report;
  return Object.fromEntries(
    verdicts.map(({ name, verdict, allowedBy, explanation }) => [
      name,
      verdict === 'holds' ? verdict : `${verdict} by ${allowedBy}: ${explanation}`,
    ]),
  );
}

const load = [
  { producer: 'p1', topic: 'orders', recordsPerSecond: 50 },
  { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
];

test('while nobody leads, what a replica that is down has counts as there', () => {
  const orders = { name: 'orders', partitions: 1, config: { 'min.insync.replicas': '2' } };
  const verdicts = verdictsOf({
    cluster: { brokers: 3, topics: [orders] },
    workload: load,
    faults: [
      { at: '5s', powerCut: ['broker-1', 'broker-2'], style: 'drop-all' },
      { at: '5s', kill: 'broker-3' },
    ],
    runFor: '25s',
  });

  expect(verdicts).toMatchObject({ 'acked-durable': 'holds', 'read-stable': 'holds' });
});

test('what a leader that is still cut off wrote alone is lost to acks=1, though it has it', () => {
  const verdicts = verdictsOf({
    cluster: { brokers: 3, topics: [{ name: 'orders', partitions: 1 }] },
    workload: [{ ...load[0], config: { acks: '1' } }],
    faults: [{ at: '2s', cut: ['leader:orders-0', ['followers:orders-0', 'all:controllers']] }],
    runFor: '25s',
  });

  expect(verdicts['acked-durable']).toMatch(
    /^allowed by acks=1: .* is not in the log of its leader, only in another: broker-\d was elected/,
  );
});
