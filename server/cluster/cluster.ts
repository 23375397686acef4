/**
 * A whole cluster in one process: brokers and controllers on ports of this machine, in memory or
 * in a folder, behind `trial serve` and the library alike.
 */

import { loadCodecs } from '../../codecs/load.ts';
import { addressText } from '../../kafka/base/address-text.ts';
import { BrokerNode } from '../../kafka/broker/broker.ts';
import { createAdminNode } from '../../kafka/client/admin/admin-node.ts';
import { InvalidConfig } from '../../kafka/config/parse.ts';
import { ControllerNode, createControllerNode } from '../../kafka/controller/controller-node.ts';
import type { Codecs } from '../../kafka/host.ts';
import type { SystemEventKind } from '../../kafka/trace.ts';
import { lockDirectories } from '../disk/directory-lock.ts';
import { FileDisk } from '../disk/file-disk.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import type { Connection } from '../network/connection.ts';
import type { Ended, EventFields } from '../node-process.ts';
import { ADMIN_CLIENT_ID, AdminError, ClusterAdmin, type TopicOptions } from './admin.ts';
import {
  type ClusterShape,
  clientListener,
  clusterConfigErrors,
  internalAddress,
  type PlannedNode,
  planCluster,
} from './layout.ts';
import { checkLeftBehind } from './left-behind.ts';
import { Machine, type MachineWatcher } from './machine.ts';

export interface ClusterEvents {
  told?(node: string, kind: SystemEventKind, fields: EventFields): void;
  /** It is new to a cluster that was there before. */
  joins?(node: string): void;
  started?(node: string): void;
  ended?(node: string, ended: Ended): void;
  opened?(machine: Machine, connection: Connection): void;
}

const LOOK_EVERY_MS = 5;
/** A cluster that needs longer will never be ready. */
const READY_MS = 60_000;
/** A controlled shutdown that takes longer is cut short. */
const STOP_MS = 30_000;

export const CLUSTER_CLOSED = 'the cluster is closed';

/** It runs and does not come to serve. */
export class ClusterNotReady extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ClusterNotReady';
  }
}

/** Nothing can be done to it any more. */
export class ClusterClosed extends Error {
  constructor() {
    super(CLUSTER_CLOSED);
    this.name = 'ClusterClosed';
  }
}

export interface Waiting {
  readonly timeoutMs?: number;
  /** Whose failure ends the wait; default: that of any node. */
  readonly nodes?: readonly Machine[];
}

export class ServerCluster {
  readonly machines: readonly Machine[];
  readonly admin: ClusterAdmin;
  readonly shape: ClusterShape;
  /** The cluster's own admin client. */
  readonly client: Machine;
  /** From the beginning of its end on. */
  closed = false;
  private readonly unlock: () => void;
  private readonly closing: (() => void)[] = [];

  /** Use `startServerCluster`. */
  constructor(shape: ClusterShape, nodes: readonly PlannedNode[], parts: ClusterParts) {
    this.shape = shape;
    this.unlock = parts.unlock;
    const watcher = watcherOf(parts.events);
    this.machines = nodes.map((node) => {
      const disk = shape.data === null ? new MemoryDisk() : new FileDisk();
      return new Machine({ ...node, disk, codecs: parts.codecs, create: creatorOf(node) }, watcher);
    });
    this.client = new Machine(
      {
        name: 'admin',
        role: 'client',
        config: {
          'bootstrap.servers': this.ownBootstrap().join(','),
          'client.id': ADMIN_CLIENT_ID,
        },
        listeners: {},
        disk: new MemoryDisk(),
        codecs: parts.codecs,
        create: createAdminNode,
      },
      watcherOf({}),
    );
    this.admin = new ClusterAdmin(this.client);
  }

  get brokers(): Machine[] {
    return this.machines.filter((one) => one.parts.role === 'broker');
  }

  /** `host:port` of every broker, as clients are told. */
  get bootstrap(): string[] {
    return this.brokers.map((broker) => addressOf(broker, this.shape.advertisedHost));
  }

  /** For the cluster's own client. */
  private ownBootstrap(): string[] {
    return this.brokers.map(
      (broker) => internalAddress(broker.parts) ?? addressOf(broker, this.shape.advertisedHost),
    );
  }

  machine(name: string): Machine {
    const machine = this.machines.find((one) => one.name === name);
    if (machine !== undefined) return machine;
    const names = this.machines.map((one) => one.name).join(', ');
    throw new RangeError(`there is no node "${name}" (there are: ${names})`);
  }

  /** Starts every node, waits until all brokers serve, creates what topics are not there yet. */
  async start(topics: readonly TopicOptions[]): Promise<void> {
    await Promise.all(this.machines.map((machine) => machine.start()));
    await this.until('the brokers to come up', () => this.allServe());
    await this.client.start();
    for (const topic of topics) await this.createTopic(topic);
  }

  private async createTopic(topic: TopicOptions): Promise<void> {
    try {
      await this.admin.createTopic(topic);
    } catch (error) {
      const isThere = error instanceof AdminError && error.error === 'TOPIC_ALREADY_EXISTS';
      if (!isThere) throw error;
    }
    await this.until(`topic ${topic.name} to have leaders`, () => this.hasLeaders(topic.name));
  }

  /** Every broker that is awake knows every broker that is awake, as unfenced. */
  allServe(): boolean {
    const running = this.brokers.filter((one) => one.awake);
    return running.every((broker) => {
      const parts = partsOf(broker);
      if (parts === null || parts.lifecycle.state !== 'RUNNING') return false;
      const alive = parts.metadata.aliveBrokers().map((one) => `broker-${one.id}`);
      return running.every((other) => alive.includes(other.name));
    });
  }

