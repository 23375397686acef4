/**
 * The admin client as a node: whatever operators ask (Kafka: KafkaAdminClient). Any broker is
 * asked where not a certain one has to be, brokers forward to the controller; a call is repeated
 * until its time is over.
 */
import { Timer } from '../../base/timers.ts';
import { adminConfigs } from '../../config/admin.ts';
import { parseConfig } from '../../config/parse.ts';
import type { CommandId, Host, Node, NodeInput, RandomStream } from '../../host.ts';
import type { LoginFailure } from '../../rpc/channel-login.ts';
import type { LoginSettings } from '../../security/login.ts';
import { backoffMs } from '../backoff.ts';
import type { BrokerConnection } from '../broker-connections.ts';
import { ClientCore, clientSettings } from '../client-core.ts';
import type { ClientCommand } from '../commands.ts';
import { operationFor } from './commands.ts';
import type { Operation, Verdict } from './operation.ts';

const STOP_TIMEOUT_MS = 30_000;

interface Call {
  readonly id: CommandId;
  readonly operation: Operation;
  readonly deadlineMs: number;
  failures: number;
  retryAtMs: number;
  isInFlight: boolean;
  /** Some attempt went out and was not answered: it may have been done. */
  mayHaveHappened: boolean;
  lastProblem: string;
}

/** Kafka: KafkaAdminClient.createInternal */
const MAX_IN_FLIGHT = 1;

/** @throws InvalidConfig naming every unknown key and bad value. */
export function createAdminNode(
  host: Host,
  config: Readonly<Record<string, string>>,
  login: LoginSettings | null = null,
): Node {
  return new AdminNode(host, config, login);
}

class AdminNode implements Node {
  private readonly host: Host;
  private readonly core: ClientCore;
  private readonly defaultTimeoutMs: number;
  private readonly retries: number;
  private readonly random: RandomStream;
  private readonly timer = new Timer(() => this.pump());
  private readonly closeTimer = new Timer(() => this.closeNow());
  private calls: Call[] = [];
  private closeIds: CommandId[] = [];
  private state: 'open' | 'closing' | 'closed' = 'open';
  private exitWhenClosed = false;

  constructor(host: Host, raw: Readonly<Record<string, string>>, login: LoginSettings | null) {
    const config = parseConfig(adminConfigs, raw, { at: 'admin config' });
    this.host = host;
    this.defaultTimeoutMs = config.get('default.api.timeout.ms');
    this.retries = config.get('retries');
    this.random = host.random.stream('admin-backoff');
    const listener = {
      metadataUpdated: () => this.pump(),
      connectionReady: () => this.pump(),
      connectionLost: () => this.core.runtime.defer(() => this.pump()),
      loginFailed: (failure: LoginFailure) => this.failAll(failure),
    };
    const settings = clientSettings(config, MAX_IN_FLIGHT);
    this.core = new ClientCore(host, settings, listener, false, {}, login);
  }

  get wakeAtMs(): number {
    return this.core.runtime.wakeAtMs;
  }

  step(input: NodeInput): void {
    switch (input.kind) {
      case 'command':
        this.command(input.id, input.command);
        break;
      case 'started':
        this.core.updater.refreshNow();
        break;
      case 'stopping':
        this.exitWhenClosed = true;
        this.close(STOP_TIMEOUT_MS);
        break;
      default:
        this.core.runtime.transport(input);
    }
    this.core.runtime.endStep();
  }

  private command(id: CommandId, command: ClientCommand): void {
    if (command.kind === 'close') {
      this.closeIds.push(id);
      this.close(command.timeoutMs);
      return;
    }
    const operation = operationFor(command);
    if (operation !== null) {
      const timeoutMs = 'timeoutMs' in command ? command.timeoutMs : this.defaultTimeoutMs;
      this.begin(id, operation, timeoutMs);
    } else {
      const message = `an admin client cannot ${command.kind}`;
      this.fail(id, 'failed', 'IllegalStateException', message);
    }
  }

  private begin(id: CommandId, operation: Operation, timeoutMs: number): void {
    if (this.state !== 'open') {
      this.fail(id, 'failed', 'IllegalStateException', 'the admin client has been closed');
      return;
    }
    const { nowMs } = this.core.runtime;
    this.calls.push({
      id,
      operation,
      deadlineMs: nowMs + timeoutMs,
      failures: 0,
      retryAtMs: nowMs,
      isInFlight: false,
      mayHaveHappened: false,
      lastProblem: 'no broker could be reached',
    });
    this.pump();
  }

