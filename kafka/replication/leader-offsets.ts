/**
 * What a follower does when its position lies outside the leader's log
 * (Kafka: AbstractFetcherThread.fetchOffsetAndTruncate): a longer log than the leader's is cut to
 * the leader's end; one that ends before the leader's log begins is thrown away and starts there;
 * otherwise nothing was wrong any more and the fetch is tried again (KAFKA-2143).
 */
import type { Log } from '../log/log.ts';
import type { RpcChannel } from '../rpc/rpc-channel.ts';
import { apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import {
  listOffsetsPartition,
  listOffsetsRequest,
  listOffsetsTopic,
} from '../wire/generated/list-offsets-request.ts';
import type { FetchedPartition } from './fetched-partition.ts';
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP } from './offset-lookup.ts';

export class LeaderOffsets {
  private readonly channel: RpcChannel;
  private readonly brokerId: number;

  constructor(channel: RpcChannel, brokerId: number) {
    this.channel = channel;
    this.brokerId = brokerId;
  }

  /** Repositions the log; `done` gets NONE or why the leader could not be asked. */
  find(entry: FetchedPartition, log: Log, done: (error: ErrorCode) => void): void {
    this.ask(entry, LATEST_TIMESTAMP, done, (leaderEndOffset) => {
      if (leaderEndOffset < log.logEndOffset) {
        log.truncateTo(leaderEndOffset);
        done(ErrorCode.NONE);
        return;
      }
      this.ask(entry, EARLIEST_TIMESTAMP, done, (leaderStartOffset) => {
        const { epochStart, outOfRange } = entry.partition.rules;
        const isBehind = leaderStartOffset > log.logEndOffset;
        // The high watermark starts there too (KAFKA-9491).
        if (isBehind || outOfRange.beginsAnew(entry.partition.name)) {
          log.truncateFullyAndStartAt(leaderStartOffset);
        } else if (!epochStart.withoutAnswer(log)) entry.comparesEpochs = false;
        done(ErrorCode.NONE);
      });
    });
  }

  private ask(
    entry: FetchedPartition,
    timestamp: number,
    failed: (error: ErrorCode) => void,
    found: (offset: number) => void,
  ): void {
    const { partition } = entry;
    const wanted = listOffsetsPartition({
      partitionIndex: partition.index,
      currentLeaderEpoch: entry.leaderEpoch,
      timestamp,
    });
    const request = listOffsetsRequest({
      replicaId: this.brokerId,
      topics: [listOffsetsTopic({ name: partition.topic, partitions: [wanted] })],
    });
    this.channel.send(apis.ListOffsets, request, (reply) => {
      if (!entry.active) return;
      if (reply.kind !== 'response') return failed(ErrorCode.NETWORK_EXCEPTION);
      const answer = reply.body.topics[0]?.partitions[0];
      if (answer === undefined) return failed(ErrorCode.UNKNOWN_SERVER_ERROR);
      if (answer.errorCode !== ErrorCode.NONE) return failed(answer.errorCode as ErrorCode);
      found(answer.offset);
    });
  }
}
