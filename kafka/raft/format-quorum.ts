/**
 * What `kafka-storage format --initial-controllers` leaves on the first voters of a quorum whose
 * voters can change (KIP-853): a directory id that the others know, and a bootstrap snapshot that
 * names the voters. Other nodes find the voters out from those.
 */
import type { Uuid } from '../base/uuid.ts';
import type { BrokerConfig } from '../config/broker.ts';
import { BOOTSTRAP_SNAPSHOT, type MetadataLog } from './metadata-log.ts';
import { encodeSnapshot } from './snapshot-codec.ts';
import { parseVoters, type VoterSet } from './voter-set.ts';

function initialVoters(config: BrokerConfig): VoterSet {
  const listener = config.get('controller.listener.names')[0] ?? 'CONTROLLER';
  return parseVoters(config.get('initial.controllers'), listener);
}

/** The directory id that this node is to have; null: any. */
export function initialDirectoryId(config: BrokerConfig): Uuid | null {
  return initialVoters(config).get(config.get('node.id'))?.directoryId ?? null;
}

/** For a new directory; nothing to do on a node that is not among the initial controllers. */
export function formatQuorum(log: MetadataLog, config: BrokerConfig): void {
  const voters = initialVoters(config);
  if (voters.get(config.get('node.id')) === undefined || log.endOffset > 0) return;
  const bytes = encodeSnapshot({
    id: BOOTSTRAP_SNAPSHOT,
    lastContainedTimestampMs: 0,
    kraftVersion: 1,
    voters,
    records: [],
  });
  log.snapshots.writeNow(BOOTSTRAP_SNAPSHOT, bytes);
}
