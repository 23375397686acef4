/**
 * The cluster that a seed stands for: how many nodes, which topics, and how strict the seed is.
 * A `kept` seed has settings and faults that the system promises to survive, so that everything
 * must hold; an `any` seed may lose what its settings and faults permit.
 */
import type { Draw } from './draw.ts';

export interface SwarmTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly minInSyncReplicas: number;
  readonly unclean: boolean;
}

export interface SwarmShape {
  readonly promise: 'kept' | 'any';
  readonly brokers: number;
  /** Voters of the quorum at the beginning. */
  readonly controllers: number;
  readonly roles: 'separate' | 'combined';
  readonly voters: 'static' | 'dynamic';
  readonly spareControllers: number;
  /** log.dirs of every node; the metadata log lies in the first, or where `metadataDirectory` is. */
  readonly directories: readonly string[];
  readonly metadataDirectory: string | null;
  readonly topics: readonly SwarmTopic[];
  /** KIP-966. */
  readonly eligibleLeaderReplicas: boolean;
  readonly runForMs: number;
}

const MOST_PARTITIONS = 20;
const MOST_REPLICAS = 5;

/** @param beyondBudget no seed is a `kept` one. */
export function drawShape(draw: Draw, beyondBudget: boolean): SwarmShape {
  const promise = draw.chance(35) && !beyondBudget ? 'kept' : 'any';
  const brokers = draw.weighted([
    [1, 8],
    [2, 12],
    [3, 40],
    [4, 16],
    [5, 14],
    [6, 5],
    [7, 5],
  ]);
  const controllers = draw.weighted([
    [1, 30],
    [2, 8],
    [3, 42],
    [4, 6],
    [5, 14],
  ]);
  const roles = draw.chance(20) ? 'combined' : 'separate';
  const voters = draw.chance(25) ? 'dynamic' : 'static';
  const spareControllers = voters === 'dynamic' ? draw.int(0, 2) : 0;
  const topics = [drawTopic(draw, 'orders', { brokers, promise })];
  if (draw.chance(25)) topics.push(drawTopic(draw, 'audit', { brokers, promise }));
  const directories = draw.weighted<readonly string[]>([
    [['/data'], 78],
    [['/data', '/data2'], 16],
    [['/data/a', '/data/b'], 5],
    [['/data', '/data2', '/disks/c'], 5],
  ]);
  return {
    promise,
    brokers,
    directories,
    metadataDirectory: draw.chance(8) ? draw.pick(['/metadata', ...directories]) : null,
    controllers: roles === 'combined' ? Math.min(controllers, brokers) : controllers,
    roles,
    voters,
    spareControllers,
    topics,
    eligibleLeaderReplicas: draw.chance(60),
    runForMs: draw.weighted([
      [3_000, 10],
      [6_000, 25],
      [10_000, 35],
      [16_000, 20],
      [25_000, 10],
    ]),
  };
}

/** What most mistakes of a protocol need: three replicas, somebody to elect, something to write. */
export function drawSmallShape(draw: Draw, beyondBudget: boolean): SwarmShape {
  const promise = draw.chance(35) && !beyondBudget ? 'kept' : 'any';
  const brokers = draw.weighted([
    [2, 15],
    [3, 65],
    [4, 20],
  ]);
  const most = Math.min(3, brokers);
  const replicationFactor = draw.chance(80) ? most : 2;
  const topic: SwarmTopic = {
    name: 'orders',
    partitions: draw.chance(80) ? 1 : 2,
    replicationFactor,
    minInSyncReplicas: draw.chance(promise === 'kept' ? 15 : 40)
      ? 1
      : Math.min(2, replicationFactor),
    unclean: promise === 'any' && draw.chance(15),
  };
  return {
    promise,
    brokers,
    directories: ['/data'],
    metadataDirectory: null,
    controllers: draw.weighted([
      [1, 60],
      [3, 40],
    ]),
    roles: 'separate',
    voters: 'static',
    spareControllers: 0,
    topics: [topic],
    eligibleLeaderReplicas: draw.chance(60),
    runForMs: draw.pick([6_000, 10_000, 10_000, 16_000]),
  };
}

/** Few brokers, and voters enough for two majorities that share one of them. */
export function drawQuorumShape(draw: Draw, beyondBudget: boolean): SwarmShape {
  return {
    ...drawSmallShape(draw, beyondBudget),
    controllers: draw.weighted([
      [3, 25],
      [5, 75],
    ]),
    runForMs: draw.pick([18_000, 25_000]),
  };
}

function drawTopic(
  draw: Draw,
  name: string,
  { brokers, promise }: { brokers: number; promise: 'kept' | 'any' },
): SwarmTopic {
  const partitions = draw.weighted([
    [1, 38],
    [2, 20],
    [3, 16],
    [draw.int(4, 8), 18],
    [draw.int(9, MOST_PARTITIONS), 8],
  ]);
  const most = Math.min(brokers, MOST_REPLICAS);
  const usual = Math.min(3, most);
  const replicationFactor = draw.chance(60) ? usual : draw.int(1, most);
  const minInSyncReplicas = draw.weighted([
    [1, promise === 'kept' ? 10 : 30],
    [Math.min(2, replicationFactor), 45],
    [Math.max(1, replicationFactor - 1), 15],
    [replicationFactor, 10],
  ]);
  const unclean = promise === 'any' && draw.chance(20);
  return { name, partitions, replicationFactor, minInSyncReplicas, unclean };
}
