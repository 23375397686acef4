import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
  Assignments,
  MemberSubscription,
} from '../../../kafka/client/consumer/assignors/assignor.ts';
import { nameOf } from '../../../kafka/client/consumer/assignors/assignor.ts';
import { assignorNamed } from '../../../kafka/client/consumer/assignors/assignors.ts';

const names = ['range', 'roundrobin', 'sticky', 'cooperative-sticky'];

function member(memberId: string, topics: string[], more: Partial<MemberSubscription> = {}) {
  const nothing = { owned: [], generation: -1, userData: null, instanceId: null };
  return { memberId, topics, ...nothing, ...more };
}

function shown(assignments: Assignments): Record<string, string[]> {
  return Object.fromEntries([...assignments].map(([id, held]) => [id, held.map(nameOf)]));
}

const cluster = fc.record({
  counts: fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 4 }),
  subscriptions: fc.array(fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), {
    minLength: 1,
    maxLength: 6,
  }),
});

function of({ counts, subscriptions }: { counts: number[]; subscriptions: boolean[][] }) {
  const topics = counts.map((_, i) => `t${i}`);
  const members = subscriptions.map((wants, i) =>
    member(
      `m${i}`,
      topics.filter((_, topic) => wants[topic] === true),
    ),
  );
  const countOf = (topic: string): number => counts[Number(topic.slice(1))] ?? 0;
  return { topics, members, countOf };
}

describe.each(names)('%s', (name) => {
  const assignor = assignorNamed(name);

  test('gives every partition that somebody subscribes to exactly one subscriber', () => {
    fc.assert(
      fc.property(cluster, (drawn) => {
        const { topics, members, countOf } = of(drawn);
        const assignments = assignor!.assign(members, countOf);
        const given = [...assignments.values()].flat().map(nameOf).sort();
        const wanted = topics
          .filter((topic) => members.some((one) => one.topics.includes(topic)))
          .flatMap((topic) => Array.from({ length: countOf(topic) }, (_, i) => `${topic}-${i}`));
        expect(given).toEqual(wanted.sort());
        for (const { memberId, topics: own } of members) {
          for (const { topic } of assignments.get(memberId)!) expect(own).toContain(topic);
        }
      }),
    );
  });
});

test('range gives the first members one more of each topic', () => {
  const members = [member('b', ['x', 'y']), member('a', ['x', 'y'])];

  expect(shown(assignorNamed('range')!.assign(members, () => 3))).toEqual({
    a: ['x-0', 'x-1', 'y-0', 'y-1'],
    b: ['x-2', 'y-2'],
  });
});

test('round-robin passes over members that do not subscribe to the topic', () => {
  const members = [member('a', ['x']), member('b', ['x', 'y']), member('c', ['y'])];

  expect(shown(assignorNamed('roundrobin')!.assign(members, () => 2))).toEqual({
    a: ['x-0'],
    b: ['x-1', 'y-1'],
    c: ['y-0'],
  });
});

describe('sticky', () => {
  const sticky = assignorNamed('sticky')!;

  test('members of one subscription never differ by more than one, and nobody moves in vain', () => {
    const drawn = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 2, max: 5 }));
    fc.assert(
      fc.property(drawn, ([count, size]) => {
        const members = Array.from({ length: size }, (_, i) => member(`m${i}`, ['x']));
        const first = sticky.assign(members, () => count);
        const sizes = [...first.values()].map((held) => held.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);

        const again = members.map((one) => {
          const partitions = first.get(one.memberId)!;
          return { ...one, userData: sticky.userData({ partitions, generation: 3 }) };
        });
        expect(shown(sticky.assign(again, () => count))).toEqual(shown(first));
      }),
    );
  });

  test('of a partition that two members claim, the newer generation counts', () => {
    const claim = (memberId: string, generation: number) =>
      member(memberId, ['x'], {
        userData: sticky.userData({ partitions: [{ topic: 'x', partition: 0 }], generation }),
      });

    expect(shown(sticky.assign([claim('a', 4), claim('b', 5)], () => 1))['b']).toEqual(['x-0']);
  });
});

test('cooperative-sticky gives a partition that moves to nobody until its holder has let it go', () => {
  const assignor = assignorNamed('cooperative-sticky')!;
  const held = [0, 1, 2, 3].map((partition) => ({ topic: 'x', partition }));
  const joined = assignor.assign(
    [member('a', ['x'], { owned: held, generation: 1 }), member('b', ['x'])],
    () => 4,
  );

  expect(joined.get('a')).toHaveLength(2);
  expect(joined.get('b')).toHaveLength(0);

  const kept = joined.get('a')!;
  const next = assignor.assign(
    [member('a', ['x'], { owned: kept, generation: 2 }), member('b', ['x'], { generation: 2 })],
    () => 4,
  );
  expect(next.get('a')).toEqual(kept);
  expect(next.get('b')).toHaveLength(2);
});
