import { describe, expect, test } from 'vitest';
import { resolveTarget, type TargetView } from '../../../../sim/faults/targets.ts';

function view(change: Partial<TargetView> = {}): TargetView {
  return {
    brokers: ['broker-1', 'broker-2', 'broker-3'],
    controllers: ['controller-101'],
    clients: ['p1', 'c1'],
    activeController: () => 'controller-101',
    leader: (partition) => (partition === 'orders-0' ? 'broker-2' : null),
    replicas: (partition) => (partition === 'orders-0' ? ['broker-1', 'broker-2', 'broker-3'] : []),
    inSyncReplicas: (partition) => (partition === 'orders-0' ? ['broker-2', 'broker-3'] : []),
    struckBy: (fault) => (fault === 'first' ? ['broker-3'] : []),
    ...change,
  };
}

describe('a target means, when the fault strikes', () => {
  test.each([
    ['broker-2', ['broker-2']],
    ['controller-101', ['controller-101']],
    ['controller:leader', ['controller-101']],
    ['leader:orders-0', ['broker-2']],
    ['followers:orders-0', ['broker-1', 'broker-3']],
    ['follower:orders-0', ['broker-1']],
    ['isr:orders-0', ['broker-2', 'broker-3']],
    ['replicas:orders-0', ['broker-1', 'broker-2', 'broker-3']],
    ['client:p1', ['p1']],
    ['struck:first', ['broker-3']],
    ['all:brokers', ['broker-1', 'broker-2', 'broker-3']],
    ['all:controllers', ['controller-101']],
    ['all:clients', ['p1', 'c1']],
    ['all', ['broker-1', 'broker-2', 'broker-3', 'controller-101', 'p1', 'c1']],
  ])('%s: %j', (target, nodes) => {
    expect(resolveTarget(target, view())).toEqual(nodes);
  });

  test('nobody, when there is no leader or the other fault has not struck yet', () => {
    const leaderless = view({ leader: () => null });

    expect(resolveTarget('leader:orders-0', leaderless)).toEqual([]);
    expect(resolveTarget('struck:later', view())).toEqual([]);
    expect(resolveTarget('controller:leader', view({ activeController: () => null }))).toEqual([]);
  });

  test('all replicas as followers, when there is no leader', () => {
    const leaderless = view({ leader: () => null });

    expect(resolveTarget('followers:orders-0', leaderless)).toHaveLength(3);
  });
});
