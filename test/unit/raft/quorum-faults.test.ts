/**
 * The quorum under random faults that TCP and machines can do: kills, power cuts, pauses, cuts of
 * links in one or both directions, crashes inside a step. Whatever is told to be committed stays
 * so, at most one node leads an epoch, and after healing everything goes on.
 */
import { expect, test } from 'vitest';
import type { RandomStream } from '../../../kafka/host.ts';
import { QuorumCluster } from './quorum-cluster.ts';

const ROUNDS = 14;

function strike(cluster: QuorumCluster, random: RandomStream, voters: number): void {
  const { world } = cluster;
  const ids = Array.from({ length: voters }, (_, i) => i + 1);
  const leader = cluster.leader();
  const some = ids[random.int(0, voters - 1)] as number;
  const victim = leader > 0 && random.int(0, 1) === 0 ? leader : some;
  const name = `node-${victim}`;
  const others = ids.filter((id) => id !== victim).map((id) => `node-${id}`);
  const part = others.filter(() => random.int(0, 1) === 0);
  switch (random.int(0, 10)) {
    case 9:
    case 10: {
      // In the middle of the next election, where votes are on their way to the disk.
      const afterUs = random.int(0, 5000);
      if (leader > 0 && random.int(0, 1) === 0) world.kill(`node-${leader}`);
      let armed = true;
      world.trace.subscribe('quorum.state', (_event, timeUs, _node, state) => {
        if (!armed || state !== 'candidate') return;
        armed = false;
        world.schedule(timeUs + afterUs, '', () => {
          world.powerCut(name, { unflushed: 'drop-all' });
          world.start(name);
        });
      });
      break;
    }
    case 0:
      world.kill(name);
      break;
    case 1:
      world.powerCut(name);
      break;
    case 2:
      if (world.node(name).state === 'running') world.pause(name);
      break;
    case 3:
      world.cut([name], others);
      break;
    case 4:
      world.cut([name], others, { oneWay: true });
      break;
    case 5:
      world.cut(others, [name], { oneWay: true });
      break;
    case 6:
      if (part.length > 0) world.cut([name], part);
      break;
    case 7: {
      const when = (['before', 'after', 'during'] as const)[random.int(0, 2)] as 'before';
      const crash = { afterDiskCalls: 1 + random.int(0, 20), when };
      world.crashInStep(name, random.int(0, 1) === 0 ? crash : { ...crash, powerCut: 'random' });
      break;
    }
    default:
      world.powerCut(name, { unflushed: 'drop-all' });
  }
}

function mend(cluster: QuorumCluster, all: boolean, random: RandomStream): void {
  const { world } = cluster;
  if (all || random.int(0, 1) === 0) world.heal();
  for (const name of cluster.names) {
    if (!all && random.int(0, 2) === 0) continue;
    world.disarmCrash(name);
    const { state } = world.node(name);
    if (state === 'paused') world.resume(name);
    else if (state === 'down') world.start(name);
  }
}

/** Adds one that is no voter, or removes one that is: where no answer comes, it may still happen. */
function changeVoters(cluster: QuorumCluster, random: RandomStream, nodes: number): void {
  const leader = cluster.leader();
  if (leader < 0 || cluster.world.node(`node-${leader}`).state !== 'running') return;
  const { voters } = cluster.raft(leader);
  const id = random.int(1, nodes);
  // As in Kafka: of two voters, one that removes itself and dies of it can leave the other stuck,
  // because its log is the longer one and it stands for election no more.
  if (voters.size === 2 && id === leader) return;
  const voter = voters.get(id);
  if (voter !== undefined) cluster.remove(id, voter.directoryId);
  else if (cluster.node(id) !== null) cluster.add(id, cluster.directoryOf(id));
}

const SPARES = 2;

function trial(voters: number, seed: number, snapshots: boolean, dynamic: boolean): QuorumCluster {
  const config: Record<string, string> = snapshots
    ? { 'metadata.log.segment.bytes': '1500', 'metadata.max.retention.bytes': '2500' }
    : {};
  const spares = dynamic ? SPARES : 0;
  const nodes = voters + spares;
  const cluster = new QuorumCluster(voters, { seed, observers: 1, config, dynamic, spares });
  if (snapshots) cluster.snapshotEvery = 13;
  const random = cluster.world.random('test/faults');
  cluster.startAll();
  cluster.run(4000);
  for (let round = 0; round < ROUNDS; round++) {
    strike(cluster, random, nodes);
    if (dynamic) changeVoters(cluster, random, nodes);
    cluster.run(random.int(0, 1) === 0 ? random.int(1, 300) : random.int(300, 8000));
    if (random.int(0, 2) > 0) mend(cluster, false, random);
  }
  mend(cluster, true, random);
  cluster.run(15_000);
  return cluster;
}

test.each([
  { voters: 3, snapshots: false, dynamic: false },
  { voters: 5, snapshots: false, dynamic: false },
  { voters: 3, snapshots: true, dynamic: false },
  { voters: 1, snapshots: true, dynamic: false },
  { voters: 3, snapshots: true, dynamic: true },
  { voters: 2, snapshots: false, dynamic: true },
])('keep what they committed: %o', ({ voters, snapshots, dynamic }) => {
  for (let seed = 1; seed <= 12; seed++) {
    const cluster = trial(voters, seed, snapshots, dynamic);
    const at = `seed ${seed}`;
    expect([at, cluster.world.failures.map((one) => one.stack)]).toEqual([at, []]);
    expect([at, cluster.problems]).toEqual([at, []]);
    const leader = cluster.leader();
    expect([at, leader > 0]).toEqual([at, true]);
    const { highWatermark, epoch } = cluster.raft(leader);
    cluster.run(2000);
    const nodes = voters + 1 + (dynamic ? SPARES : 0);
    for (let id = 1; id <= nodes; id++) {
      const raft = cluster.raft(id);
      expect([at, id, raft.epoch]).toEqual([at, id, epoch]);
      expect([at, id, raft.highWatermark > highWatermark]).toEqual([at, id, true]);
    }
    expect([at, cluster.problems]).toEqual([at, []]);
  }
});
