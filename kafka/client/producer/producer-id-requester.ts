/**
 * Obtains the producer id of an idempotent producer from any broker (InitProducerId without a
 * transactional id), repeating until it has one.
 */
import { Timer } from '../../base/timers.ts';
import type { RandomStream } from '../../host.ts';
import type { RpcReply } from '../../rpc/rpc-channel.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode, errorMessage, errorName, isRetriable } from '../../wire/errors.ts';
import { initProducerIdRequest } from '../../wire/generated/init-producer-id-request.ts';
import type { InitProducerIdResponse } from '../../wire/generated/init-producer-id-response.ts';
import { backoffMs } from '../backoff.ts';
import type { ClientCore, ClientSettings } from '../client-core.ts';
import type { Idempotence } from './idempotence.ts';

interface Listener {
  obtained(): void;
  /** No producer id will ever come: the producer cannot send. */
  failed(error: string, message: string): void;
}

export class ProducerIdRequester {
  fatalError: { readonly error: string; readonly message: string } | null = null;
  private readonly core: ClientCore;
  private readonly settings: ClientSettings;
  private readonly idempotence: Idempotence;
  private readonly listener: Listener;
  private readonly random: RandomStream;
  private readonly timer = new Timer(() => this.askIfNeeded());
  private isAsking = false;
  private failures = 0;
  private retryAtMs = 0;

  constructor(
    core: ClientCore,
    settings: ClientSettings,
    idempotence: Idempotence,
    listener: Listener,
  ) {
    this.core = core;
    this.settings = settings;
    this.idempotence = idempotence;
    this.listener = listener;
    this.random = core.runtime.host.random.stream('producer-id-backoff');
  }

  askIfNeeded(): void {
    if (this.idempotence.hasProducerId || this.isAsking || this.fatalError !== null) return;
    const { nowMs, timers } = this.core.runtime;
    if (nowMs < this.retryAtMs) return timers.arm(this.timer, this.retryAtMs);
    const connection = this.core.updater.anyBroker();
    if (connection?.channel.ready) {
      this.isAsking = true;
      connection.channel.send(
        apis.InitProducerId,
        initProducerIdRequest({ transactionalId: null, transactionTimeoutMs: 0x7fffffff }),
        (reply) => this.answered(reply),
      );
      return;
    }
    connection?.connect(nowMs);
    // Connections tell when they are ready; a failed one is followed by another try from here.
    timers.arm(this.timer, nowMs + Math.max(1, this.settings.retryBackoffMs));
  }

  private answered(reply: RpcReply<InitProducerIdResponse>): void {
    this.isAsking = false;
    if (reply.kind === 'response' && reply.body.errorCode === ErrorCode.NONE) {
      this.failures = 0;
      this.idempotence.setProducerId(reply.body.producerId, reply.body.producerEpoch);
      this.listener.obtained();
      return;
    }
    const error = errorOf(reply);
    if (!isRetriable(error)) {
      this.fatalError = { error: errorName(error), message: errorMessage(error) };
      this.listener.failed(this.fatalError.error, this.fatalError.message);
      return;
    }
    const { retryBackoffMs, retryBackoffMaxMs } = this.settings;
    const waitMs = backoffMs(retryBackoffMs, retryBackoffMaxMs, this.failures, this.random);
    this.failures += 1;
    this.retryAtMs = this.core.runtime.nowMs + waitMs;
    this.core.runtime.timers.arm(this.timer, this.retryAtMs);
  }

  close(): void {
    this.core.runtime.timers.cancel(this.timer);
  }
}

function errorOf(reply: RpcReply<InitProducerIdResponse>): ErrorCode {
  if (reply.kind === 'response') return reply.body.errorCode;
  return reply.kind === 'unsupported' ? ErrorCode.UNSUPPORTED_VERSION : ErrorCode.NETWORK_EXCEPTION;
}
