/** What a test does to a cluster of real brokers: processes, links, leaders, answers. */
import type { OperatorCommand, Reassignment } from '../../kafka/client/commands.ts';
import { succeeded } from '../cluster/admin.ts';
import { partsOf, type ServerCluster } from '../cluster/cluster.ts';
import type { Machine } from '../cluster/machine.ts';
import type { Connection } from '../network/connection.ts';
import { type AnswerFault, AnswerFaults, type AnswerOptions } from './answer-faults.ts';
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
  private readonly answers = new AnswerFaults();

  constructor(cluster: ServerCluster) {
    this.cluster = cluster;
    this.links = new Links(() => [...cluster.machines, cluster.client]);
    for (const broker of cluster.brokers) this.watch(broker);
  }

  /** A connection begins: its link may be cut. */
  opened(machine: Machine, connection: Connection): void {
    this.links.opened(machine, connection);
  }

  private watch(broker: Machine): void {
    const parts = partsOf(broker);
    if (parts !== null) this.answers.watch(broker.name, parts);
  }

  // Processes.

  /** As `kill -9`: no goodbye; what it had written is there when it is started again. */
  kill(broker: string): void {
    this.cluster.machine(broker).kill();
  }

  /** A controlled shutdown; resolves when it is over. */
  async stop(broker: string): Promise<void> {
    await this.cluster.machine(broker).stop();
  }

  /** Starts a broker that was killed or stopped; resolves when it serves again. */
  async start(broker: string): Promise<void> {
    const machine = this.cluster.machine(broker);
    await machine.start();
    this.watch(machine);
    await this.cluster.until(`${broker} to serve`, () => this.cluster.allServe());
  }

  /** Kills a broker and starts it again. */
  async restart(broker: string): Promise<void> {
    this.kill(broker);
    await this.start(broker);
  }

  /** It hears and does nothing until it is resumed, as a process that was stopped (SIGSTOP). */
  pause(broker: string): void {
    this.cluster.machine(broker).process?.pause();
  }

  resume(broker: string): void {
    this.cluster.machine(broker).process?.resume();
  }

  // Links. Nodes are `broker-1`, `controller-101`; `clients` stands for everybody outside.

  /** Nothing comes through until `heal`; as with TCP, what was sent comes then. */
  cut(from: string, to: string, options: LinkOptions = {}): void {
    this.change(from, to, { cut: true }, options);
  }

  /** Bytes take so much longer until `heal`. */
  delay(from: string, to: string, delayMs: number, options: LinkOptions = {}): void {
    this.change(from, to, { delayMs }, options);
  }

  /** Every link is whole again, and nothing is answered otherwise any more. */
  heal(): void {
    this.links.heal();
    this.answers.clear();
    for (const { process } of this.cluster.machines) process?.resume();
  }

  private change(
    from: string,
    to: string,
    change: { readonly cut?: boolean; readonly delayMs?: number },
    { oneWay = false }: LinkOptions,
  ): void {
    for (const name of [from, to]) if (name !== CLIENTS) this.cluster.machine(name);
    this.links.change(from, to, change);
    if (!oneWay) this.links.change(to, from, change);
  }

  // Leaders and answers.

  /** Makes a replica the leader of a partition; resolves when every broker knows. */
  async moveLeader({ topic, partition = 0 }: PartitionName, to: string): Promise<void> {
    const { admin } = this.cluster;
    const [described] = await admin.describeTopics([topic]);
    const known = described?.partitions.find((one) => one.partition === partition);
    const id = Number(to.slice(to.lastIndexOf('-') + 1));
    if (known === undefined) throw new RangeError(`there is no partition ${topic}-${partition}`);
    if (!known.replicas.includes(id)) {
      const names = known.replicas.map((one) => `broker-${one}`).join(', ');
      throw new RangeError(`${to} has no replica of ${topic}-${partition} (${names} have)`);
    }
    const replicas = [id, ...known.replicas.filter((one) => one !== id)];
    const move: Reassignment = { topic, partition, replicas };
    succeeded(await admin.ask({ kind: 'alterReassignments', partitions: [move] }));
    await this.cluster.until(`${to} to lead ${topic}-${partition}`, () => {
      if (this.leads(topic, partition, id)) return true;
      this.electPreferred(topic, partition);
      return false;
    });
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
    const running = this.cluster.brokers.filter((one) => one.process !== null);
    return running.every((broker) => {
      const registered = partsOf(broker)?.metadata.image.topic(topic)?.partitions[partition];
      return registered?.leader === id;
    });
  }

  /** The next requests of an API, as `trial` calls them (`Produce`), are answered otherwise. */
  answer(api: string, options: AnswerOptions): AnswerFault {
    return this.answers.add(api, options);
  }
}
