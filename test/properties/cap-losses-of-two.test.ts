/**
 * Where one fault loses what was acknowledged and a second one only parts somebody for a while, the
 * account of the second is never charged with a loss without the name of the first, and every loss
 * is told of in each account.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CapReport } from '../../sim/run/report.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';

type Fault = NonNullable<ScenarioInput['faults']>[number];

const LEADER = 'leader:orders-0';
const SESSION_MS = 4_000;

/** Each is sure to lose what a leader alone has acknowledged. */
const losing = fc
  .record({
    verb: fc.constantFrom<object>(
      { cut: [LEADER, 'all:controllers'] },
      { cut: [LEADER, ['followers:orders-0', 'all:controllers']] },
      { isolate: LEADER },
      { powerCut: 'all:brokers', style: 'drop-all', restartAfter: '2s' },
    ),
    /** From where the leader is hardly deposed. */
    forMs: fc.integer({ min: SESSION_MS - 600, max: 3 * SESSION_MS }),
  })
  .map(({ verb, forMs }) => {
    const lasting = 'powerCut' in verb ? {} : { for: forMs };
    return { ...verb, ...lasting, at: '3s', name: 'losing' } as Fault;
  });

/** Each parts somebody whom no acknowledged record needs. */
const harmless = fc
  .record({
    cut: fc.constantFrom<[string, string]>(
      ['client:c1', 'all:brokers'],
      ['client:p1', 'all:brokers'],
      ['broker-1', 'broker-3'],
      ['follower:orders-0', LEADER],
      ['follower:orders-0', 'all:controllers'],
    ),
    at: fc.integer({ min: 500, max: 14_000 }),
    for: fc.integer({ min: 50, max: 2_500 }),
  })
  .map((fault) => ({ ...fault, name: 'harmless' }) as Fault);

function run(faults: Fault[], seed: number) {
  const { scenario, problems } = parseScenario({
    name: 'two',
    cluster: {
      brokers: 3,
      config: {
        'broker.session.timeout.ms': String(SESSION_MS),
        'broker.heartbeat.interval.ms': '500',
      },
      topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
    },
    workload: [
      { producer: 'p1', topic: 'orders', recordsPerSecond: 50, config: { acks: '1' } },
      { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
    ],
    faults,
    runFor: '20s',
  });
  if (problems !== undefined) throw new Error(JSON.stringify(problems));
  return runScenario(scenario, { seed }).report;
}

function namesTheOther({ others }: Pick<CapReport, 'others'>): boolean {
  return others.some((one) => one.fault === 'losing');
}

test('a harmless partition is not charged with what another fault lost, without its name', () => {
  let charged = 0;
  let acquitted = 0;
  fc.assert(
    fc.property(losing, harmless, fc.integer({ min: 1, max: 9 }), (one, other, seed) => {
      const { counts, story } = run([one, other], seed);

      for (const { meanwhile, earlier, later } of story.cap) {
        const told = [meanwhile, earlier, later];
        const lost = told.map((some) => some.acknowledgedLost + some.lostOtherwise);
        expect(lost.reduce((sum, some) => sum + some, 0)).toBe(counts.acknowledgedLost);
      }
      const cap = story.cap.find((some) => some.fault === 'harmless')!;
      const { meanwhile, earlier, later, sides, elsewhere } = cap;
      for (const some of [meanwhile, earlier, later, ...sides, elsewhere]) {
        expect(some.lostUnsure).toBe(some.acknowledgedLost);
        if (some.acknowledgedLost > 0) expect(namesTheOther(cap)).toBe(true);
      }
      for (const { reads } of cap.clients) {
        if (reads === null || reads.takenBack === null) continue;
        expect(reads.takenBackUnsure).toBe(reads.takenBack);
        expect(reads.earlierTakenBackUnsure).toBe(reads.earlierTakenBack);
        if (reads.takenBackUnsure > 0) expect(namesTheOther(reads)).toBe(true);
      }
      expect(cap.survived).not.toBe(false);
      const isUnsure = [meanwhile, earlier, later].some((some) => some.lostUnsure > 0);
      if ((other as { cut: string[] }).cut[0]?.startsWith('client:') === true) {
        expect(isUnsure).toBe(false);
      }
      if (counts.acknowledgedLost === 0) return;
      if (isUnsure) charged += 1;
      else acquitted += 1;
    }),
    { numRuns: 25 },
  );
  expect(charged).toBeGreaterThan(0);
  expect(acquitted).toBeGreaterThan(0);
}, 120_000);
