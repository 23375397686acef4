/**
 * The ISR as its leader sees it (KIP-497; Kafka: CommittedPartitionState, PendingExpandIsr,
 * PendingShrinkIsr). While a change is under way two sets count: the committed one decides
 * whether acks=all may be written at all, the maximal one (the larger of old and new) decides
 * what counts as replicated, so that either outcome is safe.
 */
import { ErrorCode } from '../wire/errors.ts';

/** An ISR change that the leader has asked the controller for. */
export interface IsrProposal {
  readonly kind: 'expand' | 'shrink';
  readonly leaderEpoch: number;
  /** The partition epoch that the change starts from. */
  readonly partitionEpoch: number;
  readonly newIsr: readonly IsrMember[];
}

export interface IsrMember {
  readonly brokerId: number;
  /** -1: not known, the controller does not check it. */
  readonly brokerEpoch: number;
}

export interface IsrState {
  /** The last ISR known to be committed. */
  readonly isr: readonly number[];
  readonly maximalIsr: readonly number[];
  /** null: nothing under way. */
  readonly proposal: IsrProposal | null;
}

export const NO_ISR: IsrState = { isr: [], maximalIsr: [], proposal: null };

export function committedIsr(isr: readonly number[]): IsrState {
  return { isr, maximalIsr: isr, proposal: null };
}

/** @param maximalOf the maximal ISR, given who is to be added. */
export function pendingIsr(
  committed: readonly number[],
  proposal: IsrProposal,
  maximalOf: (added: readonly number[]) => readonly number[],
): IsrState {
  if (proposal.kind === 'shrink') return { isr: committed, maximalIsr: committed, proposal };
  const added = proposal.newIsr
    .map((member) => member.brokerId)
    .filter((id) => !committed.includes(id));
  return { isr: committed, maximalIsr: maximalOf(added), proposal };
}

/**
 * Whether metadata tells another ISR than is known here. An echo of what an AlterPartition response
 * already told must not drop the proposal that was sent since: the controller may have applied it,
 * so the maximal ISR has to stand.
 */
export function isNews(
  { proposal }: IsrState,
  told: { readonly partitionEpoch: number; readonly leaderEpoch: number },
): boolean {
  return (
    proposal === null ||
    told.partitionEpoch > proposal.partitionEpoch ||
    told.leaderEpoch > proposal.leaderEpoch
  );
}

/** What a leader does about a proposal that the controller refused (AlterPartitionManager). */
export function afterRefusal(error: ErrorCode): 'fall-back' | 'wait' | 'again' {
  switch (error) {
    case ErrorCode.OPERATION_NOT_ATTEMPTED:
    case ErrorCode.INELIGIBLE_REPLICA:
      return 'fall-back';
    case ErrorCode.UNKNOWN_TOPIC_OR_PARTITION:
    case ErrorCode.UNKNOWN_TOPIC_ID:
    case ErrorCode.FENCED_LEADER_EPOCH:
    case ErrorCode.INVALID_UPDATE_VERSION:
    case ErrorCode.INVALID_REQUEST:
    case ErrorCode.NEW_LEADER_ELECTED:
      return 'wait';
    default:
      return 'again';
  }
}
