/**
 * OffsetFetch (key 9): where groups stand (Kafka: KafkaApis.handleOffsetFetchRequest). A consumer
 * that requires stable offsets reads all that is written and is answered once that is replicated;
 * others read what is replicated now. Versions from 8 on ask for several groups (KIP-709).
 */
import { offsetsOf } from '../../group/offset-requests.ts';
import { coordinatorError } from '../../group/shard.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type {
  OffsetFetchRequest,
  OffsetFetchRequestGroup,
} from '../../wire/generated/offset-fetch-request.ts';
import {
  type OffsetFetchResponseGroup,
  type OffsetFetchResponsePartitions,
  offsetFetchResponse,
  offsetFetchResponseGroup,
  offsetFetchResponsePartitions,
  offsetFetchResponseTopics,
} from '../../wire/generated/offset-fetch-response.ts';
import type { BrokerServices } from '../broker-services.ts';

const FIRST_WITH_GROUPS = 8;
const FIRST_WITH_TOP_ERROR = 2;
const NO_OFFSET = -1;

type Asked = Pick<OffsetFetchRequestGroup, 'groupId' | 'topics'>;
type Answer = (group: OffsetFetchResponseGroup) => void;

export function offsetFetch(broker: BrokerServices) {
  return (context: RequestContext, request: OffsetFetchRequest): void => {
    const { requireStable } = request;
    if (context.apiVersion < FIRST_WITH_GROUPS) {
      fetchOne(broker, request, requireStable, (group) => respondOne(context, request, group));
      return;
    }
    const groups = new Array<OffsetFetchResponseGroup>(request.groups.length);
    let missing = groups.length;
    if (missing === 0) return context.respond(offsetFetchResponse());
    request.groups.forEach((asked, i) => {
      fetchOne(broker, asked, requireStable, (group) => {
        groups[i] = group;
        missing -= 1;
        if (missing === 0) context.respond(offsetFetchResponse({ groups }));
      });
    });
  };
}

function fetchOne(
  broker: BrokerServices,
  asked: Asked,
  requireStable: boolean,
  answer: Answer,
): void {
  const { groupId } = asked;
  const refuse = (errorCode: ErrorCode): void =>
    answer(offsetFetchResponseGroup({ groupId, errorCode }));
  const served = broker.groups.find(groupId);
  if (typeof served === 'number') return refuse(served);
  const { shard } = served;
  const found = read(asked, offsetsOf(shard, groupId, requireStable ? 'written' : 'committed'));
  if (!requireStable) return answer(found);
  shard.afterWrites((error) => {
    if (error === ErrorCode.NONE) return answer(found);
    // Consumers before 3.9 know what to do with this one alone.
    const unknown = coordinatorError(error) === ErrorCode.COORDINATOR_NOT_AVAILABLE;
    refuse(unknown ? ErrorCode.NOT_COORDINATOR : coordinatorError(error));
  });
}

function read(
  { groupId, topics }: Asked,
  offsets: ReturnType<typeof offsetsOf>,
): OffsetFetchResponseGroup {
  const wanted =
    topics ??
    [...(offsets ?? [])].map(([name, partitions]) => ({
      name,
      partitionIndexes: [...partitions.keys()].sort((a, b) => a - b),
    }));
  return offsetFetchResponseGroup({
    groupId,
    topics: wanted.map(({ name, partitionIndexes }) =>
      offsetFetchResponseTopics({
        name,
        partitions: partitionIndexes.map((partitionIndex) => {
          const known = offsets?.get(name)?.get(partitionIndex);
          if (known === undefined) return nothing(partitionIndex, ErrorCode.NONE);
          return offsetFetchResponsePartitions({
            partitionIndex,
            committedOffset: known.offset,
            committedLeaderEpoch: known.leaderEpoch,
            metadata: known.metadata,
          });
        }),
      }),
    ),
  });
}

function nothing(partitionIndex: number, errorCode: ErrorCode): OffsetFetchResponsePartitions {
  return offsetFetchResponsePartitions({
    partitionIndex,
    committedOffset: NO_OFFSET,
    metadata: '',
    errorCode,
  });
}

/** The oldest version has no place for an error but at every partition. */
function respondOne(
  context: RequestContext,
  request: OffsetFetchRequest,
  { topics, errorCode }: OffsetFetchResponseGroup,
): void {
  if (errorCode === ErrorCode.NONE || context.apiVersion >= FIRST_WITH_TOP_ERROR) {
    context.respond(offsetFetchResponse({ topics, errorCode }));
    return;
  }
  const refused = (request.topics ?? []).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((index) => nothing(index, errorCode)),
  }));
  context.respond(offsetFetchResponse({ topics: refused }));
}
