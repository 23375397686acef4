/**
 * Lies about what was decided and nobody told: the end of a run is judged by what the quorum
 * committed, so what is untold accuses nobody and hides nobody.
 */
import { ClusterControl } from '../../kafka/controller/cluster-control.ts';
import { CommittedEvents } from '../../kafka/controller/committed-events.ts';
import { Partition } from '../../kafka/replication/partition.ts';
import type { MetadataRecord } from '../../kafka/wire/metadata-records.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import type { Canary } from './canary.ts';
import { type Lie, lie } from './lie.ts';

/** broker-2 is fenced for a while; `replicas`: of the one partition that there is, if any. */
const fencedForAWhile = (replicas: number): ScenarioInput => ({
  name: 'canary',
  cluster: {
    brokers: 2,
    config: { 'broker.session.timeout.ms': 2_000 },
    topics: replicas === 0 ? [] : [{ name: 'orders', replicationFactor: replicas }],
  },
  faults: [{ at: 500, pause: 'broker-2', for: 4_000 }],
  runFor: 6_000,
  convergeWithin: 20_000,
});
const withoutReplicas = fencedForAWhile(0);
const withReplicas = fencedForAWhile(2);

/** @param isTold asked from the first fencing on. */
const isNotTold = (isTold: (entry: MetadataRecord) => boolean): Lie =>
  lie(CommittedEvents, 'applied', (honest) => {
    let begun = false;
    return (self, image, entry: MetadataRecord, change) => {
      begun ||= entry.type === 'BrokerRegistrationChangeRecord' && entry.record.fenced > 0;
      begun ||= entry.type === 'PartitionChangeRecord' && entry.record.isr !== null;
      return begun && !isTold(entry) ? undefined : honest(self, image, entry, change);
    };
  });

const nothingIsTold = isNotTold(() => false);
const noReturnIsTold = isNotTold((entry) => {
  if (entry.type === 'BrokerRegistrationChangeRecord') return entry.record.fenced > 0;
  return entry.type === 'PartitionChangeRecord' && entry.record.isr?.length === 1;
});

const nobodyIsUnfencedAgain = lie(ClusterControl, 'nextState', (honest) => {
  const unfenced = new Set<number>();
  return (self, current, broker, request) => {
    const next = honest(self, current, broker, request);
    if (current !== 'fenced' || next !== 'unfenced') return next;
    if (unfenced.has(broker.id)) return 'fenced';
    unfenced.add(broker.id);
    return next;
  };
});

const nobodyJoinsAgain = lie(Partition, 'maybeExpandIsr', () => () => undefined);

export const untoldCanaries: readonly Canary[] = [
  {
    check: 'metadata-progress',
    what: 'a broker stays fenced whose return nobody would have told',
    scenario: withoutReplicas,
    lies: [noReturnIsTold, nobodyIsUnfencedAgain],
    truth: [noReturnIsTold],
  },
  {
    check: 'metadata-progress',
    what: 'a broker stays fenced of which nobody told that it was',
    scenario: withoutReplicas,
    lies: [nothingIsTold, nobodyIsUnfencedAgain],
    truth: [nothingIsTold],
  },
  {
    check: 'follower-progress',
    what: 'a replica stays out of the ISR whose return nobody would have told',
    scenario: withReplicas,
    lies: [noReturnIsTold, nobodyJoinsAgain],
    truth: [noReturnIsTold],
  },
  {
    check: 'follower-progress',
    what: 'a replica stays out of the ISR of which nobody told that it left',
    scenario: withReplicas,
    lies: [nothingIsTold, nobodyJoinsAgain],
    truth: [nothingIsTold],
  },
];
