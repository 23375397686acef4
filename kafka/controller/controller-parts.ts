/**
 * A controller on a node's RaftClient: the state machine, its snapshots, and the CONTROLLER
 * listener (Kafka: ControllerServer). Of a controller process, or inside a broker with both roles.
 */
import { assert } from '../base/assert.ts';
import type { BrokerConfig } from '../config/broker.ts';
import { SnapshotGenerator } from '../metadata/snapshot-generator.ts';
import type { RaftClient } from '../raft/raft-client.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { RequestServer } from '../rpc/request-server.ts';
import { serverOptions } from '../rpc/server-options.ts';
import { Controller } from './controller.ts';
import { serveControllerApis } from './controller-apis.ts';

export class ControllerParts {
  readonly controller: Controller;
  readonly raft: RaftClient;
  readonly server: RequestServer;
  private readonly runtime: NodeRuntime;
  private readonly listenerName: string;

  /** Before the RaftClient is started. */
  constructor(parts: {
    runtime: NodeRuntime;
    config: BrokerConfig;
    clusterId: string;
    raft: RaftClient;
  }) {
    const { runtime, config, clusterId, raft } = parts;
    const [listenerName] = config.get('controller.listener.names');
    assert(listenerName !== undefined, 'controller.listener.names is empty');
    this.runtime = runtime;
    this.raft = raft;
    this.listenerName = listenerName;
    this.controller = new Controller({ runtime, node: config, clusterId });
    this.controller.attach(raft);
    raft.register(this.controller);
    // A broker on this node would make the same ones.
    if (!config.get('process.roles').includes('broker')) this.generateSnapshots(config);
    this.server = new RequestServer(runtime, serverOptions(config, null));
    serveControllerApis({ controller: this.controller, raft, server: this.server });
  }

  private generateSnapshots(config: BrokerConfig): void {
    const { runtime, raft } = this;
    const { image } = this.controller;
    const generator = new SnapshotGenerator({ runtime, config, image, sink: raft });
    // The controller, which was registered before, has the batches already.
    raft.register({
      committed: (batches) => generator.committed(batches),
      snapshotLoaded: () => generator.loaded(),
      leaderChanged: () => {},
    });
  }

  /** After the RaftClient is started. */
  listen(): void {
    this.runtime.host.network.listen(this.listenerName);
  }

  /** Hands the lead over, serves no more. What was answered is durable; recovery finds the rest. */
  stop(done: () => void): void {
    this.raft.stop(() => {
      this.server.closeAll();
      done();
    });
  }
}
