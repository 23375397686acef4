import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from '../../kafka/base/fifo.ts';
import type { Host, Node, NodeInput } from '../../kafka/host.ts';
import { NodeRuntime } from '../../kafka/rpc/node-runtime.ts';
import { type RequestContext, RequestServer } from '../../kafka/rpc/request-server.ts';
import { RpcChannel } from '../../kafka/rpc/rpc-channel.ts';
import { apis } from '../../kafka/wire/apis.ts';
import {
  apiVersion,
  apiVersionsResponse,
} from '../../kafka/wire/generated/api-versions-response.ts';
import { initProducerIdRequest } from '../../kafka/wire/generated/init-producer-id-request.ts';
import { initProducerIdResponse } from '../../kafka/wire/generated/init-producer-id-response.ts';
import { World } from '../../sim/world.ts';

const PORT = 9092;

abstract class RpcNode implements Node {
  protected readonly runtime: NodeRuntime;
  constructor(host: Host) {
    this.runtime = new NodeRuntime(host);
  }
  get wakeAtMs(): number {
    return this.runtime.wakeAtMs;
  }
  step(input: NodeInput): void {
    if (input.kind === 'started') this.started();
    else if (input.kind !== 'stopping' && input.kind !== 'command') this.runtime.transport(input);
    this.runtime.endStep();
  }
  protected abstract started(): void;
}

/** Answers InitProducerId with the time-out it was asked with, after a while drawn by chance. */
class EchoServer extends RpcNode {
  /** Requests of one connection in work at once: Kafka allows one. */
  mostAtOnce = 0;
  private readonly inWork = new Map<unknown, number>();

  protected started(): void {
    const server = new RequestServer(this.runtime, { maxFrameBytes: 10_000 });
    const random = this.runtime.host.random.stream('delay');
    server.serve(apis.ApiVersions, { minVersion: 0, maxVersion: 3 }, (context) => {
      const apiKeys = server.advertised().map((one) => apiVersion(one));
      context.respond(apiVersionsResponse({ apiKeys }));
    });
    server.serve(apis.InitProducerId, { minVersion: 0, maxVersion: 4 }, (context, request) => {
      const busy = (this.inWork.get(context.connection) ?? 0) + 1;
      this.inWork.set(context.connection, busy);
      this.mostAtOnce = Math.max(this.mostAtOnce, busy);
      const answer = (): void => this.answer(context, request.transactionTimeoutMs);
      const delayMs = random.int(0, 3);
      if (delayMs === 0) answer();
      else this.runtime.timers.at(this.runtime.nowMs + delayMs, answer);
    });
    this.runtime.host.network.listen('PLAINTEXT');
  }

  private answer(context: RequestContext, asked: number): void {
    this.inWork.set(context.connection, (this.inWork.get(context.connection) ?? 0) - 1);
    context.respond(initProducerIdResponse({ producerId: asked }));
  }
}

/** Sends numbered requests and writes down every reply. */
class Caller extends RpcNode {
  readonly replies = new Map<number, string[]>();
  private readonly total: number;
  constructor(host: Host, total: number) {
    super(host);
    this.total = total;
  }

  protected started(): void {
    const channel = new RpcChannel({
      runtime: this.runtime,
      address: { host: 'server', port: PORT },
      clientId: 'caller',
      negotiate: true,
      requestTimeoutMs: 400,
      connectionSetupTimeoutMs: 200,
      connectionSetupTimeoutMaxMs: 200,
      reconnectBackoffMs: 20,
      reconnectBackoffMaxMs: 50,
    });
    for (let n = 0; n < this.total; n++) {
      this.runtime.timers.at(this.runtime.nowMs + n * 3, () => this.send(channel, n));
    }
  }

  private send(channel: RpcChannel, n: number): void {
    const known: string[] = [];
    this.replies.set(n, known);
    channel.send(apis.InitProducerId, initProducerIdRequest({ transactionTimeoutMs: n }), (reply) =>
      known.push(reply.kind === 'response' ? `echo ${reply.body.producerId}` : reply.kind),
    );
  }
}

const fault = fc.record({
  atMs: fc.integer({ min: 0, max: 700 }),
  what: fc.constantFrom('reset', 'cut', 'kill', 'pause'),
  forMs: fc.integer({ min: 1, max: 600 }),
});

test('every request gets one reply, and a response is the answer to its own request', () => {
  fc.assert(
    fc.property(fc.nat(), fc.array(fault, { maxLength: 5 }), (seed, faults) => {
      const world = new World({ seed, store: 'none' });
      const listeners = { PLAINTEXT: PORT };
      const config = {};
      world.addNode({
        name: 'server',
        role: 'broker',
        config,
        listeners,
        create: (host) => new EchoServer(host),
      });
      world.addNode({
        name: 'caller',
        role: 'client',
        config,
        listeners: {},
        create: (host) => new Caller(host, 200),
      });
      world.start('server');
      world.start('caller');
      for (const { atMs, what, forMs } of faults) {
        world.schedule(atMs * 1000, '', () => {
          if (what === 'reset') world.resetConnections(['caller'], ['server']);
          if (what === 'cut') world.stall(['caller'], ['server'], { forUs: forMs * 1000 });
          if (what === 'kill') world.kill('server');
          if (what === 'pause') world.pause('server');
        });
        world.schedule((atMs + forMs) * 1000, '', () => {
          if (what === 'kill' && world.node('server').state === 'down') world.start('server');
          if (what === 'pause' && world.node('server').state === 'paused') world.resume('server');
        });
      }

      world.runUntil(5_000_000);

      expect(world.failures).toEqual([]);
      const caller = world.node('caller').node as Caller;
      for (const [n, replies] of caller.replies) {
        expect(replies).toHaveLength(1);
        expect([`echo ${n}`, 'disconnected', 'timed-out']).toContain(replies[0]);
      }
      expect(caller.replies.size).toBe(200);
      if (faults.length === 0) {
        expect([...caller.replies].map(([n, [reply]]) => reply === `echo ${n}`)).not.toContain(
          false,
        );
      }
      const server = world.node('server').node as EchoServer | null;
      expect(server?.mostAtOnce ?? 1).toBeLessThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});

test('a ring queue behaves like an array', () => {
  const operation = fc.oneof(fc.record({ push: fc.nat() }), fc.constant('shift' as const));
  fc.assert(
    fc.property(fc.array(operation), (operations) => {
      const queue = new Fifo<number>();
      const model: number[] = [];
      for (const one of operations) {
        if (one !== 'shift') {
          queue.push(one.push);
          model.push(one.push);
        } else if (model.length > 0) expect(queue.shift()).toBe(model.shift());
        expect(queue.length).toBe(model.length);
        expect(queue.peek()).toBe(model[0] ?? null);
        expect(model.map((_, i) => queue.at(i))).toEqual(model);
      }
      expect(queue.drain()).toEqual(model);
    }),
  );
});
