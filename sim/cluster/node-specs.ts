/** The processes of a scenario: their Kafka configuration, their ports, how each is made. */
import { createBrokerNode } from '../../kafka/broker/broker.ts';
import { createAdminNode } from '../../kafka/client/admin/admin-node.ts';
import { createConsumerNode } from '../../kafka/client/consumer/consumer-node.ts';
import { createProducerNode } from '../../kafka/client/producer/producer-node.ts';
import { createControllerNode } from '../../kafka/controller/controller-node.ts';
import { type VariantChoice, variantChoice } from '../../kafka/protocol/variants.ts';
import type { NodeSpec } from '../process/node-spec.ts';
import type { GroupEntry, ProducerEntry, Scenario } from '../scenario/schema.ts';
import {
  BROKER_PORT,
  brokerName,
  brokerNames,
  CONTROLLER_PORT,
  type ControllerName,
  controllersOf,
  LAB_ADMIN,
  LAB_READER,
} from './names.ts';

type Config = Record<string, string>;

const FORMAT_KEY = 'initial.controllers';

/** Every cluster of the lab is the same one: nodes check the id, nothing else hangs on it. */
const CLUSTER_ID = 'TrialTrialTrialTrialTA';

/** Controllers first, then brokers, the lab's own clients, the workload's clients. */
export function nodeSpecs(scenario: Scenario): NodeSpec[] {
  const { cluster } = scenario;
  const controllers = controllersOf(scenario);
  const common = {
    'cluster.id': CLUSTER_ID,
    ...quorumConfig(scenario, controllers),
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': '/data',
    ...cluster.config,
  };
  const variants = variantChoice(cluster.variants);
  const brokers = Array.from({ length: cluster.brokers }, (_, i) => brokerName(i + 1));
  return [
    ...controllers
      .filter((one) => !brokers.includes(one.name))
      .map((one) => controllerSpec(one, { ...common, ...formatConfig(scenario, one) }, variants)),
    ...brokers.map((name, i) => {
      const shared = { ...common, ...rackConfig(scenario, i) };
      const controller = controllers.find((one) => one.name === name);
      if (controller === undefined) return brokerSpec(i + 1, shared, variants);
      return combinedSpec(i + 1, { ...shared, ...formatConfig(scenario, controller) }, variants);
    }),
    ...clientSpecs(scenario),
  ];
}

function rackConfig({ cluster: { racks = [] } }: Scenario, broker: number): Config {
  const rack = racks[broker % Math.max(1, racks.length)];
  return rack === undefined ? {} : { 'broker.rack': rack };
}

/** How every node finds the quorum. */
function quorumConfig({ cluster }: Scenario, controllers: readonly ControllerName[]): Config {
  if (cluster.voters === 'static') {
    const voters = controllers
      .filter((one) => !one.isSpare)
      .map(({ id, name }) => `${id}@${name}:${CONTROLLER_PORT}`);
    return { 'controller.quorum.voters': voters.join(',') };
  }
  const servers = controllers.map(({ name }) => `${name}:${CONTROLLER_PORT}`);
  return { 'controller.quorum.bootstrap.servers': servers.join(',') };
}

/** What the storage of a first voter is formatted with. */
function formatConfig(scenario: Scenario, controller: ControllerName): Config {
  if (scenario.cluster.voters === 'static' || controller.isSpare) return {};
  const voters = controllersOf(scenario).filter((one) => !one.isSpare);
  const entries = voters.map(
    ({ id, name }) => `${id}@${name}:${CONTROLLER_PORT}:${directoryIdOf(id)}`,
  );
  return { [FORMAT_KEY]: entries.join(',') };
}

/** Of the metadata directory of a first voter of a dynamic quorum. */
export function directoryIdOf(controllerId: number): string {
  return `metadataDirectory${String(controllerId).padStart(4, '0')}A`;
}

/**
 * Storage is formatted for the quorum once: a controller whose disk was lost comes back with a
 * directory that nobody knows, and is a voter again when an operator has made it one.
 */
function formattedOnce(create: NodeSpec['create']): NodeSpec['create'] {
  let boots = 0;
  return (host, config) => {
    boots += 1;
    if (boots === 1 || !Object.hasOwn(config, FORMAT_KEY)) return create(host, config);
    const { [FORMAT_KEY]: _, ...rest } = config;
    return create(host, rest);
  };
}

function controllerSpec(
  { id, name }: ControllerName,
  shared: Config,
  variants: VariantChoice,
): NodeSpec {
  return {
    name,
    role: 'controller',
    config: {
      ...shared,
      'node.id': String(id),
      'process.roles': 'controller',
      listeners: `CONTROLLER://${name}:${CONTROLLER_PORT}`,
    },
    create: formattedOnce((host, config) => createControllerNode(host, config, variants)),
    listeners: { CONTROLLER: CONTROLLER_PORT },
  };
}

function brokerSpec(id: number, shared: Config, variants: VariantChoice): NodeSpec {
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
    create: (host, config) => createBrokerNode(host, config, variants),
    listeners: { PLAINTEXT: BROKER_PORT },
  };
}

/** A broker that is a controller, too. */
function combinedSpec(id: number, shared: Config, variants: VariantChoice): NodeSpec {
  const broker = brokerSpec(id, shared, variants);
  const controllerListener = `CONTROLLER://${broker.name}:${CONTROLLER_PORT}`;
  return {
    ...broker,
    config: {
      ...broker.config,
      'process.roles': 'broker,controller',
      listeners: `${broker.config['listeners']},${controllerListener}`,
    },
    create: formattedOnce((host, config) => createBrokerNode(host, config, variants)),
    listeners: { ...broker.listeners, CONTROLLER: CONTROLLER_PORT },
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
  const variants = variantChoice(scenario.cluster.variants);
  const createConsumer: NodeSpec['create'] = (host, config) =>
    createConsumerNode(host, config, variants);
  const createProducer = ({ counters }: ProducerEntry): NodeSpec['create'] => {
    const options = counters === undefined ? { variants } : { counters, variants };
    return (host, config) => createProducerNode(host, config, options);
  };
  const specs = new Map<string, NodeSpec>();
  const add = (spec: NodeSpec): unknown => specs.has(spec.name) || specs.set(spec.name, spec);
  add(client(LAB_ADMIN, createAdminNode, {}));
  add(client(LAB_READER, createConsumerNode, { 'auto.offset.reset': 'earliest' }));
  for (const entry of scenario.workload) {
    if ('producer' in entry) add(client(entry.producer, createProducer(entry), entry.config));
    else if ('group' in entry) add(client(entry.consumer, createConsumer, memberConfig(entry)));
    else if ('consumer' in entry) add(client(entry.consumer, createConsumer, entry.config));
    else add(client(entry.admin, createAdminNode, entry.config));
  }
  for (const { by } of scenario.operations) add(client(by, createAdminNode, {}));
  return [...specs.values()];
}

/** What the entry says in words of its own, in Kafka's. */
function memberConfig({ group, commit, config }: GroupEntry): Config {
  return { ...config, 'group.id': group, 'enable.auto.commit': String(commit === 'auto') };
}
