/** What the metadata log says about one broker (Kafka: BrokerRegistration, DirectoryId). */
import { type Uuid, ZERO_UUID } from '../base/uuid.ts';
import type { BrokerRegistrationChangeRecord } from '../wire/generated/broker-registration-change-record.ts';
import type { RegisterBrokerRecord } from '../wire/generated/register-broker-record.ts';

export interface BrokerEndpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly securityProtocol: number;
}

export interface SupportedFeature {
  readonly name: string;
  readonly minSupportedVersion: number;
  readonly maxSupportedVersion: number;
}

/** Replaced as a whole by every change. */
export interface BrokerRegistration {
  readonly id: number;
  /** Given at registration: the end of the metadata log then; one per process start. */
  readonly epoch: number;
  readonly incarnationId: Uuid;
  readonly endpoints: readonly BrokerEndpoint[];
  readonly features: readonly SupportedFeature[];
  readonly rack: string | null;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  /** The directories that are online. */
  readonly logDirs: readonly Uuid[];
  /** Offset of the latest RegisterBrokerRecord of this broker. */
  readonly registrationOffset: number;
}

/** DirectoryId.LOST: the replica's directory has failed. */
export const LOST_DIRECTORY: Uuid = 'AAAAAAAAAAAAAAAAAAAAAQ';
/** DirectoryId.MIGRATING: from before directories were tracked. */
export const MIGRATING_DIRECTORY: Uuid = 'AAAAAAAAAAAAAAAAAAAAAg';

export function brokerFromRecord(
  record: RegisterBrokerRecord,
  registrationOffset: number,
): BrokerRegistration {
  return {
    id: record.brokerId,
    epoch: record.brokerEpoch,
    incarnationId: record.incarnationId,
    endpoints: record.endPoints,
    features: record.features,
    rack: record.rack,
    fenced: record.fenced,
    inControlledShutdown: record.inControlledShutdown,
    logDirs: record.logDirs,
    registrationOffset,
  };
}

export function mergeBrokerChange(
  before: BrokerRegistration,
  change: BrokerRegistrationChangeRecord,
): BrokerRegistration {
  return {
    ...before,
    // 1 fences, -1 unfences, 0 leaves it (BrokerRegistrationFencingChange).
    fenced: change.fenced === 0 ? before.fenced : change.fenced > 0,
    inControlledShutdown:
      change.inControlledShutdown === 0
        ? before.inControlledShutdown
        : change.inControlledShutdown > 0,
    logDirs: change.logDirs.length === 0 ? before.logDirs : change.logDirs,
  };
}

/** Neither fenced nor shutting down: may lead and may be in an ISR. */
export function isActive(broker: BrokerRegistration | undefined): boolean {
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
}

export function hasOnlineDirectory(
  broker: BrokerRegistration | undefined,
  directory: Uuid,
): boolean {
  if (broker === undefined || directory === LOST_DIRECTORY) return false;
  if (directory === ZERO_UUID || directory === MIGRATING_DIRECTORY) return true;
  return broker.logDirs.length === 0 || broker.logDirs.includes(directory);
}

/** Where a new replica on this broker goes; the zero uuid leaves it to the broker. */
export function defaultDirectory(broker: BrokerRegistration | undefined): Uuid {
  if (broker === undefined) return ZERO_UUID;
  if (broker.logDirs.length === 0) return MIGRATING_DIRECTORY;
  return broker.logDirs.length === 1 ? (broker.logDirs[0] as Uuid) : ZERO_UUID;
}

export function endpointOf(
  broker: BrokerRegistration,
  listener: string,
): BrokerEndpoint | undefined {
  return broker.endpoints.find((endpoint) => endpoint.name === listener);
}
