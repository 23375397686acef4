/** Produce requests out of batches, and batches found again in their responses. */
import type { ProduceRequest, TopicProduceData } from '../../wire/generated/produce-request.ts';
import type { PartitionProduceResponse } from '../../wire/generated/produce-response.ts';
import type { LeaderHint } from '../metadata.ts';
import type { ProducerBatch } from './producer-batch.ts';

export function requestOf(
  batches: readonly ProducerBatch[],
  acks: number,
  timeoutMs: number,
): ProduceRequest {
  return { transactionalId: null, acks, timeoutMs, topicData: groupByTopic(batches) };
}

function groupByTopic(batches: readonly ProducerBatch[]): TopicProduceData[] {
  const topicData: TopicProduceData[] = [];
  let topic: TopicProduceData | undefined;
  for (const batch of batches) {
    const { queue } = batch;
    if (topic === undefined || topic.name !== queue.topic) {
      topic = topicData.find((one) => one.name === queue.topic);
    }
    if (topic === undefined) {
      topic = { name: queue.topic, partitionData: [] };
      topicData.push(topic);
    }
    topic.partitionData.push({ index: queue.partition, records: batch.records });
  }
  return topicData;
}

/** Responses mostly come in request order, so the batch is mostly the one at `expectedAt`. */
export function batchAnswered(
  batches: readonly ProducerBatch[],
  expectedAt: number,
  topic: string,
  partition: number,
): ProducerBatch | undefined {
  const expected = batches[expectedAt];
  if (expected?.queue.partition === partition && expected.queue.topic === topic) return expected;
  return batches.find(({ queue }) => queue.partition === partition && queue.topic === topic);
}

export function hintOf(topic: string, response: PartitionProduceResponse): LeaderHint {
  const { leaderId, leaderEpoch } = response.currentLeader;
  return { topic, partition: response.index, leaderId, leaderEpoch };
}
