/**
 * The features that a cluster finalizes in its metadata log and the levels that these nodes
 * speak (Kafka: Feature, MetadataVersion, EligibleLeaderReplicasVersion).
 */
import type { SupportedFeature } from './broker-registration.ts';

export const METADATA_VERSION = 'metadata.version';
export const ELIGIBLE_LEADER_REPLICAS = 'eligible.leader.replicas.version';

export const KRAFT_VERSION = 'kraft.version';

/** metadata.version 4.1-IV1. */
export const METADATA_VERSION_LEVEL = 27;

export const supportedFeatures: readonly SupportedFeature[] = [
  { name: METADATA_VERSION, minSupportedVersion: 7, maxSupportedVersion: METADATA_VERSION_LEVEL },
  { name: ELIGIBLE_LEADER_REPLICAS, minSupportedVersion: 0, maxSupportedVersion: 1 },
  { name: KRAFT_VERSION, minSupportedVersion: 0, maxSupportedVersion: 1 },
];
