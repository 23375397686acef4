/**
 * Adding, removing and updating voters while the quorum works, one change at a time (KIP-853;
 * Kafka: AddVoterHandler, RemoveVoterHandler, UpdateVoterHandler). A change is refused until the
 * leader has committed in its own epoch and so has the change before it; a voter that is added
 * must have fetched the log, so that it does not hold commits up.
 */
import { Timer } from '../base/timers.ts';
import { ZERO_UUID } from '../base/uuid.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { AddRaftVoterRequest } from '../wire/generated/add-raft-voter-request.ts';
import { addRaftVoterResponse } from '../wire/generated/add-raft-voter-response.ts';
import type { ApiVersionsResponse } from '../wire/generated/api-versions-response.ts';
import type { RemoveRaftVoterRequest } from '../wire/generated/remove-raft-voter-request.ts';
import { removeRaftVoterResponse } from '../wire/generated/remove-raft-voter-response.ts';
import type { UpdateRaftVoterRequest } from '../wire/generated/update-raft-voter-request.ts';
import { updateRaftVoterResponse } from '../wire/generated/update-raft-voter-response.ts';
import type { LeaderState } from './leader-state.ts';
import type { Leadership } from './leadership.ts';
import type { PartitionState } from './partition-state.ts';
import type { Quorum } from './quorum.ts';
import type { RaftChannels } from './raft-channels.ts';
import { addressIn, type VoterNode } from './voter-set.ts';

export const KRAFT_VERSION = 'kraft.version';

/** A request that can be answered later; a RequestContext fits. */
export interface Asker {
  respond(body: unknown): void;
}

interface Refusal {
  readonly errorCode: ErrorCode;
  readonly errorMessage: string | null;
}

/** The one change under way. */
interface Pending {
  readonly answer: (refusal: Refusal) => void;
  /** Of its VotersRecord; null until that is written. */
  offset: number | null;
}

const DONE: Refusal = { errorCode: ErrorCode.NONE, errorMessage: null };

export class VoterChanges {
  private readonly runtime: NodeRuntime;
  private readonly quorum: Quorum;
  private readonly partition: PartitionState;
  private readonly leadership: Leadership;
  private readonly channels: RaftChannels;
  private pending: Pending | null = null;
  private readonly limit: Timer;

  constructor(parts: {
    runtime: NodeRuntime;
    quorum: Quorum;
    partition: PartitionState;
    leadership: Leadership;
    channels: RaftChannels;
  }) {
    this.runtime = parts.runtime;
    this.quorum = parts.quorum;
    this.partition = parts.partition;
    this.leadership = parts.leadership;
    this.channels = parts.channels;
    this.limit = new Timer(() => this.settle(refusal(ErrorCode.REQUEST_TIMED_OUT)));
  }

  add(request: AddRaftVoterRequest, asker: Asker): void {
    const { quorum } = this;
    const answer = (one: Refusal): void => asker.respond(addRaftVoterResponse(one));
    const problem = this.problem(request.clusterId);
    if (problem !== null) return answer(problem);
    const key = { id: request.voterId, directoryId: request.voterDirectoryId };
    const endpoints = request.listeners.map(({ name, host, port }) => ({ name, host, port }));
    const address = addressIn(endpoints, quorum.local.listener);
    if (key.id < 0 || key.directoryId === ZERO_UUID || address === null) {
      const wanted = `id, directory id and a listener ${quorum.local.listener}`;
      return answer(refusal(ErrorCode.INVALID_REQUEST, `a voter needs ${wanted}`));
    }
    if (quorum.voters.get(key.id) !== undefined) {
      return answer(refusal(ErrorCode.DUPLICATE_VOTER, `${key.id} is a voter already`));
    }
    const pending = this.begin(answer);
    const body = { clientSoftwareName: 'kafka-trial', clientSoftwareVersion: '0.1.0' };
    this.channels.send(address, apis.ApiVersions, body, (response) => {
      if (this.pending !== pending || pending.offset !== null) return;
      this.versionsAnswered(response, { ...key, endpoints });
    });
  }

  /** The new voter answers at its address and says what it speaks: it may come in. */
  private versionsAnswered(
    response: ApiVersionsResponse | null,
    voter: Pick<VoterNode, 'id' | 'directoryId' | 'endpoints'>,
  ): void {
    const leader = this.leadership.state;
    if (response === null || response.errorCode !== ErrorCode.NONE || leader === null) {
      return this.settle(refusal(ErrorCode.REQUEST_TIMED_OUT, 'the new voter did not answer'));
    }
    const range = response.supportedFeatures.find((one) => one.name === KRAFT_VERSION);
    const { kraftVersion } = this.partition;
    const [min, max] = [range?.minVersion ?? 0, range?.maxVersion ?? 0];
    if (kraftVersion < min || kraftVersion > max) {
      const message = `the new voter does not speak ${KRAFT_VERSION} ${kraftVersion}`;
      return this.settle(refusal(ErrorCode.INVALID_REQUEST, message));
    }
    if (!leader.isCaughtUp(voter, this.runtime.nowMs)) {
      const message = 'the new voter has not caught up with the log';
      return this.settle(refusal(ErrorCode.REQUEST_TIMED_OUT, message));
    }
    const added = { ...voter, minKRaftVersion: min, maxKRaftVersion: max };
    const voters = this.quorum.voters.withVoter(added);
    if (voters === null) return this.settle(refusal(ErrorCode.DUPLICATE_VOTER));
    if (this.pending !== null) this.pending.offset = this.leadership.appendVoters(voters);
  }

