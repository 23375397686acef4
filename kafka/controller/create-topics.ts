/** CreateTopics as a request: sent to the controller itself, or in an envelope by a broker. */
import { ErrorCode, errorMessage } from '../wire/errors.ts';
import type { CreateTopicsRequest } from '../wire/generated/create-topics-request.ts';
import {
  creatableTopicResult,
  createTopicsResponse,
} from '../wire/generated/create-topics-response.ts';
import type { Controller } from './controller.ts';

/** What a handler needs of a request; one that came in an envelope has it too. */
export interface ControllerRequest {
  readonly apiVersion: number;
  respond(body: unknown): void;
}

export function createTopics(
  controller: Controller,
  context: ControllerRequest,
  request: CreateTopicsRequest,
): void {
  if (controller.active) {
    controller.createTopics(request, (response) => context.respond(response));
    return;
  }
  const errorCode = ErrorCode.NOT_CONTROLLER;
  const topics = request.topics.map(({ name }) =>
    creatableTopicResult({ name, errorCode, errorMessage: errorMessage(errorCode), configs: [] }),
  );
  context.respond(createTopicsResponse({ topics }));
}
