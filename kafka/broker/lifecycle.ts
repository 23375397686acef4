/**
 * A broker's life as the controller sees it (Kafka: BrokerLifecycleManager, BrokerState):
 * register, catch up with the metadata log, recover, be unfenced, beat every
 * broker.heartbeat.interval.ms, and on a stop hand everything over before leaving.
 */
import { Timer } from '../base/timers.ts';
import type { Uuid } from '../base/uuid.ts';
import { supportedFeatures } from '../metadata/features.ts';
import type { ControllerLink } from '../replication/alter-partition-manager.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { apis } from '../wire/apis.ts';
import { ErrorCode, errorMessage, errorName } from '../wire/errors.ts';
import { brokerHeartbeatRequest } from '../wire/generated/broker-heartbeat-request.ts';
import type { BrokerHeartbeatResponse } from '../wire/generated/broker-heartbeat-response.ts';
import {
  brokerRegistrationRequest,
  feature,
  type Listener,
} from '../wire/generated/broker-registration-request.ts';
import type { BrokerRegistrationResponse } from '../wire/generated/broker-registration-response.ts';

export type BrokerState =
  | 'NOT_RUNNING'
  | 'STARTING'
  | 'RECOVERY'
  | 'RUNNING'
  | 'PENDING_CONTROLLED_SHUTDOWN'
  | 'SHUTTING_DOWN';

export interface LifecycleOptions {
  readonly runtime: NodeRuntime;
  readonly link: ControllerLink;
  readonly brokerId: number;
  readonly clusterId: Uuid;
  readonly incarnationId: Uuid;
  readonly listeners: readonly Listener[];
  readonly rack: string | null;
  readonly heartbeatIntervalMs: number;
  readonly registrationTimeoutMs: number;
  readonly logDirFailureTimeoutMs: number;
  /** Ids of the log directories that work. */
  logDirs(): readonly Uuid[];
  /** The broker epoch in the clean shutdown marker, -1 after an unclean stop. */
  readonly previousBrokerEpoch: number;
  /** The last metadata offset applied here. */
  metadataOffset(): number;
  /** Why the quorum does not let this node fetch its log; NONE: it does, or did not answer. */
  quorumRefusal(): ErrorCode;
  /** The metadata log is caught up with: logs may be loaded; `readyToUnfence` follows. */
  onCaughtUp(): void;
  /** The controller lets the broker go, or it has nothing to hand over. */
  onMayStop(): void;
}

/** Kafka: ExponentialBackoff(100, 2, broker.heartbeat.interval.ms, 0.02). */
const RESEND_FIRST_MS = 100;
/** While STARTING, the next heartbeat follows soon: there may be nothing to recover. */
const STARTING_HEARTBEAT_MS = 10;
const FIRST_SHUTDOWN_HEARTBEAT_MS = 50;

export class BrokerLifecycle {
  state: BrokerState = 'NOT_RUNNING';
  /** -1 until registered. */
  brokerEpoch = -1;
  private readonly options: LifecycleOptions;
  private registered = false;
  /** What the controller answered last, until registered. */
  private refusal: ErrorCode = ErrorCode.NONE;
  private ready = false;
  private inFlight = false;
  private immediately = false;
  private failures = 0;
  private toldShutdown = false;
  /** Failed directories; true once a heartbeat that told them was answered. */
  private readonly offlineDirs = new Map<Uuid, boolean>();
  private readonly next: Timer;
  private readonly registrationLimit: Timer;

  constructor(options: LifecycleOptions) {
    this.options = options;
    this.next = new Timer(() => this.communicate());
    this.registrationLimit = new Timer(() => {
      options.runtime.host.halt(`could not register with the controller quorum: ${this.whyNot()}`);
    });
  }

  start(): void {
    this.become('STARTING');
    const { runtime, registrationTimeoutMs } = this.options;
    runtime.timers.arm(this.registrationLimit, runtime.nowMs + registrationTimeoutMs);
    this.communicate();
  }

  /** Logs are loaded: ask to be unfenced. */
  readyToUnfence(): void {
    this.ready = true;
    this.scheduleIn(0);
  }

  beginControlledShutdown(): void {
    if (this.state === 'PENDING_CONTROLLED_SHUTDOWN') return;
    if (this.state === 'RUNNING') {
      this.become('PENDING_CONTROLLED_SHUTDOWN');
      this.scheduleIn(0);
    } else this.stop();
  }

  /** Tells the controller with the next heartbeat; halts when that cannot be done in time. */
  directoryFailed(directory: Uuid): void {
    const { runtime, logDirFailureTimeoutMs } = this.options;
    this.offlineDirs.set(directory, false);
    if (this.registered) this.scheduleIn(0);
    const limit = new Timer(() => {
      if (this.offlineDirs.get(directory) !== true) {
        runtime.host.halt(`could not tell the controllers that directory ${directory} failed`);
      }
    });
    runtime.timers.arm(limit, runtime.nowMs + logDirFailureTimeoutMs);
  }

