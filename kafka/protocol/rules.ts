/**
 * The rules that one node follows, built when it starts. Where nothing else is chosen all nodes
 * share today's, so that their calls stay monomorphic and are inlined; rooms ask a rule only where
 * they are about to refuse, to wait or to cut, never on the way of every record.
 */
import { assert } from '../base/assert.ts';
import type { Trace } from '../trace.ts';
import { cleanMarkerRules } from './clean-marker.ts';
import { commitBelowMinIsrRules } from './commit-below-min-isr.ts';
import { consumerPositionRules } from './consumer-position.ts';
import { type Changed, counterOf } from './decisions.ts';
import { dedupWindowRules } from './dedup-window.ts';
import { epochStartRules } from './epoch-start.ts';
import { failedAppendRules } from './failed-append.ts';
import { fetchDamageRules } from './fetch-damage.ts';
import { fetchFencingRules } from './fetch-fencing.ts';
import { followerPositionRules } from './follower-position.ts';
import { followerRestartRules } from './follower-restart.ts';
import { forgottenProducerRules } from './forgotten-producer.ts';
import { groupLoadRules } from './group-load.ts';
import { isrInFlightRules } from './isr-in-flight.ts';
import { isrJoinRules } from './isr-join.ts';
import { isrLagRules } from './isr-lag.ts';
import { isrEligibilityRules, isrIncarnationRules } from './isr-members.ts';
import { lastKnownLeaderRules } from './last-known-leader.ts';
import { latestOffsetRules } from './latest-offset.ts';
import { metadataPublicationRules } from './metadata-publication.ts';
import { offsetExpiryRules } from './offset-expiry.ts';
import { oneInFlightRules } from './one-in-flight.ts';
import { outOfRangeRules } from './out-of-range.ts';
import { oversizeBatchRules } from './oversize-batch.ts';
import { raftCommitRules } from './raft-commit.ts';
import { raftFlushRules } from './raft-flush.ts';
import { reassignmentEndRules } from './reassignment-end.ts';
import { retentionTimeRules } from './retention-time.ts';
import { sequenceWrapRules } from './sequence-wrap.ts';
import { shrinkAppliedRules } from './shrink-applied.ts';
import { truncationRules } from './truncation.ts';
import { uncleanRestartRules } from './unclean-restart.ts';
import {
  defaultOption,
  type OptionsOf,
  type VariantChoice,
  type VariantName,
  variantNamed,
} from './variants.ts';

export type Rules = ReturnType<typeof build>;

const SILENT: Trace = { emit: () => undefined };

/** The rules of today. */
export const TODAY: Rules = build({}, SILENT);

/** @param choice variants and options that exist (`variants.ts`). */
export function rulesOf(choice: VariantChoice, trace: Trace): Rules {
  return Object.keys(choice).length === 0 ? TODAY : build(choice, trace);
}

function build(choice: VariantChoice, trace: Trace) {
  function chosen<V extends VariantName, Rule>(variant: V, options: OptionsOf<V, Rule>): Rule {
    const known = variantNamed(variant);
    assert(known !== null, `no variant ${variant}`);
    const option = choice[variant] ?? defaultOption(known);
    const make = (options as Readonly<Record<string, (changed: Changed) => Rule>>)[option];
    assert(make !== undefined, `variant ${variant} has no option ${option}`);
    return make(counterOf(trace, { variant, option }));
  }
  return {
    truncation: chosen('truncation', truncationRules),
    followerRestart: chosen('follower-restart', followerRestartRules),
    epochStart: chosen('epoch-start', epochStartRules),
    fetchFencing: chosen('fetch-fencing', fetchFencingRules),
    followerPosition: chosen('follower-position', followerPositionRules),
    isrJoin: chosen('isr-join', isrJoinRules),
    isrInFlight: chosen('isr-in-flight', isrInFlightRules),
    isrEligibility: chosen('isr-eligibility', isrEligibilityRules),
    isrIncarnation: chosen('isr-incarnation', isrIncarnationRules),
    commitBelowMinIsr: chosen('commit-below-min-isr', commitBelowMinIsrRules),
    uncleanRestart: chosen('unclean-restart', uncleanRestartRules),
    lastKnownLeader: chosen('last-known-leader', lastKnownLeaderRules),
    cleanMarker: chosen('clean-marker', cleanMarkerRules),
    isrLag: chosen('isr-lag', isrLagRules),
    shrinkApplied: chosen('shrink-applied', shrinkAppliedRules),
    latestOffset: chosen('latest-offset', latestOffsetRules),
    consumerPosition: chosen('consumer-position', consumerPositionRules),
    reassignmentEnd: chosen('reassignment-end', reassignmentEndRules),
    dedupWindow: chosen('dedup-window', dedupWindowRules),
    fetchDamage: chosen('fetch-damage', fetchDamageRules),
    oversizeBatch: chosen('oversize-batch', oversizeBatchRules),
    raftFlush: chosen('raft-flush', raftFlushRules),
    failedAppend: chosen('failed-append', failedAppendRules),
    forgottenProducer: chosen('forgotten-producer', forgottenProducerRules),
    metadataPublication: chosen('metadata-publication', metadataPublicationRules),
    outOfRange: chosen('out-of-range', outOfRangeRules),
    retentionTime: chosen('retention-time', retentionTimeRules),
    sequenceWrap: chosen('sequence-wrap', sequenceWrapRules),
    raftCommit: chosen('raft-commit', raftCommitRules),
    offsetExpiry: chosen('offset-expiry', offsetExpiryRules),
    oneInFlight: chosen('one-in-flight', oneInFlightRules),
    groupLoad: chosen('group-load', groupLoadRules),
  };
}
