/**
 * What the picture of a partition's logs shows at one position: its replicas from top to bottom
 * with their records, who is in sync and why the others are not, and which stretch of offsets is
 * on screen. Everything comes from the state of the cluster.
 */
import { hasDiverged } from '../model/lag.ts';
import type {
  ClusterState,
  Extent,
  Ghost,
  NodeState,
  PartitionState,
  ReplicaState,
} from '../model/state.ts';

/** Kept by the quorum: its leader and members are no matter of an ISR. */
const METADATA_LOG = '__cluster_metadata-0';

export interface ReplicaRow {
  readonly broker: number;
  /** `broker-2`, `controller-101` */
  readonly node: string;
  readonly replica: ReplicaState | null;
  /**
   * `leader`, `follower`, `leader to be`, `thinks it leads`, `not following`, `down`, `paused`; of
   * the metadata log also what a node is in the quorum.
   */
  readonly standing: string;
  readonly inSync: boolean;
  /** Why it is not in sync, and since which event. */
  readonly out: { readonly why: string; readonly event: number } | null;
  readonly running: boolean;
  readonly eligible: boolean;
  /**
   * Records behind the leader's log end; 0 for the leader, -1 when nobody leads, it diverged, or
   * nobody knows where it ends.
   */
  readonly lag: number;
  /** Its log ends, as far as anybody knows, with records that the leader does not have. */
  readonly diverged: boolean;
  readonly ghosts: readonly Ghost[];
}

export interface Reader {
  readonly name: string;
  /** The next offset that it will read; -1 = not told. */
  readonly position: number;
  /** -1 = nothing committed. */
  readonly committed: number;
}

export interface PartitionPicture {
  readonly partition: PartitionState;
  /** It is the metadata log. */
  readonly isQuorum: boolean;
  readonly rows: readonly ReplicaRow[];
  readonly readers: readonly Reader[];
  readonly highWatermark: number;
  readonly highestEnd: number;
  /** The leader-epoch cache of the leader, or of the first replica that has one. */
  readonly epochs: readonly Extent[];
}

/** Partitions that may be looked at, those of Kafka itself last. */
export function partitionNames(state: ClusterState): string[] {
  const internal = (name: string) => (name.startsWith('__') ? 1 : 0);
  return Object.values(state.partitions)
    .sort(
      (a, b) =>
        internal(a.name) - internal(b.name) ||
        (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.number - b.number),
    )
    .map((one) => one.name);
}

/** @param ghosts what each replica (by node.id) has lost, as far as it is to be shown. */
export function partitionPicture(
  state: ClusterState,
  name: string,
  ghosts: (replica: ReplicaState) => readonly Ghost[],
): PartitionPicture | null {
  const partition = state.partitions[name];
  if (partition === undefined) return null;
  const isQuorum = name === METADATA_LOG;
  const leaderId = isQuorum ? (state.nodes[state.controller.active]?.id ?? -1) : partition.leader;
  const leader = partition.replicas[String(leaderId)];
  const rows = brokersOf(partition).map((broker): ReplicaRow => {
    const replica = partition.replicas[String(broker)] ?? null;
    const node = nodeOf(state, broker);
    const out = partition.out.find((one) => one.broker === broker) ?? null;
    const running = node === undefined || node.process === 'up' || node.process === 'stopping';
    const both = leader !== undefined && replica !== null;
    const diverged = both && hasDiverged(replica, leader);
    const behind =
      both && !diverged && !replica.isUnproven ? leader.logEndOffset - replica.logEndOffset : -1;
    return {
      broker,
      node: node?.name ?? `broker-${broker}`,
      replica,
      standing: isQuorum
        ? quorumStanding(node, broker === leaderId)
        : standingOf(partition, replica, node?.process ?? 'up', broker),
      inSync: isQuorum || partition.isr.includes(broker),
      out: out === null ? null : { why: out.why, event: out.event },
      running,
      eligible: partition.elr.includes(broker),
      lag: behind,
      diverged,
      ghosts: replica === null ? [] : ghosts(replica),
    };
  });
  const ends = rows.flatMap((row) => [
    row.replica?.logEndOffset ?? 0,
    ...row.ghosts.map((ghost) => ghost.endOffset),
  ]);
  const withEpochs = leader ?? rows.find((row) => row.replica !== null)?.replica;
  return {
    partition,
    isQuorum,
    rows,
    readers: readersOf(state, name),
    highWatermark: leader?.highWatermark ?? -1,
    highestEnd: Math.max(0, ...ends),
    epochs: epochChain(withEpochs ?? null, Math.max(0, ...ends)),
  };
}

/**
 * The leader-epoch cache, its newest entry open to the highest end: a leader enters its epoch as
 * soon as it leads, before it has written anything in it.
 */
