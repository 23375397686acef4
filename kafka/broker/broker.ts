/**
 * The broker node (Kafka: BrokerServer): composes the rooms, and takes it through its life. At a
 * start it reads its metadata log, registers, and catches up; then it recovers its partition logs,
 * begins to listen, takes its roles on, and asks to be unfenced.
 */
import { assert } from '../base/assert.ts';
import type { Host, Node, NodeInput } from '../host.ts';
import { rulesOf } from '../protocol/rules.ts';
import type { VariantChoice } from '../protocol/variants.ts';
import { NodeRuntime } from '../rpc/node-runtime.ts';
import { BrokerParts } from './broker-parts.ts';

export function createBrokerNode(
  host: Host,
  config: Record<string, string>,
  variants: VariantChoice = {},
): Node {
  return new BrokerNode(host, config, variants);
}

/** The node as worlds see it; `parts` is open to checks and tests. */
export class BrokerNode implements Node {
  parts: BrokerParts | null = null;
  private readonly runtime: NodeRuntime;
  private readonly config: Readonly<Record<string, string>>;

  constructor(host: Host, config: Readonly<Record<string, string>>, variants: VariantChoice = {}) {
    this.runtime = new NodeRuntime(host, rulesOf(variants, host.trace));
    this.config = config;
  }

  get wakeAtMs(): number {
    return this.runtime.wakeAtMs;
  }

  step(input: NodeInput): void {
    switch (input.kind) {
      case 'started':
        this.parts = new BrokerParts(this.runtime, this.config);
        this.parts.start();
        break;
      case 'stopping':
        this.parts?.beginStop();
        break;
      case 'command':
        assert(false, 'a broker takes no client commands');
        break;
      default:
        this.runtime.transport(input);
    }
    this.runtime.endStep();
  }
}
