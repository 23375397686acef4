/** Produce requests out of batches, and batches found again in their responses. */
import type {
  PartitionProduceData,
  ProduceRequest,
  TopicProduceData,
} from '../../wire/generated/produce-request.ts';
import type { PartitionProduceResponse } from '../../wire/generated/produce-response.ts';
import type { LeaderHint } from '../metadata.ts';
import type { ProducerBatch } from './producer-batch.ts';

/** @param batches at least one. */
export function requestOf(
  batches: readonly ProducerBatch[],
  acks: number,
  timeoutMs: number,
): ProduceRequest {
  return { transactionalId: null, acks, timeoutMs, topicData: groupByTopic(batches) };
}

function groupByTopic(batches: readonly ProducerBatch[]): TopicProduceData[] {
  const topicData = [topicOf(batches[0] as ProducerBatch)];
  for (let i = 1; i < batches.length; i++) {
    const batch = batches[i] as ProducerBatch;
    const topic = topicNamed(topicData, batch.queue.topic);
    if (topic !== null) topic.partitionData.push(dataOf(batch));
    else topicData.push(topicOf(batch));
  }
  return topicData;
}

function topicOf(batch: ProducerBatch): TopicProduceData {
  return { name: batch.queue.topic, partitionData: [dataOf(batch)] };
}

function dataOf({ queue, records }: ProducerBatch): PartitionProduceData {
  return { index: queue.partition, records };
}

/** Batches of one topic mostly follow each other: looked for from the end. */
function topicNamed(topicData: readonly TopicProduceData[], name: string): TopicProduceData | null {
  for (let i = topicData.length - 1; i >= 0; i--) {
    const topic = topicData[i] as TopicProduceData;
    if (topic.name === name) return topic;
  }
  return null;
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
