/**
 * Bare voters (and observers) of a metadata quorum on the laboratory's network and disks, without
 * controllers: whoever leads appends numbered records, everybody remembers what it was told is
 * committed. What one process was told must be what every process is ever told.
 */
import { Timer } from '../../../kafka/base/timers.ts';
import { uuidFromBytes } from '../../../kafka/base/uuid.ts';
import { brokerConfigs } from '../../../kafka/config/broker.ts';
import { parseConfig } from '../../../kafka/config/parse.ts';
import { identifyStorage } from '../../../kafka/controller/controller-storage.ts';
import type { Host, Node, NodeInput } from '../../../kafka/host.ts';
import { LogDirectory } from '../../../kafka/log/log-directory.ts';
import { createRaftClient, metadataLogSettings } from '../../../kafka/raft/create-raft-client.ts';
import { formatQuorum, initialDirectoryId } from '../../../kafka/raft/format-quorum.ts';
import type { MetadataBatch } from '../../../kafka/raft/metadata-batches.ts';
import { openMetadataStorage } from '../../../kafka/raft/metadata-storage.ts';
import type { RaftClient } from '../../../kafka/raft/raft-client.ts';
import { NodeRuntime } from '../../../kafka/rpc/node-runtime.ts';
import { RequestServer } from '../../../kafka/rpc/request-server.ts';
import { apis } from '../../../kafka/wire/apis.ts';
import { type MetadataRecord, metadataRecord } from '../../../kafka/wire/metadata-records.ts';
import { World } from '../../../sim/world.ts';

export const CLUSTER_ID = 'TrialTrialTrialTrialTA';
const APPEND_EVERY_MS = 100;

/** What every process was ever told: offset → `epoch:number`. */
export type Committed = Map<number, string>;

/** The number that a record bears; its offset in the order of appending is not known beforehand. */
function numbered(n: number): MetadataRecord {
  const fields = { brokerId: 0, brokerEpoch: 0, nextProducerId: n };
  return metadataRecord('ProducerIdsRecord', fields);
}

function numberOf(record: MetadataRecord): number {
  return record.type === 'ProducerIdsRecord' ? record.record.nextProducerId : -1;
}

export class QuorumNode implements Node {
  readonly runtime: NodeRuntime;
  raft: RaftClient | null = null;
  /** Numbers this process was told are committed. */
  readonly numbers: number[] = [];
  loadedSnapshots = 0;
  directoryId = '';
  private readonly cluster: QuorumCluster;
  private readonly given: Record<string, string>;
  private readonly appending: Timer;
  private leads = false;
  private image = 0;

  constructor(cluster: QuorumCluster, host: Host, given: Record<string, string>) {
    this.cluster = cluster;
    this.runtime = new NodeRuntime(host);
    this.given = given;
    this.appending = new Timer(() => this.append());
  }

  get wakeAtMs(): number {
    return this.runtime.wakeAtMs;
  }

  /** It was told that it leads. */
  get isAppending(): boolean {
    return this.leads;
  }

  step(input: NodeInput): void {
    if (input.kind === 'started') this.start();
    else if (input.kind === 'stopping') this.raft?.stop(() => this.runtime.host.exit());
    else if (input.kind !== 'command') this.runtime.transport(input);
    this.runtime.endStep();
  }

