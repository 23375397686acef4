/**
 * DescribeLogDirs (key 35): this broker's log directories and the logs in them (KIP-113). How much
 * room a disk has is not known here: -1, as Kafka says where it cannot tell (KIP-827).
 */
import type { Log } from '../../log/log.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { DescribeLogDirsRequest } from '../../wire/generated/describe-log-dirs-request.ts';
import {
  type DescribeLogDirsTopic,
  describeLogDirsPartition,
  describeLogDirsResponse,
  describeLogDirsResult,
  describeLogDirsTopic,
} from '../../wire/generated/describe-log-dirs-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function describeLogDirs(broker: BrokerServices) {
  return (context: RequestContext, request: DescribeLogDirsRequest): void => {
    const { logs } = broker;
    const results = logs.directories.map((directory) => {
      const { path: logDir, online } = directory;
      if (!online)
        return describeLogDirsResult({ logDir, errorCode: ErrorCode.KAFKA_STORAGE_ERROR });
      const topics: DescribeLogDirsTopic[] = [];
      for (const log of logs.all()) {
        if (log.logDirectory === directory && isAsked(request, log)) addTo(topics, broker, log);
      }
      return describeLogDirsResult({ logDir, topics });
    });
    context.respond(describeLogDirsResponse({ results }));
  };
}

function isAsked({ topics }: DescribeLogDirsRequest, log: Log): boolean {
  if (topics === null) return true;
  return topics.some((one) => one.topic === log.topic && one.partitions.includes(log.partition));
}

function addTo(topics: DescribeLogDirsTopic[], broker: BrokerServices, log: Log): void {
  let topic = topics.find((one) => one.name === log.topic);
  if (topic === undefined) {
    topic = describeLogDirsTopic({ name: log.topic });
    topics.push(topic);
  }
  const highWatermark = broker.replicas.partition(log.topic, log.partition)?.log?.highWatermark;
  topic.partitions.push(
    describeLogDirsPartition({
      partitionIndex: log.partition,
      partitionSize: log.sizeBytes,
      offsetLag: Math.max((highWatermark ?? 0) - log.logEndOffset, 0),
    }),
  );
}
