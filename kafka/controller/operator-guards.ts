/**
 * What clients need to be allowed for requests that the controller serves, whoever passed them on
 * (Kafka: ControllerApis): each is judged by its own principal and address.
 */
import { ZERO_UUID } from '../base/uuid.ts';
import { ConfigResourceType, type MetadataImage } from '../metadata/image.ts';
import { AclOperation } from '../security/acl.ts';
import type { Permissions } from '../security/authorizer.ts';
import { ALL, divided, type Guard, refused } from '../security/guard.ts';
import { type ApiSpec, apis } from '../wire/apis.ts';
import { ErrorCode, errorMessage } from '../wire/errors.ts';
import { addRaftVoterResponse } from '../wire/generated/add-raft-voter-response.ts';
import { alterConfigsResourceResponse as replacedResource } from '../wire/generated/alter-configs-response.ts';
import { createPartitionsTopicResult } from '../wire/generated/create-partitions-response.ts';
import {
  type CreatableTopicResult,
  creatableTopicResult,
} from '../wire/generated/create-topics-response.ts';
import { deletableTopicResult } from '../wire/generated/delete-topics-response.ts';
import { describeQuorumResponse } from '../wire/generated/describe-quorum-response.ts';
import { alterConfigsResourceResponse } from '../wire/generated/incremental-alter-configs-response.ts';
import { removeRaftVoterResponse } from '../wire/generated/remove-raft-voter-response.ts';
import { operatorApi } from './operator-apis.ts';

interface State {
  readonly image: MetadataImage;
}
type OperatorGuard<Req, Res> = Guard<Req, Res, State>;
type AnyGuard = OperatorGuard<unknown, unknown>;

const { ALTER, ALTER_CONFIGS, CREATE, DELETE, DESCRIBE, DESCRIBE_CONFIGS } = AclOperation;
const { CLUSTER_AUTHORIZATION_FAILED, TOPIC_AUTHORIZATION_FAILED } = ErrorCode;
const clusterFailed = {
  errorCode: CLUSTER_AUTHORIZATION_FAILED,
  errorMessage: errorMessage(CLUSTER_AUTHORIZATION_FAILED),
};
const topicFailed = {
  errorCode: TOPIC_AUTHORIZATION_FAILED,
  errorMessage: errorMessage(TOPIC_AUTHORIZATION_FAILED),
};

const guards = new Map<number, AnyGuard>();

function guard<Req, Res>(api: ApiSpec<Req, Res>, by: OperatorGuard<Req, Res>): void {
  guards.set(api.key, by as unknown as AnyGuard);
}

/** Of requests that are refused as a whole. */
function needs({ key }: { readonly key: number }, operation: AclOperation): void {
  guards.set(key, (may, request, { apiVersion }) => {
    if (may.cluster(operation)) return ALL;
    const response = operatorApi(key)?.refuse(request, CLUSTER_AUTHORIZATION_FAILED, apiVersion);
    return refused(response);
  });
}

guard(apis.CreateTopics, (may, request) => {
  const all = may.cluster(CREATE);
  const [allowed, others] = divided(request.topics, ({ name }) => all || may.topic(name, CREATE));
  const answers = others.map(({ name }) =>
    creatableTopicResult({ name, ...topicFailed, configs: [] }),
  );
  return {
    kind: 'part',
    request: { ...request, topics: allowed },
    complete: (response) => {
      const made = response.topics.map((topic) => withoutConfigs(may, topic));
      return { ...response, topics: [...made, ...answers] };
    },
  };
});

/** KIP-525: what a new topic is like is for those who may look at settings. */
function withoutConfigs(may: Permissions, topic: CreatableTopicResult): CreatableTopicResult {
  const shows = topic.errorCode !== ErrorCode.NONE || may.topic(topic.name, DESCRIBE_CONFIGS);
  if (shows) return topic;
  return {
    ...topic,
    topicConfigErrorCode: TOPIC_AUTHORIZATION_FAILED,
    numPartitions: -1,
    replicationFactor: -1,
    configs: null,
  };
}

