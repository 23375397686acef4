/**
 * When each registered broker was last heard from (Kafka: BrokerHeartbeatManager). Soft state of
 * the active controller: after a start every session counts from then. Fenced brokers have none.
 */
import { assert, defined } from '../base/assert.ts';
import type { BrokerRegistration } from '../metadata/broker-registration.ts';
import type { UsableBroker } from '../metadata/replica-placer.ts';

export type BrokerControlState = 'fenced' | 'unfenced' | 'controlled-shutdown' | 'shutdown-now';

interface Session {
  readonly id: number;
  fenced: boolean;
  lastContactMs: number;
  /** Counts contacts over all brokers: orders those within one millisecond. */
  contactOrder: number;
  /** How far the broker said it had applied the metadata log, -1 before it said so. */
  metadataOffset: number;
  /** The end of the records that put it into controlled shutdown, -1 when it is in none. */
  controlledShutdownOffset: number;
}

export class BrokerSessions {
  private readonly sessions = new Map<number, Session>();
  private readonly timeoutMs: number;
  private contacts = 0;

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  /** Forgets everything and begins with these brokers, heard from now. */
  restart(brokers: Iterable<BrokerRegistration>, nowMs: number): void {
    this.sessions.clear();
    for (const broker of brokers) this.register(broker.id, broker.fenced, nowMs);
  }

  /** A registration was written. */
  register(id: number, fenced: boolean, nowMs: number): void {
    if (!this.sessions.has(id)) {
      this.sessions.set(id, {
        id,
        fenced,
        lastContactMs: nowMs,
        contactOrder: 0,
        metadataOffset: -1,
        controlledShutdownOffset: -1,
      });
    }
    this.touch(id, { fenced, metadataOffset: -1, nowMs });
  }

  remove(id: number): void {
    this.sessions.delete(id);
  }

  touch(id: number, heard: { fenced: boolean; metadataOffset: number; nowMs: number }): void {
    const session = this.session(id);
    session.lastContactMs = heard.nowMs;
    session.contactOrder = ++this.contacts;
    session.metadataOffset = heard.metadataOffset;
    session.fenced = heard.fenced;
    if (heard.fenced) session.controlledShutdownOffset = -1;
  }

  /** Fenced by the controller itself. */
  fence(id: number): void {
    const session = this.session(id);
    session.fenced = true;
    session.controlledShutdownOffset = -1;
  }

  /** Unfenced and heard from within the time-out. */
  isValid(id: number, nowMs: number): boolean {
    const session = this.sessions.get(id);
    return session !== undefined && !session.fenced && nowMs < this.expiresAtMs(session);
  }

  private expiresAtMs(session: Session): number {
    return session.lastContactMs + this.timeoutMs;
  }

  /** The unfenced broker that was silent longest. */
  private oldest(): Session | null {
    let oldest: Session | null = null;
    for (const session of this.sessions.values()) {
      if (session.fenced) continue;
      if (oldest === null || session.contactOrder < oldest.contactOrder) oldest = session;
    }
    return oldest;
  }

  /** When the next session may run out; `Infinity` when every broker is fenced. */
  nextExpiryMs(): number {
    const oldest = this.oldest();
    return oldest === null ? Number.POSITIVE_INFINITY : this.expiresAtMs(oldest);
  }

  /** The broker whose session ran out first, null when none has. */
  stale(nowMs: number): number | null {
    const oldest = this.oldest();
    return oldest !== null && nowMs >= this.expiresAtMs(oldest) ? oldest.id : null;
  }

  controlledShutdownBegan(id: number, endOffset: number): void {
    const session = this.session(id);
    assert(!session.fenced, 'a fenced broker cannot enter controlled shutdown');
    if (session.controlledShutdownOffset < 0) session.controlledShutdownOffset = endOffset;
  }

  /** Whether every active broker has applied the records that took this one's leaderships. */
  othersCaughtUp(id: number): boolean {
    const { controlledShutdownOffset } = this.session(id);
    for (const session of this.sessions.values()) {
      if (session.fenced || session.controlledShutdownOffset >= 0) continue;
      if (session.metadataOffset < controlledShutdownOffset) return false;
    }
    return true;
  }

  state(id: number): BrokerControlState {
    const session = this.session(id);
    if (session.controlledShutdownOffset >= 0) return 'controlled-shutdown';
    return session.fenced ? 'fenced' : 'unfenced';
  }

  /** Brokers on which new replicas may be placed: all but those shutting down. */
  usable(registrations: ReadonlyMap<number, BrokerRegistration>): UsableBroker[] {
    const usable: UsableBroker[] = [];
    for (const session of this.sessions.values()) {
      const broker = registrations.get(session.id);
      if (broker === undefined || session.controlledShutdownOffset >= 0) continue;
      usable.push({ id: broker.id, rack: broker.rack, fenced: broker.fenced });
    }
    return usable.sort((a, b) => a.id - b.id);
  }

  private session(id: number): Session {
    return defined(this.sessions.get(id), `broker ${id} has no session entry`);
  }
}
