/**
 * Where a network partition is the only fault, what was acknowledged and lost was lost with it: its
 * account tells of all of it, whenever it was sent and whenever its producer was told.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';

const LEADER = 'leader:orders-0';
const OTHERS = ['followers:orders-0', 'all:controllers'];

const partition = fc
  .record({
    sides: fc.constantFrom<[string, string | string[]]>(
      [LEADER, OTHERS],
      [LEADER, [...OTHERS, 'client:p1']],
      [LEADER, [...OTHERS, 'client:p1', 'client:p2']],
    ),
    oneWay: fc.boolean(),
    isTurned: fc.boolean(),
    /** Absent: until everything is healed. */
    for: fc.option(fc.integer({ min: 3_000, max: 8_000 }), { nil: undefined, freq: 4 }),
  })
  .map(({ sides: [one, other], isTurned, ...rest }) => ({
    at: '2s',
    cut: isTurned ? [other, one] : [one, other],
    ...rest,
  }));

const settings = fc.record({
  acks: fc.constantFrom('1', '1', 'all'),
  unclean: fc.boolean(),
  minInSync: fc.constantFrom('1', '2'),
  sessionMs: fc.constantFrom('2000', '5000'),
});

test('the account of the only fault tells of everything that was lost', () => {
  fc.assert(
    fc.property(partition, settings, (fault, { acks, unclean, minInSync, sessionMs }) => {
      const writer = (name: string) => ({
        producer: name,
        topic: 'orders',
        recordsPerSecond: 20,
        config: { acks },
      });
      const { scenario, problems } = parseScenario({
        name: 'alone',
        cluster: {
          brokers: 3,
          config: { 'broker.session.timeout.ms': sessionMs, 'broker.heartbeat.interval.ms': '500' },
          topics: [
            {
              name: 'orders',
              partitions: 1,
              replicationFactor: 3,
              config: {
                'min.insync.replicas': minInSync,
                'unclean.leader.election.enable': String(unclean),
              },
            },
          ],
        },
        workload: [writer('p1'), writer('p2')],
        faults: [fault],
        runFor: '12s',
      });
      if (problems !== undefined) throw new Error(JSON.stringify(problems));

      const { report } = runScenario(scenario, { seed: 1 });
      const [cap] = report.story.cap;
      const { meanwhile, earlier, later } = cap!;
      const told = [meanwhile, earlier, later];
      const lost = report.counts.acknowledgedLost;
      expect(told.reduce((sum, one) => sum + one.acknowledgedLost, 0)).toBe(lost);
      expect(told.reduce((sum, one) => sum + one.acknowledged, 0)).toBe(report.counts.acknowledged);
      expect(cap!.survived).toBe(lost === 0);
    }),
    { numRuns: 12 },
  );
}, 60_000);
