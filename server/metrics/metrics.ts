/**
 * What a real node can be measured by: Kafka's own JMX metrics under the names that Prometheus'
 * JMX exporter gives them, read from the nodes when somebody asks. `node` says which one of this
 * process; counters begin with it.
 */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { BrokerNode } from '../../kafka/broker/broker.ts';
import type { BrokerParts } from '../../kafka/broker/broker-parts.ts';
import type { SystemEventKind } from '../../kafka/trace.ts';
import { controllerOf, partsOf } from '../cluster/cluster.ts';
import type { Machine } from '../cluster/machine.ts';
import type { EventFields } from '../node-process.ts';

/** Kafka: BrokerState's numbers. */
const BROKER_STATES: Readonly<Record<string, number>> = {
  NOT_RUNNING: 0,
  STARTING: 1,
  RECOVERY: 2,
  RUNNING: 3,
  PENDING_CONTROLLED_SHUTDOWN: 6,
  SHUTTING_DOWN: 7,
};

const METADATA_TOPIC = '__cluster_metadata';

export class ServerMetrics {
  private readonly registry = new Registry();
  private readonly messagesIn: Counter;
  private readonly isrChanges: Readonly<Record<'shrink' | 'expand', Counter>>;
  private readonly elections: Counter;
  private readonly uncleanElections: Counter;

  /** @param machines read at every scrape. */
  constructor(machines: () => readonly Machine[]) {
    const { registry } = this;
    collectDefaultMetrics({ register: registry });
    this.messagesIn = this.counter(
      'kafka_server_brokertopicmetrics_messagesin_total',
      'Records that producers wrote to leaders here.',
      ['topic'],
    );
    this.isrChanges = {
      shrink: this.counter('kafka_server_replicamanager_isrshrinks_total', 'Replicas given up on.'),
      expand: this.counter('kafka_server_replicamanager_isrexpands_total', 'Replicas taken back.'),
    };
    this.elections = this.counter(
      'kafka_controller_controllerstats_leaderelections_total',
      'Leaders that this controller chose.',
    );
    this.uncleanElections = this.counter(
      'kafka_controller_controllerstats_uncleanleaderelections_total',
      'Leaders chosen from outside the in-sync replicas.',
    );
    const brokers = (): [Machine, BrokerParts][] =>
      machines().flatMap((machine) => {
        const parts = partsOf(machine);
        return parts === null ? [] : [[machine, parts] as [Machine, BrokerParts]];
      });
    this.brokerGauges(brokers);
    this.logGauges(brokers);
    this.controllerGauges(machines);
    this.socketGauges(machines);
  }

  private counter(name: string, help: string, labels: readonly string[] = []): Counter {
    return new Counter({ name, help, labelNames: ['node', ...labels], registers: [this.registry] });
  }

  private gauge(
    name: string,
    help: string,
    labels: readonly string[],
    read: (set: (labels: Record<string, string>, value: number) => void) => void,
  ): void {
    new Gauge({
      name,
      help,
      labelNames: ['node', ...labels],
      registers: [this.registry],
      collect() {
        this.reset();
        read((own, value) => this.set(own, value));
      },
    });
  }

  private brokerGauges(brokers: () => readonly [Machine, BrokerParts][]): void {
    const each = (name: string, help: string, value: (parts: BrokerParts) => number): void =>
      this.gauge(name, help, [], (set) => {
        for (const [machine, parts] of brokers()) set({ node: machine.name }, value(parts));
      });
    const led = (parts: BrokerParts) => [...parts.replicas.partitions()].filter((p) => p.isLeader);
    each('kafka_server_kafkaserver_brokerstate', 'Its state, 3 is running.', (parts) => {
      return BROKER_STATES[parts.lifecycle.state] ?? -1;
    });
    each('kafka_server_replicamanager_partitioncount', 'Replicas here.', (parts) => {
      return [...parts.replicas.partitions()].length;
    });
    each('kafka_server_replicamanager_leadercount', 'Partitions led here.', (parts) => {
      return led(parts).length;
    });
    each(
      'kafka_server_replicamanager_underreplicatedpartitions',
      'Partitions led here of which some replica is not in sync.',
      (parts) => led(parts).filter((p) => p.isrState.isr.length < p.replicas.length).length,
    );
    each(
      'kafka_server_replicamanager_underminisrpartitioncount',
      'Partitions led here that acks=all cannot write to.',
      (parts) => led(parts).filter((p) => p.isUnderMinIsr).length,
    );
    each('kafka_server_replicamanager_offlinereplicacount', 'Replicas without a disk.', (parts) => {
      return [...parts.replicas.partitions()].filter((p) => p.log === null).length;
    });
  }

