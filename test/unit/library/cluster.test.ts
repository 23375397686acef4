import { describe, expect, test } from 'vitest';
import {
  createCluster,
  fault,
  openScenario,
  operation,
  TrialError,
  TrialTimeoutError,
} from '../../../library/index.ts';
import { runScenario } from '../../../sim/run/runner.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { readTraceFile } from '../../../sim/trace/file.ts';

const orders = { orders: { partitions: 2, config: { 'min.insync.replicas': '2' } } };

function failover(seed = 42) {
  const k = createCluster({ seed, topics: orders });
  const p = k.producer({ acks: 'all' });
  const c = k.consumer();
  const first = p.send('orders', { key: 'o-1', value: 'x', partition: 0 });
  k.at('2s', fault.powerCut('leader:orders-0', { restartAfter: '10s' }));
  k.run({ until: () => c.received.length === 1, max: '60s' });
  const before = k.partition('orders', 0).leader;
  k.tick('1s');
  const second = p.send('orders', { key: 'o-2', value: 'y', partition: 0 });
  k.now(fault.pause('follower:orders-1', { for: '3s' }));
  k.run({ until: () => second.settled });
  const third = p.send('orders', { value: 'z', headers: [{ key: 'h', value: 'v' }], partition: 1 });
  k.now(fault.isolate('leader:orders-1', { for: '2s' }));
  k.run({ until: () => c.received.length === 3, max: '120s' });
  return { k, p, c, acks: [first, second, third], before };
}

describe('a cluster in virtual time', () => {
  const { k, c, acks, before } = failover();

  test('has settled what was asked for when it stands still', () => {
    expect(acks.map((one) => one.state)).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect(acks[0]!.metadata()).toEqual({ topic: 'orders', partition: 0, offset: 0 });
    expect(c.values).toEqual(['x', 'z', 'y']);
    expect(c.received[0]).toMatchObject({ key: 'o-1', partition: 0, offset: 0, headers: [] });
    expect(c.received[1]!.headers).toEqual([{ key: 'h', value: 'v' }]);
  });

  test('shows leader, epoch, in-sync replicas and high watermark of a partition', () => {
    const now = k.partition('orders', 0);

    expect(now.leader).not.toBe(before);
    expect(now.epoch).toBeGreaterThan(0);
    expect(now.replicas).toEqual(['broker-1', 'broker-2', 'broker-3']);
    expect(now.highWatermark).toBe(2);
    expect(() => k.partition('orders', 7)).toThrow(/there is no orders-7 .*orders-0, orders-1/);
  });

  test('is the same run for the same seed, and another one for another', () => {
    expect(failover().k.digest()).toBe(k.digest());
    expect(failover(43).k.digest()).not.toBe(k.digest());
  });

  test('is judged in the end, and its scenario is the same run', () => {
    const copy = failover().k;
    const report = copy.finish();
    const { scenario, problems } = parseScenario(copy.scenario());

    expect(problems).toBeUndefined();
    expect(copy.verdicts().filter((one) => one.verdict !== 'holds')).toEqual([]);
    expect(report.counts).toMatchObject({ sent: 3, acknowledged: 3, acknowledgedLost: 0 });
    const again = runScenario(scenario!, { seed: 42 }).report;
    expect(again.events).toBe(report.events);
    expect(again.digest).toBe(report.digest);
    expect(again.traceHash).toBe(report.traceHash);
    expect(() => copy.tick(1)).toThrow(TrialError);
  });

  test('writes a trace file of the run so far, which says how it came about', () => {
    const file = readTraceFile(k.trace.bytes());

    expect(file.rows.count).toBe(k.events);
    expect(file.digest).toBe(k.digest());
    expect(parseScenario(file.scenario).problems).toBeUndefined();
  });

  test('has the racks and the historic rules that it is made with', () => {
    const variants = { truncation: 'to-high-watermark' };
    const { cluster } = createCluster({
      racks: ['a', 'b'],
      variants,
      topics: { a: {} },
    }).scenario();

    expect(cluster).toMatchObject({ racks: ['a', 'b'], variants });
  });

  test('can be copied where it stands, and the copy goes on as it would have', () => {
    const here = failover().k;
    const copy = here.fork();

    expect(copy.events).toBe(here.events);
    expect(copy.digest()).toBe(here.digest());
    expect(copy.consumers.get('c1')!.values).toEqual(['x', 'z', 'y']);
    expect(copy.tick('5s').digest()).toBe(here.tick('5s').digest());
    const other = here.fork({ seed: 7 });
    expect(other.digest()).not.toBe(here.digest());
    expect(other.nowMs).toBe(here.nowMs);
    expect(other.check().verdicts()).not.toEqual([]);
  });
});

