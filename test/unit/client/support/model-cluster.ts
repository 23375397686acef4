/**
 * Model brokers that speak Kafka's wire format on a small simulated network, for tests of the
 * clients: what becomes of each request is decided by a script. Connections keep order; a
 * connection that a client gave up still delivers what was sent on it, unless it was cut.
 */

import { Reader } from '../../../../kafka/base/reader.ts';
import { encodeText } from '../../../../kafka/base/text.ts';
import { Writer } from '../../../../kafka/base/writer.ts';
import type { ClientCommand, CommandResult } from '../../../../kafka/client/commands.ts';
import type {
  Address,
  CommandId,
  ConnectionId,
  Host,
  Node,
  NodeInput,
  RandomStream,
} from '../../../../kafka/host.ts';
import { apiByKey, apis } from '../../../../kafka/wire/apis.ts';
import type { ErrorCode } from '../../../../kafka/wire/errors.ts';
import type { ProduceRequest } from '../../../../kafka/wire/generated/produce-request.ts';
import { simCodecs } from '../../../../sim/process/codecs.ts';
import { simCrypto } from '../../../../sim/process/crypto.ts';
import { Answers } from './answers.ts';
import type { ModelGroups } from './group-answers.ts';
import { ModelLog } from './model-log.ts';

export type Fate =
  /** Handled and answered. */
  | { kind: 'answer' }
  /** The connection breaks before the broker sees it. */
  | { kind: 'lose-request' }
  /** Handled, and the connection breaks before the answer arrives. */
  | { kind: 'lose-response' }
  /** Neither handled nor answered; the connection stays. */
  | { kind: 'ignore' }
  /** Not handled; every partition of the answer has this error. */
  | { kind: 'refuse'; error: ErrorCode }
  /** Handled; every partition of the answer has this error all the same. */
  | { kind: 'write-and-refuse'; error: ErrorCode }
  /** Handled and answered so much later; later requests on the connection wait behind it. */
  | { kind: 'delay'; ms: number };

export const ANSWER: Fate = { kind: 'answer' };

export interface SeenRequest {
  readonly atMs: number;
  readonly brokerId: number;
  readonly apiKey: number;
  readonly version: number;
  readonly body: unknown;
  /** How many requests of this API came before it. */
  readonly index: number;
}

interface Connection {
  readonly id: ConnectionId;
  readonly brokerId: number;
  isOpen: boolean;
  isCut: boolean;
  /** Arrived and not taken yet: one request is handled at a time. */
  readonly inbox: Uint8Array[];
  isBusy: boolean;
  responseAtMs: number;
}

interface SendOptions {
  readonly partition?: number;
  readonly key?: string;
  readonly timestampMs?: number;
}

export class ModelCluster {
  nowMs = 0;
  latencyMs = 2;
  readonly logs = new Map<string, ModelLog>();
  readonly topics = new Map<string, { id: string; partitions: number }>();
  /** Topics that the client may not describe. */
  readonly unauthorized = new Set<string>();
  readonly requests: SeenRequest[] = [];
  readonly traced: string[] = [];
  readonly groups: ModelGroups = { coordinator: 1, committedOffset: 0 };
  /** Attempts to connect: when, and to which broker. */
  readonly connects: { atMs: number; brokerId: number }[] = [];
  /** What the client's network says is not taken yet, for every connection. */
  bufferedBytes = 0;
  readonly results = new Map<CommandId, CommandResult>();
  /** Commands in the order in which they were answered. */
  readonly completions: CommandId[] = [];
  /** Brokers that refuse connections. */
  readonly down = new Set<number>();
  /** Brokers that accept nothing and answer nothing. */
  readonly unreachable = new Set<number>();
  fate: (request: SeenRequest) => Fate = () => ANSWER;
  /** What brokers tell about leaders, which may be old. */
  leaderInMetadata: (name: string) => { leader: number; leaderEpoch: number } = (name) =>
    this.log(name);
  readonly brokerCount: number;
  maxVersions = new Map<number, number>();
  private readonly events: { atMs: number; order: number; run: () => void }[] = [];
  private order = 0;
  private nextConnection = 1;
  private nextCommand = 1;
  private readonly connections = new Map<ConnectionId, Connection>();
  private readonly answers = new Answers(this);
  private node: Node | null = null;
  private wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(brokerCount = 1) {
    this.brokerCount = brokerCount;
  }

