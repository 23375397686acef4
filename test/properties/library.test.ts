import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cluster, createCluster, fault, operation } from '../../library/index.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';

/** Something that a program may do to a cluster that stands still. */
type Move = (k: Cluster) => unknown;

const faults = fc.constantFrom(
  fault.kill('leader:orders-0', { restartAfter: 700 }),
  fault.pause('broker-2', { for: 300 }),
  fault.cut(['broker-1', 'all:clients'], { for: 900 }),
  fault.heal(),
  fault.restart('broker-3'),
);
const moves: fc.Arbitrary<Move> = fc.oneof(
  fc.integer({ min: 0, max: 1_500 }).map(
    (ms): Move =>
      (k) =>
        k.tick(ms),
  ),
  fc.integer({ min: 1, max: 400 }).map(
    (events): Move =>
      (k) =>
        k.step(events),
  ),
  fc.record({ client: fc.constantFrom('p1', 'p2'), partition: fc.nat({ max: 1 }) }).map(
    ({ client, partition }): Move =>
      (k) =>
        k.producers.get(client)?.send('orders', { value: 'v', partition }),
  ),
  faults.map(
    (one): Move =>
      (k) =>
        k.now(one),
  ),
  fc.tuple(faults, fc.nat({ max: 2_000 })).map(
    ([one, ms]): Move =>
      (k) =>
        k.at(Math.ceil(k.nowMs) + ms, one),
  ),
  fc.constant<Move>((k) => k.admins.get('a1')?.describeTopics('orders')),
  fc.constant<Move>((k) => k.now(operation.electLeaders('preferred'))),
  fc.constant<Move>((k) => {
    const waits = [...k.producers.values()].flatMap((one) => one.sends);
    k.run({ until: () => waits.every((one) => one.settled), max: '200s' });
  }),
);

test('what a program did to a cluster is a scenario that runs the same, to the last bit', () => {
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 14 }), fc.nat({ max: 99 }), (program, seed) => {
      const k = createCluster({ seed, topics: { orders: { partitions: 2 } } });
      k.producer({ 'linger.ms': 0 });
      k.producer({ acks: '1', 'enable.idempotence': false });
      k.consumer();
      k.admin();
      for (const move of program) move(k);

      const report = k.finish();

      const { scenario, problems } = parseScenario(k.scenario());
      expect(problems).toBeUndefined();
      const again = runScenario(scenario!, { seed }).report;
      expect([again.digest, again.traceHash]).toEqual([report.digest, report.traceHash]);
      expect(report.verdicts.filter((one) => one.verdict === 'violated')).toEqual([]);
    }),
    { numRuns: 8 },
  );
});
