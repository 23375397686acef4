/** Requests that are answered with an error, or late, instead of being served. */

import type { Timer } from '../../kafka/base/timers.ts';
import type { BrokerParts } from '../../kafka/broker/broker-parts.ts';
import { answerWithError } from '../../kafka/rpc/error-answers.ts';
import type { RequestContext } from '../../kafka/rpc/request-server.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { ADMIN_CLIENT_ID } from '../cluster/admin.ts';
import type { NodeProcess } from '../node-process.ts';
import { checkAnswer, checkHit } from './answer-checks.ts';
import { matches, type RequestFilter } from './request-filter.ts';

export type ErrorName = Exclude<keyof typeof ErrorCode, 'NONE'>;

export interface AnswerOptions extends RequestFilter {
  /** Kafka's name of it; without one the request is served, only later. */
  readonly error?: ErrorName;
  /** Held back for so long first: an integer. */
  readonly delayMs?: number;
  /** How many requests; default 1. `Infinity`: until `end` or `heal`. */
  readonly times?: number;
  /** Only at this broker: `broker-1`. */
  readonly broker?: string;
}

export interface HitOptions {
  /** Default: 10,000. */
  readonly timeoutMs?: number;
  /** Default: 1. */
  readonly times?: number;
}

const HIT_MS = 10_000;

interface Waiting {
  readonly hits: number;
  readonly resolve: () => void;
  readonly reject: (why: string) => void;
}

/** Something that will happen to requests; it ends by itself after `times`, or by `end`. */
export class AnswerFault {
  /** Requests that it has struck. */
  hits = 0;
  readonly api: string;
  readonly options: AnswerOptions;
  private readonly remove: (fault: AnswerFault) => void;
  private waiting: Waiting[] = [];
  /** Why it strikes no more; null while it does. */
  private over: string | null = null;

  constructor(api: string, options: AnswerOptions, remove: (fault: AnswerFault) => void) {
    this.api = api;
    this.options = options;
    this.remove = remove;
  }

  /**
   * Resolves once it has struck `times` requests. Rejects after `timeoutMs`, and at once when it
   * will not strike so often any more.
   */
  async hit(options: HitOptions = {}): Promise<void> {
    checkHit(options, this.options.times ?? 1);
    const { timeoutMs = HIT_MS, times = 1 } = options;
    if (this.hits >= times) return;
    if (this.over !== null) throw new Error(`${this.struckOf(times)} came: ${this.over}`);
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => {
        this.waiting = this.waiting.filter((one) => one !== waiting);
        reject(new Error(`${this.struckOf(times)} came within ${timeoutMs} ms`));
      }, timeoutMs);
      const waiting: Waiting = {
        hits: times,
        resolve: () => {
          clearTimeout(limit);
          resolve();
        },
        reject: (why) => {
          clearTimeout(limit);
          reject(new Error(`${this.struckOf(times)} came: ${why}`));
        },
      };
      this.waiting.push(waiting);
    });
  }

  private struckOf(times: number): string {
    if (times === 1) return `no request of ${this.api}`;
    return `only ${this.hits} of ${times} requests of ${this.api}`;
  }

  /** It strikes no more. */
  end(): void {
    this.drop('the fault was ended');
  }

  /** Whoever waits for it hears why that is in vain. */
  drop(why: string): void {
    this.over ??= why;
    this.remove(this);
    for (const { reject } of this.waiting.splice(0)) reject(why);
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

/** A request whose answer is held back. */
interface Held {
  readonly process: NodeProcess;
  readonly parts: BrokerParts;
  readonly timer: Timer;
}

export class AnswerFaults {
  readonly brokers: readonly string[];
  private readonly active = new Set<AnswerFault>();
  private readonly held = new Set<Held>();
  /** Keys of the APIs that brokers serve. */
  readonly served = new Set<number>();

  /** @param brokers names of all. */
  constructor(brokers: readonly string[]) {
    this.brokers = brokers;
  }

  /** @throws TypeError or RangeError for what cannot be. */
  add(api: string, options: AnswerOptions): AnswerFault {
    checkAnswer(api, options, this);
    const fault = new AnswerFault(api, { ...options }, (one) => this.active.delete(one));
    this.active.add(fault);
    return fault;
  }

  /** Nothing is struck any more, and what was held back is answered now. */
  heal(): void {
    this.drop('heal() took the fault back');
    const held = [...this.held];
    this.held.clear();
    for (const { parts, timer } of held) parts.runtime.timers.arm(timer, parts.runtime.nowMs);
    for (const { process } of held) process.wake();
  }

  /** Whoever waits for requests hears why none will come. */
  drop(why: string): void {
    for (const fault of [...this.active]) fault.drop(why);
  }

  /** Puts a broker that has just started under these faults. */
  watch(broker: string, process: NodeProcess, parts: BrokerParts): void {
    for (const one of this.held) if (one.process.state === 'ended') this.held.delete(one);
    for (const { apiKey } of parts.server.advertised()) this.served.add(apiKey);
    parts.server.interceptor = (context, request, handle) => {
      if (this.active.size === 0) return false;
      const fault = this.faultFor(broker, parts, context, request);
      if (fault === null) return false;
      fault.struck();
      const { error, delayMs = 0 } = fault.options;
      const act = (): void => {
        if (error === undefined) handle();
        else answerWithError(context, request, ErrorCode[error]);
      };
      if (delayMs === 0) act();
      else this.hold(process, parts, delayMs, act);
      return true;
    };
  }

  private hold(process: NodeProcess, parts: BrokerParts, delayMs: number, act: () => void): void {
    const { runtime } = parts;
    const timer = runtime.timers.at(runtime.nowMs + delayMs, () => {
      this.held.delete(held);
      act();
    });
    const held: Held = { process, parts, timer };
    this.held.add(held);
  }

  private faultFor(
    broker: string,
    parts: BrokerParts,
    context: RequestContext,
    request: unknown,
  ): AnswerFault | null {
    const { image } = parts.metadata;
    for (const fault of this.active) {
      const { options } = fault;
      if (fault.api !== context.api.name) continue;
      if (options.broker !== undefined && options.broker !== broker) continue;
      if (options.client === undefined && isOwn(context, request)) continue;
      if (matches(options, request, context.clientId, image)) return fault;
    }
    return null;
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
