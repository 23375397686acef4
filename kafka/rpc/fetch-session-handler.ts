/**
 * The fetcher's side of incremental fetch sessions with one broker (KIP-227; Kafka:
 * FetchSessionHandler). For every fetch it is told all wanted partitions; the first request names
 * them all, the later ones only what is new, changed or not wanted any more. After an error or a
 * lost answer a full request begins the next session and closes the last.
 */
import { type Uuid, ZERO_UUID } from '../base/uuid.ts';
import { ErrorCode } from '../wire/errors.ts';
import {
  type FetchPartition,
  type FetchRequest,
  type FetchTopic,
  type ForgottenTopic,
  fetchPartition,
  fetchTopic,
  forgottenTopic,
} from '../wire/generated/fetch-request.ts';
import type { FetchResponse } from '../wire/generated/fetch-response.ts';

const NO_SESSION = 0;
const INITIAL_EPOCH = 0;
const FINAL_EPOCH = -1;
const LAST_EPOCH = 0x7fffffff;
const NONE_FORGOTTEN: ForgottenTopic[] = [];

class SessionTopic<Owner> {
  readonly topic: string;
  readonly topicId: Uuid;
  /** By index. */
  readonly partitions: (SessionPartition<Owner> | undefined)[] = [];
  /** Reused in every request; belongs to the fetch with number `fetch`. */
  readonly asked: FetchTopic;
  fetch = 0;

  constructor(topic: string, topicId: Uuid) {
    this.topic = topic;
    this.topicId = topicId;
    this.asked = fetchTopic({ topic, topicId });
  }
}

/** One partition as the broker may be asked for it. */
export class SessionPartition<Owner> {
  readonly topic: SessionTopic<Owner>;
  /** As last asked for. */
  readonly request: FetchPartition;
  /** Whoever follows its answers now. */
  owner: Owner | null = null;
  /** The broker has it in its session. */
  known = false;
  /** Number of the last fetch that wanted it. */
  fetch = 0;

  constructor(topic: SessionTopic<Owner>, index: number) {
    this.topic = topic;
    this.request = fetchPartition({ partition: index });
  }
}

export class FetchSessionHandler<Owner> {
  private sessionId = NO_SESSION;
  /** Of the next request. */
  private epoch = INITIAL_EPOCH;
  /** By topic id, or by name where that is not known. */
  private readonly topics = new Map<string, SessionTopic<Owner>>();
  /** What the broker has in its session. */
  private members: SessionPartition<Owner>[] = [];
  private fetch = 0;
  private wanted = 0;
  private readonly asked: FetchTopic[] = [];

  /** One object per partition, for as long as this handler lives. */
  partition(topic: string, topicId: Uuid, index: number): SessionPartition<Owner> {
    const key = topicId === ZERO_UUID ? topic : topicId;
    let known = this.topics.get(key);
    if (known === undefined) {
      known = new SessionTopic(topic, topicId);
      this.topics.set(key, known);
    }
    let partition = known.partitions[index];
    if (partition === undefined) {
      partition = new SessionPartition(known, index);
      known.partitions[index] = partition;
    }
    return partition;
  }

  /** Begins a request; `want` and `finish` follow. */
  begin(): void {
    this.fetch += 1;
    this.wanted = 0;
    // The request before was answered; by hand, which is faster than setting `length`.
    while (this.asked.length > 0) this.asked.pop();
    if (this.epoch !== INITIAL_EPOCH) return;
    for (const member of this.members) member.known = false;
    this.members = [];
  }

  want(
    partition: SessionPartition<Owner>,
    leaderEpoch: number,
    fetchOffset: number,
    lastFetchedEpoch: number,
    logStartOffset: number,
    maxBytes: number,
  ): void {
    const { request } = partition;
    partition.fetch = this.fetch;
    this.wanted += 1;
    if (
      partition.known &&
      request.fetchOffset === fetchOffset &&
      request.currentLeaderEpoch === leaderEpoch &&
      request.lastFetchedEpoch === lastFetchedEpoch &&
      request.logStartOffset === logStartOffset &&
      request.partitionMaxBytes === maxBytes
    ) {
      return;
    }
    request.currentLeaderEpoch = leaderEpoch;
    request.fetchOffset = fetchOffset;
    request.lastFetchedEpoch = lastFetchedEpoch;
    request.logStartOffset = logStartOffset;
    request.partitionMaxBytes = maxBytes;
    if (!partition.known) {
      partition.known = true;
      this.members.push(partition);
    }
    this.ask(partition);
  }

