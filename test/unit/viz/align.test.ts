import { describe, expect, test } from 'vitest';
import { alignedRows } from '../../../viz/app/aligned-rows.ts';
import {
  chunksOf,
  compareStores,
  headOf,
  storeOf,
  unpacked,
} from '../../../viz/engine/comparison.ts';
import { align, firstDifference, likeness } from '../../../viz/model/align.ts';
import type { TraceStore } from '../../../viz/model/trace-store.ts';
import { quietCluster, storyRun, vizRun } from '../../support/viz-runs.ts';

const left = storyRun('acks-1-loses-an-acknowledged-record').store;

test('a run aligned with itself is the same in every event', () => {
  const same = align(left, left);
  expect(same.prefix).toBe(left.count);
  expect([same.onlyLeft, same.onlyRight]).toEqual([0, 0]);
  expect(firstDifference(left, left, same)).toBeNull();
});

test('a client more changes nothing before it is there, whichever run has it', () => {
  const few = vizRun(quietCluster, 1).store;
  const [writer, reader] = quietCluster.workload!;
  const other = { consumer: 'c2', topic: 'orders' };
  const many = vizRun({ ...quietCluster, workload: [writer!, other, reader!] }, 1).store;
  const { prefix } = align(few, many);

  expect(prefix).toBeGreaterThan(100);
  expect(align(many, few).prefix).toBe(prefix);
  expect(few.at(prefix + 1)).not.toEqual(many.at(prefix + 1));
});

describe('two seeds of a cluster', () => {
  const a = vizRun(quietCluster, 1).store;
  const b = vizRun(quietCluster, 2).store;
  const aligned = align(a, b);

  test('share a beginning, and the first difference is named', () => {
    expect(aligned.prefix).toBeGreaterThan(0);
    expect(aligned.prefix).toBeLessThan(a.count);
    const first = firstDifference(a, b, aligned);
    expect(first).toEqual({ left: aligned.prefix + 1, right: aligned.prefix + 1 });
    expect(a.at(aligned.prefix)).toEqual(b.at(aligned.prefix));
    expect(a.at(aligned.prefix + 1)).not.toEqual(b.at(aligned.prefix + 1));
  });

  test('match one to one, each event with one of its node, kind and subject', () => {
    let matched = 0;
    for (let event = 1; event <= a.count; event++) {
      const partner = aligned.toRight[event] as number;
      if (partner === 0) continue;
      matched += 1;
      expect(aligned.toLeft[partner]).toBe(event);
      expect(b.nodeName(b.node(partner))).toBe(a.nodeName(a.node(event)));
      expect(b.kindName(partner)).toBe(a.kindName(event));
      const [one, other] = [a.at(event), b.at(partner)];
      if (typeof one.fields[0] === 'string') expect(other.fields[0]).toBe(one.fields[0]);
    }
    expect(aligned.onlyLeft).toBe(a.count - matched);
    expect(aligned.onlyRight).toBe(b.count - matched);
    expect(matched).toBeGreaterThan(a.count / 2);
  });

  test('of the same node, kind and subject keep their order', () => {
    const last = new Map<string, number>();
    for (let event = 1; event <= a.count; event++) {
      const partner = aligned.toRight[event] as number;
      if (partner === 0 || a.kindName(event) === 'frame.sent') continue;
      const key = `${a.node(event)} ${a.kindName(event)} ${a.subjectId(event)}`;
      expect(partner).toBeGreaterThan(last.get(key) ?? 0);
      last.set(key, partner);
    }
  });

  test('compare event by event', () => {
    const runs = { left: a, right: b };
    expect(likeness(runs, aligned, 1)).toBe('same');
    const kinds = new Set<string>();
    for (let event = 1; event <= a.count; event++) kinds.add(likeness(runs, aligned, event));
    expect(kinds).toContain('moved');
  });
});

test('runs of different clusters share nothing but what both have', () => {
  const other = vizRun(quietCluster, 1).store;
  const aligned = align(left, other);
  const next = aligned.prefix + 1;
  expect(next).toBeLessThan(100);
  expect(left.at(next)).not.toEqual(other.at(next));
  expect(aligned.onlyRight).toBeGreaterThan(0);
  expect(aligned.onlyLeft).toBeGreaterThan(0);
});

describe('copies of two runs compared by a worker', () => {
  const other = storyRun('acks-all-survives-leader-crash').store;
  const copies = { left: copyOf(left), right: copyOf(other) };
  const shares: number[] = [];
  const packed = compareStores(copies, (share) => shares.push(share));

  /** As it arrives in the worker. */
  function copyOf(store: TraceStore): TraceStore {
    const copy = storeOf(structuredClone(headOf(store)));
    for (const chunk of chunksOf(store)) copy.append(structuredClone(chunk));
    copy.finish();
    return copy;
  }

  test('come to what the page would find by itself', () => {
    const alignment = align(left, other);
    const wanted = (row: { readonly likeness: string }) => row.likeness !== 'same';
    const aligned = alignedRows({ left, right: other }, alignment, wanted);

    expect(unpacked(structuredClone(packed))).toEqual({ alignment, aligned });
    expect(aligned.rows.length).toBeGreaterThan(0);
  });

  test('tell how far they are, never backwards', () => {
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    for (const share of shares) expect(share).toBeLessThanOrEqual(1);
  });
});