  /** Fails calls whose time is over and sends those that may go. */
  private pump(): void {
    if (this.state === 'closed') return;
    const { nowMs, timers } = this.core.runtime;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const call of [...this.calls]) {
      if (call.deadlineMs <= nowMs) this.timeOut(call);
      else {
        if (!call.isInFlight && call.retryAtMs <= nowMs && !this.trySend(call)) {
          nextMs = Math.min(nextMs, nowMs + Math.max(1, this.core.settings.reconnectBackoffMs));
        }
        nextMs = Math.min(nextMs, call.deadlineMs);
        if (!call.isInFlight && call.retryAtMs > nowMs) nextMs = Math.min(nextMs, call.retryAtMs);
      }
    }
    timers.arm(this.timer, nextMs);
    if (this.state === 'closing' && this.calls.length === 0) this.closeNow();
  }

  /** @returns false while nobody can be asked; whoever is being connected to tells. */
  private trySend(call: Call): boolean {
    const { nowMs } = this.core.runtime;
    const connection = this.connectionFor(call.operation);
    if (connection === null) return false;
    if (!connection.channel.ready) {
      connection.connect(nowMs);
      return true;
    }
    call.isInFlight = true;
    const remainingMs = call.deadlineMs - nowMs;
    const timeoutMs = Math.min(remainingMs, this.core.settings.requestTimeoutMs);
    call.operation.send(connection.channel, { timeoutMs }, (verdict) => this.ended(call, verdict));
    return true;
  }

  /** null while nobody can be asked; a broker that is not known is looked for. */
  private connectionFor(operation: Operation): BrokerConnection | null {
    const { core } = this;
    const { broker } = operation;
    if (broker === null) return core.updater.anyBroker();
    const known = core.metadata.broker(broker);
    if (known === undefined) {
      core.updater.requestUpdate();
      return null;
    }
    const connection = core.connections.to(known);
    const { channel } = connection;
    if (channel.ready) return channel.inFlight < MAX_IN_FLIGHT ? connection : null;
    if (connection.canConnect(core.runtime.nowMs)) return connection;
    if (!connection.connecting) operation.unreachable?.();
    return null;
  }

  private ended(call: Call, verdict: Verdict): void {
    call.isInFlight = false;
    if (!this.calls.includes(call)) return;
    if (verdict.kind === 'done') {
      this.remove(call);
      this.host.completed(call.id, verdict.result);
    } else if (verdict.kind === 'refused') {
      this.remove(call);
      const outcome = call.mayHaveHappened ? 'unknown' : 'failed';
      this.fail(call.id, outcome, verdict.error, verdict.message);
    } else if (verdict.kind === 'next') call.retryAtMs = this.core.runtime.nowMs;
    else this.retry(call, verdict);
    this.pump();
  }

  private retry(call: Call, verdict: Verdict & { kind: 'retry' }): void {
    const { settings, runtime } = this.core;
    call.lastProblem = verdict.problem;
    if (verdict.mayHaveHappened) call.mayHaveHappened = true;
    const { retryBackoffMs, retryBackoffMaxMs } = settings;
    const waitMs = backoffMs(retryBackoffMs, retryBackoffMaxMs, call.failures, this.random);
    call.failures += 1;
    call.retryAtMs = runtime.nowMs + waitMs;
    if (call.failures > this.retries) this.timeOut(call);
  }

  /** Kafka: AdminMetadataManager.updateFailed. */
  private failAll({ error, message }: LoginFailure): void {
    const { calls } = this;
    this.calls = [];
    for (const call of calls) {
      const mayHaveHappened = call.mayHaveHappened || call.isInFlight;
      this.fail(call.id, mayHaveHappened ? 'unknown' : 'failed', error, message);
    }
    this.core.runtime.defer(() => this.pump());
  }

  private timeOut(call: Call): void {
    this.remove(call);
    const mayHaveHappened = call.mayHaveHappened || call.isInFlight;
    const tries = `${call.failures} failed tries, last: ${call.lastProblem}`;
    const message = `${call.operation.name} timed out after ${tries}`;
    this.fail(call.id, mayHaveHappened ? 'unknown' : 'failed', 'TimeoutException', message);
  }

  private remove(call: Call): void {
    this.calls = this.calls.filter((one) => one !== call);
  }

  private close(timeoutMs: number): void {
    if (this.state === 'closed') return this.answerClosing();
    this.state = 'closing';
    const { timers, nowMs } = this.core.runtime;
    timers.arm(this.closeTimer, nowMs + timeoutMs);
    if (this.calls.length === 0) this.closeNow();
  }

  private closeNow(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    for (const call of this.calls) {
      const mayHaveHappened = call.mayHaveHappened || call.isInFlight;
      const message = 'the admin client was closed before the call ended';
      this.fail(call.id, mayHaveHappened ? 'unknown' : 'failed', 'TimeoutException', message);
    }
    this.calls = [];
    const { timers } = this.core.runtime;
    timers.cancel(this.timer);
    timers.cancel(this.closeTimer);
    this.core.close();
    this.answerClosing();
  }

  private answerClosing(): void {
    for (const id of this.closeIds) this.host.completed(id, { kind: 'done' });
    this.closeIds = [];
    if (this.exitWhenClosed) this.host.exit();
  }

  private fail(id: CommandId, outcome: 'failed' | 'unknown', error: string, message: string): void {
    this.host.completed(id, { kind: 'failed', outcome, error, message });
  }
}