  addTopic(name: string, partitions: number): void {
    const index = this.topics.size + 1;
    this.topics.set(name, { id: `AAAAAAAAAAAAAAAAAAAA${index}Q`, partitions });
    for (let i = 0; i < partitions; i++) {
      this.logs.set(`${name}-${i}`, new ModelLog((i % this.brokerCount) + 1));
    }
  }

  log(name: string): ModelLog {
    const log = this.logs.get(name);
    if (log === undefined) throw new Error(`no partition ${name}`);
    return log;
  }

  start(create: (host: Host) => Node): void {
    this.node = create(this.host());
    this.step({ kind: 'started' });
  }

  command(command: ClientCommand): CommandId {
    const id = this.nextCommand as CommandId;
    this.nextCommand += command.kind === 'send' ? command.records.length : 1;
    this.step({ kind: 'command', id, command });
    return id;
  }

  send(topic: string, value: string, more: SendOptions = {}): CommandId {
    return this.sendAll(topic, [value], more);
  }

  /** One command for all values; their ids are consecutive from the returned one on. */
  sendAll(topic: string, values: readonly string[], more: SendOptions = {}): CommandId {
    const records = values.map((value) => ({
      topic,
      partition: more.partition ?? null,
      key: more.key === undefined ? null : encodeText(more.key),
      value: encodeText(value),
      headers: [],
      timestampMs: more.timestampMs ?? null,
    }));
    return this.command({ kind: 'send', records });
  }

  result(id: CommandId): CommandResult | undefined {
    return this.results.get(id);
  }

  requestsOf(api: { key: number }): SeenRequest[] {
    return this.requests.filter(({ apiKey }) => apiKey === api.key);
  }
  produceRequests(): ProduceRequest[] {
    return this.requestsOf(apis.Produce).map(({ body }) => body as ProduceRequest);
  }

  /** Everything that was buffered has been taken. */
  drain(): void {
    this.bufferedBytes = 0;
    for (const { id, isOpen } of this.connections.values()) {
      if (isOpen) this.step({ kind: 'drained', connection: id });
    }
  }

  /** Breaks every connection to a broker. */
  cut(brokerId: number): void {
    for (const connection of this.connections.values()) {
      if (connection.brokerId === brokerId) this.break(connection);
    }
  }

  runFor(ms: number): void {
    this.runUntil(this.nowMs + ms);
  }

  runUntil(endMs: number): void {
    for (;;) {
      const first = this.events[0];
      const eventAtMs = first?.atMs ?? Number.POSITIVE_INFINITY;
      const atMs = Math.min(eventAtMs, this.wakeAtMs);
      if (atMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, atMs);
      if (first !== undefined && eventAtMs <= this.wakeAtMs) {
        this.events.shift();
        first.run();
      } else this.step({ kind: 'woken' });
    }
    this.nowMs = endMs;
  }

  at(atMs: number, run: () => void): void {
    const event = { atMs, order: this.order++, run };
    const at = this.events.findIndex((one) => one.atMs > atMs);
    if (at < 0) this.events.push(event);
    else this.events.splice(at, 0, event);
  }

  private step(input: NodeInput): void {
    if (this.node === null) return;
    this.node.step(input);
    this.wakeAtMs = this.node.wakeAtMs;
  }

  private connect({ host, port }: Address): ConnectionId {
    const id = this.nextConnection++ as ConnectionId;
    const brokerId = Number(host.replace('broker-', ''));
    this.connects.push({ atMs: this.nowMs, brokerId });
    const connection: Connection = {
      id,
      brokerId,
      isOpen: true,
      isCut: false,
      inbox: [],
      isBusy: false,
      responseAtMs: 0,
    };
    this.connections.set(id, connection);
    if (this.unreachable.has(brokerId)) return id;
    this.at(this.nowMs + this.latencyMs, () => {
      if (!connection.isOpen) return;
      const isRefused = this.down.has(brokerId) || port !== 9092;
      if (isRefused) this.step({ kind: 'disconnected', connection: id, reason: 'refused' });
      else this.step({ kind: 'connected', connection: id });
    });
    return id;
  }

  private break(connection: Connection): void {
    if (connection.isCut) return;
    connection.isCut = true;
    if (!connection.isOpen) return;
    connection.isOpen = false;
    this.at(this.nowMs, () =>
      this.step({ kind: 'disconnected', connection: connection.id, reason: 'reset' }),
    );
  }

  private sendFrame(id: ConnectionId, bytes: Uint8Array): void {
    const connection = this.connections.get(id);
    if (connection === undefined || connection.isCut) return;
    const frame = bytes.slice();
    this.at(this.nowMs + this.latencyMs, () => {
      connection.inbox.push(frame);
      this.takeRequests(connection);
    });
  }

