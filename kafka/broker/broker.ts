/**
 * The broker node (Kafka: BrokerServer): composes the rooms, and takes it through its life. At a
 * start it reads its metadata log, registers, and catches up; then it recovers its partition logs,
 * begins to listen, takes its roles on, and asks to be unfenced.
 */
import { assert } from '../base/assert.ts';
import type { Host, Node, NodeInput } from '../host.ts';
import { BrokerParts } from './broker-parts.ts';

export function createBrokerNode(host: Host, config: Record<string, string>): Node {
  return new BrokerNode(host, config);
}

/** The node as worlds see it; `parts` is open to checks and tests. */
export class BrokerNode implements Node {
  readonly parts: BrokerParts;

  constructor(host: Host, config: Record<string, string>) {
    this.parts = new BrokerParts(host, config);
  }

  get wakeAtMs(): number {
    return this.parts.runtime.wakeAtMs;
  }

  step(input: NodeInput): void {
    const { parts } = this;
    switch (input.kind) {
      case 'started':
        parts.start();
        break;
      case 'stopping':
        parts.beginStop();
        break;
      case 'command':
        assert(false, 'a broker takes no client commands');
        break;
      default:
        parts.runtime.transport(input);
    }
    parts.runtime.endStep();
  }
}
