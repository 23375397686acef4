/** A world of nodes that are one function each, for tests of the laboratory itself. */
import type { Host, Node, NodeInput } from '../../../kafka/host.ts';
import { lan } from '../../../sim/network/settings.ts';
import { defaultServiceTimes } from '../../../sim/process/service-times.ts';
import { World } from '../../../sim/world.ts';
import type { WorldOptions } from '../../../sim/world-options.ts';

export const PORT = 9_092;

export interface Told {
  readonly atUs: number;
  readonly input: NodeInput;
}

export class FakeNode implements Node {
  wakeAtMs = Number.POSITIVE_INFINITY;
  readonly told: Told[] = [];
  readonly host: Host;
  private readonly world: World;
  private readonly act: (input: NodeInput, node: FakeNode) => void;

  constructor(host: Host, world: World, act: (input: NodeInput, node: FakeNode) => void) {
    this.host = host;
    this.world = world;
    this.act = act;
  }

  step(input: NodeInput): void {
    this.told.push({ atUs: this.world.nowUs, input });
    this.act(input, this);
  }

  kinds(): string[] {
    return this.told.map(({ input }) => input.kind);
  }

  reasons(): string[] {
    return this.told.flatMap(({ input }) => (input.kind === 'disconnected' ? [input.reason] : []));
  }

  bytes(): number[] {
    return this.told.flatMap(({ input }) => (input.kind === 'received' ? [...input.bytes] : []));
  }

  timesOf(kind: NodeInput['kind']): number[] {
    return this.told.filter(({ input }) => input.kind === kind).map(({ atUs }) => atUs);
  }
}

/** Constant latencies (100 µs one way), no splits, every step 10 µs: times can be computed. */
export function steadyWorld(options: Partial<WorldOptions> = {}): World {
  return new World({
    seed: 'steady',
    store: 'rows',
    network: {
      ...lan,
      latencyUs: new Array<number>(16).fill(100),
      tailOneIn: 0,
      splitOneIn: 0,
      mergeOneIn: 0,
    },
    disk: {
      flushUs: new Array<number>(16).fill(1_000),
      flushBytesPerSecond: 1_000_000_000_000,
      syncDirectoryUs: new Array<number>(16).fill(500),
      writeNs: 0,
      readNs: 0,
      copyNsPerKib: 0,
      metadataNs: 0,
      capacityBytes: 1_000_000,
    },
    serviceTimes: {
      ...defaultServiceTimes,
      baseNs: new Array<number>(16).fill(10_000),
      receiveNsPerKib: 0,
      sendNs: 0,
      sendNsPerKib: 0,
      startNs: 0,
    },
    ...options,
  });
}

/** Adds a node that listens on PORT (in its first step) and starts it; returns its present boot. */
export function addNode(
  world: World,
  name: string,
  act: (input: NodeInput, node: FakeNode) => void = () => {},
): () => FakeNode {
  let boot: FakeNode | null = null;
  world.addNode({
    name,
    role: 'broker',
    config: {},
    listeners: { PLAINTEXT: PORT },
    create: (host) => {
      host.network.listen('PLAINTEXT');
      boot = new FakeNode(host, world, act);
      return boot;
    },
  });
  world.start(name);
  world.runUntil(world.nowUs + 10);
  return () => boot!;
}

export const at = (host: string) => ({ host, port: PORT });

/** A Kafka request frame: size, key, version 1, correlation id, some bytes. */
export function request(apiKey: number, correlationId: number, extra = 4): Uint8Array {
  return Uint8Array.of(
    0,
    0,
    0,
    8 + extra,
    0,
    apiKey,
    0,
    1,
    0,
    0,
    0,
    correlationId,
    ...new Uint8Array(extra),
  );
}

export function response(correlationId: number): Uint8Array {
  return Uint8Array.of(0, 0, 0, 6, 0, 0, 0, correlationId, 7, 7);
}
