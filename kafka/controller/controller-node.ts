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
import { openMetadataStorage } from '../raft/metadata-storage.ts';
import { RaftVoter } from '../raft/raft-voter.ts';
import { parseVoters } from '../raft/voters.ts';
import { NodeRuntime } from '../rpc/node-runtime.ts';
import { RequestServer } from '../rpc/request-server.ts';
import { Controller } from './controller.ts';
import { serveControllerApis } from './controller-apis.ts';
import { identifyStorage } from './controller-storage.ts';

/** @throws InvalidConfig for a configuration that is wrong. */
export function createControllerNode(host: Host, config: Readonly<Record<string, string>>): Node {
  return new ControllerNode(host, parseConfig(brokerConfigs, config, { at: 'controller' }));
}

class ControllerNode implements Node {
  private readonly runtime: NodeRuntime;
  private readonly config: BrokerConfig;
  private server: RequestServer | null = null;

  constructor(host: Host, config: BrokerConfig) {
    this.runtime = new NodeRuntime(host);
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
    const { disk, clock, trace } = host;
    const environment: LogEnvironment = { disk, clock, timers, trace, flushed: flushes };
    const path = config.get('metadata.log.dir') ?? config.get('log.dirs')[0];
    const clusterId = config.get('cluster.id');
    assert(path !== undefined && clusterId !== null, 'a controller needs log.dirs and cluster.id');
    const nodeId = config.get('node.id');
    const voters = parseVoters(config.get('controller.quorum.voters'));
    const directory = new LogDirectory(path, trace, () => {
      host.halt(`the metadata log directory ${path} failed`);
    });
    const random = host.random.stream('directory-id');
    const identified = identifyStorage(environment, directory, { clusterId, nodeId }, random);
    if ('problem' in identified) {
      if (directory.online) host.halt(identified.problem);
      return;
    }
    const { directoryId } = identified;
    const storage = openMetadataStorage(environment, directory, voters);
    if (storage === null) return;
    const { log, stateFile } = storage;
    const controller = new Controller({ runtime, node: config, clusterId });
    const raft = new RaftVoter({
      runtime,
      log,
      stateFile,
      voters,
      localId: nodeId,
      directoryId,
      clusterId,
      lingerMs: config.get('controller.quorum.append.linger.ms'),
      listener: controller,
    });
    controller.attach(raft);
    const server = new RequestServer(runtime, {
      maxFrameBytes: config.get('socket.request.max.bytes'),
    });
    const [listenerName] = config.get('controller.listener.names');
    assert(listenerName !== undefined, 'controller.listener.names is empty');
    serveControllerApis({ controller, raft, voters, listenerName, server });
    this.server = server;
    raft.start();
    runtime.host.network.listen(listenerName);
  }

  /** Nothing to hand over: what was answered is durable, and recovery finds the rest. */
  private stop(): void {
    this.server?.closeAll();
    this.runtime.host.exit();
  }
}