  private become(state: BrokerState): void {
    this.state = state;
    this.options.runtime.host.trace.emit('broker.state', state);
  }

  private stop(): void {
    this.close();
    this.options.onMayStop();
  }

  /** Speaks to the controller no more. */
  close(): void {
    if (this.state === 'SHUTTING_DOWN') return;
    this.become('SHUTTING_DOWN');
    const { timers } = this.options.runtime;
    timers.cancel(this.next);
    timers.cancel(this.registrationLimit);
  }

  private scheduleIn(delayMs: number): void {
    if (this.state === 'SHUTTING_DOWN' || this.state === 'NOT_RUNNING') return;
    const { runtime } = this.options;
    const waitMs = this.immediately ? 0 : delayMs;
    this.immediately = false;
    runtime.timers.arm(this.next, runtime.nowMs + waitMs);
  }

  private scheduleAfterFailure(): void {
    const { runtime, heartbeatIntervalMs } = this.options;
    const doubled = RESEND_FIRST_MS * 2 ** Math.min(this.failures, 10);
    const backoffMs = Math.min(doubled, heartbeatIntervalMs);
    this.failures += 1;
    const jitterMs = Math.floor(backoffMs / 50);
    const random = runtime.host.random.stream('registration-backoff');
    this.immediately = false;
    this.scheduleIn(backoffMs + random.int(-jitterMs, jitterMs));
  }

  private communicate(): void {
    if (this.state === 'SHUTTING_DOWN') return;
    if (this.inFlight) {
      this.immediately = true;
      return;
    }
    this.options.runtime.timers.cancel(this.next);
    this.inFlight = true;
    if (this.registered) this.sendHeartbeat();
    else this.sendRegistration();
  }

  private sendRegistration(): void {
    const { options } = this;
    const request = brokerRegistrationRequest({
      brokerId: options.brokerId,
      clusterId: options.clusterId,
      incarnationId: options.incarnationId,
      listeners: [...options.listeners],
      features: supportedFeatures.map((one) => feature(one)),
      rack: options.rack,
      logDirs: [...options.logDirs()].sort(),
      previousBrokerEpoch: options.previousBrokerEpoch,
    });
    options.link.send(apis.BrokerRegistration, request, (response) => {
      this.inFlight = false;
      this.registrationAnswered(response);
    });
  }

  /** Any error is tried again, DUPLICATE_BROKER_REGISTRATION above all: the old session must end. */
  private registrationAnswered(response: BrokerRegistrationResponse | null): void {
    if (response === null || response.errorCode !== ErrorCode.NONE) {
      if (response !== null) this.refusal = response.errorCode;
      this.scheduleAfterFailure();
      return;
    }
    this.failures = 0;
    this.brokerEpoch = response.brokerEpoch;
    this.registered = true;
    this.options.runtime.timers.cancel(this.registrationLimit);
    this.scheduleIn(0);
  }

  private whyNot(): string {
    const refusal = this.refusal === ErrorCode.NONE ? this.options.quorumRefusal() : this.refusal;
    if (refusal === ErrorCode.NONE) return 'nobody answered';
    return `${errorName(refusal)}, ${errorMessage(refusal)}`;
  }

  private sendHeartbeat(): void {
    const { options } = this;
    const told = [...this.offlineDirs.keys()];
    const request = brokerHeartbeatRequest({
      brokerId: options.brokerId,
      brokerEpoch: this.brokerEpoch,
      currentMetadataOffset: options.metadataOffset(),
      wantFence: !this.ready,
      wantShutDown: this.state === 'PENDING_CONTROLLED_SHUTDOWN',
      offlineLogDirs: told,
    });
    options.link.send(apis.BrokerHeartbeat, request, (response) => {
      this.inFlight = false;
      if (response === null || response.errorCode !== ErrorCode.NONE) {
        this.scheduleAfterFailure();
        return;
      }
      this.failures = 0;
      for (const directory of told) this.offlineDirs.set(directory, true);
      this.heartbeatAnswered(response);
    });
  }

  private heartbeatAnswered(response: BrokerHeartbeatResponse): void {
    const { heartbeatIntervalMs } = this.options;
    switch (this.state) {
      case 'STARTING':
        if (response.isCaughtUp) {
          this.become('RECOVERY');
          this.options.onCaughtUp();
        }
        this.scheduleIn(STARTING_HEARTBEAT_MS);
        return;
      case 'RECOVERY':
        if (!response.isFenced) {
          this.become('RUNNING');
        }
        this.scheduleIn(heartbeatIntervalMs);
        return;
      case 'PENDING_CONTROLLED_SHUTDOWN':
        if (response.shouldShutDown) {
          this.stop();
          return;
        }
        this.scheduleIn(this.toldShutdown ? heartbeatIntervalMs : FIRST_SHUTDOWN_HEARTBEAT_MS);
        this.toldShutdown = true;
        return;
      default:
        this.scheduleIn(heartbeatIntervalMs);
    }
  }
}
