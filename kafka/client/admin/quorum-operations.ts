/**
 * The voters of the metadata quorum, as operators change them (KIP-853): which directory a voter
 * has is looked up first, as an operator would with `kafka-metadata-quorum describe`.
 */
import type { RpcChannel, RpcReply } from '../../rpc/rpc-channel.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode, errorName } from '../../wire/errors.ts';
import { addRaftVoterRequest } from '../../wire/generated/add-raft-voter-request.ts';
import { describeQuorumRequest } from '../../wire/generated/describe-quorum-request.ts';
import type {
  DescribeQuorumResponse,
  PartitionData,
  ReplicaState,
} from '../../wire/generated/describe-quorum-response.ts';
import { removeRaftVoterRequest } from '../../wire/generated/remove-raft-voter-request.ts';
import type { NewVoter } from '../commands.ts';
import { done, type Operation, resultOf, unanswered, type Verdict } from './operation.ts';

const TOPIC = '__cluster_metadata';
type Answer = { readonly errorCode: number; readonly errorMessage: string | null };

export function describeQuorumCall(): Operation {
  return {
    name: 'describeQuorum',
    broker: null,
    send(channel, limits, ended) {
      describe(channel, limits, ended, (quorum) => {
        const of = (one: ReplicaState) => ({ id: one.replicaId, logEndOffset: one.logEndOffset });
        const { leaderId: leader, leaderEpoch, highWatermark } = quorum;
        const voters = quorum.currentVoters.map(of);
        const observers = quorum.observers.map(of);
        const described = { leader, leaderEpoch, highWatermark, voters, observers };
        ended(done({ kind: 'quorumDescribed', ...described }));
      });
    },
  };
}

export function addVoterCall(voter: NewVoter): Operation {
  return {
    name: 'addVoter',
    broker: null,
    send(channel, limits, ended) {
      describe(channel, limits, ended, ({ observers, currentVoters }) => {
        // An older directory of the node may be remembered, too; or an attempt before this one did
        // it after all, and the leader will say so.
        const known = [...observers, ...currentVoters].filter((one) => one.replicaId === voter.id);
        known.sort((a, b) => b.lastFetchTimestamp - a.lastFetchTimestamp);
        const request = addRaftVoterRequest({
          clusterId: null,
          timeoutMs: limits.timeoutMs,
          voterId: voter.id,
          voterDirectoryId: known[0]?.replicaDirectoryId ?? NO_DIRECTORY,
          listeners: [{ name: voter.listener, host: voter.host, port: voter.port }],
        });
        const onReply = (reply: RpcReply<Answer>): void => ended(changed(voter.id, reply));
        channel.send(apis.AddRaftVoter, request, onReply, limits);
      });
    },
  };
}

export function removeVoterCall(id: number): Operation {
  return {
    name: 'removeVoter',
    broker: null,
    send(channel, limits, ended) {
      describe(channel, limits, ended, ({ currentVoters }) => {
        const known = currentVoters.find((one) => one.replicaId === id);
        const request = removeRaftVoterRequest({
          clusterId: null,
          voterId: id,
          voterDirectoryId: known?.replicaDirectoryId ?? NO_DIRECTORY,
        });
        const onReply = (reply: RpcReply<Answer>): void => ended(changed(id, reply));
        channel.send(apis.RemoveRaftVoter, request, onReply, limits);
      });
    },
  };
}

const NO_DIRECTORY = 'AAAAAAAAAAAAAAAAAAAAAA';

/** Asks for the quorum as its leader sees it; anything else ends the attempt. */
function describe(
  channel: RpcChannel,
  limits: { readonly timeoutMs: number },
  ended: (verdict: Verdict) => void,
  then: (quorum: PartitionData) => void,
): void {
  const partitions = [{ partitionIndex: 0 }];
  const request = describeQuorumRequest({ topics: [{ topicName: TOPIC, partitions }] });
  const onReply = (reply: RpcReply<DescribeQuorumResponse>): void => {
    if (reply.kind !== 'response') return ended(unanswered(reply, false));
    const { errorCode, topics } = reply.body;
    const partition = topics[0]?.partitions[0];
    const error = errorCode === ErrorCode.NONE ? (partition?.errorCode ?? -1) : errorCode;
    if (partition !== undefined && error === ErrorCode.NONE) return then(partition);
    ended({ kind: 'retry', problem: errorName(error), mayHaveHappened: false });
  };
  channel.send(apis.DescribeQuorum, request, onReply, limits);
}

function changed(id: number, reply: RpcReply<Answer>): Verdict {
  if (reply.kind !== 'response') return unanswered(reply, true);
  const { errorCode } = reply.body;
  const isRetriable =
    errorCode === ErrorCode.REQUEST_TIMED_OUT ||
    errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER ||
    errorCode === ErrorCode.NOT_CONTROLLER;
  if (isRetriable) {
    return { kind: 'retry', problem: errorName(errorCode), mayHaveHappened: true };
  }
  return done({ kind: 'operated', results: [resultOf(String(id), reply.body)] });
}
