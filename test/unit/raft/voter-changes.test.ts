import { expect, test } from 'vitest';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { directoryOf, QuorumCluster } from './quorum-cluster.ts';

function dynamic(voters: number, spares = 1): QuorumCluster {
  const cluster = new QuorumCluster(voters, { dynamic: true, spares, observers: 1 });
  cluster.startAll();
  cluster.run(5000);
  return cluster;
}

function sound(cluster: QuorumCluster): void {
  expect(cluster.world.failures.map((one) => one.message)).toEqual([]);
  expect(cluster.problems).toEqual([]);
}

function voterIds(cluster: QuorumCluster): number[] {
  return cluster.raft(cluster.leader()).voters.ids;
}

/** All nodes that run know the same voters, and more is being committed. */
function agrees(cluster: QuorumCluster, voters: readonly number[], all: readonly number[]): void {
  sound(cluster);
  for (const id of all) expect(cluster.raft(id).voters.ids).toEqual(voters);
  const before = cluster.committedCount;
  cluster.run(1000);
  expect(cluster.committedCount).toBeGreaterThan(before);
  sound(cluster);
}

test('the first leader writes the voters it was formatted with into the log', () => {
  const cluster = dynamic(3);

  expect(voterIds(cluster)).toEqual([1, 2, 3]);
  expect(cluster.raft(5).kraftVersion).toBe(1);
  agrees(cluster, [1, 2, 3], [1, 2, 3, 4, 5]);
});

test('a controller that has caught up is added, and counts', () => {
  const cluster = dynamic(3);
  const answer = cluster.add(4, cluster.directoryOf(4));
  cluster.run(1000);

  expect(answer.errorCode).toBe(ErrorCode.NONE);
  agrees(cluster, [1, 2, 3, 4], [1, 2, 3, 4, 5]);
  const followers = [1, 2, 3, 4].filter((id) => id !== cluster.leader());
  for (const id of followers.slice(0, 2)) cluster.world.kill(`node-${id}`);
  cluster.run(500);
  const before = cluster.committedCount;
  cluster.run(1500);
  expect(cluster.committedCount).toBe(before);
});

test('a follower is removed, and goes on as an observer', () => {
  const cluster = dynamic(3);
  const id = [1, 2, 3].find((one) => one !== cluster.leader()) as number;
  const answer = cluster.remove(id, directoryOf(id));
  cluster.run(6000);

  expect(answer.errorCode).toBe(ErrorCode.NONE);
  const left = [1, 2, 3].filter((one) => one !== id);
  agrees(cluster, left, [1, 2, 3, 4, 5]);
});

test('a leader that is removed commits that, resigns, and another takes over', () => {
  const cluster = dynamic(3);
  const old = cluster.leader();
  const answer = cluster.remove(old, directoryOf(old));
  cluster.run(8000);

  expect(answer.errorCode).toBe(ErrorCode.NONE);
  expect(cluster.leader()).not.toBe(old);
  const left = [1, 2, 3].filter((one) => one !== old);
  agrees(cluster, left, [1, 2, 3, 4, 5]);
});

test('changes come one at a time, and never of what is not there', () => {
  const cluster = dynamic(3, 2);
  const first = cluster.add(4, cluster.directoryOf(4));
  const second = cluster.add(5, cluster.directoryOf(5));
  cluster.run(1000);
  expect([first.errorCode, second.errorCode]).toEqual([
    ErrorCode.NONE,
    ErrorCode.REQUEST_TIMED_OUT,
  ]);
  const wrong = [
    cluster.add(4, cluster.directoryOf(4)),
    cluster.remove(9, directoryOf(9)),
    cluster.remove(1, directoryOf(2)),
    cluster.add(7, directoryOf(7)),
  ];
  cluster.run(3000);
  expect(wrong.map((one) => one.errorCode)).toEqual([
    ErrorCode.DUPLICATE_VOTER,
    ErrorCode.VOTER_NOT_FOUND,
    ErrorCode.VOTER_NOT_FOUND,
    ErrorCode.REQUEST_TIMED_OUT,
  ]);
  agrees(cluster, [1, 2, 3, 4], [1, 2, 3, 4, 5]);
});

test('static voters cannot be changed', () => {
  const cluster = new QuorumCluster(3, { spares: 1 });
  cluster.startAll();
  cluster.run(5000);
  const answer = cluster.remove(1, directoryOf(1));
  cluster.run(500);

  expect(answer.errorCode).toBe(ErrorCode.UNSUPPORTED_VERSION);
});

test('a voter whose disk was lost comes back as a stranger, and is replaced by itself', () => {
  const cluster = dynamic(3);
  const lost = [1, 2, 3].find((one) => one !== cluster.leader()) as number;
  const before = cluster.directoryOf(lost);
  cluster.world.loseDisk(`node-${lost}`);
  cluster.world.kill(`node-${lost}`);
  cluster.world.start(`node-${lost}`);
  cluster.run(3000);
  const now = cluster.directoryOf(lost);
  expect(now).not.toBe(before);

  expect(cluster.remove(lost, now)).toBeDefined();
  const removed = cluster.remove(lost, before);
  cluster.run(1000);
  expect(removed.errorCode).toBe(ErrorCode.NONE);
  const added = cluster.add(lost, now);
  cluster.run(1000);
  expect(added.errorCode).toBe(ErrorCode.NONE);
  agrees(cluster, [1, 2, 3], [1, 2, 3, 4, 5]);
});

test('voters can be replaced one by one until none of the first is left', () => {
  const cluster = dynamic(3, 3);
  for (const [out, into] of [
    [1, 4],
    [2, 5],
    [3, 6],
  ] as const) {
    const added = cluster.add(into, cluster.directoryOf(into));
    cluster.run(2000);
    const removed = cluster.remove(out, directoryOf(out));
    cluster.run(6000);
    expect([added.errorCode, removed.errorCode]).toEqual([ErrorCode.NONE, ErrorCode.NONE]);
  }
  agrees(cluster, [4, 5, 6], [1, 2, 3, 4, 5, 6, 7]);
  for (const id of [1, 2, 3]) cluster.world.kill(`node-${id}`);
  agrees(cluster, [4, 5, 6], [4, 5, 6, 7]);
});

test('a voter that listens elsewhere after a restart tells its leader, which writes it down', () => {
  const cluster = dynamic(3);
  for (const id of [1, 2, 3]) {
    const config = cluster.world.node(`node-${id}`).config as Record<string, string>;
    config['controller.listener.names'] = 'CONTROLLER,EXTRA';
    config['listeners'] = `CONTROLLER://node-${id}:9093,EXTRA://node-${id}:9094`;
    cluster.world.kill(`node-${id}`);
    cluster.world.start(`node-${id}`);
    cluster.run(8000);
  }
  cluster.run(5000);

  const { voters } = cluster.raft(cluster.leader());
  for (const id of [1, 2, 3]) {
    expect(voters.get(id)?.endpoints.map((one) => one.name)).toEqual(['CONTROLLER', 'EXTRA']);
  }
  agrees(cluster, [1, 2, 3], [1, 2, 3, 4, 5]);
});
