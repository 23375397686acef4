import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Uuid, uuidFromBytes } from '../../kafka/base/uuid.ts';
import { supportedFeatures } from '../../kafka/metadata/features.ts';
import { apis } from '../../kafka/wire/apis.ts';
import { brokerRegistrationRequest } from '../../kafka/wire/generated/broker-registration-request.ts';
import { unregisterBrokerRequest } from '../../kafka/wire/generated/unregister-broker-request.ts';
import { CLUSTER_ID, MetadataCluster, type ObserverNode } from '../unit/raft/metadata-cluster.ts';

function uuidOf(brokerId: number, kind: number): Uuid {
  return uuidFromBytes(
    Uint8Array.from({ length: 16 }, (_, i) => (i < 8 ? brokerId : kind)),
    0,
  );
}

const NODES = ['controller-101', 'broker-1', 'broker-2'];

const node = fc.constantFrom(...NODES);
const fault = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const), node }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('powerCut' as const),
      node,
      unflushed: fc.constantFrom('random' as const, 'drop-all' as const, 'keep-prefix' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('stall' as const), node, ms: fc.nat(3000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), node }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      node,
      afterDiskCalls: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const) }) },
);
const step = fc.record({ fault, thenMs: fc.nat(1500) });

type Fault = typeof fault extends fc.Arbitrary<infer T> ? T : never;

class Run {
  readonly cluster: MetadataCluster;
  private brokers = 10;
  /** The end of what each observer process was told is committed. */
  private readonly committedTo = new Map<ObserverNode, number>();

  constructor(seed: string) {
    this.cluster = new MetadataCluster(2, {}, seed);
    this.cluster.startAll();
    this.cluster.run(1000);
  }

  strike(one: Fault): void {
    const { world } = this.cluster;
    const running = 'node' in one && world.node(one.node).state === 'running';
    switch (one.do) {
      case 'kill':
        if (running) world.kill(one.node);
        return;
      case 'powerCut':
        if (running) world.powerCut(one.node, { unflushed: one.unflushed });
        return;
      case 'stall':
        world.diskStall(one.node, one.ms * 1000);
        return;
      case 'cut':
        world.cut(
          [one.node],
          NODES.filter((other) => other !== one.node),
        );
        return;
      case 'reset':
        world.resetConnections(['controller-101'], ['broker-1', 'broker-2']);
        return;
      case 'crash':
        if (running) {
          world.crashInStep(one.node, { afterDiskCalls: one.afterDiskCalls, when: 'torn' });
        }
        return;
      case 'write':
        this.write();
    }
  }

  private write(): void {
    const observer = [1, 2].map((id) => this.cluster.observer(id)).find((one) => one !== null);
    const brokerId = ++this.brokers;
    observer?.ask(
      apis.BrokerRegistration,
      brokerRegistrationRequest({
        brokerId,
        clusterId: CLUSTER_ID,
        incarnationId: uuidOf(brokerId, 1),
        features: supportedFeatures.map((feature) => ({ ...feature })),
        logDirs: [uuidOf(brokerId, 2)],
      }),
      () => {},
    );
    if (brokerId % 3 === 0) {
      const request = unregisterBrokerRequest({ brokerId: brokerId - 1 });
      observer?.ask(apis.UnregisterBroker, request, () => {});
    }
  }

  /** Deliveries follow one another without gap or repetition. */
  check(): void {
    for (const id of [1, 2]) {
      const observer = this.cluster.observer(id);
      if (observer === null) continue;
      let next = 0;
      for (const [first, end] of observer.deliveries) {
        expect(first).toBe(next);
        next = end;
      }
      this.committedTo.set(observer, next);
    }
    expect(this.cluster.world.failures).toEqual([]);
  }

  /** Ends everything, restarts what is down (an armed crash may still strike), and waits. */
  heal(): void {
    const { world } = this.cluster;
    world.restoreNetwork();
    for (const name of NODES) world.clearDiskFaults(name);
    for (let round = 0; round < NODES.length + 1; round++) {
      for (const name of NODES) if (world.node(name).state !== 'running') world.start(name);
      this.cluster.run(3000);
    }
    this.cluster.run(10_000);
    // Not in the middle of a no-op record on its way.
    for (let i = 0; i < 50 && !this.settled(); i++) this.cluster.run(5);
  }

  private settled(): boolean {
    const [first, second] = [this.cluster.observer(1), this.cluster.observer(2)];
    return (
      first.image.offset === second.image.offset &&
      first.observer?.highWatermark === first.observer?.logEndOffset
    );
  }

  highestCommitted(): number {
    return Math.max(0, ...this.committedTo.values());
  }
}

test('whatever happens to a controller and its observers, what was committed stays, and all agree in the end', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.nat(), (steps, seed) => {
      const run = new Run(`metadata-${seed}`);
      for (const { fault: one, thenMs } of steps) {
        run.strike(one);
        run.cluster.run(thenMs);
        run.check();
        for (const name of NODES) {
          const { state } = run.cluster.world.node(name);
          if (thenMs % 2 === 0 && (state === 'down' || state === 'halted'))
            run.cluster.world.start(name);
        }
      }
      const committed = run.highestCommitted();
      run.heal();
      run.check();

      const [first, second] = [run.cluster.observer(1), run.cluster.observer(2)];
      expect(first.image).toEqual(second.image);
      expect(first.image.offset).toBeGreaterThanOrEqual(committed - 1);
      expect(first.observer?.highWatermark).toBe(first.observer?.logEndOffset);
    }),
    { numRuns: 60 },
  );
});
