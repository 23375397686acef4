/**
 * DeleteTopics (Kafka: ControllerApis.deleteTopics, ReplicationControlManager.deleteTopic): topics
 * named or known by id; each is answered for itself. Brokers remove the replicas when they learn
 * of it; the topic's configs go with it.
 */
import { type Uuid, ZERO_UUID } from '../base/uuid.ts';
import type { MetadataImage } from '../metadata/image.ts';
import { ErrorCode, errorMessage } from '../wire/errors.ts';
import type { DeleteTopicsRequest } from '../wire/generated/delete-topics-request.ts';
import {
  type DeletableTopicResult,
  type DeleteTopicsResponse,
  deletableTopicResult,
  deleteTopicsResponse,
} from '../wire/generated/delete-topics-response.ts';
import { type MetadataRecord, metadataRecord } from '../wire/metadata-records.ts';
import { type ControllerResult, readOnly } from './controller-result.ts';
import { refuseDeleteTopics } from './refused-requests.ts';

/** The first version that knows TOPIC_DELETION_DISABLED. */
const FIRST_WITH_DISABLED = 3;

interface Asked {
  /** null: by id. */
  readonly name: string | null;
  readonly topicId: Uuid;
}

export function deleteTopics(
  image: MetadataImage,
  request: DeleteTopicsRequest,
  options: { readonly apiVersion: number; readonly enabled: boolean },
): ControllerResult<DeleteTopicsResponse> {
  if (!options.enabled) {
    const disabled = ErrorCode.TOPIC_DELETION_DISABLED;
    const known = options.apiVersion >= FIRST_WITH_DISABLED;
    return readOnly(refuseDeleteTopics(request, known ? disabled : ErrorCode.INVALID_REQUEST));
  }
  const asked: Asked[] = [
    ...request.topicNames.map((name) => ({ name, topicId: ZERO_UUID })),
    ...request.topics.map(({ name, topicId }) => ({ name, topicId })),
  ];
  const records: MetadataRecord[] = [];
  const responses: DeletableTopicResult[] = [];
  const answered = new Set<string>();
  for (const one of asked) {
    const problem = problemOfForm(one, asked);
    const key = `${one.name ?? ''} ${one.topicId}`;
    if (answered.has(key)) continue;
    answered.add(key);
    const answer = problem ?? remove(image, one, asked, records);
    if (answer !== null) responses.push(answer);
  }
  return { records, response: deleteTopicsResponse({ responses }), why: 'deleted' };
}

function problemOfForm(one: Asked, all: readonly Asked[]): DeletableTopicResult | null {
  const { name, topicId } = one;
  const hasId = topicId !== ZERO_UUID;
  if (name === null && !hasId) {
    return refused(one, ErrorCode.INVALID_REQUEST, 'Neither topic name nor id were specified.');
  }
  if (name !== null && hasId) {
    const message = 'You may not specify both topic name and topic id.';
    return refused(one, ErrorCode.INVALID_REQUEST, message);
  }
  const same = all.filter((other) => other.name === name && other.topicId === topicId);
  if (same.length < 2) return null;
  const what = name === null ? 'id' : 'name';
  return refused(one, ErrorCode.INVALID_REQUEST, `Duplicate topic ${what}.`);
}

function remove(
  image: MetadataImage,
  one: Asked,
  all: readonly Asked[],
  records: MetadataRecord[],
): DeletableTopicResult | null {
  const { name, topicId } = one;
  const topic = name === null ? image.topicsById.get(topicId) : image.topic(name);
  if (topic === undefined) {
    const byId = name === null;
    return refused(one, byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  }
  const twice = all.some((other) => other.topicId === topic.id && other.name === null);
  if (name !== null && twice) {
    const message = 'The provided topic name maps to an ID that was already supplied.';
    return refused({ name, topicId: topic.id }, ErrorCode.INVALID_REQUEST, message);
  }
  // As in Kafka, a topic given both ways is answered once, under its name.
  if (name === null && all.some((other) => other.name === topic.name)) return null;
  records.push(metadataRecord('RemoveTopicRecord', { topicId: topic.id }));
  return deletableTopicResult({ name: topic.name, topicId: topic.id });
}

function refused(one: Asked, errorCode: ErrorCode, message?: string): DeletableTopicResult {
  const { name, topicId } = one;
  const said = message ?? errorMessage(errorCode);
  return deletableTopicResult({ name, topicId, errorCode, errorMessage: said });
}
