/**
 * Brokers as the controller sees them: registration, heartbeats, fencing, controlled shutdown
 * (Kafka: ClusterControlManager, ReplicationControlManager.processBrokerHeartbeat). What brokers
 * do to partitions is worked out by `ReplicationControl`.
 */
import { defined, unreachable } from '../base/assert.ts';
import { type Uuid, ZERO_UUID } from '../base/uuid.ts';
import {
  type BrokerRegistration,
  LOST_DIRECTORY,
  MIGRATING_DIRECTORY,
} from '../metadata/broker-registration.ts';
import type { MetadataImage } from '../metadata/image.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { BrokerHeartbeatRequest } from '../wire/generated/broker-heartbeat-request.ts';
import {
  type BrokerHeartbeatResponse,
  brokerHeartbeatResponse,
} from '../wire/generated/broker-heartbeat-response.ts';
import { brokerRegistrationChangeRecord } from '../wire/generated/broker-registration-change-record.ts';
import type { BrokerRegistrationRequest } from '../wire/generated/broker-registration-request.ts';
import {
  type BrokerRegistrationResponse,
  brokerRegistrationResponse,
} from '../wire/generated/broker-registration-response.ts';
import { registerBrokerRecord } from '../wire/generated/register-broker-record.ts';
import { unregisterBrokerRecord } from '../wire/generated/unregister-broker-record.ts';
import {
  type UnregisterBrokerResponse,
  unregisterBrokerResponse,
} from '../wire/generated/unregister-broker-response.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import type { BrokerControlState, BrokerSessions } from './broker-sessions.ts';
import { type ControllerResult, readOnly } from './controller-result.ts';
import type { ReplicationControl } from './replication-control.ts';

export class ClusterControl {
  private readonly image: MetadataImage;
  private readonly clusterId: string;
  private readonly replication: ReplicationControl;
  readonly sessions: BrokerSessions;

  constructor(parts: {
    image: MetadataImage;
    clusterId: string;
    replication: ReplicationControl;
    sessions: BrokerSessions;
  }) {
    this.image = parts.image;
    this.clusterId = parts.clusterId;
    this.replication = parts.replication;
    this.sessions = parts.sessions;
  }

  /** @param nextOffset where the records would be written: it becomes the broker epoch. */
  register(
    request: BrokerRegistrationRequest,
    at: { nextOffset: number; nowMs: number },
  ): ControllerResult<BrokerRegistrationResponse> {
    const { brokerId, incarnationId } = request;
    const before = this.image.brokers.get(brokerId);
    const sameIncarnation = before !== undefined && before.incarnationId === incarnationId;
    const errorCode = this.registrationProblem(request, before, sameIncarnation, at.nowMs);
    if (errorCode !== ErrorCode.NONE) return readOnly(brokerRegistrationResponse({ errorCode }));
    const record = registerBrokerRecord({
      brokerId,
      incarnationId,
      brokerEpoch: at.nextOffset,
      endPoints: request.listeners,
      features: request.features,
      rack: request.rack,
      fenced: true,
      inControlledShutdown: false,
      logDirs: request.logDirs,
    });
    const records: MetadataRecord[] = [];
    let why = '';
    if (sameIncarnation) {
      record.brokerEpoch = before.epoch;
      record.fenced = before.fenced;
      record.inControlledShutdown = before.inControlledShutdown;
    } else {
      // Unclean too if it was unregistered meanwhile; of a broker that is new nothing is known.
      const clean = before !== undefined && this.stoppedCleanly(request, before);
      why = clean ? 'restarted' : 'restarted-uncleanly';
      records.push(
        ...(clean
          ? this.replication.brokerLeaves(brokerId)
          : this.replication.brokerRestartedUncleanly(brokerId)),
      );
      this.sessions.remove(brokerId);
    }
    records.push({ type: 'RegisterBrokerRecord', version: 3, record });
    this.sessions.register(brokerId, record.fenced, at.nowMs);
    const { brokerEpoch } = record;
    return { records, response: brokerRegistrationResponse({ brokerEpoch }), why };
  }

