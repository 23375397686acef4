/** The names of nodes, topics and partitions that a scenario gives rise to. */
import { OFFSETS_TOPIC } from '../../kafka/group/group-partition.ts';
import type { Scenario, ScenarioTopic } from '../scenario/schema.ts';

export const BROKER_PORT = 9092;
export const CONTROLLER_PORT = 9093;
const FIRST_CONTROLLER_ID = 101;
/** offsets.topic.num.partitions */
const DEFAULT_OFFSETS_PARTITIONS = 50;
/** The lab's own clients; workload names have no dash, so these cannot clash. */
export const LAB_ADMIN = 'lab-admin';
export const LAB_READER = 'lab-reader';

export function brokerName(id: number): string {
  return `broker-${id}`;
}

/** `broker-3` → 3; of a combined cluster's controller, too. */
export function brokerIdOf(node: string): number {
  return Number(node.slice(node.lastIndexOf('-') + 1));
}

export function brokerNames(scenario: Scenario): string[] {
  return Array.from({ length: scenario.cluster.brokers }, (_, i) => brokerName(i + 1));
}

/** `orders-0` → `orders` */
export function topicOf(partition: string): string {
  return partition.slice(0, partition.lastIndexOf('-'));
}

/** The nodes with the controller role, spare ones behind: of a combined cluster, brokers. */
export function controllerNames(scenario: Scenario): string[] {
  return controllersOf(scenario).map((one) => one.name);
}

export interface ControllerName {
  readonly id: number;
  readonly name: string;
  /** Begins as an observer of the quorum. */
  readonly isSpare: boolean;
}

export function controllersOf({ cluster }: Scenario): ControllerName[] {
  const { controllers, spareControllers } = cluster;
  const isCombined = cluster.roles === 'combined';
  const voters = Array.from({ length: controllers }, (_, i) => {
    const id = isCombined ? i + 1 : FIRST_CONTROLLER_ID + i;
    return { id, name: isCombined ? brokerName(id) : `controller-${id}`, isSpare: false };
  });
  const spares = Array.from({ length: spareControllers }, (_, i) => {
    const id = FIRST_CONTROLLER_ID + (isCombined ? 0 : controllers) + i;
    return { id, name: `controller-${id}`, isSpare: true };
  });
  return [...voters, ...spares];
}

/** Clients of the workload, then those of operators, in order of appearance, once each. */
export function clientNames(scenario: Scenario): string[] {
  const names = new Set<string>();
  for (const entry of scenario.workload) {
    if ('producer' in entry) names.add(entry.producer);
    else names.add('consumer' in entry ? entry.consumer : entry.admin);
  }
  for (const { by } of scenario.operations) names.add(by);
  return [...names];
}

/** Consumer groups, in order of appearance. */
export function groupNames(scenario: Scenario): string[] {
  return [
    ...new Set(scenario.workload.flatMap((entry) => ('group' in entry ? [entry.group] : []))),
  ];
}

/** `orders-0`, `orders-1`, … of every topic that the cluster has or may come to have. */
export function partitionNames(scenario: Scenario): string[] {
  return declaredTopics(scenario).flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, index) => `${name}-${index}`),
  );
}

export interface DeclaredTopic {
  readonly name: string;
  /** The most that it may come to have. */
  partitions: number;
}

/** The topics that the cluster starts with, and those that operators create. */
export function declaredTopics(scenario: Scenario): DeclaredTopic[] {
  const topics = new Map<string, DeclaredTopic>();
  const declare = (name: string, partitions: number): void => {
    const known = topics.get(name);
    if (known === undefined) topics.set(name, { name, partitions });
    else known.partitions = Math.max(known.partitions, partitions);
  };
  for (const { name, partitions } of scenario.cluster.topics) declare(name, partitions);
  if (scenario.workload.some((entry) => 'group' in entry)) {
    const count = scenario.cluster.config['offsets.topic.num.partitions'];
    declare(OFFSETS_TOPIC, Number(count ?? DEFAULT_OFFSETS_PARTITIONS));
  }
  for (const one of scenario.operations) {
    if ('createTopic' in one) {
      const { name, partitions, assignments } = one.createTopic;
      const byDefault = Number(scenario.cluster.config['num.partitions'] ?? 1);
      declare(name, assignments?.length ?? (partitions < 0 ? byDefault : partitions));
    }
    if ('createPartitions' in one) declare(one.createPartitions, one.count);
  }
  return [...topics.values()];
}

/** The partitions that the cluster starts with. */
export function partitionsOf(
  scenario: Scenario,
): { readonly name: string; readonly topic: ScenarioTopic; readonly index: number }[] {
  return scenario.cluster.topics.flatMap((topic) =>
    Array.from({ length: topic.partitions }, (_, index) => ({
      name: `${topic.name}-${index}`,
      topic,
      index,
    })),
  );
}
