/**
 * One real controller and bare observers on the laboratory's network and disks: an observer node
 * keeps its image and remembers what it was told.
 */
import { uuidFromBytes } from '../../../kafka/base/uuid.ts';
import { createControllerNode } from '../../../kafka/controller/controller-node.ts';
import type { Host, Node, NodeInput } from '../../../kafka/host.ts';
import { LogDirectory } from '../../../kafka/log/log-directory.ts';
import { applyBatch, applySnapshot } from '../../../kafka/metadata/apply-batch.ts';
import { MetadataImage } from '../../../kafka/metadata/image.ts';
import type { MetadataBatch } from '../../../kafka/raft/metadata-batches.ts';
import { openMetadataStorage } from '../../../kafka/raft/metadata-storage.ts';
import { type QuorumLeader, RaftClient } from '../../../kafka/raft/raft-client.ts';
import { parseVoters } from '../../../kafka/raft/voter-set.ts';
import { NodeRuntime } from '../../../kafka/rpc/node-runtime.ts';
import { RpcChannel, type RpcReply } from '../../../kafka/rpc/rpc-channel.ts';
import type { ApiSpec } from '../../../kafka/wire/apis.ts';
import { World } from '../../../sim/world.ts';

export const CLUSTER_ID = 'TrialTrialTrialTrialTA';
const CONTROLLER = 'controller-101';
const VOTER = { id: 101, address: { host: CONTROLLER, port: 9093 } };

const controllerConfig = {
  'node.id': '101',
  'process.roles': 'controller',
  'cluster.id': CLUSTER_ID,
  'controller.quorum.voters': '101@controller-101:9093',
  'controller.listener.names': 'CONTROLLER',
  listeners: 'CONTROLLER://controller-101:9093',
  'log.dirs': '/data',
};

export class ObserverNode implements Node {
  readonly runtime: NodeRuntime;
  readonly image = new MetadataImage();
  readonly leaders: (QuorumLeader | null)[] = [];
  /** [first offset, end offset) of each delivery. */
  readonly deliveries: (readonly [number, number])[] = [];
  /** How many snapshots were loaded. */
  snapshots = 0;
  observer: RaftClient | null = null;
  private readonly id: number;
  private channel: RpcChannel | null = null;

  constructor(host: Host, config: Record<string, string>) {
    this.runtime = new NodeRuntime(host);
    this.id = Number(config['node.id']);
  }

  get wakeAtMs(): number {
    return this.runtime.wakeAtMs;
  }

  step(input: NodeInput): void {
    if (input.kind === 'started') this.start();
    else if (input.kind === 'stopping') this.runtime.host.exit();
    else if (input.kind !== 'command') this.runtime.transport(input);
    this.runtime.endStep();
  }

  private start(): void {
    const { host, timers, flushes, rules } = this.runtime;
    const { disk, clock, trace, codecs } = host;
    const environment = { disk, clock, timers, trace, codecs, flushed: flushes, rules };
    const directory = new LogDirectory('/data', trace, () => host.halt('disk'));
    const settings = { segmentBytes: 1_073_741_824, segmentMs: 604_800_000 };
    const storage = openMetadataStorage(environment, directory, settings);
    if (storage === null) return;
    const directoryId = uuidFromBytes(
      Uint8Array.from({ length: 16 }, () => this.id),
      0,
    );
    this.observer = new RaftClient({
      runtime: this.runtime,
      storage,
      local: {
        key: { id: this.id, directoryId },
        voter: { id: this.id, directoryId, endpoints: [], minKRaftVersion: 0, maxKRaftVersion: 1 },
        canVote: false,
        listener: 'CONTROLLER',
        clusterId: CLUSTER_ID,
      },
      staticVoters: parseVoters([controllerConfig['controller.quorum.voters']], 'CONTROLLER'),
      bootstrapServers: [],
      timeouts: {
        electionTimeoutMs: 1000,
        fetchTimeoutMs: 2000,
        electionBackoffMaxMs: 1000,
        appendLingerMs: 25,
        requestTimeoutMs: 2000,
        retryBackoffMs: 20,
      },
      retention: { retentionBytes: -1, retentionMs: -1 },
    });
    this.observer.register({
      committed: (batches) => this.committed(batches),
      snapshotLoaded: (snapshot) => {
        this.snapshots += 1;
        applySnapshot(this.image, snapshot);
      },
      leaderChanged: (leader) => this.leaders.push(leader),
    });
    this.observer.start();
  }

  private committed(batches: readonly MetadataBatch[]): void {
    for (const batch of batches) applyBatch(this.image, batch, null);
    const first = batches[0]?.baseOffset ?? -1;
    this.deliveries.push([first, (batches.at(-1)?.lastOffset ?? -2) + 1]);
  }

  /** Asks the controller something, as a broker would. */
  ask<Req, Res>(api: ApiSpec<Req, Res>, body: Req, answered: (response: Res) => void): void {
    this.channel ??= new RpcChannel({
      runtime: this.runtime,
      address: VOTER.address,
      clientId: `test-${this.id}`,
      negotiate: false,
      requestTimeoutMs: 30_000,
      connectionSetupTimeoutMs: 10_000,
      reconnectBackoffMs: 50,
      reconnectBackoffMaxMs: 1000,
    });
    const channel = this.channel;
    this.runtime.timers.at(this.runtime.nowMs, () =>
      channel.send(api, body, (reply: RpcReply<Res>) => {
        if (reply.kind === 'response') answered(reply.body);
      }),
    );
  }
}

export class MetadataCluster {
  readonly world: World;

  constructor(observers: number, config: Record<string, string> = {}, seed = 'metadata') {
    this.world = new World({ seed, store: 'none' });
    this.world.addNode({
      name: CONTROLLER,
      role: 'controller',
      config: { ...controllerConfig, ...config },
      create: createControllerNode,
      listeners: { CONTROLLER: 9093 },
    });
    for (let id = 1; id <= observers; id++) {
      this.world.addNode({
        name: `broker-${id}`,
        role: 'broker',
        config: { 'node.id': String(id) },
        create: (host, own) => new ObserverNode(host, own),
        listeners: {},
      });
    }
  }

  startAll(): void {
    for (const { name } of this.world.nodes) this.world.start(name);
  }

  run(ms: number): void {
    this.world.runUntil(this.world.nowUs + ms * 1000);
  }

  observer(id: number): ObserverNode {
    return this.world.node(`broker-${id}`).node as ObserverNode;
  }
}
