import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PartitionRegistration } from '../../kafka/metadata/partition-registration.ts';
import { ControllerDriver } from '../unit/controller/driver.ts';

const BROKERS = [1, 2, 3, 4];

type Action =
  | { do: 'start'; broker: number; clean: boolean }
  | { do: 'heartbeat'; broker: number; wantFence: boolean; behind: boolean }
  | { do: 'shutdown'; broker: number }
  | { do: 'alter'; partition: number; members: number[] }
  | { do: 'create'; replicas: number }
  | { do: 'pass'; ms: number }
  | { do: 'restart' };

const broker = fc.constantFrom(...BROKERS);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('start' as const), broker, clean: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('heartbeat' as const),
      broker,
      wantFence: fc.boolean(),
      behind: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('shutdown' as const), broker }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('alter' as const),
      partition: fc.nat(3),
      members: fc.uniqueArray(broker, { minLength: 1 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      replicas: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(100, 4000, 9000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

class Run {
  driver: ControllerDriver;
  private readonly config: Record<string, string>;
  private incarnations = 0;
  private topics = 0;

  constructor(config: Record<string, string>) {
    this.config = config;
    this.driver = new ControllerDriver(config);
    for (const id of BROKERS) this.driver.start(id);
    this.driver.createTopic({ name: 't', numPartitions: 2, replicationFactor: 3 });
  }

  take(one: Action): void {
    const { driver } = this;
    switch (one.do) {
      case 'start': {
        const previousEpoch = one.clean ? driver.epochOf(one.broker) : -1;
        driver.register(one.broker, { incarnation: `i${this.incarnations++}`, previousEpoch });
        return;
      }
      case 'heartbeat':
        driver.heartbeat(one.broker, {
          wantFence: one.wantFence,
          metadataOffset: one.behind ? 0 : driver.image.offset,
        });
        return;
      case 'shutdown':
        driver.heartbeat(one.broker, { wantShutDown: true });
        return;
      case 'alter': {
        const topics = [...driver.image.topicsById.values()];
        const all = topics.flatMap((topic) =>
          topic.partitions.map((_, index) => ({ topic, index })),
        );
        const chosen = all[one.partition % all.length];
        if (chosen !== undefined)
          driver.alterIsr(chosen.topic.name, one.members, { index: chosen.index });
        return;
      }
      case 'create':
        driver.createTopic({
          name: `t${this.topics++}`,
          numPartitions: 1,
          replicationFactor: one.replicas,
        });
        return;
      case 'pass':
        driver.advance(one.ms);
        return;
      case 'restart': {
        const epochs = BROKERS.map((id) => [id, driver.epochOf(id)] as const);
        this.driver = driver.restarted(this.config);
        for (const [id, epoch] of epochs) this.driver.remember(id, epoch);
        return;
      }
    }
  }

  partitions(): Map<string, PartitionRegistration> {
    const all = new Map<string, PartitionRegistration>();
    this.driver.image.forEachPartition((partition, topic, index) => {
      all.set(`${topic.name}-${index}`, partition);
    });
    return all;
  }
}

function checkState(run: Run, elr: boolean): void {
  const { image } = run.driver;
  for (const [name, { replicas, isr, elr: eligible, leader }] of run.partitions()) {
    const about = `${name} leader ${leader} isr ${isr} elr ${eligible} of ${replicas}`;
    expect(new Set(isr).size, about).toBe(isr.length);
    expect(
      isr.every((id) => replicas.includes(id)),
      about,
    ).toBe(true);
    expect(
      eligible.every((id) => replicas.includes(id) && !isr.includes(id)),
      about,
    ).toBe(true);
    if (leader !== -1) {
      expect(isr, about).toContain(leader);
      expect(image.isActive(leader), about).toBe(true);
    }
    if (!elr) {
      expect(isr.length, about).toBeGreaterThan(0);
      expect(eligible, about).toEqual([]);
    }
    // Only without ELR may a fenced or leaving broker be in an ISR: its last member, leaderless.
    const dead = isr.filter((id) => !image.isActive(id));
    if (dead.length > 0) expect([elr, isr.length, leader], about).toEqual([false, 1, -1]);
    if (isr.length === 0) expect(leader, about).toBe(-1);
  }
}

function checkStep(before: Map<string, PartitionRegistration>, run: Run): void {
  for (const [name, after] of run.partitions()) {
    const old = before.get(name);
    if (old === undefined || old === after) continue;
    expect(after.partitionEpoch, name).toBeGreaterThan(old.partitionEpoch);
    if (after.leader !== old.leader)
      expect(after.leaderEpoch, name).toBeGreaterThan(old.leaderEpoch);
    else expect(after.leaderEpoch, name).toBeGreaterThanOrEqual(old.leaderEpoch);
  }
}

test.each([
  ['with ELR', '1', 'false'],
  ['with ELR and unclean elections', '1', 'true'],
  ['without ELR', '0', 'false'],
  ['without ELR, with unclean elections', '0', 'true'],
])(
  'any course of broker lives and ISR changes keeps partitions sound, %s',
  (_what, elr, unclean) => {
    const config = {
      'feature.eligible.leader.replicas.version': elr,
      'unclean.leader.election.enable': unclean,
      'min.insync.replicas': '2',
    };
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const run = new Run(config);
        for (const one of actions) {
          const before = run.partitions();
          run.take(one);
          checkState(run, elr === '1');
          if (one.do === 'restart') expect(run.partitions()).toEqual(before);
          else checkStep(before, run);
        }
        expect(run.driver.image).toEqual(run.driver.replayed());
      }),
      { numRuns: 150 },
    );
  },
);

test('without unclean elections no leader ever comes from outside ISR and ELR while one is left', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const run = new Run({ 'min.insync.replicas': '2' });
      for (const one of actions) {
        const before = run.partitions();
        // Each step commits once, so nothing lies between these two states but this step.
        if (one.do === 'pass') continue;
        run.take(one);
        for (const [name, after] of run.partitions()) {
          const old = before.get(name);
          if (old === undefined || after.leader === -1 || after.leader === old.leader) continue;
          const known = [...old.isr, ...old.elr];
          if (known.length > 0) expect(known, name).toContain(after.leader);
          else expect(old.lastKnownElr, name).toEqual([after.leader]);
        }
      }
    }),
    { numRuns: 150 },
  );
});
