/**
 * InitProducerId (key 22) for idempotent producers: always a fresh id with epoch 0, whatever id
 * the producer had (as Kafka without a transactional id). There is no transaction coordinator,
 * so a transactional id is refused with INVALID_REQUEST, which clients do not try again.
 */
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { InitProducerIdRequest } from '../../wire/generated/init-producer-id-request.ts';
import { initProducerIdResponse } from '../../wire/generated/init-producer-id-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function initProducerId(broker: BrokerServices) {
  return (context: RequestContext, request: InitProducerIdRequest): void => {
    if (request.transactionalId !== null) {
      context.respond(refused(ErrorCode.INVALID_REQUEST));
      return;
    }
    const producerId = broker.producerIds.generate();
    // As Kafka: while the next block of ids is on its way the client is asked to come again.
    if (producerId === null) context.respond(refused(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
    else context.respond(initProducerIdResponse({ producerId, producerEpoch: 0 }));
  };
}

function refused(errorCode: ErrorCode) {
  return initProducerIdResponse({ errorCode, producerId: -1, producerEpoch: -1 });
}
