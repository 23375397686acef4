/**
 * Kafka keys that say who a node is and how it is reached. `node-specs.ts` sets them; a scenario
 * that set them too would be ignored or would end in a cluster that cannot come up.
 */
export const LAB_KEYS: readonly string[] = [
  'node.id',
  'process.roles',
  'cluster.id',
  'listeners',
  'advertised.listeners',
  'listener.security.protocol.map',
  'inter.broker.listener.name',
  'controller.listener.names',
  'controller.quorum.voters',
  'controller.quorum.bootstrap.servers',
  'initial.controllers',
  'bootstrap.servers',
];