  /** KIP-966: the clean-shutdown file proves it by naming the broker epoch that it ended. */
  private stoppedCleanly(request: BrokerRegistrationRequest, before: BrokerRegistration): boolean {
    if (request.previousBrokerEpoch === before.epoch) return true;
    return this.replication.rules.uncleanRestart.staysEligible(before.id);
  }

  private registrationProblem(
    request: BrokerRegistrationRequest,
    before: BrokerRegistration | undefined,
    sameIncarnation: boolean,
    nowMs: number,
  ): ErrorCode {
    if (request.clusterId !== this.clusterId) return ErrorCode.INCONSISTENT_CLUSTER_ID;
    // Alive until its session ends; one that was shutting down may be back at once (KAFKA-19047).
    const alive = before !== undefined && this.sessions.isValid(before.id, nowMs);
    if (alive && !sameIncarnation && !before.inControlledShutdown) {
      return ErrorCode.DUPLICATE_BROKER_REGISTRATION;
    }
    if (!this.validDirectories(request)) return ErrorCode.INVALID_REGISTRATION;
    return this.speaksFeatures(request) ? ErrorCode.NONE : ErrorCode.UNSUPPORTED_VERSION;
  }

  /** A feature that the broker does not name is one that it knows at level 0 only. */
  private speaksFeatures(request: BrokerRegistrationRequest): boolean {
    const named = new Set<string>();
    for (const { name, minSupportedVersion, maxSupportedVersion } of request.features) {
      named.add(name);
      const level = this.image.featureLevel(name);
      if (level < minSupportedVersion || level > maxSupportedVersion) return false;
    }
    for (const name of this.image.features.keys()) if (!named.has(name)) return false;
    return true;
  }

  /** At least one, none reserved, none twice, none of another broker. */
  private validDirectories(request: BrokerRegistrationRequest): boolean {
    const { logDirs, brokerId } = request;
    if (logDirs.length === 0 || new Set(logDirs).size !== logDirs.length) return false;
    const reserved = [ZERO_UUID, LOST_DIRECTORY, MIGRATING_DIRECTORY];
    if (logDirs.some((directory) => reserved.includes(directory))) return false;
    for (const other of this.image.brokers.values()) {
      if (other.id === brokerId) continue;
      if (other.logDirs.some((directory) => logDirs.includes(directory))) return false;
    }
    return true;
  }

  heartbeat(
    request: BrokerHeartbeatRequest,
    nowMs: number,
  ): ControllerResult<BrokerHeartbeatResponse> {
    const broker = this.image.brokers.get(request.brokerId);
    if (broker === undefined || broker.epoch !== request.brokerEpoch) {
      return readOnly(brokerHeartbeatResponse({ errorCode: ErrorCode.STALE_BROKER_EPOCH }));
    }
    const current = this.sessions.state(broker.id);
    const next = this.nextState(current, broker, request);
    const lost = broker.logDirs.filter((directory) => request.offlineLogDirs.includes(directory));
    const records: MetadataRecord[] = [];
    let why = '';
    if (next !== current) {
      why = next === 'shutdown-now' ? 'shut-down' : next;
      records.push(...this.transition(broker, next, lost));
    }
    const fenced = next === 'fenced' || next === 'shutdown-now';
    this.sessions.touch(broker.id, {
      fenced,
      metadataOffset: request.currentMetadataOffset,
      nowMs,
    });
    if (lost.length > 0) {
      why = 'directory-lost';
      records.push(...this.directoriesLost(broker, lost));
    }
    const response = brokerHeartbeatResponse({
      isCaughtUp: request.currentMetadataOffset >= broker.registrationOffset,
      isFenced: fenced,
      shouldShutDown: next === 'shutdown-now',
    });
    return { records, response, why };
  }

