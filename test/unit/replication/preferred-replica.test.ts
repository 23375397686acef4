import { describe, expect, test } from 'vitest';
import type { ClusterView } from '../../../kafka/replication/cluster-view.ts';
import { FollowerState } from '../../../kafka/replication/follower-state.ts';
import { preferredReplica } from '../../../kafka/replication/preferred-replica.ts';

const RACKS: Record<number, string> = { 1: 'north', 2: 'east', 3: 'east', 4: 'west' };

function follower(brokerId: number, logEndOffset: number, logStartOffset = 0): FollowerState {
  return Object.assign(new FollowerState(brokerId), { logEndOffset, logStartOffset });
}

function chosen(
  rack: string,
  followers: FollowerState[],
  options: { isr?: number[]; dead?: number[]; fetchOffset?: number } = {},
): number {
  const { isr = [1, 2, 3, 4], dead = [], fetchOffset = 50 } = options;
  const cluster: ClusterView = {
    aliveBrokerEpoch: (id) => (dead.includes(id) ? -1 : 5),
    rackOf: (id) => RACKS[id] ?? null,
    isShuttingDown: () => false,
  };
  return preferredReplica(
    { leader: 1, isrState: { isr }, followers },
    { rack, fetchOffset },
    cluster,
  );
}

describe('a consumer is sent', () => {
  const followers = [follower(2, 90), follower(3, 100), follower(4, 100)];

  test('to the replica of its rack that has most', () => {
    expect(chosen('east', followers)).toBe(3);
    expect(chosen('west', followers)).toBe(4);
  });

  test('nowhere when the leader is there, or nobody', () => {
    expect(chosen('north', followers)).toBe(-1);
    expect(chosen('south', followers)).toBe(-1);
  });

  test('to none that is dead, out of sync, or without what is asked for', () => {
    expect(chosen('east', followers, { dead: [3] })).toBe(2);
    expect(chosen('east', followers, { isr: [1, 2] })).toBe(2);
    expect(chosen('east', followers, { fetchOffset: 95 })).toBe(3);
    expect(chosen('east', followers, { fetchOffset: 101 })).toBe(-1);
    expect(chosen('west', [follower(4, 100, 60)])).toBe(-1);
  });
});
