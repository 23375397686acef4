/**
 * A whole cluster of real nodes on the laboratory's clock, network and disks, and a client that
 * speaks the raw protocol to one broker at a time.
 */
import { type BrokerNode, createBrokerNode } from '../../../kafka/broker/broker.ts';
import type { BrokerParts } from '../../../kafka/broker/broker-parts.ts';
import { createControllerNode } from '../../../kafka/controller/controller-node.ts';
import type { Host, Node, NodeInput } from '../../../kafka/host.ts';
import { BatchBuilder } from '../../../kafka/records/builder.ts';
import type { Partition } from '../../../kafka/replication/partition.ts';
import { NodeRuntime } from '../../../kafka/rpc/node-runtime.ts';
import { RpcChannel, type RpcReply } from '../../../kafka/rpc/rpc-channel.ts';
import { type ApiSpec, apis } from '../../../kafka/wire/apis.ts';
import {
  creatableTopic,
  creatableTopicConfig,
  createTopicsRequest,
} from '../../../kafka/wire/generated/create-topics-request.ts';
import {
  fetchPartition,
  fetchRequest,
  fetchTopic,
} from '../../../kafka/wire/generated/fetch-request.ts';
import type { PartitionData } from '../../../kafka/wire/generated/fetch-response.ts';
import {
  partitionProduceData,
  produceRequest,
  topicProduceData,
} from '../../../kafka/wire/generated/produce-request.ts';
import type { PartitionProduceResponse } from '../../../kafka/wire/generated/produce-response.ts';
import { World } from '../../../sim/world.ts';

export const CLUSTER_ID = 'TrialTrialTrialTrialTA';

/** Runs what it is given inside its own steps. */
class RawClient implements Node {
  readonly runtime: NodeRuntime;
  readonly todo: ((client: RawClient) => void)[] = [];
  private readonly channels = new Map<string, RpcChannel>();

  constructor(host: Host) {
    this.runtime = new NodeRuntime(host);
  }

  get wakeAtMs(): number {
    return this.runtime.wakeAtMs;
  }

  step(input: NodeInput): void {
    if (input.kind === 'command') {
      for (const action of this.todo.splice(0)) action(this);
      this.runtime.host.completed(input.id, { kind: 'done' });
    } else if (input.kind !== 'started' && input.kind !== 'stopping') {
      this.runtime.transport(input);
    }
    this.runtime.endStep();
  }

  channel(broker: number, port: number): RpcChannel {
    const key = `${broker}:${port}`;
    let channel = this.channels.get(key);
    if (channel === undefined) {
      channel = new RpcChannel({
        runtime: this.runtime,
        address: { host: `broker-${broker}`, port },
        clientId: 'raw',
        negotiate: true,
        requestTimeoutMs: 60_000,
        connectionSetupTimeoutMs: 10_000,
        reconnectBackoffMs: 50,
        reconnectBackoffMaxMs: 1000,
      });
      this.channels.set(key, channel);
    }
    return channel;
  }
}

/** Of brokers of a lab with `sasl`, beside their usual one. */
export const SASL_PORT = 9094;

export interface ProduceOptions {
  acks?: number;
  timeoutMs?: number;
  records?: number;
  /** Told apart by this, below 65536. */
  value?: number;
  producerId?: number;
  producerEpoch?: number;
  baseSequence?: number;
}

export class Lab {
  readonly world: World;
  /** Trace events of interest, in order: [time ms, node, kind, …fields]. */
  readonly events: unknown[][] = [];
  /** Where requests go in. */
  port = 9092;
  private readonly client: RawClient;

