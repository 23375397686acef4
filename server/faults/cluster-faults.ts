/** What a test does to a cluster of real brokers: processes, links, leaders, answers. */
import type { OperatorCommand, Reassignment } from '../../kafka/client/commands.ts';
import { succeeded } from '../cluster/admin.ts';
import {
  assertRuns,
  CLUSTER_CLOSED,
  ClusterClosed,
  partsOf,
  type ServerCluster,
} from '../cluster/cluster.ts';
import type { Machine } from '../cluster/machine.ts';
import type { Connection } from '../network/connection.ts';
import { type AnswerFault, AnswerFaults, type AnswerOptions } from './answer-faults.ts';
import { checkDelay, checkLink, checkPlace } from './fault-checks.ts';
import { CLIENTS, Links } from './links.ts';

export interface LinkOptions {
  /** Only bytes from the first to the second. Default: both ways. */
  readonly oneWay?: boolean;
}

export interface PartitionName {
  readonly topic: string;
  /** Default: 0. */
  readonly partition?: number;
}

export class ClusterFaults {
  private readonly cluster: ServerCluster;
  private readonly links: Links;
  private readonly answers: AnswerFaults;

  constructor(cluster: ServerCluster) {
    this.cluster = cluster;
    this.links = new Links(() => [...cluster.machines, cluster.client]);
    this.answers = new AnswerFaults(cluster.brokers.map(({ name }) => name));
    for (const broker of cluster.brokers) this.watch(broker);
    cluster.whenClosing(() => this.answers.drop(CLUSTER_CLOSED));
  }

  /** A connection begins: its link may be cut. */
  opened(machine: Machine, connection: Connection): void {
    this.links.opened(machine, connection);
  }

  private watch(broker: Machine): void {
    const parts = partsOf(broker);
    if (parts !== null && broker.process !== null) {
      this.answers.watch(broker.name, broker.process, parts);
    }
  }

  private assertOpen(): void {
    if (this.cluster.closed) throw new ClusterClosed();
  }

  private machine(name: string): Machine {
    this.assertOpen();
    return this.cluster.machine(name);
  }

  // Processes.

  /** As `kill -9`: no goodbye; what it had written is there when it is started again. */
  kill(broker: string): void {
    this.machine(broker).kill();
  }

  /** A controlled shutdown; resolves when it is over. */
  async stop(broker: string): Promise<void> {
    await this.machine(broker).stop();
  }

  /**
   * Starts a node that was killed or stopped; resolves when it serves again. Rejects at once when
   * it cannot come to serve: it is ended meanwhile, or too few controllers run.
   */
  async start(broker: string): Promise<void> {
    const machine = this.machine(broker);
    await machine.start();
    if (this.cluster.closed) {
      // The others may still be on their way through a controlled shutdown.
      machine.kill();
      for (const port of Object.values(machine.parts.listeners)) port.release();
      throw new ClusterClosed();
    }
    this.watch(machine);
    const serves = (): boolean => {
      assertRuns(machine);
      if (machine.parts.role === 'broker') this.assertControllers();
      else if (this.cluster.lackOfControllers !== null) return true;
      return machine.awake && this.cluster.allServe();
    };
    await this.cluster.until(`${broker} to serve`, serves, { nodes: [machine] });
  }

  /** Starts every node that does not run. */
  async startAll(): Promise<void> {
    this.assertOpen();
    const gone = this.cluster.machines.filter((one) => !one.up);
    await Promise.all(gone.map(({ name }) => this.start(name)));
  }

  /** Kills a node and starts it again. */
  async restart(broker: string): Promise<void> {
    if (this.machine(broker).parts.role === 'broker') this.assertControllers();
    this.kill(broker);
    await this.start(broker);
  }

  private assertControllers(): void {
    const lack = this.cluster.lackOfControllers;
    if (lack !== null) throw new Error(lack);
  }

  /** It hears and does nothing until it is resumed, as a process that was stopped (SIGSTOP). */
  pause(broker: string): void {
    this.running(broker).process?.pause();
  }

  resume(broker: string): void {
    this.running(broker).process?.resume();
  }

  private running(broker: string): Machine {
    const machine = this.machine(broker);
    assertRuns(machine);
    return machine;
  }

  // Links. Nodes are `broker-1`, `controller-101`; `clients` stands for everybody outside.