test('a loss that the settings allow is explained from the fault on', () => {
  const k = createCluster({ seed: 5, topics: { orders: {} } });
  const p = k.producer({ acks: '1', 'enable.idempotence': false, 'linger.ms': 0 });
  k.now(fault.cut(['leader:orders-0', 'followers:orders-0'], { for: '4s' }));
  const sent = p.send('orders', { value: 'x' });
  k.run({ until: () => sent.acknowledged });
  k.now(fault.powerCut('leader:orders-0', { style: 'drop-all', restartAfter: '20s' }));
  k.now(fault.heal());
  k.tick('30s');

  const reasons = k.explain();

  expect(k.finish().counts.acknowledgedLost).toBe(1);
  expect(k.verdicts().find((one) => one.name === 'acked-durable')).toMatchObject({
    verdict: 'allowed',
    allowedBy: 'acks=1',
  });
  expect(reasons.length).toBeGreaterThan(2);
  expect(reasons.some((one) => /lost power|power/.test(one.text))).toBe(true);
  expect(k.explain({ event: reasons[0]!.events[0]! }).length).toBeGreaterThan(0);
  expect(() => k.explain({ event: 0 })).toThrow(/allowed: 1 to \d+/);
});

test('operators ask through an admin client', () => {
  const k = createCluster({ brokers: 1, topics: { orders: {} } });
  const admin = k.admin();
  const p = k.producer();
  k.at('1s', operation.createPartitions('orders', { count: 3 }));
  const made = admin.createTopic({ name: 'bills', partitions: 2, replicationFactor: 1 });

  k.tick('2s');
  const refused = admin.createTopic({ name: 'bills' });
  const named = admin.describeTopics('orders', { name: 'look' });
  p.send('orders', { value: 'a' });
  k.runToIdle();

  expect(made.error).toBe('NONE');
  expect(refused.error).toBe('TOPIC_ALREADY_EXISTS');
  expect(named.results[0]!.said).toContain('3 partitions');
  expect(k.partition('bills', 1).leader).toBe('broker-1');
  expect(p.sends[0]!.acknowledged).toBe(true);
  expect(k.check().verdicts().length).toBeGreaterThan(10);
});

test('a record may be sent from within "until", and the run goes on', () => {
  const k = createCluster({ seed: 3, topics: { orders: {} } });
  const p = k.producer();
  const c = k.consumer();
  p.send('orders', { value: '0' });
  const answer = (): boolean => {
    if (c.received.length > 0 && c.received.length === p.sends.length && p.sends.length < 4) {
      p.send('orders', { value: String(p.sends.length) });
    }
    return c.received.length === 4;
  };

  k.run({ until: answer });

  expect(c.values).toEqual(['0', '1', '2', '3']);
  const report = k.finish();
  const again = runScenario(parseScenario(k.scenario()).scenario!, { seed: 3 }).report;
  expect(again.digest).toBe(report.digest);
});

test('a listed record whose event does not come is a problem of the run', () => {
  const k = openScenario({
    name: 'late',
    cluster: { brokers: 1, topics: [{ name: 'a', replicationFactor: 1 }] },
    workload: [
      {
        producer: 'p1',
        topic: 'a',
        sends: [{ afterEvent: 9_999_999 }, { at: 10 }, { afterEvent: 1 }],
      },
    ],
    runFor: 500,
  });

  expect(k.finish().problems).toEqual([
    'send 0 of p1 was never sent: its event did not come',
    'send 2 of p1 was never sent: its event did not come',
  ]);
  expect(k.finish().counts.acknowledged).toBe(1);
  expect(() => k.check()).toThrow(/send 0 of p1/);
});

