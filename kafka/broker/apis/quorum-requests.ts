/**
 * Requests about the metadata quorum that clients send to brokers: forwarded to the active
 * controller, which leads the quorum (KIP-836, KIP-853).
 */
import { apis } from '../../wire/apis.ts';
import { ErrorCode } from '../../wire/errors.ts';
import { addRaftVoterResponse } from '../../wire/generated/add-raft-voter-response.ts';
import { describeQuorumResponse } from '../../wire/generated/describe-quorum-response.ts';
import { removeRaftVoterResponse } from '../../wire/generated/remove-raft-voter-response.ts';
import type { BrokerServices } from '../broker-services.ts';

/** No controller answered: whether the change was made is not known. */
const UNANSWERED = { errorCode: ErrorCode.REQUEST_TIMED_OUT };

export function serveQuorumRequests({ server, forwarding }: BrokerServices): void {
  server.serve(apis.DescribeQuorum, apis.DescribeQuorum, (context, request) =>
    forwarding.forward(apis.DescribeQuorum, context, request, (response) =>
      context.respond(response ?? describeQuorumResponse(UNANSWERED)),
    ),
  );
  server.serve(apis.AddRaftVoter, apis.AddRaftVoter, (context, request) =>
    forwarding.forward(apis.AddRaftVoter, context, request, (response) =>
      context.respond(response ?? addRaftVoterResponse(UNANSWERED)),
    ),
  );
  server.serve(apis.RemoveRaftVoter, apis.RemoveRaftVoter, (context, request) =>
    forwarding.forward(apis.RemoveRaftVoter, context, request, (response) =>
      context.respond(response ?? removeRaftVoterResponse(UNANSWERED)),
    ),
  );
}
