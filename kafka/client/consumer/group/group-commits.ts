/**
 * Commits positions of a consumer's group and asks where the group stands (Kafka:
 * ConsumerCoordinator's OffsetCommit and OffsetFetch halves). A member commits as of its
 * generation; a consumer that was assigned its partitions by hand commits outside of any.
 */
import { Timer } from '../../../base/timers.ts';
import type { RandomStream } from '../../../host.ts';
import type { NodeRuntime } from '../../../rpc/node-runtime.ts';
import type { RpcReply } from '../../../rpc/rpc-channel.ts';
import { apis } from '../../../wire/apis.ts';
import { ErrorCode, errorMessage, errorName } from '../../../wire/errors.ts';
import {
  offsetCommitRequest,
  offsetCommitRequestPartition,
  offsetCommitRequestTopic,
} from '../../../wire/generated/offset-commit-request.ts';
import type { OffsetCommitResponse } from '../../../wire/generated/offset-commit-response.ts';
import { backoffMs } from '../../backoff.ts';
import type { OffsetToCommit } from '../../commands.ts';
import type { ConsumerSettings, GroupSettings } from '../consumer-settings.ts';
import type { ConsumerError } from '../partition-state.ts';
import type { CoordinatorLink } from './coordinator-link.ts';
import type { Generation, Membership } from './membership.ts';

export type CommitOutcome =
  | { readonly kind: 'committed' }
  | {
      readonly kind: 'failed';
      readonly error: ConsumerError;
      readonly mayRetry: boolean;
      /** Nobody answered: it may have been taken. */
      readonly isUnknown: boolean;
    };

interface Waiting {
  readonly offsets: readonly OffsetToCommit[];
  /** Is tried again until then, after errors that may pass, if it is to be tried again. */
  readonly deadlineMs: number;
  readonly retries: boolean;
  readonly done: (outcome: CommitOutcome) => void;
  attempts: number;
  atMs: number;
  inFlight: boolean;
  /** Whether some attempt went unanswered. */
  isUnknown: boolean;
}

const NO_MEMBER: Generation = { id: -1, memberId: '', protocolName: '' };

export class GroupCommits {
  private readonly runtime: NodeRuntime;
  private readonly settings: ConsumerSettings;
  private readonly group: GroupSettings;
  private readonly link: CoordinatorLink;
  private readonly membership: Membership;
  private readonly isSubscribed: () => boolean;
  private readonly random: RandomStream;
  private readonly timer = new Timer(() => this.pump());
  private waiting: Waiting[] = [];

  constructor(
    runtime: NodeRuntime,
    settings: ConsumerSettings & { readonly group: GroupSettings },
    link: CoordinatorLink,
    parts: { readonly membership: Membership; readonly isSubscribed: () => boolean },
  ) {
    this.runtime = runtime;
    this.settings = settings;
    this.group = settings.group;
    this.link = link;
    this.membership = parts.membership;
    this.isSubscribed = parts.isSubscribed;
    this.random = runtime.host.random.stream('commit-backoff');
  }

  /** Once the coordinator is known; tried again until `timeoutMs` have passed. */
  commitWithin(
    timeoutMs: number,
    offsets: readonly OffsetToCommit[],
    done: (outcome: CommitOutcome) => void,
  ): void {
    this.add(timeoutMs, true, offsets, done);
  }

  /** Once the coordinator is known, and not again. */
  commitAsync(offsets: readonly OffsetToCommit[], done: (outcome: CommitOutcome) => void): void {
    this.add(this.settings.requestTimeoutMs, false, offsets, done);
  }

  private add(
    timeoutMs: number,
    retries: boolean,
    offsets: readonly OffsetToCommit[],
    done: (outcome: CommitOutcome) => void,
  ): void {
    const { nowMs } = this.runtime;
    const open = { attempts: 0, atMs: nowMs, inFlight: false, isUnknown: false };
    this.waiting.push({ offsets, deadlineMs: nowMs + timeoutMs, retries, done, ...open });
    this.pump();
  }

