/**
 * The fetch sessions that a broker remembers (KIP-227; Kafka: FetchSessionCache): at most
 * `max.incremental.fetch.session.cache.slots`. A new session takes the place of one that was not
 * used for two minutes; else of one that is worth less: a consumer's, or a smaller one. Sessions
 * younger than two minutes are safe, except consumers' from followers.
 */
import type { Clock, RandomStream } from '../host.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { FetchSession } from './fetch-session.ts';

/** The epoch of a fetch that opens a session. */
export const INITIAL_EPOCH = 0;
/** The epoch of a fetch that wants no session. */
export const FINAL_EPOCH = -1;
const LAST_EPOCH = 0x7fffffff;
const EVICTION_MS = 120_000;

/** The epoch of the fetch after the one with `epoch`. */
export function nextEpoch(epoch: number): number {
  return epoch === LAST_EPOCH ? 1 : epoch + 1;
}

export class FetchSessions {
  private readonly slots: number;
  private readonly clock: Clock;
  private readonly random: RandomStream;
  private readonly byId = new Map<number, FetchSession>();

  constructor(slots: number, clock: Clock, random: RandomStream) {
    this.slots = slots;
    this.clock = clock;
    this.random = random;
  }

  get size(): number {
    return this.byId.size;
  }

  /** The session of an incremental fetch, or why there is none that it may use. */
  claim(id: number, epoch: number, usesTopicIds: boolean): FetchSession | ErrorCode {
    const session = this.byId.get(id);
    if (session === undefined) return ErrorCode.FETCH_SESSION_ID_NOT_FOUND;
    if (session.epoch !== epoch) return ErrorCode.INVALID_FETCH_SESSION_EPOCH;
    if (session.usesTopicIds !== usesTopicIds) return ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR;
    session.epoch = nextEpoch(epoch);
    session.lastUsedMs = this.clock.wallMs();
    return session;
  }

  /** Remembers a session, under a new id, if there is or can be made room for it. */
  admit(session: FetchSession): boolean {
    const nowMs = this.clock.wallMs();
    if (this.byId.size >= this.slots && !this.evictFor(session, nowMs)) return false;
    let id = 0;
    do id = this.random.int(1, LAST_EPOCH - 1);
    while (this.byId.has(id));
    session.id = id;
    session.epoch = nextEpoch(INITIAL_EPOCH);
    session.createdMs = nowMs;
    session.lastUsedMs = nowMs;
    this.byId.set(id, session);
    return true;
  }

  close(id: number): void {
    const session = this.byId.get(id);
    if (session === undefined) return;
    this.byId.delete(id);
    session.end();
  }

  private evictFor(newcomer: FetchSession, nowMs: number): boolean {
    let stalest: FetchSession | null = null;
    let cheapest: FetchSession | null = null;
    for (const session of this.byId.values()) {
      if (stalest === null || isStaler(session, stalest)) stalest = session;
      const isOld = nowMs - session.createdMs > EVICTION_MS;
      const isFairGame = isOld || (newcomer.privileged && !session.privileged);
      if (isFairGame && (cheapest === null || compareWorth(session, cheapest) < 0)) {
        cheapest = session;
      }
    }
    if (stalest !== null && nowMs - stalest.lastUsedMs > EVICTION_MS) {
      this.close(stalest.id);
      return true;
    }
    if (cheapest === null || compareWorth(newcomer, cheapest) < 0) return false;
    this.close(cheapest.id);
    return true;
  }
}

function isStaler(one: FetchSession, than: FetchSession): boolean {
  return one.lastUsedMs === than.lastUsedMs ? one.id < than.id : one.lastUsedMs < than.lastUsedMs;
}

/** Followers' before consumers', then by partitions; equal ones by id (0 while it has none). */
function compareWorth(one: FetchSession, other: FetchSession): number {
  if (one.privileged !== other.privileged) return one.privileged ? 1 : -1;
  return one.size === other.size ? one.id - other.id : one.size - other.size;
}
