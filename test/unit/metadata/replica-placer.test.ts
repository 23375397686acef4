import { expect, test } from 'vitest';
import type { RandomStream } from '../../../kafka/host.ts';
import { placeReplicas, type UsableBroker } from '../../../kafka/metadata/replica-placer.ts';

/** A small LCG: any stream will do. */
function stream(seed: number): RandomStream {
  let state = seed;
  const uint32 = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
  return {
    uint32,
    int: (min, max) => min + ((uint32() >>> 8) % (max - min + 1)),
    bytes: (count) => Uint8Array.from({ length: count }, () => uint32() >>> 24),
  };
}

function brokers(count: number, init: Partial<UsableBroker> = {}): UsableBroker[] {
  return Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    rack: null,
    fenced: false,
    ...init,
  }));
}

function place(list: UsableBroker[], partitions: number, factor: number, seed = 1): number[][] {
  const placed = placeReplicas({
    brokers: list,
    partitions,
    replicationFactor: factor,
    random: stream(seed),
  });
  if ('problem' in placed) throw new Error(placed.problem);
  return placed.replicas.map((replicas) => [...replicas]);
}

test('leaders and replicas are spread evenly over brokers', () => {
  const placed = place(brokers(6), 60, 3);

  const leaders = new Map<number, number>();
  const replicas = new Map<number, number>();
  for (const list of placed) {
    leaders.set(list[0] as number, (leaders.get(list[0] as number) ?? 0) + 1);
    for (const broker of list) replicas.set(broker, (replicas.get(broker) ?? 0) + 1);
    expect(new Set(list).size).toBe(3);
  }
  expect([...leaders.values()]).toEqual([10, 10, 10, 10, 10, 10]);
  for (const count of replicas.values()) expect(count).toBe(30);
});

test('replicas of one partition are in different racks as long as there are enough', () => {
  const list = brokers(6).map((broker) => ({ ...broker, rack: `r${broker.id % 3}` }));

  for (const replicas of place(list, 24, 3)) {
    expect(new Set(replicas.map((broker) => broker % 3)).size).toBe(3);
  }
});

test('fenced brokers never lead and come last', () => {
  const list = [...brokers(3), { id: 4, rack: null, fenced: true }];

  for (const replicas of place(list, 12, 3)) expect(replicas).not.toContain(4);
  for (const replicas of place(list, 12, 4)) expect(replicas[3]).toBe(4);
});

test('many rounds over uneven racks end, with one unfenced broker too', () => {
  const uneven = [
    { id: 1, rack: 'a', fenced: false },
    { id: 2, rack: 'a', fenced: true },
    { id: 3, rack: 'b', fenced: true },
  ];
  for (const replicas of place(uneven, 50, 3)) expect(replicas[0]).toBe(1);
  expect(place(brokers(1), 5, 1)).toEqual([[1], [1], [1], [1], [1]]);
});

test.each([
  [brokers(3), 4, /only 3 broker\(s\) are registered/],
  [brokers(3), 0, /must be positive/],
  [brokers(2, { fenced: true }), 1, /All brokers are currently fenced/],
])('an impossible replication factor is refused with the reason', (list, factor, reason) => {
  const placed = placeReplicas({
    brokers: list,
    partitions: 1,
    replicationFactor: factor,
    random: stream(1),
  });

  expect('problem' in placed && placed.problem).toMatch(reason);
});

test('the same stream gives the same placement', () => {
  expect(place(brokers(5), 20, 3, 7)).toEqual(place(brokers(5), 20, 3, 7));
});