  remove(request: RemoveRaftVoterRequest, asker: Asker): void {
    const answer = (one: Refusal): void => asker.respond(removeRaftVoterResponse(one));
    const problem = this.problem(request.clusterId);
    if (problem !== null) return answer(problem);
    const { voterId: id, voterDirectoryId: directoryId } = request;
    const voters = this.quorum.voters.withoutVoter({ id, directoryId });
    if (voters === null) {
      return answer(refusal(ErrorCode.VOTER_NOT_FOUND, `${id} (${directoryId}) cannot go`));
    }
    const pending = this.begin(answer);
    pending.offset = this.leadership.appendVoters(voters);
  }

  update(request: UpdateRaftVoterRequest, asker: Asker): void {
    const { quorum } = this;
    const answer = (errorCode: ErrorCode): void => {
      const at = quorum.leaderAddress;
      const leader = { leaderId: quorum.leaderId, leaderEpoch: quorum.epoch };
      const currentLeader = { ...leader, host: at?.host ?? '', port: at?.port ?? 0 };
      asker.respond(updateRaftVoterResponse({ errorCode, currentLeader }));
    };
    const epochProblem = quorum.leaderRequestProblem(request.currentLeaderEpoch);
    if (epochProblem !== ErrorCode.NONE) return answer(epochProblem);
    const problem = this.problem(request.clusterId);
    if (problem !== null) return answer(problem.errorCode);
    const { minSupportedVersion: min, maxSupportedVersion: max } = request.kRaftVersionFeature;
    const endpoints = request.listeners.map(({ name, host, port }) => ({ name, host, port }));
    const { kraftVersion } = this.partition;
    const isSound =
      addressIn(endpoints, quorum.local.listener) !== null &&
      min <= kraftVersion &&
      kraftVersion <= max;
    if (!isSound) return answer(ErrorCode.INVALID_REQUEST);
    const voters = quorum.voters.withUpdated({
      id: request.voterId,
      directoryId: request.voterDirectoryId,
      endpoints,
      minKRaftVersion: min,
      maxKRaftVersion: max,
    });
    if (voters === null) return answer(ErrorCode.VOTER_NOT_FOUND);
    // As Kafka: the voter does not wait for the commit.
    this.leadership.appendVoters(voters);
    answer(ErrorCode.NONE);
  }

  /** Why no change can be begun now; null: one can. */
  private problem(clusterId: string | null): Refusal | null {
    const { quorum, partition } = this;
    const leader: LeaderState | null = this.leadership.state;
    if (clusterId !== null && clusterId !== quorum.local.clusterId) {
      return refusal(ErrorCode.INCONSISTENT_CLUSTER_ID, 'this is another cluster');
    }
    if (leader === null) return refusal(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    if (this.pending !== null) {
      return refusal(ErrorCode.REQUEST_TIMED_OUT, 'another change of the voters is under way');
    }
    if (leader.highWatermark < 0) {
      return refusal(ErrorCode.REQUEST_TIMED_OUT, 'the leader has committed nothing yet');
    }
    if (partition.kraftVersion === 0) {
      const message = `the voters are static: ${KRAFT_VERSION} is 0`;
      return refusal(ErrorCode.UNSUPPORTED_VERSION, message);
    }
    if (partition.votersOffset >= leader.highWatermark) {
      const message = 'the last change of the voters is not committed yet';
      return refusal(ErrorCode.REQUEST_TIMED_OUT, message);
    }
    return null;
  }

  private begin(answer: (refusal: Refusal) => void): Pending {
    const pending: Pending = { answer, offset: null };
    this.pending = pending;
    const { runtime, quorum } = this;
    runtime.timers.arm(this.limit, runtime.nowMs + quorum.timeouts.requestTimeoutMs);
    return pending;
  }

  private settle(outcome: Refusal): void {
    const { pending } = this;
    this.pending = null;
    this.runtime.timers.cancel(this.limit);
    pending?.answer(outcome);
  }

  /** The log is committed up to here: a change below has happened. */
  committedTo(highWatermark: number): void {
    const offset = this.pending?.offset ?? null;
    if (offset !== null && offset < highWatermark) this.settle(DONE);
    const isGone = this.partition.votersOffset < highWatermark && !this.quorum.isVoter;
    // A leader that was removed has committed its removal; others lead from now on.
    if (isGone && this.leadership.state !== null) this.quorum.resign();
  }

  /** This node leads no more; whether the change will happen is not known. */
  end(): void {
    if (this.pending !== null) this.settle(refusal(ErrorCode.NOT_LEADER_OR_FOLLOWER));
  }
}

function refusal(errorCode: ErrorCode, errorMessage: string | null = null): Refusal {
  return { errorCode, errorMessage };
}