  /** @param options.sasl brokers listen on SASL_PORT, too, with these keys of that listener. */
  constructor(options: {
    brokers: number;
    config?: Record<string, string>;
    seed?: string;
    sasl?: Record<string, string>;
    /** Keys of one broker. */
    own?: Readonly<Record<number, Record<string, string>>>;
  }) {
    const saslKeys = Object.entries(options.sasl ?? {}).map(([key, value]) => [
      `listener.name.sasl_plaintext.${key}`,
      value,
    ]);
    const world = new World({ seed: options.seed ?? 'broker', store: 'none' });
    this.world = world;
    const shared = {
      'cluster.id': CLUSTER_ID,
      'controller.quorum.voters': '101@controller-101:9093',
      'controller.listener.names': 'CONTROLLER',
      'log.dirs': '/data',
      ...options.config,
      ...Object.fromEntries(saslKeys),
    };
    world.addNode({
      name: 'controller-101',
      role: 'controller',
      config: {
        ...shared,
        'node.id': '101',
        'process.roles': 'controller',
        listeners: 'CONTROLLER://controller-101:9093',
      },
      create: createControllerNode,
      listeners: { CONTROLLER: 9093 },
    });
    for (let id = 1; id <= options.brokers; id++) {
      world.addNode({
        name: `broker-${id}`,
        role: 'broker',
        config: {
          ...shared,
          'node.id': String(id),
          'process.roles': 'broker',
          listeners: [`PLAINTEXT://broker-${id}:9092`]
            .concat(options.sasl === undefined ? [] : `SASL_PLAINTEXT://broker-${id}:${SASL_PORT}`)
            .join(','),
          ...options.own?.[id],
        },
        create: createBrokerNode,
        listeners: { PLAINTEXT: 9092, ...(options.sasl && { SASL_PLAINTEXT: SASL_PORT }) },
      });
    }
    let client: RawClient | null = null;
    world.addNode({
      name: 'raw',
      role: 'client',
      config: {},
      create: (host) => {
        client = new RawClient(host);
        return client;
      },
      listeners: {},
    });
    this.watch();
    for (const node of world.nodes) world.start(node.name);
    this.advance(1);
    this.client = client as unknown as RawClient;
  }

  private watch(): void {
    const kinds = [
      'broker.state',
      'leader.started',
      'follower.started',
      'leader.elected',
      'isr.changed',
      'isr.proposed',
      'log.truncated',
      'log.recovered',
      'fetch.diverged',
      'produce.refused',
      'produce.duplicate',
      'broker.fenced',
      'broker.unfenced',
      'hw.advanced',
      'log.appended',
    ] as const;
    for (const kind of kinds) {
      this.world.trace.subscribe(kind, (_event, timeUs, node, ...fields) => {
        const name = this.world.nodes[node - 1]?.name ?? 'lab';
        const told = fields.filter((field) => field !== null && field !== undefined);
        this.events.push([Math.floor(timeUs / 1000), name, kind, ...told]);
      });
    }
  }

  get nowMs(): number {
    return this.world.nowUs / 1000;
  }

  advance(ms: number): void {
    this.world.runUntil(this.world.nowUs + ms * 1000);
    const [failure] = this.world.failures;
    if (failure !== undefined) throw new Error(`${failure.node}: ${failure.stack}`);
  }

  /** Advances until `condition` holds, looking every `stepMs`; throws after `limitMs`. */
  until(condition: () => boolean, limitMs = 60_000, stepMs = 10): void {
    const end = this.nowMs + limitMs;
    while (!condition()) {
      if (this.nowMs >= end)
        throw new Error(`not within ${limitMs} ms: ${condition} [${this.states()}]`);
      this.advance(stepMs);
    }
  }

  private states(): string {
    const brokers = this.world.nodes.filter((node) => node.role === 'broker');
    return brokers.map((_, i) => this.stateOf(i + 1)).join(', ');
  }

  broker(id: number): BrokerParts {
    const parts = (this.world.node(`broker-${id}`).node as BrokerNode | null)?.parts ?? null;
    if (parts === null) throw new Error(`broker-${id} does not run`);
    return parts;
  }

  partition(broker: number, topic = 'orders', index = 0): Partition {
    const found = this.broker(broker).replicas.partition(topic, index);
    if (found === null) throw new Error(`broker-${broker} has no ${topic}-${index}`);
    return found;
  }

  untilRunning(...brokers: number[]): void {
    this.until(() => brokers.every((id) => this.stateOf(id) === 'RUNNING'));
  }

  /** The broker's own word, or that of its process when it does not run. */
  stateOf(id: number): string {
    const handle = this.world.node(`broker-${id}`);
    return (handle.node as BrokerNode | null)?.parts?.lifecycle.state ?? handle.state;
  }

  /** The lowest-numbered broker that serves. */
  aliveBroker(): number {
    const brokers = this.world.nodes.filter((node) => node.role === 'broker');
    const place = brokers.findIndex((_, i) => this.stateOf(i + 1) === 'RUNNING');
    if (place < 0) throw new Error('no broker is running');
    return place + 1;
  }

