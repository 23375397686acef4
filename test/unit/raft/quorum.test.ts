import { expect, test } from 'vitest';
import { QuorumCluster } from './quorum-cluster.ts';

function sound(cluster: QuorumCluster): void {
  expect(cluster.world.failures.map((one) => one.message)).toEqual([]);
  expect(cluster.problems).toEqual([]);
}

/** Everything is healed: within seconds one leads, all have what it has, and more is committed. */
function converges(cluster: QuorumCluster, ids: readonly number[], withinMs = 12_000): void {
  cluster.run(withinMs);
  sound(cluster);
  const leader = cluster.leader();
  expect(leader).toBeGreaterThan(0);
  const before = cluster.raft(leader).highWatermark;
  cluster.run(1000);
  expect(cluster.leader()).toBe(leader);
  expect(cluster.raft(leader).highWatermark).toBeGreaterThan(before);
  const epochs = ids.map((id) => cluster.raft(id).epoch);
  expect(new Set(epochs).size).toBe(1);
  for (const id of ids) expect(cluster.raft(id).highWatermark).toBeGreaterThanOrEqual(before);
  sound(cluster);
}

test.each([1, 2, 3, 4, 5, 7])('%i voters elect one leader and commit', (voters) => {
  const cluster = new QuorumCluster(voters, { observers: 1 });
  cluster.startAll();
  const ids = Array.from({ length: voters + 1 }, (_, i) => i + 1);
  converges(cluster, ids, 5000);
});

test.each(['kill', 'powerCut', 'pause'] as const)(
  'when the leader is gone (%s) another takes over within seconds; the old one follows it',
  (how) => {
    const cluster = new QuorumCluster(3);
    cluster.startAll();
    cluster.run(5000);
    const old = cluster.leader();
    const epoch = cluster.raft(old).epoch;
    cluster.world[how](`node-${old}`);
    cluster.run(6000);
    const others = [1, 2, 3].filter((id) => id !== old);
    const leader = others.find((id) => cluster.raft(id).isLeader) as number;
    expect(cluster.raft(leader).epoch).toBeGreaterThan(epoch);

    if (how === 'pause') cluster.world.resume(`node-${old}`);
    else cluster.world.start(`node-${old}`);
    converges(cluster, [1, 2, 3]);
    expect(cluster.leader()).toBe(leader);
  },
);

test('a leader that stops names a successor, which is elected at once', () => {
  const cluster = new QuorumCluster(3);
  cluster.startAll();
  cluster.run(5000);
  const old = cluster.leader();
  cluster.world.stop(`node-${old}`);
  cluster.run(100);

  expect(cluster.world.node(`node-${old}`).state).toBe('down');
  expect(cluster.leader()).toBeGreaterThan(0);
  sound(cluster);
});

test('without a majority nothing is committed, and the leader resigns', () => {
  const cluster = new QuorumCluster(3);
  cluster.startAll();
  cluster.run(5000);
  const leader = cluster.leader();
  for (const id of [1, 2, 3]) if (id !== leader) cluster.world.kill(`node-${id}`);
  cluster.run(100);
  const before = cluster.committedCount;
  cluster.run(10_000);

  expect(cluster.committedCount).toBe(before);
  expect(cluster.leader()).toBe(-1);
  for (const id of [1, 2, 3]) if (id !== leader) cluster.world.start(`node-${id}`);
  converges(cluster, [1, 2, 3]);
});

test('a voter that comes back from a cut does not disturb the leader (KIP-996)', () => {
  const cluster = new QuorumCluster(3);
  cluster.startAll();
  cluster.run(5000);
  const leader = cluster.leader();
  const { epoch } = cluster.raft(leader);
  const lonely = [1, 2, 3].find((id) => id !== leader) as number;
  const others = [1, 2, 3].filter((id) => id !== lonely).map((id) => `node-${id}`);
  cluster.world.cut([`node-${lonely}`], others);
  cluster.run(20_000);
  cluster.world.heal();
  converges(cluster, [1, 2, 3]);

  expect(cluster.leader()).toBe(leader);
  expect(cluster.raft(leader).epoch).toBe(epoch);
});

test('a leader whose followers cannot reach it gives way to one that they can', () => {
  const cluster = new QuorumCluster(3);
  cluster.startAll();
  cluster.run(5000);
  const leader = cluster.leader();
  const others = [1, 2, 3].filter((id) => id !== leader).map((id) => `node-${id}`);
  cluster.world.cut(others, [`node-${leader}`], { oneWay: true });
  cluster.run(10_000);

  expect(cluster.leader()).not.toBe(leader);
  expect(cluster.leader()).toBeGreaterThan(0);
  cluster.world.heal();
  converges(cluster, [1, 2, 3]);
});

test('a quorum of one loses nothing that it committed when the power fails', () => {
  const cluster = new QuorumCluster(1, { observers: 1 });
  cluster.startAll();
  cluster.run(3000);
  const before = cluster.committedCount;
  cluster.world.powerCut('node-1', { unflushed: 'drop-all' });
  cluster.world.start('node-1');
  converges(cluster, [1, 2], 4000);
  expect(cluster.committedCount).toBeGreaterThan(before);
});

test('a voter that lacks what is committed is not elected', () => {
  const cluster = new QuorumCluster(3);
  cluster.startAll();
  cluster.run(5000);
  const leader = cluster.leader();
  const [behind, current] = [1, 2, 3].filter((id) => id !== leader) as [number, number];
  cluster.world.cut([`node-${behind}`], [`node-${leader}`]);
  cluster.run(1500);
  expect(cluster.leader()).toBe(leader);
  cluster.world.kill(`node-${leader}`);
  cluster.world.heal();
  cluster.run(8000);

  expect(cluster.leader()).toBe(current);
  sound(cluster);
});

test('an only voter that has stopped does not lead again when its disk answers at last', () => {
  const cluster = new QuorumCluster(1);
  cluster.startAll();
  cluster.run(2000);
  const node = cluster.node(1);
  cluster.world.diskStall('node-1', 500_000);
  // A record has been written meanwhile, and waits for its flush.
  cluster.run(300);
  let isDone = false;
  node.later((raft) =>
    raft.stop(() => {
      isDone = true;
    }),
  );
  cluster.run(1000);

  expect(isDone).toBe(true);
  expect(node.isAppending).toBe(false);
  sound(cluster);
});