  /** Nothing comes through until `heal`; as with TCP, what was sent comes then. */
  cut(from: string, to: string, options: LinkOptions = {}): void {
    this.change('cut', { from, to, options }, { cut: true });
  }

  /** Bytes take so much longer until `heal`: an integer, 0 for no longer. */
  delay(from: string, to: string, delayMs: number, options: LinkOptions = {}): void {
    checkDelay(delayMs);
    this.change('delay', { from, to, options }, { delayMs });
  }

  /**
   * Every link is whole again, who was paused goes on, nothing is answered otherwise any more, and
   * what was held back is answered now. Starts nobody.
   */
  heal(): void {
    this.assertOpen();
    this.links.heal();
    for (const { process } of this.cluster.machines) process?.resume();
    this.answers.heal();
  }

  private change(
    what: 'cut' | 'delay',
    { from, to, options }: { from: string; to: string; options: LinkOptions },
    change: { readonly cut?: boolean; readonly delayMs?: number },
  ): void {
    for (const name of [from, to]) if (name !== CLIENTS) this.machine(name);
    checkLink(what, from, to, options);
    this.links.change(from, to, change);
    if (options.oneWay !== true) this.links.change(to, from, change);
  }

  // Leaders and answers.

  /**
   * Makes a replica the leader of a partition; resolves when every broker that is awake knows.
   * Rejects at once when that cannot be: `to` does not run, or too few controllers do.
   */
  async moveLeader(place: PartitionName, to: string): Promise<void> {
    const machine = this.machine(to);
    checkPlace(place, machine);
    const { topic, partition = 0 } = place;
    const id = Number(machine.parts.config['node.id']);
    const ready = (): void => {
      assertRuns(machine);
      if (machine.process?.state === 'paused') throw new Error(`${to} is paused`);
      this.assertControllers();
    };
    ready();
    const replicas = await this.whileReady(this.replicasOf(topic, partition), ready);
    if (!replicas.includes(id)) {
      const names = replicas.map((one) => `broker-${one}`).join(', ');
      throw new RangeError(`${to} has no replica of ${topic}-${partition} (${names} have)`);
    }
    const order = [id, ...replicas.filter((one) => one !== id)];
    const move: Reassignment = { topic, partition, replicas: order };
    const { admin } = this.cluster;
    const asked = admin.ask({ kind: 'alterReassignments', partitions: [move] });
    succeeded(await this.whileReady(asked, ready));
    const leads = (): boolean => {
      ready();
      if (this.leads(topic, partition, id)) return true;
      this.electPreferred(topic, partition);
      return false;
    };
    await this.cluster.until(`${to} to lead ${topic}-${partition}`, leads, { nodes: [machine] });
  }

  /** The result of `work`; rejects at once when `ready` throws or the cluster is closed. */
  private async whileReady<T>(work: Promise<T>, ready: () => void): Promise<T> {
    let over = false;
    const done = (): void => {
      over = true;
    };
    work.then(done, done);
    const ended = (): boolean => {
      ready();
      return over;
    };
    await this.cluster.until('an answer of the cluster', ended, { nodes: [] });
    return work;
  }

  private async replicasOf(topic: string, partition: number): Promise<readonly number[]> {
    const [described] = await this.cluster.admin.describeTopics([topic]);
    const known = described?.partitions.find((one) => one.partition === partition);
    if (known !== undefined) return known.replicas;
    throw new RangeError(`there is no partition ${topic}-${partition}`);
  }

  private electing = false;

  /** The order of the replicas may not be known to the controller yet: asked until it is done. */
  private electPreferred(topic: string, partition: number): void {
    if (this.electing) return;
    this.electing = true;
    const partitions = [{ topic, partition }];
    const command: Omit<OperatorCommand & { kind: 'electLeaders' }, 'timeoutMs'> = {
      kind: 'electLeaders',
      election: 'preferred',
      partitions,
    };
    const done = (): void => {
      this.electing = false;
    };
    this.cluster.admin.ask(command).then(done, done);
  }

  private leads(topic: string, partition: number, id: number): boolean {
    const running = this.cluster.brokers.filter((one) => one.awake);
    return running.every((broker) => {
      const registered = partsOf(broker)?.metadata.image.topic(topic)?.partitions[partition];
      return registered?.leader === id;
    });
  }

  /** The next requests of an API, as `trial` calls them (`Produce`), are answered otherwise. */
  answer(api: string, options: AnswerOptions): AnswerFault {
    this.assertOpen();
    return this.answers.add(api, options);
  }
}
