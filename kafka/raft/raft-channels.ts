/**
 * One connection per other node of the quorum, with Kafka's settings (KafkaNetworkChannel,
 * RequestManager): a request that cannot be sent, or is not answered in time, is simply lost;
 * whoever sent it tries again.
 */
import type { Address } from '../host.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { RpcChannel, type RpcReply } from '../rpc/rpc-channel.ts';
import type { ApiSpec } from '../wire/apis.ts';
import type { RaftTimeouts } from './raft-config.ts';

const RECONNECT_BACKOFF_MAX_MS = 500;

export class RaftChannels {
  private readonly runtime: NodeRuntime;
  private readonly localId: number;
  private readonly timeouts: RaftTimeouts;
  private readonly channels = new Map<string, RpcChannel>();
  private closed = false;

  constructor(runtime: NodeRuntime, localId: number, timeouts: RaftTimeouts) {
    this.runtime = runtime;
    this.localId = localId;
    this.timeouts = timeouts;
  }

  /** @param answered gets null when no answer came. Never called after `close`. */
  send<Req, Res>(
    address: Address,
    api: ApiSpec<Req, Res>,
    body: Req,
    answered: (response: Res | null) => void,
  ): void {
    if (this.closed) return;
    this.channelTo(address).send(api, body, (reply: RpcReply<Res>) => {
      if (!this.closed) answered(reply.kind === 'response' ? reply.body : null);
    });
  }

  private channelTo(address: Address): RpcChannel {
    const key = `${address.host}:${address.port}`;
    let channel = this.channels.get(key);
    if (channel === undefined) {
      const { requestTimeoutMs, retryBackoffMs } = this.timeouts;
      channel = new RpcChannel({
        runtime: this.runtime,
        address,
        clientId: `raft-client-${this.localId}`,
        negotiate: false,
        requestTimeoutMs,
        connectionSetupTimeoutMs: requestTimeoutMs,
        // As KafkaRaftManager builds its client: the retry back-off serves for connections too.
        reconnectBackoffMs: retryBackoffMs,
        reconnectBackoffMaxMs: RECONNECT_BACKOFF_MAX_MS,
        failFast: true,
      });
      this.channels.set(key, channel);
    }
    return channel;
  }

  close(): void {
    this.closed = true;
    for (const channel of this.channels.values()) channel.close();
    this.channels.clear();
  }
}