  private logGauges(brokers: () => readonly [Machine, BrokerParts][]): void {
    const each = (name: string, help: string, value: (log: LogFigures) => number): void =>
      this.gauge(name, help, ['topic', 'partition'], (set) => {
        for (const [{ name: node }, parts] of brokers()) {
          for (const { topic, index, log } of parts.replicas.partitions()) {
            if (log !== null) set({ node, topic, partition: String(index) }, value(log));
          }
        }
      });
    each('kafka_log_log_logstartoffset', 'First offset there is.', (log) => log.logStartOffset);
    each('kafka_log_log_logendoffset', 'Offset of the next record.', (log) => log.logEndOffset);
    each('kafka_log_log_size', 'Bytes on disk.', (log) => log.sizeBytes);
  }

  private controllerGauges(machines: () => readonly Machine[]): void {
    const each = (
      name: string,
      help: string,
      value: (controller: NonNullable<ReturnType<typeof controllerOf>>) => number,
    ): void =>
      this.gauge(name, help, [], (set) => {
        for (const machine of machines()) {
          const controller = controllerOf(machine);
          if (controller !== null) set({ node: machine.name }, value(controller));
        }
      });
    const prefix = 'kafka_controller_kafkacontroller';
    each(`${prefix}_activecontrollercount`, '1 on the active one.', ({ controller }) => {
      return controller.active ? 1 : 0;
    });
    each(`${prefix}_globaltopiccount`, 'Topics.', ({ controller }) => {
      return controller.image.topicsById.size;
    });
    each(`${prefix}_globalpartitioncount`, 'Partitions.', ({ controller }) => {
      return [...controller.image.topicsById.values()].flatMap((one) => one.partitions).length;
    });
    each(`${prefix}_offlinepartitionscount`, 'Partitions without a leader.', ({ controller }) => {
      const topics = [...controller.image.topicsById.values()];
      return topics.flatMap((one) => one.partitions).filter((one) => one.leader < 0).length;
    });
    each(`${prefix}_activebrokercount`, 'Brokers that serve.', ({ controller }) => {
      return [...controller.image.brokers.values()].filter((one) => !one.fenced).length;
    });
    each(`${prefix}_fencedbrokercount`, 'Brokers that do not.', ({ controller }) => {
      return [...controller.image.brokers.values()].filter((one) => one.fenced).length;
    });
  }

  private socketGauges(machines: () => readonly Machine[]): void {
    const running = () =>
      machines().flatMap(({ name, process }) => (process === null ? [] : [{ name, process }]));
    this.gauge(
      'kafka_server_socket_server_metrics_connection_count',
      'Open connections, to whomever.',
      [],
      (set) => {
        for (const { name, process } of running()) set({ node: name }, process.network.openCount);
      },
    );
    this.gauge('kafka_server_socket_server_metrics_incoming_byte_total', 'Bytes in.', [], (set) => {
      for (const { name, process } of running()) set({ node: name }, process.network.bytesIn);
    });
    this.gauge(
      'kafka_server_socket_server_metrics_outgoing_byte_total',
      'Bytes out.',
      [],
      (set) => {
        for (const { name, process } of running()) set({ node: name }, process.network.bytesOut);
      },
    );
    this.gauge(
      'kafka_network_requestmetrics_requests_total',
      'Requests since the node was started.',
      ['request'],
      (set) => {
        for (const { name, process } of running()) {
          const { node } = process;
          const server = node instanceof BrokerNode ? node.parts?.server : undefined;
          for (const [request, count] of server?.requestCounts() ?? []) {
            if (count > 0) set({ node: name, request }, count);
          }
        }
      },
    );
  }

  /** A node has told something. */
  told(node: string, kind: SystemEventKind, fields: EventFields): void {
    switch (kind) {
      case 'log.appended': {
        const [partition, base, end, , role] = fields;
        if (role !== 'leader') return;
        const name = String(partition);
        const topic = name.slice(0, name.lastIndexOf('-'));
        if (topic === METADATA_TOPIC) return;
        this.messagesIn.inc({ node, topic }, Number(end) - Number(base));
        return;
      }
      case 'isr.proposed':
        this.isrChanges[fields[2] === 'shrink' ? 'shrink' : 'expand'].inc({ node });
        return;
      case 'leader.elected':
        if (fields[5] !== 'replayed' && Number(fields[1]) >= 0) this.elections.inc({ node });
        if (fields[5] === 'unclean') this.uncleanElections.inc({ node });
        return;
      default:
    }
  }

  /** In the text form of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }
}

interface LogFigures {
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly sizeBytes: number;
}
