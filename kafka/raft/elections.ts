/**
 * Votes and resignations: asking for them and answering (Kafka: the Vote and EndQuorumEpoch parts
 * of KafkaRaftClient; KIP-595, KIP-996). An answer leaves when the state it tells of is durable.
 */
import { Timer } from '../base/timers.ts';
import { ZERO_UUID } from '../base/uuid.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import type { RequestContext } from '../rpc/request-server.ts';
import { apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { EndQuorumEpochRequest } from '../wire/generated/end-quorum-epoch-request.ts';
import type {
  PartitionData as VotePartition,
  VoteRequest,
} from '../wire/generated/vote-request.ts';
import type { VoteResponse } from '../wire/generated/vote-response.ts';
import type { MetadataLog } from './metadata-log.ts';
import type { Quorum } from './quorum.ts';
import type { RaftChannels } from './raft-channels.ts';
import type { RaftMessages } from './raft-messages.ts';
import { addressIn, type ReplicaKey, sameReplica } from './voter-set.ts';

export class Elections {
  private readonly runtime: NodeRuntime;
  private readonly quorum: Quorum;
  private readonly log: MetadataLog;
  private readonly channels: RaftChannels;
  private readonly messages: RaftMessages;

  constructor(parts: {
    runtime: NodeRuntime;
    quorum: Quorum;
    log: MetadataLog;
    channels: RaftChannels;
    messages: RaftMessages;
  }) {
    this.runtime = parts.runtime;
    this.quorum = parts.quorum;
    this.log = parts.log;
    this.channels = parts.channels;
    this.messages = parts.messages;
  }

  /** A state was entered in which the other voters are asked for something. */
  begin(): void {
    const { quorum } = this;
    const { state } = quorum;
    const asks =
      state.kind === 'prospective' || state.kind === 'candidate' || state.kind === 'resigned';
    if (!asks) return;
    quorum.whenDurablyIn(() => {
      for (const voter of quorum.otherVoterIds) this.ask(voter);
    });
  }

  /** Sends what the present state still wants of a voter. */
  private ask(voter: number): void {
    const { state } = this.quorum;
    if (state.kind === 'resigned') {
      if (state.unacknowledged.has(voter)) this.announceEnd(voter);
    } else if (state.kind === 'prospective' || state.kind === 'candidate') {
      const { tally } = state;
      if (!tally.isRejected && tally.isUnrecorded(voter)) this.askForVote(voter);
    }
  }

  private askAgain(voter: number, term: number): void {
    const { runtime, quorum } = this;
    const again = new Timer(() => {
      if (quorum.term === term) this.ask(voter);
    });
    runtime.timers.arm(again, runtime.nowMs + quorum.timeouts.retryBackoffMs);
  }

  private askForVote(voter: number): void {
    const { quorum, log, messages } = this;
    const { term, state, voters, local } = quorum;
    const address = voters.addressOf(voter, local.listener);
    if (address === null) return;
    const request = messages.voteRequest({
      epoch: state.epoch,
      voter: { id: voter, directoryId: voters.get(voter)?.directoryId ?? ZERO_UUID },
      lastOffset: log.endOffset,
      lastEpoch: log.lastFetchedEpoch,
      preVote: state.kind === 'prospective',
    });
    this.channels.send(address, apis.Vote, request, (response) => {
      if (!this.voteAnswered(response, voter, term)) this.askAgain(voter, term);
    });
  }

  /** @returns false when the voter must be asked again. */
  private voteAnswered(response: VoteResponse | null, voter: number, term: number): boolean {
    const { quorum, messages } = this;
    const partition = response?.topics[0]?.partitions[0];
    if (response === null || response.errorCode !== ErrorCode.NONE || partition === undefined) {
      return false;
    }
    const notice = messages.noticeOf(partition, response.nodeEndpoints);
    if (!quorum.accepts(notice) || quorum.term !== term) return true;
    if (partition.errorCode !== ErrorCode.NONE) return false;
    const { state } = quorum;
    if (state.kind !== 'prospective' && state.kind !== 'candidate') return true;
    if (partition.voteGranted) state.tally.granted.add(voter);
    else state.tally.rejected.add(voter);
    quorum.tallied();
    return true;
  }

  private announceEnd(voter: number): void {
    const { quorum, messages } = this;
    const { term, state } = quorum;
    const address = quorum.voters.addressOf(voter, quorum.local.listener);
    if (address === null || state.kind !== 'resigned') return;
    const request = messages.endQuorumEpochRequest(state.epoch, state.successors);
    this.channels.send(address, apis.EndQuorumEpoch, request, (response) => {
      const partition = response?.topics[0]?.partitions[0];
      if (response === null || partition === undefined) return this.askAgain(voter, term);
      const notice = messages.noticeOf(partition, response.nodeEndpoints);
      if (quorum.accepts(notice) && quorum.term === term) state.unacknowledged.delete(voter);
    });
  }

  // Answering

  handleVote(context: RequestContext, request: VoteRequest): void {
    const { quorum, messages } = this;
    const partition = messages.onlyPartition(request);
    if (partition === null) {
      context.respond(messages.refusal(request.clusterId));
      return;
    }
    const { error, granted } = this.judge(request, partition);
    const response = messages.voteResponse(error, granted, context.apiVersion);
    quorum.whenDurable(() => context.respond(response));
  }

  private judge(
    request: VoteRequest,
    partition: VotePartition,
  ): { error: ErrorCode; granted: boolean } {
    const { quorum } = this;
    const { candidateEpoch, candidateId, preVote, lastOffset, lastOffsetEpoch } = partition;
    const refused = (error: ErrorCode) => ({ error, granted: false });
    const epochIsSound = preVote
      ? lastOffsetEpoch <= candidateEpoch
      : lastOffsetEpoch < candidateEpoch;
    if (lastOffset < 0 || lastOffsetEpoch < 0 || !epochIsSound) {
      return refused(ErrorCode.INVALID_REQUEST);
    }
    const problem = quorum.voterRequestProblem(candidateEpoch, candidateId);
    if (problem !== ErrorCode.NONE) return refused(problem);
    if (candidateEpoch > quorum.epoch) quorum.becomeUnattached(candidateEpoch);
    if (!quorum.isMeant(request.voterId, partition.voterDirectoryId)) {
      return refused(ErrorCode.INVALID_VOTER_KEY);
    }
    const candidate = { id: candidateId, directoryId: partition.candidateDirectoryId };
    const granted = this.canGrant(candidate, partition);
    const { state } = quorum;
    const votes = granted && !preVote && state.voted === null;
    if (votes && (state.kind === 'unattached' || state.kind === 'prospective')) {
      quorum.addVote(candidate);
    }
    return { error: ErrorCode.NONE, granted };
  }

  /**
   * One vote per epoch, to a log that is at least as long as ours. A pre-vote binds nobody; it is
   * refused by the leader, and by who hears from the leader.
   */
  private canGrant(candidate: ReplicaKey, partition: VotePartition): boolean {
    const { log } = this;
    const { state } = this.quorum;
    const { lastOffset, lastOffsetEpoch, preVote } = partition;
    const epoch = log.lastFetchedEpoch;
    const isUpToDate =
      lastOffsetEpoch > epoch || (lastOffsetEpoch === epoch && lastOffset >= log.endOffset);
    switch (state.kind) {
      case 'leader':
        return false;
      case 'resigned':
      case 'candidate':
        return preVote && isUpToDate;
      case 'follower':
        if (preVote) return isUpToDate && !state.hasFetched;
        return state.voted !== null && isSameCandidate(state.voted, candidate);
      default:
        if (preVote) return isUpToDate;
        if (state.voted !== null) return isSameCandidate(state.voted, candidate);
        return state.leaderId < 0 && isUpToDate;
    }
  }

  handleEndQuorumEpoch(context: RequestContext, request: EndQuorumEpochRequest): void {
    const { quorum, messages } = this;
    const partition = messages.onlyPartition(request);
    if (partition === null) {
      context.respond(messages.refusal(request.clusterId));
      return;
    }
    const { leaderEpoch, leaderId } = partition;
    const problem = quorum.voterRequestProblem(leaderEpoch, leaderId);
    if (problem === ErrorCode.NONE) {
      quorum.learn(
        leaderEpoch,
        leaderId,
        addressIn(request.leaderEndpoints, quorum.local.listener),
      );
      const { state } = quorum;
      if (state.kind === 'follower' && state.leaderId === leaderId) {
        const candidates = successorsOf(partition);
        quorum.leaderResigned(this.successionDelayMs(candidates));
      }
    }
    const response = messages.quorumEpochResponse(problem, context.apiVersion);
    quorum.whenDurable(() => context.respond(response));
  }

  /** The first of the successors stands at once, the others one after another behind it. */
  private successionDelayMs(successors: readonly ReplicaKey[]): number {
    const { local, timeouts } = this.quorum;
    const { electionBackoffMaxMs: maxMs } = timeouts;
    const position = successors.findIndex(
      (one) => one.id === local.key.id && isSameCandidate(one, local.key),
    );
    if (position === 0) return 0;
    if (position < 0) return maxMs;
    const baseMs = maxMs >> (successors.length - 1);
    return Math.min(maxMs, baseMs << (position - 1));
  }
}

/** A vote noted without a directory holds for every directory of that node. */
function isSameCandidate(voted: ReplicaKey, candidate: ReplicaKey): boolean {
  return (
    sameReplica(voted, candidate) || (voted.id === candidate.id && voted.directoryId === ZERO_UUID)
  );
}

function successorsOf(
  partition: EndQuorumEpochRequest['topics'][0]['partitions'][0],
): ReplicaKey[] {
  const { preferredCandidates, preferredSuccessors } = partition;
  if (preferredCandidates.length === 0) {
    return preferredSuccessors.map((id) => ({ id, directoryId: ZERO_UUID }));
  }
  return preferredCandidates.map((one) => ({
    id: one.candidateId,
    directoryId: one.candidateDirectoryId,
  }));
}
