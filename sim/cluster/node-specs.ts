/** The processes of a scenario: their Kafka configuration, their ports, how each is made. */
import { createBrokerNode } from '../../kafka/broker/broker.ts';
import { createAdminNode } from '../../kafka/client/admin/admin-node.ts';
import { createConsumerNode } from '../../kafka/client/consumer/consumer-node.ts';
import { createProducerNode } from '../../kafka/client/producer/producer-node.ts';
import { createControllerNode } from '../../kafka/controller/controller-node.ts';
import type { NodeSpec } from '../process/node-spec.ts';
import type { Scenario } from '../scenario/schema.ts';
import {
  BROKER_PORT,
  brokerName,
  brokerNames,
  CONTROLLER_PORT,
  controllerIds,
  LAB_ADMIN,
  LAB_READER,
} from './names.ts';

type Config = Record<string, string>;

/** Every cluster of the lab is the same one: nodes check the id, nothing else hangs on it. */
const CLUSTER_ID = 'TrialTrialTrialTrialTA';

/** Controllers first, then brokers, the lab's own clients, the workload's clients. */
export function nodeSpecs(scenario: Scenario): NodeSpec[] {
  const controllers = controllerIds(scenario.cluster.controllers);
  const shared = {
    'cluster.id': CLUSTER_ID,
    'controller.quorum.voters': controllers
      .map((id) => `${id}@controller-${id}:${CONTROLLER_PORT}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': '/data',
    ...scenario.cluster.config,
  };
  return [
    ...controllers.map((id) => controllerSpec(id, shared)),
    ...Array.from({ length: scenario.cluster.brokers }, (_, i) => brokerSpec(i + 1, shared)),
    ...clientSpecs(scenario),
  ];
}

function controllerSpec(id: number, shared: Config): NodeSpec {
  const name = `controller-${id}`;
  return {
    name,
    role: 'controller',
    config: {
      ...shared,
      'node.id': String(id),
      'process.roles': 'controller',
      listeners: `CONTROLLER://${name}:${CONTROLLER_PORT}`,
    },
    create: createControllerNode,
    listeners: { CONTROLLER: CONTROLLER_PORT },
  };
}

function brokerSpec(id: number, shared: Config): NodeSpec {
  const name = brokerName(id);
  return {
    name,
    role: 'broker',
    config: {
      ...shared,
      'node.id': String(id),
      'process.roles': 'broker',
      listeners: `PLAINTEXT://${name}:${BROKER_PORT}`,
    },
    create: createBrokerNode,
    listeners: { PLAINTEXT: BROKER_PORT },
  };
}

function clientSpecs(scenario: Scenario): NodeSpec[] {
  const bootstrap = brokerNames(scenario)
    .map((name) => `${name}:${BROKER_PORT}`)
    .join(',');
  const client = (name: string, create: NodeSpec['create'], config: Config): NodeSpec => ({
    name,
    role: 'client',
    config: { 'bootstrap.servers': bootstrap, 'client.id': name, ...config },
    create,
    listeners: {},
  });
  const specs = new Map<string, NodeSpec>();
  const add = (spec: NodeSpec): unknown => specs.has(spec.name) || specs.set(spec.name, spec);
  add(client(LAB_ADMIN, createAdminNode, {}));
  add(client(LAB_READER, createConsumerNode, { 'auto.offset.reset': 'earliest' }));
  for (const entry of scenario.workload) {
    if ('producer' in entry) add(client(entry.producer, createProducerNode, entry.config));
    else if ('consumer' in entry) add(client(entry.consumer, createConsumerNode, entry.config));
    else add(client(entry.admin, createAdminNode, entry.config));
  }
  return [...specs.values()];
}