  private takeRequests(connection: Connection): void {
    while (!connection.isBusy && !connection.isCut) {
      const frame = connection.inbox.shift();
      if (frame === undefined) return;
      if (!this.unreachable.has(connection.brokerId)) this.receive(connection, frame);
    }
  }

  private receive(connection: Connection, frame: Uint8Array): void {
    const reader = new Reader(frame, 4);
    const apiKey = reader.int16();
    const version = reader.int16();
    const correlationId = reader.int32();
    reader.nullableString();
    const api = apiByKey(apiKey);
    if (api === undefined) throw new Error(`unknown api ${apiKey}`);
    if (version >= api.flexibleFrom) reader.skipTags();
    const body = api.request.decode(reader, version);
    const index = this.requestsOf(api).length;
    const { brokerId } = connection;
    const request: SeenRequest = { atMs: this.nowMs, brokerId, apiKey, version, body, index };
    this.requests.push(request);
    const fate = this.fate(request);
    if (fate.kind === 'ignore') return;
    if (fate.kind === 'lose-request') return this.break(connection);
    const waitMs = fate.kind === 'delay' ? fate.ms : 0;
    const handle = () => {
      const response = this.answers.answer(request, fate);
      if (fate.kind === 'lose-response') return this.break(connection);
      if (response !== null) this.respond(connection, { api, version, correlationId }, response);
    };
    if (waitMs === 0) return handle();
    connection.isBusy = true;
    this.at(this.nowMs + waitMs, () => {
      connection.isBusy = false;
      if (!connection.isCut) handle();
      this.takeRequests(connection);
    });
  }

  private respond(
    connection: Connection,
    request: {
      api: (typeof apis)[keyof typeof apis] | ReturnType<typeof apiByKey>;
      version: number;
      correlationId: number;
    },
    response: { body: unknown; holdMs: number },
  ): void {
    const api = request.api as NonNullable<ReturnType<typeof apiByKey>>;
    const writer = new Writer();
    writer.begin();
    writer.int32(0);
    writer.int32(request.correlationId);
    if (request.version >= api.flexibleFrom && api.key !== apis.ApiVersions.key) writer.int8(0);
    api.response.encode(writer, response.body as never, request.version);
    writer.patchInt32(0, writer.length - 4);
    const bytes = writer.finish();
    const atMs = Math.max(this.nowMs + this.latencyMs + response.holdMs, connection.responseAtMs);
    connection.responseAtMs = atMs;
    this.at(atMs, () => {
      if (!connection.isOpen || connection.isCut) return;
      this.step({ kind: 'received', connection: connection.id, bytes });
    });
  }

  private host(): Host {
    const streams = new Map<string, RandomStream>();
    return {
      codecs: simCodecs,
      crypto: simCrypto,
      clock: { monotonicMs: () => this.nowMs, wallMs: () => 1_000_000 + this.nowMs },
      network: {
        listen: () => {},
        connect: (address) => this.connect(address),
        send: (id, bytes) => this.sendFrame(id, bytes),
        close: (id) => {
          const connection = this.connections.get(id);
          if (connection !== undefined) connection.isOpen = false;
        },
        bufferedBytes: () => this.bufferedBytes,
        mute: () => {},
        unmute: () => {},
      },
      disk: null as never,
      random: {
        stream: (label) => {
          const known = streams.get(label);
          if (known !== undefined) return known;
          const stream = lcg(label.length + 1);
          streams.set(label, stream);
          return stream;
        },
      },
      trace: { emit: (kind, ...fields) => this.traced.push([kind, ...fields].join(' ')) },
      completed: (firstId, result, count = 1) => {
        for (let i = 0; i < count; i++) {
          const id = (firstId + i) as CommandId;
          if (this.results.has(id)) throw new Error(`command ${id} was answered twice`);
          const moves = i > 0 && result.kind === 'sent' && result.offset >= 0;
          this.results.set(id, moves ? { ...result, offset: result.offset + i } : result);
          this.completions.push(id);
        }
      },
      exit: () => {},
      halt: (reason) => {
        throw new Error(reason);
      },
    };
  }
}

function lcg(seed: number): RandomStream {
  let state = seed;
  const uint32 = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return {
    uint32,
    int: (min, max) => min + Math.floor((uint32() / 4_294_967_296) * (max - min + 1)),
    bytes: (count) => Uint8Array.from({ length: count }, () => uint32() & 255),
  };
}
