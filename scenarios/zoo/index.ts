/** One story for each historic rule: what goes wrong with it, and does not with today's. */
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import addedInSyncEndsAReassignmentEarly from './added-in-sync-ends-a-reassignment-early.ts';
import alwaysCommitsBelowMinIsr from './always-commits-below-min-isr.ts';
import anyIncarnationIsTakenIntoTheIsr from './any-incarnation-is-taken-into-the-isr.ts';
import anyReplicaIsTakenIntoTheIsr from './any-replica-is-taken-into-the-isr.ts';
import atEpochStartAnOlderEntryCommits from './at-epoch-start-an-older-entry-commits.ts';
import atEveryStopADamagedLogPassesForClean from './at-every-stop-a-damaged-log-passes-for-clean.ts';
import atOnceTheLatestOffsetGoesBack from './at-once-the-latest-offset-goes-back.ts';
import bitThatFlipsInAFetchEndsTheFetcher from './bit-that-flips-in-a-fetch-ends-the-fetcher.ts';
import byCommitAGroupInUseLosesItsOffsets from './by-commit-a-group-in-use-loses-its-offsets.ts';
import byCountDistanceAloneEmptiesTheIsr from './by-count-distance-alone-empties-the-isr.ts';
import bySequencesARepeatIsToldAWrongOffset from './by-sequences-a-repeat-is-told-a-wrong-offset.ts';
import byTimeAloneAnIdleFollowerLeaves from './by-time-alone-an-idle-follower-leaves.ts';
import closedLaterTwoBatchesShareAnOffset from './closed-later-two-batches-share-an-offset.ts';
import committedIsrAloneIsWaitedFor from './committed-isr-alone-is-waited-for.ts';
import endOffsetOnlyKeepsWhatNoLeaderHas from './end-offset-only-keeps-what-no-leader-has.ts';
import everyFetchCountsWhatDiverges from './every-fetch-counts-what-diverges.ts';
import fetchesOfAnyEpochCount from './fetches-of-any-epoch-count.ts';
import firstBufferStaysAGroupStandsWhereItStood from './first-buffer-stays-a-group-stands-where-it-stood.ts';
import fromHighWatermarkALateFollowerJoinsTooEarly from './from-high-watermark-a-late-follower-joins-too-early.ts';
import fromTheBeginningAWholeLogIsThrownAway from './from-the-beginning-a-whole-log-is-thrown-away.ts';
import lastBatchAloneIsRecognised from './last-batch-alone-is-recognised.ts';
import lastWriteYoungRecordsAreDeleted from './last-write-young-records-are-deleted.ts';
import maybeFencedLastLeaderIsElected from './maybe-fenced-last-leader-is-elected.ts';
import neverFlushedMetadataIsLost from './never-flushed-metadata-is-lost.ts';
import newLeaderOnlySkipsTheEpochsBetween from './new-leader-only-skips-the-epochs-between.ts';
import ofAConnectionTheNextBatchOvertakes from './of-a-connection-the-next-batch-overtakes.ts';
import oversizeBatchesAreNeverFetched from './oversize-batches-are-never-fetched.ts';
import staysEligibleAfterAnUncleanRestart from './stays-eligible-after-an-unclean-restart.ts';
import truncationToHighWatermarkDiverges from './truncation-to-high-watermark-diverges.ts';
import truncationToHighWatermarkLoses from './truncation-to-high-watermark-loses.ts';
import trustedPositionsSkipWhatWasWrittenAnew from './trusted-positions-skip-what-was-written-anew.ts';
import whileRebalancingAGroupLosesItsOffsets from './while-rebalancing-a-group-loses-its-offsets.ts';
import withFirstWriteALeaderCannotAnswerForItsEpoch from './with-first-write-a-leader-cannot-answer-for-its-epoch.ts';
import withItsRecordsAProducerIsForgotten from './with-its-records-a-producer-is-forgotten.ts';
import withNextFetchAWriteWaitsForWhoHasLeft from './with-next-fetch-a-write-waits-for-who-has-left.ts';
import writtenDecisionsOfADeposedControllerCount from './written-decisions-of-a-deposed-controller-count.ts';

export const zoo: readonly ScenarioInput[] = [
  addedInSyncEndsAReassignmentEarly,
  alwaysCommitsBelowMinIsr,
  anyIncarnationIsTakenIntoTheIsr,
  anyReplicaIsTakenIntoTheIsr,
  atEpochStartAnOlderEntryCommits,
  bitThatFlipsInAFetchEndsTheFetcher,
  atEveryStopADamagedLogPassesForClean,
  atOnceTheLatestOffsetGoesBack,
  byCommitAGroupInUseLosesItsOffsets,
  byCountDistanceAloneEmptiesTheIsr,
  bySequencesARepeatIsToldAWrongOffset,
  byTimeAloneAnIdleFollowerLeaves,
  closedLaterTwoBatchesShareAnOffset,
  committedIsrAloneIsWaitedFor,
  endOffsetOnlyKeepsWhatNoLeaderHas,
  everyFetchCountsWhatDiverges,
  fetchesOfAnyEpochCount,
  firstBufferStaysAGroupStandsWhereItStood,
  fromHighWatermarkALateFollowerJoinsTooEarly,
  fromTheBeginningAWholeLogIsThrownAway,
  lastBatchAloneIsRecognised,
  lastWriteYoungRecordsAreDeleted,
  maybeFencedLastLeaderIsElected,
  neverFlushedMetadataIsLost,
  newLeaderOnlySkipsTheEpochsBetween,
  ofAConnectionTheNextBatchOvertakes,
  oversizeBatchesAreNeverFetched,
  staysEligibleAfterAnUncleanRestart,
  truncationToHighWatermarkDiverges,
  truncationToHighWatermarkLoses,
  trustedPositionsSkipWhatWasWrittenAnew,
  whileRebalancingAGroupLosesItsOffsets,
  withFirstWriteALeaderCannotAnswerForItsEpoch,
  withItsRecordsAProducerIsForgotten,
  withNextFetchAWriteWaitsForWhoHasLeft,
  writtenDecisionsOfADeposedControllerCount,
];
