/** One thing that the admin client asks of a cluster: requests, sent until they have an answer. */
import type { RpcChannel, RpcReply } from '../../rpc/rpc-channel.ts';
import type { ApiSpec } from '../../wire/apis.ts';
import { ErrorCode, errorName } from '../../wire/errors.ts';
import type { CommandResult, TopicPartition, TopicResult } from '../commands.ts';

/** How one attempt ended. */
export type Verdict =
  | { readonly kind: 'done'; readonly result: CommandResult }
  /** This request is answered; the next one goes out at once. */
  | { readonly kind: 'next' }
  | { readonly kind: 'retry'; readonly problem: string; readonly mayHaveHappened: boolean }
  /** No attempt can succeed. */
  | { readonly kind: 'refused'; readonly error: string; readonly message: string };

export interface Operation {
  readonly name: string;
  /** The one broker that can answer the next request; null: any. */
  readonly broker: number | null;
  /** `broker` cannot be reached at present; an operation may know of others. */
  unreachable?(): void;
  /** Sends one attempt on a ready channel; `ended` follows exactly once. */
  send(
    channel: RpcChannel,
    limits: { readonly timeoutMs: number },
    ended: (verdict: Verdict) => void,
  ): void;
}

/** An operation that is one request, the same in every attempt. */
export function singleRequest<Req, Res>(parts: {
  readonly name: string;
  readonly api: ApiSpec<Req, Res>;
  readonly broker?: number | null;
  readonly hasEffect: boolean;
  request(timeoutMs: number): Req;
  read(response: Res): Verdict;
}): Operation {
  const { name, api, broker = null, hasEffect } = parts;
  return {
    name,
    broker,
    send(channel, { timeoutMs }, ended) {
      const onReply = (reply: RpcReply<Res>): void =>
        ended(reply.kind === 'response' ? parts.read(reply.body) : unanswered(reply, hasEffect));
      channel.send(api, parts.request(timeoutMs), onReply, { timeoutMs });
    },
  };
}

export function done(result: CommandResult): Verdict {
  return { kind: 'done', result };
}

/** What an error of a whole answer means; null: there is none. */
export function wholeError(errorCode: number, message: string | null): Verdict | null {
  if (errorCode === ErrorCode.NONE) return null;
  const error = errorName(errorCode);
  if (errorCode === ErrorCode.NOT_CONTROLLER) {
    return { kind: 'retry', problem: error, mayHaveHappened: false };
  }
  if (errorCode === ErrorCode.REQUEST_TIMED_OUT) {
    return { kind: 'retry', problem: error, mayHaveHappened: true };
  }
  return { kind: 'refused', error, message: message ?? '' };
}

export function resultOf(
  name: string,
  answer: { readonly errorCode: number; readonly errorMessage: string | null },
): TopicResult {
  const { errorCode, errorMessage } = answer;
  const message = errorCode === ErrorCode.NONE || errorMessage === '' ? null : errorMessage;
  return { name, error: errorName(errorCode), message };
}

/** Topics in order of first mention. */
export function byTopic<T extends TopicPartition>(partitions: readonly T[]): [string, T[]][] {
  const topics = new Map<string, T[]>();
  for (const one of partitions) {
    const known = topics.get(one.topic);
    if (known === undefined) topics.set(one.topic, [one]);
    else known.push(one);
  }
  return [...topics];
}

export function unanswered(
  reply: Exclude<RpcReply<unknown>, { kind: 'response' }>,
  hasEffect: boolean,
): Verdict {
  if (reply.kind === 'unsupported') {
    const message = 'the broker speaks no version of this request that we speak too';
    return { kind: 'refused', error: 'UnsupportedVersionException', message };
  }
  return { kind: 'retry', problem: reply.kind, mayHaveHappened: hasEffect && reply.sent };
}