  private start(): void {
    const { runtime } = this;
    const { host, timers, flushes, rules } = runtime;
    const { disk, clock, trace, codecs } = host;
    const config = parseConfig(brokerConfigs, this.given, { at: 'test' });
    const environment = { disk, clock, timers, trace, codecs, flushed: flushes, rules };
    const directory = new LogDirectory('/data', trace, () => host.halt('disk'));
    const identified = identifyStorage(environment, directory, {
      clusterId: CLUSTER_ID,
      nodeId: config.get('node.id'),
      initialDirectoryId: initialDirectoryId(config),
      random: host.random.stream('directory-id'),
    });
    if ('problem' in identified) return host.halt(identified.problem);
    const { directoryId } = identified;
    this.directoryId = directoryId;
    const storage = openMetadataStorage(environment, directory, metadataLogSettings(config));
    if (storage === null) return;
    if (identified.isNew) formatQuorum(storage.log, config);
    const clusterId = CLUSTER_ID;
    const raft = createRaftClient({ runtime, config, clusterId, storage, directoryId });
    this.raft = raft;
    raft.register({
      committed: (batches) => this.committed(batches),
      snapshotLoaded: ({ id, records }) => {
        this.image = records.length === 0 ? 0 : numberOf(records[0] as MetadataRecord);
        this.loadedSnapshots += 1;
        this.cluster.loaded(id.offset, this.image);
      },
      leaderChanged: (leader) => this.leaderChanged(leader?.id === config.get('node.id')),
    });
    const server = new RequestServer(runtime, { maxFrameBytes: 10_000_000 });
    server.serve(apis.Fetch, apis.Fetch, (c, r) => raft.handleFetch(c, r));
    server.serve(apis.FetchSnapshot, apis.FetchSnapshot, (c, r) => raft.handleFetchSnapshot(c, r));
    server.serve(apis.Vote, apis.Vote, (c, r) => raft.handleVote(c, r));
    server.serve(apis.BeginQuorumEpoch, apis.BeginQuorumEpoch, (c, r) =>
      raft.handleBeginQuorumEpoch(c, r),
    );
    server.serve(apis.EndQuorumEpoch, apis.EndQuorumEpoch, (c, r) =>
      raft.handleEndQuorumEpoch(c, r),
    );
    server.serve(apis.UpdateRaftVoter, apis.UpdateRaftVoter, (c, r) =>
      raft.voterChanges.update(r, c),
    );
    server.serve(apis.ApiVersions, apis.ApiVersions, (c) =>
      c.respond({
        errorCode: 0,
        apiKeys: [],
        throttleTimeMs: 0,
        supportedFeatures: [{ name: 'kraft.version', minVersion: 0, maxVersion: 1 }],
        finalizedFeaturesEpoch: -1,
        finalizedFeatures: [],
        zkMigrationReady: false,
      }),
    );
    raft.start();
    if (config.get('process.roles').includes('controller')) host.network.listen('CONTROLLER');
  }

  /** Runs something in a step of this node, soon. */
  later(action: (raft: RaftClient) => void): void {
    const { raft, runtime } = this;
    runtime.timers.at(runtime.nowMs, () => action(raft as RaftClient));
  }

  private leaderChanged(leads: boolean): void {
    if (leads === this.leads) return;
    this.leads = leads;
    const { timers } = this.runtime;
    if (leads) timers.arm(this.appending, this.runtime.nowMs);
    else timers.cancel(this.appending);
  }

  private append(): void {
    const { raft, runtime } = this;
    if (raft === null || !this.leads) return;
    raft.append([numbered(this.cluster.nextNumber())]);
    runtime.timers.arm(this.appending, runtime.nowMs + APPEND_EVERY_MS);
  }

  private committed(batches: readonly MetadataBatch[]): void {
    for (const batch of batches) {
      batch.records.forEach((record, i) => {
        this.image = numberOf(record);
        this.numbers.push(this.image);
        this.cluster.committed(batch.baseOffset + i, batch.epoch, this.image);
      });
      if (this.cluster.snapshotEvery > 0 && batch.baseOffset % this.cluster.snapshotEvery === 0) {
        const { lastOffset: offset, epoch, appendTimestampMs: timestampMs } = batch;
        const image = numbered(this.image);
        // As generators do: after the delivery, when everything up to here counts as committed.
        this.runtime.defer(() =>
          this.raft?.createSnapshot({ offset, epoch, timestampMs }, [image]),
        );
      }
    }
  }
}

export class QuorumCluster {
  readonly world: World;
  readonly names: string[] = [];
  readonly problems: string[] = [];
  /** Snapshots after the batches at multiples of this offset; 0: none. */
  snapshotEvery = 0;
  private readonly told: Committed = new Map();
  private readonly leaders = new Map<number, string>();
  private next = 1;

  constructor(
    voters: number,
    options: {
      seed?: number | string;
      spares?: number;
      observers?: number;
      dynamic?: boolean;
      config?: Record<string, string>;
    } = {},
  ) {
    const { seed = 1, spares = 0, observers = 0, dynamic = false, config = {} } = options;
    this.world = new World({ seed, store: 'none' });
    const ids = Array.from({ length: voters }, (_, i) => i + 1);
    const spareIds = Array.from({ length: spares }, (_, i) => voters + 1 + i);
    const at = (id: number): string => `node-${id}:9093`;
    const quorum: Record<string, string> = dynamic
      ? { 'controller.quorum.bootstrap.servers': [...ids, ...spareIds].map(at).join(',') }
      : { 'controller.quorum.voters': ids.map((id) => `${id}@${at(id)}`).join(',') };
    const initial = {
      'initial.controllers': ids.map((id) => `${id}@${at(id)}:${directoryOf(id)}`).join(','),
    };
    const add = (id: number, role: 'controller' | 'broker', own: Record<string, string>): void => {
      const name = `node-${id}`;
      this.names.push(name);
      let boots = 0;
      this.world.addNode({
        name,
        role,
        config: {
          'node.id': String(id),
          'process.roles': role,
          'cluster.id': CLUSTER_ID,
          'controller.listener.names': 'CONTROLLER',
          listeners: `CONTROLLER://${at(id)}`,
          'log.dirs': '/data',
          ...quorum,
          ...config,
        },
        create: (host, given) => {
          boots += 1;
          return new QuorumNode(this, host, boots === 1 ? { ...given, ...own } : given);
        },
        listeners: role === 'controller' ? { CONTROLLER: 9093 } : {},
      });
    };
    for (const id of ids) add(id, 'controller', dynamic ? initial : {});
    for (const id of spareIds) add(id, 'controller', {});
    for (let i = 0; i < observers; i++) add(voters + spares + 1 + i, 'broker', {});
    this.watch();
  }

