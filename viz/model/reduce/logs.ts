/** What appends, cuts, recoveries and roles change on the replicas of partitions. */
import type { Rule } from '../reducer.ts';
import { missAcknowledged } from './acknowledged.ts';
import { appendExtent, cutExtents, restoreExtents, startExtents } from './extents.ts';
import { num, ownReplica, partitionOf, replicaOf, text } from './fields.ts';

export const logRules: Readonly<Record<string, Rule>> = {
  'log.appended'(state, event, context) {
    const own = ownReplica(state, event, context);
    if (own === null) return;
    const baseOffset = num(event, 1);
    const endOffset = num(event, 2);
    appendExtent(own.replica, { baseOffset, endOffset, leaderEpoch: num(event, 3) });
    own.replica.appendedEvent = event.event;
    if (own.replica.isUnproven) own.replica.isUnproven = false;
    if (own.replica.divergedFrom >= 0) own.replica.divergedFrom = -1;
    if (text(event, 4) !== 'leader') return;
    state.counters.appends += 1;
    state.counters.appendedRecords += endOffset - baseOffset;
  },
  'log.truncated'(state, event, context) {
    const own = ownReplica(state, event, context);
    if (own === null) return;
    const cut = { endOffset: num(event, 1), event: event.event, why: text(event, 3) };
    cutExtents(own.replica, cut);
    own.replica.divergedFrom = -1;
    state.counters.truncations += 1;
    state.counters.truncatedRecords += num(event, 2) - num(event, 1);
  },
  'log.recovered'(state, event, context) {
    const own = ownReplica(state, event, context);
    if (own === null) return;
    const { replica } = own;
    replica.isUnproven = false;
    const endOffset = num(event, 2);
    if (endOffset < replica.logEndOffset) {
      cutExtents(replica, { endOffset, event: event.event, why: 'not on disk after the start' });
    } else restoreExtents(replica, endOffset);
    if (num(event, 1) !== replica.logStartOffset) startExtents(replica, num(event, 1));
  },
  'log.started'(state, event, context) {
    const own = ownReplica(state, event, context);
    if (own !== null) startExtents(own.replica, num(event, 1));
  },
  'hw.advanced'(state, event, context) {
    const own = ownReplica(state, event, context);
    if (own === null) return;
    const highWatermark = num(event, 1);
    own.replica.highWatermark = highWatermark;
    const { partition } = own;
    if (text(event, 3) !== 'leader' || highWatermark <= partition.highWatermark) return;
    partition.highWatermark = highWatermark;
  },
  'leader.started'(state, event, context) {
    const own = ownReplica(state, event, context);
    if (own === null) return;
    own.replica.role = 'leader';
    own.replica.leaderEpoch = num(event, 1);
    if (own.partition.leader === own.replica.broker) missAcknowledged(own.partition, own.replica);
  },
  'follower.started'(state, event, context) {
    const own = ownReplica(state, event, context);
    if (own === null) return;
    own.replica.role = 'follower';
    own.replica.leaderEpoch = num(event, 1);
  },
  'fetch.diverged'(state, event, context) {
    const partition = partitionOf(state, text(event, 0), context.facts);
    replicaOf(partition, num(event, 1)).divergedFrom = num(event, 3);
  },
  'produce.refused'(state) {
    state.counters.producesRefused += 1;
  },
  'produce.duplicate'(state) {
    state.counters.duplicates += 1;
  },
};