test('bytes and tombstones come through as they are', () => {
  const k = createCluster({ brokers: 1, topics: { orders: {} } });
  const p = k.producer();
  const c = k.consumer();
  p.send('orders', { key: 'k', value: null });
  p.send('orders', { key: null, value: Uint8Array.of(255, 0, 128) });

  k.run({ until: () => c.received.length === 2 });

  expect(c.received.map((one) => one.valueBytes)).toEqual([null, Uint8Array.of(255, 0, 128)]);
  k.check();
});

describe('what cannot be is told with field, value and remedy', () => {
  const made = (options: object) => () => createCluster(options as never);

  test.each([
    [made({ brokers: 0 }), /brokers: 0 — too small \(allowed: at least 1\)/],
    [made({ brokers: 1_000 }), /brokers: 1000 — too large \(allowed: at most 100\)/],
    [made({ seed: -1 }), /seed: expected an integer from 0 to 2\^53 - 1, not -1/],
    [made({ seed: 1.5 }), /not 1\.5/],
    [made({ seed: Number.NaN }), /seed: .*, not NaN/],
    [made({ seed: 'abc' }), /seed: .*, not abc/],
    [made({ seed: null }), /seed: .*, not null/],
    [() => createCluster({}).fork({ seed: '07' }), /seed: .*, not 07/],
    [() => openScenario(createCluster({}).scenario(), { seed: 2 ** 53 }), /seed: .*not 9007/],
    [() => createCluster(null as never), /createCluster: expected options { seed, .*, not null/],
    [made({ topics: ['orders'] }), /topics: expected an object, such as .*, not \["orders"\]/],
    [made({ topics: { orders: 2 } }), /topics\.orders: expected an object, not 2/],
    [made({ topics: { a: { replicationFactor: 5 } } }), /topics\.a\.replicationFactor: 5/],
    [made({ config: { 'min.isr': 1 } }), /min\.insync\.replicas/],
    [made({ broker: 3 }), /createCluster: unknown option broker .*did you mean brokers/],
    [
      () => createCluster({ topics: { a: {} } }).at('1s', fault.kill('leader:a-7')),
      /leader:a-7.*no topic of the cluster has this partition/,
    ],
    [() => createCluster({ topics: { a: {} } }).at('soon', fault.heal()), /"soon" is no duration/],
    [
      () => createCluster({ topics: { a: {}, b: {} } }).producer(),
      /say which one with \{ topic \}/,
    ],
    [
      () =>
        createCluster({ topics: { a: {}, b: {} } })
          .producer({ topic: 'a' })
          .send('b', {}),
      /"b" is not the topic of this producer \(allowed: a\)/,
    ],
    [made({ seed: 5n }), /seed: .*, not 5n/],
    [
      made({ sed: 7 }),
      /^createCluster: unknown option sed \(allowed: seed, name, brokers, .*mean seed\?/,
    ],
    [made({ topics: { '..': {} } }), /topics\.\.\.\.name: "\.\." — .*"\." or "\.\."/],
    [made({ topics: { 'a.b': {}, a_b: {} } }), /topics\.a_b\.name: .*a\.b/],
    [made({ topics: { ['x'.repeat(300)]: {} } }), /at most 249/],
    [() => openScenario({} as never), /^openScenario:\n {2}name: missing/],
    [() => openScenario(null as never), /openScenario: expected a scenario, not null/],
    [() => openScenario(createCluster().scenario(), { sed: 1 } as never), /sed .*mean seed\?/],
    [() => createCluster().fork({ sed: 7 } as never), /fork: unknown option sed .*mean seed\?/],
    [() => createCluster().run({ untl: () => true } as never), /run: .*untl .*mean until\?/],
    [() => createCluster().run({ until: 5 } as never), /run: until: expected a function, not 5/],
    [
      () => createCluster().run({ until: async () => true } as never),
      /run: until: expected true or false at once, not a promise/,
    ],
    [
      () => createCluster().run({ until: () => 'yes' } as never),
      /run: until: expected true or false at once, not "yes"/,
    ],
    [() => createCluster().run({ max: 5n } as never), /max: 5n is no duration/],
    [() => createCluster().runToIdle({ mx: 1 } as never), /runToIdle: .*mx .*mean max\?/],
    [() => createCluster().explain({ evnt: 1 } as never), /explain: .*evnt .*mean event\?/],
    [() => createCluster().admin({ nme: 'x' } as never), /admin: .*nme .*mean name\?/],
    [() => createCluster().step(-1), /step: expected a whole number from 0 on, not -1/],
    [() => createCluster().step(1.5), /step: .*not 1\.5/],
    [() => createCluster().step('x' as never), /step: .*not "x"/],
    [() => createCluster().at('1s', undefined as never), /at: expected a fault or an operation/],
    [() => createCluster().now(fault.kill as never), /now: .*, not a function/],
    [() => (fault.kill as () => unknown)(), /fault\.kill: of what\?/],
    [() => (operation.createTopic as () => unknown)(), /operation\.createTopic: of what\?/],
  ])('%#', (act, message) => {
    expect(act).toThrow(TrialError);
    expect(act).toThrow(message);
  });

  test.each<[unknown, RegExp]>([
    [undefined, /p1\.send: expected options \{ key, value, headers, partition \}, not undefined/],
    [{ valu: 'x' }, /p1\.send: unknown option valu .*did you mean value\?/],
    [{ value: 5n }, /5n is neither text, bytes nor null/],
    [{ headers: { a: 'b' } }, /headers: expected \[\{ key, value \}\], not \{"a":"b"\}/],
    [{ headers: [['a', 'b']] }, /headers: expected options \{ key, value \}/],
    [{ headers: [{ key: 1, value: 'b' }] }, /headers: key: expected a text, not 1/],
    [{ partition: 9 }, /partition: expected a whole number from 0 to 0, not 9/],
    [{ partition: -1 }, /partition: .*not -1/],
    [{ partition: 0.5 }, /partition: .*not 0\.5/],
  ])('a record that cannot be sent is refused before anything runs: %#', (record, message) => {
    const k = createCluster({ topics: { orders: {} } });
    const p = k.producer();

    expect(() => p.send('orders', record as never)).toThrow(message);
    expect(p.sends).toEqual([]);
    expect(k.run({ max: 10 }).scenario().workload).toMatchObject([{ sends: [] }]);
  });

  test('"until" may not let the cluster run', () => {
    for (const act of ['tick', 'step', 'run', 'runToIdle', 'finish'] as const) {
      const k = createCluster({ topics: { orders: {} } });
      const until = (): boolean => {
        if (k.nowMs === 0) return false;
        (k[act] as (...given: unknown[]) => unknown)(...(act === 'tick' ? [1] : []));
        return true;
      };

      expect(() => k.run({ until })).toThrow(`${act}: the cluster is running`);
      expect(k.tick(5).events).toBeGreaterThan(0);
    }
  });

  test('a client with a wrong key is refused, and another may take its name', () => {
    const k = createCluster({ topics: { a: {} } });

    expect(() => k.producer({ ackss: 'all' })).toThrow(/p1\.config.*ackss.*did you mean acks/);
    expect(() => k.consumer({ partitions: [4] })).toThrow(/c1\.assign: 4/);
    expect(k.producer({ acks: 'all' }).name).toBe('p1');
  });

  test('a fault that was refused leaves no trace', () => {
    const k = createCluster({ topics: { a: {} } }).tick('1s');

    expect(() => k.now(fault.kill('broker-9'))).toThrow(/broker-9/);
    expect(k.scenario().faults).toEqual([]);
    expect(() => k.at(500, fault.heal())).toThrow(/has passed; it is 1000 ms now/);
    expect(k.at(1_000, fault.heal()).nowMs).toBe(1_000);
    expect(() => k.producer()).toThrow(/before the first run/);
    expect(() => k.run({ until: () => false, max: '1s' })).toThrow(TrialTimeoutError);
  });
});