  /** Every broker that is awake knows a leader of every partition. */
  hasLeaders(topic: string): boolean {
    const running = this.brokers.filter((one) => one.awake);
    return running.every((broker) => {
      const image = partsOf(broker)?.metadata.image.topic(topic);
      return image?.partitions.every((one) => one.leader >= 0) === true;
    });
  }

  /**
   * What keeps the controllers from a majority, in words; null while enough of them are there.
   */
  get lackOfControllers(): string | null {
    const controllers = this.machines.filter((one) => one.parts.role === 'controller');
    const gone = controllers.filter((one) => !one.up).map((one) => one.name);
    if ((controllers.length - gone.length) * 2 > controllers.length) return null;
    const verb = gone.length === 1 ? 'does' : 'do';
    return `${gone.join(', ')} ${verb} not run, and a majority of the controllers is needed`;
  }

  /** Calls back at once when the cluster begins to end. */
  whenClosing(call: () => void): void {
    this.closing.push(call);
  }

  /**
   * Rejects when it takes too long, a node has ended by itself, the cluster is closed, or what
   * `condition` throws.
   */
  async until(what: string, condition: () => boolean, waiting: Waiting = {}): Promise<void> {
    const { timeoutMs = READY_MS, nodes = this.machines } = waiting;
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      if (this.closed) throw new ClusterClosed();
      if (condition()) return;
      for (const machine of nodes) throwIfFailed(machine);
      if (performance.now() > deadlineMs) {
        const paused = this.machines.filter((one) => one.process?.state === 'paused');
        const names = paused.map((one) => one.name).join(', ');
        const why = names === '' ? '' : ` (paused: ${names})`;
        throw new ClusterNotReady(`waited ${timeoutMs} ms for ${what}${why}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** Controlled shutdown: brokers first, all at once, then the controllers that let them go. */
  async stop(): Promise<void> {
    this.beginToClose();
    this.client.kill();
    const limit = setTimeout(() => this.kill(), STOP_MS);
    await Promise.all(this.brokers.map((one) => one.stop()));
    await Promise.all(this.machines.map((one) => one.stop()));
    clearTimeout(limit);
    this.unlock();
  }

  /** At once, without any shutdown. */
  kill(): void {
    this.beginToClose();
    this.client.kill();
    for (const machine of this.machines) machine.kill();
    for (const { parts } of this.machines) {
      for (const port of Object.values(parts.listeners)) port.release();
    }
    this.unlock();
  }

  private beginToClose(): void {
    this.closed = true;
    for (const call of this.closing.splice(0)) call();
  }
}

interface ClusterParts {
  readonly events: ClusterEvents;
  readonly codecs: Codecs;
  /** Lets go of the folder. */
  readonly unlock: () => void;
}

/**
 * Rejects with InvalidConfig, LeftBehind, DirectoryProblem, ClusterNotReady or the system's error;
 * nothing is left behind.
 */
export async function startServerCluster(
  shape: ClusterShape,
  topics: readonly TopicOptions[] = [],
  events: ClusterEvents = {},
): Promise<ServerCluster> {
  const errors = clusterConfigErrors(shape.config, 'config');
  if (errors.length > 0) throw new InvalidConfig(errors);
  const codecs = await loadCodecs();
  const unlock = shape.data === null ? () => {} : lockDirectories([shape.data]);
  let nodes: PlannedNode[];
  try {
    const joining = shape.data === null ? [] : checkLeftBehind(shape.data, shape);
    for (const name of joining) events.joins?.(name);
    nodes = await planCluster(shape);
  } catch (error) {
    unlock();
    throw error;
  }
  const cluster = new ServerCluster(shape, nodes, { events, codecs, unlock });
  try {
    await cluster.start(topics);
  } catch (error) {
    cluster.kill();
    throw error;
  }
  return cluster;
}

function creatorOf(node: PlannedNode): Machine['parts']['create'] {
  if (node.role === 'controller') return (host, config) => createControllerNode(host, config);
  return (host, config) => new BrokerNode(host, config);
}

/** The rooms of a running broker; null while there are none. */
export function partsOf(machine: Machine): BrokerNode['parts'] {
  const { node } = machine;
  return node instanceof BrokerNode ? node.parts : null;
}

/** The controller of a running node, if it has that role. */
export function controllerOf(machine: Machine): ControllerNode['parts'] {
  const { node } = machine;
  if (node instanceof ControllerNode) return node.parts;
  return node instanceof BrokerNode ? (node.parts?.controller ?? null) : null;
}

export function addressOf(broker: Machine, host: string): string {
  const { config, listeners } = broker.parts;
  return addressText({ host, port: listeners[clientListener(config)]?.port ?? 0 });
}

function throwIfFailed(machine: Machine): void {
  const end = machine.lastEnd;
  if (end?.how === 'halted') throw new Error(`${machine.name} gave up: ${end.reason}`);
  if (end?.how === 'broken') throw brokeError(machine.name, end.error);
}

function brokeError(name: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${name} broke: ${why}`, { cause });
}

/** @throws Error which says how it ended. */
export function assertRuns(machine: Machine): void {
  throwIfFailed(machine);
  if (machine.up) return;
  const how = machine.lastEnd?.how === 'killed' ? 'killed' : 'stopped';
  throw new Error(`${machine.name} does not run (it was ${how})`);
}

export function watcherOf(events: ClusterEvents): MachineWatcher {
  return {
    told: ({ name }, kind, fields) => events.told?.(name, kind, fields),
    started: ({ name }) => events.started?.(name),
    ended: ({ name }, ended) => events.ended?.(name, ended),
    opened: (machine, connection) => events.opened?.(machine, connection),
  };
}