guard(apis.DeleteTopics, (may, request, { image }) => {
  if (may.cluster(DELETE)) return ALL;
  const mayDelete = (name: string): boolean => may.topic(name, DESCRIBE) && may.topic(name, DELETE);
  const [topicNames, otherNames] = divided(request.topicNames, mayDelete);
  const [topics, others] = divided(request.topics, ({ name, topicId }) => {
    const known = topicId === ZERO_UUID ? name : image.topicsById.get(topicId)?.name;
    return known === undefined || known === null || mayDelete(known);
  });
  const byId = others.map(({ name, topicId }) => {
    const known = image.topicsById.get(topicId)?.name;
    const shown = known !== undefined && may.topic(known, DESCRIBE) ? known : name;
    return deletableTopicResult({ name: shown, topicId, ...topicFailed });
  });
  const byName = otherNames.map((name) => deletableTopicResult({ name, ...topicFailed }));
  return {
    kind: 'part',
    request: { ...request, topicNames, topics },
    complete: (response) => ({
      ...response,
      responses: [...response.responses, ...byName, ...byId],
    }),
  };
});

guard(apis.CreatePartitions, (may, request) => {
  const [allowed, others] = divided(request.topics, ({ name }) => may.topic(name, ALTER));
  const answers = others.map(({ name }) => createPartitionsTopicResult({ name, ...topicFailed }));
  return {
    kind: 'part',
    request: { ...request, topics: allowed },
    complete: (response) => ({ ...response, results: [...response.results, ...answers] }),
  };
});

interface ConfigResource {
  readonly resourceType: number;
  readonly resourceName: string;
}

function isTopic({ resourceType }: ConfigResource): boolean {
  return resourceType === ConfigResourceType.TOPIC;
}

function mayAlter(may: Permissions, resource: ConfigResource): boolean {
  if (isTopic(resource)) return may.topic(resource.resourceName, ALTER_CONFIGS);
  return may.cluster(ALTER_CONFIGS);
}

guard(apis.IncrementalAlterConfigs, (may, request) => {
  const [allowed, others] = divided(request.resources, (one) => mayAlter(may, one));
  const answers = others.map((one) => {
    const { resourceType, resourceName } = one;
    const why = isTopic(one) ? topicFailed : clusterFailed;
    return alterConfigsResourceResponse({ resourceType, resourceName, ...why });
  });
  return {
    kind: 'part',
    request: { ...request, resources: allowed },
    complete: (response) => ({ ...response, responses: [...response.responses, ...answers] }),
  };
});

guard(apis.AlterConfigs, (may, request) => {
  const [allowed, others] = divided(request.resources, (one) => mayAlter(may, one));
  const answers = others.map((one) => {
    const { resourceType, resourceName } = one;
    const why = isTopic(one) ? topicFailed : clusterFailed;
    return replacedResource({ resourceType, resourceName, ...why });
  });
  return {
    kind: 'part',
    request: { ...request, resources: allowed },
    complete: (response) => ({ ...response, responses: [...response.responses, ...answers] }),
  };
});

needs(apis.ElectLeaders, ALTER);
needs(apis.AlterPartitionReassignments, ALTER);
needs(apis.ListPartitionReassignments, DESCRIBE);
needs(apis.UpdateFeatures, ALTER);
needs(apis.UnregisterBroker, ALTER);
needs(apis.AlterUserScramCredentials, ALTER);
needs(apis.CreateAcls, ALTER);
needs(apis.DeleteAcls, ALTER);

guard(apis.DescribeQuorum, (may) =>
  may.cluster(DESCRIBE) ? ALL : refused(describeQuorumResponse(clusterFailed)),
);
guard(apis.AddRaftVoter, (may) =>
  may.cluster(ALTER) ? ALL : refused(addRaftVoterResponse(clusterFailed)),
);
guard(apis.RemoveRaftVoter, (may) =>
  may.cluster(ALTER) ? ALL : refused(removeRaftVoterResponse(clusterFailed)),
);

/** null: nobody has said who may use this API. */
export function operatorGuard(apiKey: number): AnyGuard | null {
  return guards.get(apiKey) ?? null;
}