  /** The controller's last word on who leads; 0 when nobody does. */
  leaderOf(partition = 'orders-0'): number {
    const last = this.events.findLast((e) => e[2] === 'leader.elected' && e[3] === partition);
    return Number(last?.[4] ?? 0);
  }

  isrOf(partition = 'orders-0'): string {
    const last = this.events.findLast(
      (e) => (e[2] === 'leader.elected' || e[2] === 'isr.changed') && e[3] === partition,
    );
    return String(last?.[2] === 'isr.changed' ? last[4] : last?.[6]);
  }

  /** Sends a request; the result is filled in when the answer comes. */
  call<Req, Res>(broker: number, api: ApiSpec<Req, Res>, body: Req, maxVersion?: number) {
    const answer: { reply: RpcReply<Res> | null } = { reply: null };
    const { port } = this;
    this.client.todo.push((client) =>
      client.channel(broker, port).send(
        api,
        body,
        (reply) => {
          answer.reply = reply;
        },
        maxVersion === undefined ? {} : { maxVersion },
      ),
    );
    this.world.command('raw', { kind: 'flush' }, () => {});
    return answer;
  }

  /** Sends a request and advances until it is answered. */
  ask<Req, Res>(broker: number, api: ApiSpec<Req, Res>, body: Req, maxVersion?: number): Res {
    const answer = this.call(broker, api, body, maxVersion);
    this.until(() => answer.reply !== null, 70_000, 1);
    const reply = answer.reply as RpcReply<Res>;
    if (reply.kind !== 'response') throw new Error(`broker-${broker}: ${reply.kind}`);
    return reply.body;
  }

  createTopic(
    name: string,
    options: { partitions?: number; replicas?: number; config?: Record<string, string> } = {},
  ) {
    const topic = creatableTopic({
      name,
      numPartitions: options.partitions ?? 1,
      replicationFactor: options.replicas ?? 3,
      configs: Object.entries(options.config ?? {}).map(([key, value]) =>
        creatableTopicConfig({ name: key, value }),
      ),
    });
    const request = createTopicsRequest({ topics: [topic], timeoutMs: 10_000 });
    const response = this.ask(1, apis.CreateTopics, request);
    this.advance(100);
    return response.topics[0];
  }

  private produceBody(options: ProduceOptions, topic: string, index: number) {
    const builder = new BatchBuilder();
    builder.begin();
    const nowMs = this.client.runtime.host.clock.wallMs();
    for (let i = 0; i < (options.records ?? 1); i++) {
      const n = options.value ?? 0;
      builder.append(nowMs, null, Uint8Array.of(1, 2, 3, i & 255, n & 255, n >> 8));
    }
    const batch = builder.finish({
      producerId: options.producerId ?? -1,
      producerEpoch: options.producerEpoch ?? -1,
      baseSequence: options.baseSequence ?? -1,
    });
    const data = partitionProduceData({ index, records: batch });
    return produceRequest({
      acks: options.acks ?? -1,
      timeoutMs: options.timeoutMs ?? 5000,
      topicData: [topicProduceData({ name: topic, partitionData: [data] })],
    });
  }

  /** Sends a produce; `answer()` is null until it is answered. */
  produceLater(broker: number, options: ProduceOptions = {}, topic = 'orders', index = 0) {
    const call = this.call(broker, apis.Produce, this.produceBody(options, topic, index));
    return () => {
      if (call.reply === null) return null;
      if (call.reply.kind !== 'response') throw new Error(call.reply.kind);
      return call.reply.body.responses[0]?.partitionResponses[0] ?? null;
    };
  }

  produce(
    broker: number,
    options: ProduceOptions = {},
    topic = 'orders',
    index = 0,
  ): PartitionProduceResponse {
    const answer = this.produceLater(broker, options, topic, index);
    this.until(() => answer() !== null, 70_000, 1);
    return answer() as PartitionProduceResponse;
  }

  fetch(broker: number, fetchOffset: number, topic = 'orders', index = 0): PartitionData {
    const { topicId } = this.partition(broker, topic, index);
    const wanted = fetchPartition({ partition: index, fetchOffset, partitionMaxBytes: 1_000_000 });
    const request = fetchRequest({
      maxWaitMs: 500,
      minBytes: 1,
      topics: [fetchTopic({ topicId, partitions: [wanted] })],
    });
    const response = this.ask(broker, apis.Fetch, request);
    return response.responses[0]?.partitions[0] as PartitionData;
  }
}