  /** Tries what waits and may be tried now. */
  pump(): void {
    const { nowMs, timers } = this.runtime;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const one of [...this.waiting]) {
      if (one.inFlight) continue;
      if (nowMs >= one.deadlineMs && one.attempts > 0) this.giveUp(one);
      else if (!this.link.isReady) {
        this.link.look();
        if (nowMs >= one.deadlineMs) this.giveUp(one);
        else nextMs = Math.min(nextMs, one.deadlineMs);
      } else if (nowMs < one.atMs) nextMs = Math.min(nextMs, one.atMs);
      else this.attempt(one);
    }
    timers.arm(this.timer, nextMs);
  }

  private attempt(one: Waiting): void {
    one.inFlight = true;
    one.attempts += 1;
    this.commitOnce(one.offsets, (outcome) => {
      one.inFlight = false;
      if (outcome.kind === 'failed') one.isUnknown ||= outcome.isUnknown;
      const isOver = outcome.kind === 'committed' || !outcome.mayRetry || !one.retries;
      if (isOver) return this.finish(one, outcome);
      const { retryBackoffMs, retryBackoffMaxMs } = this.settings;
      const attempts = one.attempts - 1;
      const waitMs = backoffMs(retryBackoffMs, retryBackoffMaxMs, attempts, this.random);
      one.atMs = Math.min(this.runtime.nowMs + waitMs, one.deadlineMs);
      this.pump();
    });
  }

  private giveUp(one: Waiting): void {
    const message = 'the commit was not answered in time';
    const error = { error: 'TimeoutException', message };
    this.finish(one, { kind: 'failed', error, mayRetry: false, isUnknown: one.isUnknown });
  }

  private finish(one: Waiting, outcome: CommitOutcome): void {
    this.waiting = this.waiting.filter((other) => other !== one);
    one.done(outcome);
  }

  /** One attempt, now. */
  commitOnce(offsets: readonly OffsetToCommit[], done: (outcome: CommitOutcome) => void): void {
    if (offsets.length === 0) return done({ kind: 'committed' });
    const { state, generation, isRebalancing } = this.membership;
    if (this.isSubscribed() && state !== 'stable') {
      return done(isRebalancing ? failed(REBALANCING) : failed(COMMIT_FAILED));
    }
    if (!this.link.isReady) {
      this.link.look();
      return done(retriable(errorOf(ErrorCode.COORDINATOR_NOT_AVAILABLE), false));
    }
    const sent = this.isSubscribed() ? generation : NO_MEMBER;
    this.tellSent(offsets, sent);
    this.link.send(apis.OffsetCommit, this.request(offsets, sent), (reply) => {
      const { code, outcome } = this.answered(reply, sent);
      this.tellAnswered(offsets, code);
      done(outcome);
    });
  }

  private request(offsets: readonly OffsetToCommit[], sent: Generation) {
    const topics = new Map<string, ReturnType<typeof offsetCommitRequestTopic>>();
    for (const { topic: name, partition, offset, leaderEpoch, metadata } of offsets) {
      const topic = topics.get(name) ?? offsetCommitRequestTopic({ name });
      topics.set(name, topic);
      topic.partitions.push(
        offsetCommitRequestPartition({
          partitionIndex: partition,
          committedOffset: offset,
          committedLeaderEpoch: leaderEpoch,
          committedMetadata: metadata,
        }),
      );
    }
    return offsetCommitRequest({
      groupId: this.group.groupId,
      generationIdOrMemberEpoch: sent.id,
      memberId: sent.memberId,
      groupInstanceId: sent === NO_MEMBER ? null : this.group.instanceId,
      topics: [...topics.values()],
    });
  }

  private tellSent(offsets: readonly OffsetToCommit[], sent: Generation): void {
    const { trace } = this.runtime.host;
    for (const { topic, partition, offset } of offsets) {
      trace.emit('commit.sent', this.group.groupId, `${topic}-${partition}`, offset, sent.id);
    }
  }

  private tellAnswered(offsets: readonly OffsetToCommit[], code: ErrorCode): void {
    const { trace } = this.runtime.host;
    const error = errorName(code);
    for (const { topic, partition, offset } of offsets) {
      trace.emit('commit.answered', this.group.groupId, `${topic}-${partition}`, offset, error);
    }
  }

  /** The first error of any partition is that of the commit. */
  private answered(
    reply: RpcReply<OffsetCommitResponse>,
    sent: Generation,
  ): { code: ErrorCode; outcome: CommitOutcome } {
    if (reply.kind !== 'response') {
      const code = ErrorCode.NETWORK_EXCEPTION;
      return { code, outcome: retriable(errorOf(code), reply.kind !== 'unsupported') };
    }
    const partitions = reply.body.topics.flatMap((topic) => topic.partitions);
    const code = partitions.find((one) => one.errorCode !== ErrorCode.NONE)?.errorCode;
    if (code === undefined) return { code: ErrorCode.NONE, outcome: { kind: 'committed' } };
    return { code, outcome: this.refused(code, sent) };
  }

  private refused(code: ErrorCode, sent: Generation): CommitOutcome {
    const { membership } = this;
    const isCurrent = sent === NO_MEMBER || membership.generation === sent;
    switch (code) {
      case ErrorCode.COORDINATOR_LOAD_IN_PROGRESS:
      case ErrorCode.UNKNOWN_TOPIC_OR_PARTITION:
        return retriable(errorOf(code), false);
      case ErrorCode.COORDINATOR_NOT_AVAILABLE:
      case ErrorCode.NOT_COORDINATOR:
      case ErrorCode.REQUEST_TIMED_OUT:
        this.link.markUnknown();
        // Written and not replicated in time, it may come through all the same.
        return retriable(errorOf(code), true);
      case ErrorCode.REBALANCE_IN_PROGRESS:
        membership.requestRejoin('offset commit failed since group is already rebalancing');
        return failed(REBALANCING);
      case ErrorCode.FENCED_INSTANCE_ID:
        if (isCurrent) return failed(errorOf(code));
        return membership.state === 'preparing' ? failed(REBALANCING) : failed(COMMIT_FAILED);
      case ErrorCode.UNKNOWN_MEMBER_ID:
      case ErrorCode.ILLEGAL_GENERATION:
        if (!isCurrent && membership.state === 'preparing') return failed(REBALANCING);
        if (sent !== NO_MEMBER) {
          membership.resetAndRejoin(errorName(code), code === ErrorCode.UNKNOWN_MEMBER_ID);
        }
        return failed({
          ...COMMIT_FAILED,
          message: `${COMMIT_FAILED.message}: ${errorName(code)}`,
        });
      default:
        return failed(errorOf(code));
    }
  }

  close(): void {
    this.waiting = [];
    this.runtime.timers.cancel(this.timer);
  }
}

const COMMIT_FAILED: ConsumerError = {
  error: 'CommitFailedException',
  message: 'the consumer is not part of an active generation of its group',
};
const REBALANCING: ConsumerError = {
  error: 'RebalanceInProgressException',
  message: 'the group is rebalancing; poll to complete it and commit again',
};

function failed(error: ConsumerError): CommitOutcome {
  return { kind: 'failed', error, mayRetry: false, isUnknown: false };
}

function retriable(error: ConsumerError, isUnknown: boolean): CommitOutcome {
  return { kind: 'failed', error, mayRetry: true, isUnknown };
}

function errorOf(code: ErrorCode): ConsumerError {
  return { error: errorName(code), message: errorMessage(code) };
}
