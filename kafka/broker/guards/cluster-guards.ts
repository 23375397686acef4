/** What clients need to be allowed for requests about the cluster as a whole (Kafka: KafkaApis). */
import { ConfigResourceType } from '../../metadata/image.ts';
import { AclOperation } from '../../security/acl.ts';
import { ALL, divided, type Guard, refused } from '../../security/guard.ts';
import { ErrorCode, errorMessage } from '../../wire/errors.ts';
import type { DescribeAclsRequest } from '../../wire/generated/describe-acls-request.ts';
import {
  type DescribeAclsResponse,
  describeAclsResponse,
} from '../../wire/generated/describe-acls-response.ts';
import type { DescribeClientQuotasRequest } from '../../wire/generated/describe-client-quotas-request.ts';
import {
  type DescribeClientQuotasResponse,
  describeClientQuotasResponse,
} from '../../wire/generated/describe-client-quotas-response.ts';
import type { DescribeConfigsRequest } from '../../wire/generated/describe-configs-request.ts';
import {
  type DescribeConfigsResponse,
  describeConfigsResult,
} from '../../wire/generated/describe-configs-response.ts';
import type { DescribeLogDirsRequest } from '../../wire/generated/describe-log-dirs-request.ts';
import {
  type DescribeLogDirsResponse,
  describeLogDirsResponse,
} from '../../wire/generated/describe-log-dirs-response.ts';
import {
  describeUserScramCredentialsResponse,
  type DescribeUserScramCredentialsResponse as ScramResponse,
} from '../../wire/generated/describe-user-scram-credentials-response.ts';
import type { InitProducerIdRequest } from '../../wire/generated/init-producer-id-request.ts';
import {
  type InitProducerIdResponse,
  initProducerIdResponse,
} from '../../wire/generated/init-producer-id-response.ts';
import type { GuardState } from './guard-state.ts';

type BrokerGuard<Req, Res> = Guard<Req, Res, GuardState>;

const { DESCRIBE, DESCRIBE_CONFIGS, IDEMPOTENT_WRITE, WRITE } = AclOperation;
const { CLUSTER_AUTHORIZATION_FAILED, TRANSACTIONAL_ID_AUTHORIZATION_FAILED } = ErrorCode;
const errorCode = CLUSTER_AUTHORIZATION_FAILED;
const told = { errorCode, errorMessage: errorMessage(errorCode) };

/** Whoever may write to any topic may do it without repeating itself (KIP-679). */
export const guardInitProducerId: BrokerGuard<InitProducerIdRequest, InitProducerIdResponse> = (
  may,
  { transactionalId },
) => {
  const nobody = { producerId: -1, producerEpoch: -1 };
  if (transactionalId !== null) {
    if (may.transactionalId(transactionalId, WRITE)) return ALL;
    const failed = TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    return refused(initProducerIdResponse({ errorCode: failed, ...nobody }));
  }
  if (may.cluster(IDEMPOTENT_WRITE) || may.anyTopic(WRITE)) return ALL;
  return refused(initProducerIdResponse({ errorCode, ...nobody }));
};

export const guardDescribeConfigs: BrokerGuard<DescribeConfigsRequest, DescribeConfigsResponse> = (
  may,
  request,
) => {
  const [allowed, others] = divided(request.resources, ({ resourceType, resourceName }) =>
    resourceType === ConfigResourceType.TOPIC
      ? may.topic(resourceName, DESCRIBE_CONFIGS)
      : may.cluster(DESCRIBE_CONFIGS),
  );
  if (others.length === 0) return ALL;
  const answers = others.map(({ resourceType, resourceName }) => {
    const isTopic = resourceType === ConfigResourceType.TOPIC;
    const failed = isTopic ? ErrorCode.TOPIC_AUTHORIZATION_FAILED : errorCode;
    const said = { errorCode: failed, errorMessage: errorMessage(failed) };
    return describeConfigsResult({ ...said, resourceType, resourceName });
  });
  return {
    kind: 'part',
    request: { ...request, resources: allowed },
    complete: (response) => ({ ...response, results: [...response.results, ...answers] }),
  };
};

/** Before version 3 there is no place for the error. */
export const guardDescribeLogDirs: BrokerGuard<DescribeLogDirsRequest, DescribeLogDirsResponse> = (
  may,
) => (may.cluster(DESCRIBE) ? ALL : refused(describeLogDirsResponse({ errorCode })));

type QuotasGuard = BrokerGuard<DescribeClientQuotasRequest, DescribeClientQuotasResponse>;

export const guardDescribeClientQuotas: QuotasGuard = (may) =>
  may.cluster(DESCRIBE_CONFIGS)
    ? ALL
    : refused(describeClientQuotasResponse({ ...told, entries: null }));

export const guardDescribeScram: BrokerGuard<unknown, ScramResponse> = (may) =>
  may.cluster(DESCRIBE) ? ALL : refused(describeUserScramCredentialsResponse(told));

export const guardDescribeAcls: BrokerGuard<DescribeAclsRequest, DescribeAclsResponse> = (may) =>
  may.cluster(DESCRIBE) ? ALL : refused(describeAclsResponse(told));
