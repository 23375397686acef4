/**
 * Operations that ask several brokers, one after the other: whom to ask what comes out of the
 * cluster's metadata, which any broker tells (Kafka: AllBrokersStrategy, PartitionLeaderStrategy
 * of the admin client).
 */
import type { RpcChannel, RpcReply } from '../../rpc/rpc-channel.ts';
import { apis } from '../../wire/apis.ts';
import { metadataRequest, metadataRequestTopic } from '../../wire/generated/metadata-request.ts';
import type { MetadataResponse } from '../../wire/generated/metadata-response.ts';
import { type Operation, unanswered, type Verdict } from './operation.ts';

export interface TourParts {
  readonly name: string;
  /** Whose metadata the plan needs; empty: the brokers' are enough. */
  readonly topics: readonly string[];
  /** The brokers to ask. Those that were asked before an error are not asked again. */
  plan(metadata: MetadataResponse): readonly number[];
  /** Asks one broker; `ended` with `next` when it has told everything. */
  visit(
    broker: number,
    channel: RpcChannel,
    limits: { readonly timeoutMs: number },
    ended: (verdict: Verdict) => void,
  ): void;
  /** When nobody is left to ask. */
  finish(): Verdict;
}

export class Tour implements Operation {
  readonly name: string;
  /** Whose turn it is; null while there is no plan. */
  broker: number | null = null;
  private readonly parts: TourParts;
  private ahead: number[] = [];

  constructor(parts: TourParts) {
    this.name = parts.name;
    this.parts = parts;
  }

  send(
    channel: RpcChannel,
    limits: { readonly timeoutMs: number },
    ended: (verdict: Verdict) => void,
  ): void {
    if (this.broker === null) {
      const topics = this.parts.topics.map((name) => metadataRequestTopic({ name }));
      const request = metadataRequest({ topics, allowAutoTopicCreation: false });
      const onReply = (reply: RpcReply<MetadataResponse>): void => {
        if (reply.kind !== 'response') return ended(unanswered(reply, false));
        this.ahead = [...this.parts.plan(reply.body)];
        ended(this.turn());
      };
      channel.send(apis.Metadata, request, onReply, limits);
      return;
    }
    this.parts.visit(this.broker, channel, limits, (verdict) => {
      if (verdict.kind === 'retry') this.broker = null;
      ended(verdict.kind === 'next' ? this.turn() : verdict);
    });
  }

  /** Its partitions may be led by another one soon: plans again. */
  unreachable(): void {
    this.broker = null;
  }

  private turn(): Verdict {
    this.broker = this.ahead.shift() ?? null;
    return this.broker === null ? this.parts.finish() : { kind: 'next' };
  }
}
