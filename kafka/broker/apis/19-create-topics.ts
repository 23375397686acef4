/** CreateTopics (key 19): the controller's business, forwarded to it (KIP-590). */
import type { RequestContext } from '../../rpc/request-server.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { CreateTopicsRequest } from '../../wire/generated/create-topics-request.ts';
import {
  creatableTopicResult,
  createTopicsResponse,
} from '../../wire/generated/create-topics-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function createTopics(broker: BrokerServices) {
  return (context: RequestContext, request: CreateTopicsRequest): void => {
    broker.forwarding.forward(apis.CreateTopics, context, request, (response) => {
      context.respond(response ?? timedOut(request));
    });
  };
}

/** No controller answered: whether the topics will exist is not known. */
function timedOut(request: CreateTopicsRequest) {
  return createTopicsResponse({
    topics: request.topics.map((topic) =>
      creatableTopicResult({ name: topic.name, errorCode: ErrorCode.REQUEST_TIMED_OUT }),
    ),
  });
}
