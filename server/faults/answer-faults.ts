/** Requests that are answered with an error, or late, instead of being served. */
import type { BrokerParts } from '../../kafka/broker/broker-parts.ts';
import { APIS_WITH_ERRORS, answerWithError } from '../../kafka/rpc/error-answers.ts';
import type { RequestContext } from '../../kafka/rpc/request-server.ts';
import { apis } from '../../kafka/wire/apis.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { ADMIN_CLIENT_ID } from '../cluster/admin.ts';
import { matches, type RequestFilter } from './request-filter.ts';

export type ErrorName = keyof typeof ErrorCode;

export interface AnswerOptions extends RequestFilter {
  /** Kafka's name of it; without one the request is served, only later. */
  readonly error?: ErrorName;
  /** Held back for so long first. */
  readonly delayMs?: number;
  /** How many requests; default 1. */
  readonly times?: number;
  /** Only at this broker: `broker-1`. */
  readonly broker?: string;
}

/** Something that will happen to requests; it ends by itself after `times`, or by `end`. */
export class AnswerFault {
  /** Requests that it has struck. */
  hits = 0;
  readonly api: string;
  readonly options: AnswerOptions;
  private readonly remove: (fault: AnswerFault) => void;
  private waiting: { readonly hits: number; readonly resolve: () => void }[] = [];

  constructor(api: string, options: AnswerOptions, remove: (fault: AnswerFault) => void) {
    this.api = api;
    this.options = options;
    this.remove = remove;
  }

  /** Resolves once it has struck `times` requests (default 1). Rejects after `timeoutMs`. */
  hit({ timeoutMs = 10_000, times = 1 } = {}): Promise<void> {
    if (this.hits >= times) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        const asked = times === 1 ? 'no request' : `only ${this.hits} of ${times} requests`;
        reject(new Error(`${asked} of ${this.api} came within ${timeoutMs} ms`));
      }, timeoutMs);
      this.waiting.push({
        hits: times,
        resolve: () => {
          clearTimeout(limit);
          resolve();
        },
      });
    });
  }

  end(): void {
    this.remove(this);
  }

  /** One more request. */
  struck(): void {
    this.hits += 1;
    const reached = this.waiting.filter((one) => one.hits <= this.hits);
    this.waiting = this.waiting.filter((one) => one.hits > this.hits);
    for (const { resolve } of reached) resolve();
    if (this.hits >= (this.options.times ?? 1)) this.end();
  }
}

export class AnswerFaults {
  private readonly active = new Set<AnswerFault>();

  /** @throws RangeError for what cannot be. */
  add(api: string, options: AnswerOptions): AnswerFault {
    if (!Object.values(apis).some((one) => one.name === api)) {
      throw new RangeError(`there is no API "${api}" (for instance Produce, Fetch, Metadata)`);
    }
    const { error, delayMs = 0 } = options;
    if (error !== undefined && !Object.hasOwn(ErrorCode, error)) {
      throw new RangeError(`there is no error "${error}" (for instance NOT_ENOUGH_REPLICAS)`);
    }
    if (error !== undefined && !APIS_WITH_ERRORS.includes(api)) {
      const known = APIS_WITH_ERRORS.join(', ');
      throw new RangeError(`${api} can only be delayed; errors can be answered to ${known}`);
    }
    if (error === undefined && delayMs <= 0) {
      throw new RangeError('answer: say an error, a delayMs, or both');
    }
    const fault = new AnswerFault(api, options, (one) => this.active.delete(one));
    this.active.add(fault);
    return fault;
  }

  clear(): void {
    this.active.clear();
  }

  /** Puts a broker that has just started under these faults. */
  watch(broker: string, parts: BrokerParts): void {
    parts.server.interceptor = (context, request, handle) => {
      if (this.active.size === 0) return false;
      return this.intercept(broker, parts, context, request, handle);
    };
  }

  private intercept(
    broker: string,
    parts: BrokerParts,
    context: RequestContext,
    request: unknown,
    handle: () => void,
  ): boolean {
    const { image } = parts.metadata;
    for (const fault of this.active) {
      const { options } = fault;
      if (fault.api !== context.api.name) continue;
      if (options.broker !== undefined && options.broker !== broker) continue;
      if (options.client === undefined && isOwn(context, request)) continue;
      if (!matches(options, request, context.clientId, image)) continue;
      fault.struck();
      const act = (): void => {
        if (options.error === undefined) handle();
        else answerWithError(context, request, ErrorCode[options.error]);
      };
      const { delayMs = 0 } = options;
      if (delayMs === 0) act();
      else parts.runtime.timers.at(parts.runtime.nowMs + delayMs, act);
      return true;
    }
    return false;
  }
}

/** Followers fetch too, and so does the cluster's own admin client ask: faults are for others. */
function isOwn({ clientId }: RequestContext, request: unknown): boolean {
  if (clientId === ADMIN_CLIENT_ID) return true;
  const { replicaId, replicaState } = request as {
    readonly replicaId?: number;
    readonly replicaState?: { readonly replicaId: number };
  };
  return (replicaId ?? -1) >= 0 || (replicaState?.replicaId ?? -1) >= 0;
}
