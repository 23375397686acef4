/** The keys of the quorum and its log, read once (Kafka: QuorumConfig, MetadataLogConfig). */
import type { BrokerConfig } from '../config/broker.ts';

export interface RaftTimeouts {
  /** controller.quorum.election.timeout.ms */
  readonly electionTimeoutMs: number;
  /** controller.quorum.fetch.timeout.ms */
  readonly fetchTimeoutMs: number;
  /** controller.quorum.election.backoff.max.ms */
  readonly electionBackoffMaxMs: number;
  /** controller.quorum.append.linger.ms */
  readonly appendLingerMs: number;
  /** controller.quorum.request.timeout.ms */
  readonly requestTimeoutMs: number;
  /** controller.quorum.retry.backoff.ms */
  readonly retryBackoffMs: number;
}

export function raftTimeouts(config: BrokerConfig): RaftTimeouts {
  return {
    electionTimeoutMs: config.get('controller.quorum.election.timeout.ms'),
    fetchTimeoutMs: config.get('controller.quorum.fetch.timeout.ms'),
    electionBackoffMaxMs: config.get('controller.quorum.election.backoff.max.ms'),
    appendLingerMs: config.get('controller.quorum.append.linger.ms'),
    requestTimeoutMs: config.get('controller.quorum.request.timeout.ms'),
    retryBackoffMs: config.get('controller.quorum.retry.backoff.ms'),
  };
}