  private nextState(
    current: BrokerControlState,
    broker: BrokerRegistration,
    request: BrokerHeartbeatRequest,
  ): BrokerControlState {
    const { wantFence, wantShutDown, currentMetadataOffset } = request;
    switch (current) {
      case 'fenced':
        if (wantShutDown) return 'shutdown-now';
        if (wantFence) return 'fenced';
        return currentMetadataOffset >= broker.registrationOffset ? 'unfenced' : 'fenced';
      case 'unfenced':
        if (wantFence) return wantShutDown ? 'shutdown-now' : 'fenced';
        if (!wantShutDown) return 'unfenced';
        return this.replication.hasLeaderships(broker.id) ? 'controlled-shutdown' : 'shutdown-now';
      case 'controlled-shutdown':
        // Its followers must know their new leaders before it goes.
        return !this.replication.hasLeaderships(broker.id) &&
          this.sessions.othersCaughtUp(broker.id)
          ? 'shutdown-now'
          : 'controlled-shutdown';
      case 'shutdown-now':
        return 'shutdown-now';
      default:
        return unreachable(current);
    }
  }

  /** @param lost directories that the same heartbeat reports offline for the first time. */
  private transition(
    broker: BrokerRegistration,
    next: BrokerControlState,
    lost: readonly Uuid[],
  ): MetadataRecord[] {
    switch (next) {
      case 'fenced':
      case 'shutdown-now':
        return this.fenceRecords(broker.id);
      case 'unfenced':
        return [
          change(broker, { fenced: -1 }),
          ...this.replication.brokerUnfenced(broker.id, lost),
        ];
      case 'controlled-shutdown': {
        const leaving = this.replication.brokerLeaves(broker.id);
        if (broker.inControlledShutdown) return leaving;
        return [change(broker, { inControlledShutdown: 1 }), ...leaving];
      }
      default:
        return unreachable(next);
    }
  }

  /** Out of ISRs and leaderships, then fenced, in one batch. */
  private fenceRecords(brokerId: number): MetadataRecord[] {
    const broker = defined(this.image.brokers.get(brokerId), `no broker ${brokerId}`);
    return [...this.replication.brokerLeaves(brokerId), change(broker, { fenced: 1 })];
  }

  private directoriesLost(broker: BrokerRegistration, lost: readonly Uuid[]): MetadataRecord[] {
    const records: MetadataRecord[] = [];
    for (const directory of lost) {
      records.push(...this.replication.directoryLost(broker.id, directory));
    }
    const logDirs = broker.logDirs.filter((directory) => !lost.includes(directory));
    records.push(change(broker, { logDirs }));
    return records;
  }

  /** Fences the one broker whose session ran out first, so that the next sees the effect. */
  fenceOneStale(nowMs: number): ControllerResult<number | null> {
    const stale = this.sessions.stale(nowMs);
    if (stale === null) return readOnly(null);
    const records = this.fenceRecords(stale);
    this.sessions.fence(stale);
    return { records, response: stale, why: 'session-timed-out' };
  }

  unregister(brokerId: number): ControllerResult<UnregisterBrokerResponse> {
    const broker = this.image.brokers.get(brokerId);
    if (broker === undefined) {
      const errorMessage = `Broker ID ${brokerId} is not currently registered`;
      const errorCode = ErrorCode.BROKER_ID_NOT_REGISTERED;
      return readOnly(unregisterBrokerResponse({ errorCode, errorMessage }));
    }
    const records = this.replication.brokerUnregistered(brokerId);
    const record = unregisterBrokerRecord({ brokerId, brokerEpoch: broker.epoch });
    records.push({ type: 'UnregisterBrokerRecord', version: 0, record });
    this.sessions.remove(brokerId);
    return { records, response: unregisterBrokerResponse(), why: 'unregistered' };
  }
}

function change(
  broker: BrokerRegistration,
  what: { fenced?: number; inControlledShutdown?: number; logDirs?: string[] },
): MetadataRecord {
  const record = brokerRegistrationChangeRecord({
    brokerId: broker.id,
    brokerEpoch: broker.epoch,
    ...what,
  });
  // The lowest version that can carry it, as Kafka writes it.
  const version = what.logDirs !== undefined ? 2 : what.inControlledShutdown !== undefined ? 1 : 0;
  return { type: 'BrokerRegistrationChangeRecord', version, record };
}
