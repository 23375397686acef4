/**
 * A controller as a process (Kafka: ControllerServer, KafkaRaftServer): the metadata log, its
 * quorum, the controller on top, and the CONTROLLER listener.
 */
import { assert } from '../base/assert.ts';
import { type BrokerConfig, brokerConfigs } from '../config/broker.ts';
import { parseConfig } from '../config/parse.ts';
import type { Host, Node, NodeInput } from '../host.ts';
import type { LogEnvironment } from '../log/environment.ts';
import { LogDirectory } from '../log/log-directory.ts';
import { rulesOf } from '../protocol/rules.ts';
import type { VariantChoice } from '../protocol/variants.ts';
import { createRaftClient, metadataLogSettings } from '../raft/create-raft-client.ts';
import { formatQuorum, initialDirectoryId } from '../raft/format-quorum.ts';
import { openMetadataStorage } from '../raft/metadata-storage.ts';
import { NodeRuntime } from '../rpc/node-runtime.ts';
import { ControllerParts } from './controller-parts.ts';
import { identifyStorage } from './controller-storage.ts';

/** @throws InvalidConfig for a configuration that is wrong. */
export function createControllerNode(
  host: Host,
  config: Readonly<Record<string, string>>,
  variants: VariantChoice = {},
): Node {
  const parsed = parseConfig(brokerConfigs, config, { at: 'controller' });
  return new ControllerNode(host, parsed, variants);
}

/** The node as worlds see it; `parts` is open to checks and tests. */
export class ControllerNode implements Node {
  parts: ControllerParts | null = null;
  private readonly runtime: NodeRuntime;
  private readonly config: BrokerConfig;

  constructor(host: Host, config: BrokerConfig, variants: VariantChoice = {}) {
    this.runtime = new NodeRuntime(host, rulesOf(variants, host.trace));
    this.config = config;
  }

  get wakeAtMs(): number {
    return this.runtime.wakeAtMs;
  }

  step(input: NodeInput): void {
    switch (input.kind) {
      case 'started':
        this.start();
        break;
      case 'stopping':
        this.stop();
        break;
      case 'command':
        assert(false, 'a controller takes no client commands');
        break;
      default:
        this.runtime.transport(input);
    }
    this.runtime.endStep();
  }

  private start(): void {
    const { runtime, config } = this;
    const { host, timers, flushes } = runtime;
    const { disk, clock, trace, codecs } = host;
    const { rules } = runtime;
    const flushed = flushes;
    const environment: LogEnvironment = { disk, clock, timers, trace, codecs, flushed, rules };
    const path = config.get('metadata.log.dir') ?? config.get('log.dirs')[0];
    const clusterId = config.get('cluster.id');
    assert(path !== undefined && clusterId !== null, 'a controller needs log.dirs and cluster.id');
    const directory = new LogDirectory(path, trace, () => {
      host.halt(`the metadata log directory ${path} failed`);
    });
    const identified = identifyStorage(environment, directory, {
      clusterId,
      nodeId: config.get('node.id'),
      initialDirectoryId: initialDirectoryId(config),
      random: host.random.stream('directory-id'),
    });
    if ('problem' in identified) {
      if (directory.online) host.halt(identified.problem);
      return;
    }
    const { directoryId, isNew } = identified;
    const storage = openMetadataStorage(environment, directory, metadataLogSettings(config));
    if (storage === null) return;
    if (isNew) formatQuorum(storage.log, config);
    const raft = createRaftClient({ runtime, config, clusterId, storage, directoryId });
    this.parts = new ControllerParts({ runtime, config, clusterId, raft });
    raft.start();
    this.parts.listen();
  }

  private stop(): void {
    const { host } = this.runtime;
    if (this.parts === null) host.exit();
    else this.parts.stop(() => host.exit());
  }
}