  private ask({ topic, request }: SessionPartition<Owner>): void {
    const { partitions } = topic.asked;
    if (topic.fetch !== this.fetch) {
      topic.fetch = this.fetch;
      while (partitions.length > 0) partitions.pop();
      this.asked.push(topic.asked);
    }
    partitions.push(request);
  }

  /**
   * Completes `request`, which must not change before it is answered.
   * @returns false when there is nothing to ask for.
   */
  finish(request: FetchRequest): boolean {
    const forgotten = this.wanted < this.members.length ? this.forget() : NONE_FORGOTTEN;
    request.sessionId = this.sessionId;
    request.sessionEpoch = this.epoch;
    request.topics = this.asked;
    request.forgottenTopicsData = forgotten;
    return this.wanted > 0 || forgotten.length > 0;
  }

  private forget(): ForgottenTopic[] {
    const forgotten = new Map<SessionTopic<Owner>, ForgottenTopic>();
    const kept: SessionPartition<Owner>[] = [];
    for (const member of this.members) {
      if (member.fetch === this.fetch) {
        kept.push(member);
        continue;
      }
      member.known = false;
      const { topic, topicId } = member.topic;
      const ofTopic = forgotten.get(member.topic) ?? forgottenTopic({ topic, topicId });
      ofTopic.partitions.push(member.request.partition);
      forgotten.set(member.topic, ofTopic);
    }
    this.members = kept;
    return [...forgotten.values()];
  }

  /** Makes `request` one that closes the session. @returns false when there is none. */
  finishLast(request: FetchRequest): boolean {
    if (this.sessionId === NO_SESSION) return false;
    request.sessionId = this.sessionId;
    request.sessionEpoch = FINAL_EPOCH;
    request.topics = [];
    request.forgottenTopicsData = NONE_FORGOTTEN;
    this.sessionId = NO_SESSION;
    this.epoch = INITIAL_EPOCH;
    return true;
  }

  /**
   * The request was answered. @returns false when the answer says nothing about partitions; the
   * next request is a full one then.
   */
  answered({ errorCode, sessionId }: FetchResponse): boolean {
    if (errorCode !== ErrorCode.NONE) {
      if (errorCode === ErrorCode.FETCH_SESSION_ID_NOT_FOUND) this.sessionId = NO_SESSION;
      this.epoch = INITIAL_EPOCH;
      return false;
    }
    if (sessionId === NO_SESSION) this.epoch = INITIAL_EPOCH;
    else this.epoch = this.epoch === LAST_EPOCH ? 1 : this.epoch + 1;
    this.sessionId = sessionId;
    return true;
  }

  /** The request was not answered: the session may or may not have heard of it. */
  failed(): void {
    this.epoch = INITIAL_EPOCH;
  }

  /** The partition that an answer is about; undefined when it was not asked for. */
  find(topic: string, topicId: Uuid, index: number): SessionPartition<Owner> | undefined {
    const known = topicId === ZERO_UUID ? this.topicNamed(topic) : this.topics.get(topicId);
    const partition = known?.partitions[index];
    return partition?.fetch === this.fetch ? partition : undefined;
  }

  /** Requests before v13 have names although the ids may be known here. */
  private topicNamed(name: string): SessionTopic<Owner> | undefined {
    for (const topic of this.topics.values()) {
      if (topic.topic === name && topic.partitions.some((one) => one?.fetch === this.fetch)) {
        return topic;
      }
    }
    return undefined;
  }

  wasAsked(partition: SessionPartition<Owner>): boolean {
    return partition.fetch === this.fetch;
  }
}

/** Errors of the session alone: the same fetch may be sent again at once, as a full one. */
export function isSessionError(errorCode: number): boolean {
  return (
    errorCode === ErrorCode.FETCH_SESSION_ID_NOT_FOUND ||
    errorCode === ErrorCode.INVALID_FETCH_SESSION_EPOCH ||
    errorCode === ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR
  );
}