function epochChain(replica: ReplicaState | null, highestEnd: number): Extent[] {
  if (replica === null) return [];
  const { extents, logEndOffset: end, leaderEpoch, role } = replica;
  const newest = extents.at(-1);
  const begins = role === 'leader' && leaderEpoch > (newest?.leaderEpoch ?? -1);
  const chain = begins
    ? [...extents, { baseOffset: end, endOffset: end + 1, leaderEpoch }]
    : extents;
  const last = chain.at(-1);
  if (last === undefined || last.endOffset >= highestEnd) return chain;
  return [...chain.slice(0, -1), { ...last, endOffset: highestEnd }];
}

/** `broker-1 leads in epoch 3`, `… elected for epoch 3, not leading yet`; null while nobody leads. */
export function leaderWords({ partition, isQuorum, rows }: PartitionPicture): string | null {
  const leads = rows.find((row) =>
    isQuorum ? row.standing === 'leader' : row.broker === partition.leader,
  );
  if (leads === undefined) return null;
  const epoch = isQuorum ? leads.replica?.extents.at(-1)?.leaderEpoch : partition.leaderEpoch;
  if (leads.standing === 'leader to be') {
    return `${leads.node} elected for epoch ${partition.leaderEpoch}, not leading yet`;
  }
  if (leads.standing === 'down' || leads.standing === 'paused') {
    return `${leads.node}, the leader of epoch ${partition.leaderEpoch}, is ${leads.standing}`;
  }
  return `${leads.node} leads in epoch ${epoch ?? partition.leaderEpoch}`;
}

/** Brokers and controllers share one space of node.ids. */
function nodeOf(state: ClusterState, id: number): NodeState | undefined {
  return state.nodes[`broker-${id}`] ?? state.nodes[`controller-${id}`];
}

function quorumStanding(node: NodeState | undefined, leads: boolean): string {
  if (node === undefined) return 'observer';
  if (node.process === 'down' || node.process === 'paused') return node.process;
  if (leads) return 'leader';
  return node.quorumRole === '' ? 'observer' : node.quorumRole;
}

/** `2 of 3 in sync, needs 2`; of the metadata log `3 nodes keep it`. */
export function inSyncWords(picture: PartitionPicture): string {
  const { partition, rows, isQuorum } = picture;
  if (isQuorum) return `${rows.length} nodes keep it`;
  return `${partition.isr.length} of ${rows.length} in sync, needs ${partition.minInSync}`;
}

function brokersOf(partition: PartitionState): number[] {
  const ids = new Set<number>(Object.keys(partition.replicas).map(Number));
  for (const broker of partition.isr) ids.add(broker);
  for (const broker of partition.elr) ids.add(broker);
  for (const one of partition.out) ids.add(one.broker);
  return [...ids].sort((a, b) => a - b);
}

function standingOf(
  partition: PartitionState,
  replica: ReplicaState | null,
  process: string,
  broker: number,
): string {
  if (process === 'down' || process === 'paused') return process;
  if (partition.leader === broker) {
    return replica?.role === 'leader' && replica.leaderEpoch === partition.leaderEpoch
      ? 'leader'
      : 'leader to be';
  }
  if (replica?.role === 'leader') return 'thinks it leads';
  return replica === null || replica.role === 'none' ? 'not following' : 'follower';
}

function readersOf(state: ClusterState, name: string): Reader[] {
  return Object.values(state.clients)
    .map((client) => ({
      name: client.name,
      position: client.positions[name] ?? -1,
      committed: client.commits[name] ?? -1,
    }))
    .filter((reader) => reader.position >= 0 || reader.committed >= 0);
}

export interface OffsetWindow {
  readonly from: number;
  readonly to: number;
}

/** Nearer than this, boxes get no more to say. */
const FEWEST = 16;

/**
 * The stretch that tells most: from where replicas differ to the highest end, with as many records
 * before it as fit at a width that can be read.
 * @param fits how many records fit as boxes of their own.
 */
export function followWindow(picture: PartitionPicture, fits: number): OffsetWindow {
  const { rows, highWatermark, highestEnd } = picture;
  let lowest = highWatermark >= 0 ? highWatermark : highestEnd;
  for (const { replica, ghosts, running } of rows) {
    if (replica !== null && running) lowest = Math.min(lowest, replica.logEndOffset);
    for (const ghost of ghosts) lowest = Math.min(lowest, ghost.baseOffset);
  }
  const differing = highestEnd - lowest;
  const shown = Math.max(FEWEST, fits, Math.ceil(differing * 1.25) + 2);
  const to = Math.max(highestEnd + 1, FEWEST);
  return { from: Math.max(0, to - shown), to };
}
