/**
 * A broker's way to the active controller for one purpose (Kafka: NodeToControllerChannelManager):
 * requests go out one at a time, in order; a lost connection or NOT_CONTROLLER means that the
 * controller has moved: it is looked up again and the request is sent again, until the purpose's
 * time limit for requests has passed.
 */
import { Timer } from '../base/timers.ts';
import type { Address } from '../host.ts';
import type { ControllerLink } from '../replication/alter-partition-manager.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { RpcChannel, type RpcReply } from '../rpc/rpc-channel.ts';
import type { ApiSpec } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';

export interface ControllerChannelOptions {
  readonly runtime: NodeRuntime;
  readonly clientId: string;
  /** Where the active controller is, null while it is not known. */
  activeController(): Address | null;
  /** Requests older than this are given up: `onReply(null)`; Infinity never. */
  readonly retryTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly connectionSetupTimeoutMs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
}

interface Queued {
  readonly api: ApiSpec<unknown, unknown>;
  readonly body: unknown;
  readonly deadlineMs: number;
  readonly onReply: (body: unknown | null) => void;
}

/** Wait before the controller is looked up again (Kafka: 100 ms). */
const LOOKUP_BACKOFF_MS = 100;

export class ControllerChannel implements ControllerLink {
  private readonly options: ControllerChannelOptions;
  private readonly queue: Queued[] = [];
  private channel: RpcChannel | null = null;
  private inFlight = false;
  private closed = false;
  private readonly again: Timer;
  private readonly expiry: Timer;

  constructor(options: ControllerChannelOptions) {
    this.options = options;
    this.again = new Timer(() => this.pump());
    this.expiry = new Timer(() => this.expire());
  }

  send<Req, Res>(api: ApiSpec<Req, Res>, body: Req, onReply: (body: Res | null) => void): void {
    if (this.closed) return;
    const { runtime, retryTimeoutMs } = this.options;
    this.queue.push({
      api: api as unknown as ApiSpec<unknown, unknown>,
      body,
      deadlineMs: runtime.nowMs + retryTimeoutMs,
      onReply: onReply as (body: unknown | null) => void,
    });
    this.pump();
    this.armExpiry();
  }

  close(): void {
    this.closed = true;
    this.queue.length = 0;
    this.options.runtime.timers.cancel(this.again);
    this.options.runtime.timers.cancel(this.expiry);
    this.channel?.close();
    this.channel = null;
  }

  private pump(): void {
    const next = this.queue[0];
    if (this.inFlight || this.closed || next === undefined) return;
    const channel = this.channelToController();
    if (channel === null) {
      this.tryAgainLater();
      return;
    }
    this.inFlight = true;
    channel.send(next.api, next.body, (reply) => this.replied(channel, reply));
  }

  private channelToController(): RpcChannel | null {
    if (this.channel !== null) return this.channel;
    const address = this.options.activeController();
    if (address === null) return null;
    this.channel = new RpcChannel({ ...this.options, address, negotiate: false });
    return this.channel;
  }

  private replied(channel: RpcChannel, reply: RpcReply<unknown>): void {
    if (this.closed || channel !== this.channel) return;
    this.inFlight = false;
    if (reply.kind === 'response' && !saysNotController(reply.body)) {
      this.queue.shift()?.onReply(reply.body);
      this.pump();
      return;
    }
    channel.close();
    this.channel = null;
    this.expire();
    this.tryAgainLater();
  }

  private tryAgainLater(): void {
    if (this.closed || this.queue.length === 0 || this.again.armed) return;
    const { runtime } = this.options;
    runtime.timers.arm(this.again, runtime.nowMs + LOOKUP_BACKOFF_MS);
  }

  /** Gives up what is too old, but for a request that is under way. */
  private expire(): void {
    const nowMs = this.options.runtime.nowMs;
    for (;;) {
      const at = this.inFlight ? 1 : 0;
      const oldest = this.queue[at];
      if (oldest === undefined || oldest.deadlineMs > nowMs) break;
      this.queue.splice(at, 1);
      oldest.onReply(null);
    }
    this.armExpiry();
  }

  private armExpiry(): void {
    const oldest = this.queue[this.inFlight ? 1 : 0];
    if (oldest === undefined || oldest.deadlineMs === Number.POSITIVE_INFINITY) return;
    this.options.runtime.timers.arm(this.expiry, oldest.deadlineMs);
  }
}

function saysNotController(body: unknown): boolean {
  const { errorCode } = body as { errorCode?: number };
  return errorCode === ErrorCode.NOT_CONTROLLER;
}