  private watch(): void {
    const { trace } = this.world;
    trace.subscribe('quorum.state', (_e, timeUs, node, state, epoch) => {
      if (state !== 'leader') return;
      const name = this.world.nodes[node - 1]?.name ?? '';
      const other = this.leaders.get(epoch as number) ?? name;
      this.leaders.set(epoch as number, name);
      if (other !== name) this.problems.push(`${other} and ${name} led ${epoch} at ${timeUs}`);
    });
    trace.subscribe('node.halted', (_e, timeUs, node, why) => {
      this.problems.push(`${this.world.nodes[node - 1]?.name} halted at ${timeUs}: ${why}`);
    });
  }

  nextNumber(): number {
    return this.next++;
  }

  /** A process says what is committed at an offset. */
  committed(offset: number, epoch: number, n: number): void {
    const text = `${epoch}:${n}`;
    const known = this.told.get(offset) ?? text;
    this.told.set(offset, known);
    if (known !== text) this.problems.push(`offset ${offset} is ${known} and ${text}`);
  }

  /** A snapshot that ends at an offset stands for the record before it. */
  loaded(endOffset: number, image: number): void {
    for (let offset = endOffset - 1; offset >= 0; offset--) {
      const known = this.told.get(offset);
      if (known === undefined) continue;
      if (known.split(':')[1] === String(image)) return;
      this.problems.push(`a snapshot to ${endOffset} says ${image} after ${known}`);
      return;
    }
  }

  startAll(): void {
    for (const name of this.names) this.world.start(name);
  }

  run(ms: number): void {
    this.world.runUntil(this.world.nowUs + ms * 1000);
  }

  node(id: number): QuorumNode {
    return this.world.node(`node-${id}`).node as QuorumNode;
  }

  raft(id: number): RaftClient {
    return this.node(id)?.raft as RaftClient;
  }

  /** The id of the node that leads the highest epoch among those that run; -1: none leads. */
  leader(): number {
    let [leader, epoch] = [-1, -1];
    for (const { name } of this.world.nodes) {
      const id = Number(name.slice(5));
      const raft = (this.world.node(name).node as QuorumNode | null)?.raft ?? null;
      if (raft === null || !raft.isLeader || raft.epoch <= epoch) continue;
      [leader, epoch] = [id, raft.epoch];
    }
    return leader;
  }

  /** Asks the leader for another voter. @returns the error code, once there is one. */
  add(id: number, directoryId: string): { errorCode: number | null } {
    const listeners = [{ name: 'CONTROLLER', host: `node-${id}`, port: 9093 }];
    const answer: { errorCode: number | null } = { errorCode: null };
    const asker = {
      respond: (body: unknown) => {
        answer.errorCode = (body as { errorCode: number }).errorCode;
      },
    };
    const request = { clusterId: CLUSTER_ID, timeoutMs: 1000, voterId: id };
    this.node(this.leader()).later((raft) =>
      raft.voterChanges.add({ ...request, voterDirectoryId: directoryId, listeners }, asker),
    );
    return answer;
  }

  remove(id: number, directoryId: string): { errorCode: number | null } {
    const answer: { errorCode: number | null } = { errorCode: null };
    const asker = {
      respond: (body: unknown) => {
        answer.errorCode = (body as { errorCode: number }).errorCode;
      },
    };
    const request = { clusterId: CLUSTER_ID, voterId: id, voterDirectoryId: directoryId };
    this.node(this.leader()).later((raft) => raft.voterChanges.remove(request, asker));
    return answer;
  }

  /** The directory id that a node goes by now. */
  directoryOf(id: number): string {
    return this.node(id).directoryId;
  }

  /** How many records anybody was told are committed. */
  get committedCount(): number {
    return this.told.size;
  }
}

export function directoryOf(id: number): string {
  const bytes = Uint8Array.from({ length: 16 }, () => id);
  return uuidFromBytes(bytes, 0);
}
