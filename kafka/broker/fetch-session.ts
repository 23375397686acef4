/**
 * One incremental fetch session (KIP-227; Kafka: FetchSession, IncrementalFetchContext). The
 * fetcher names only what changed in its request, the broker answers only partitions with
 * records, an error, a divergence or other offsets than it last told. Every fetch still reads
 * every partition, in the order of the session, and takes a follower's position in each into
 * account; those that had records go to the end of the order.
 */

import type { Deadlines } from '../replication/deadlines.ts';
import { DelayedFetch, FetchPart } from '../replication/delayed-fetch.ts';
import type { FetchSpec } from '../replication/fetch-read.ts';
import type { RequestContext } from '../rpc/request-server.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { FetchPartition, FetchRequest } from '../wire/generated/fetch-request.ts';
import {
  type FetchableTopicResponse,
  type FetchResponse,
  fetchResponse,
} from '../wire/generated/fetch-response.ts';
import {
  emptyAnswer,
  emptyResponse,
  NO_ABORTED,
  NO_ENDPOINTS,
  NO_LEADER_HINT,
  NO_RECORDS,
} from './fetch-answer.ts';

/** What a session needs of the fetch API. */
export interface SessionOwner {
  readonly deadlines: Deadlines;
  /** Finds the partition of a part, or why there is none here. */
  resolve(part: SessionPart, usesTopicIds: boolean): void;
  addLeaderHints(context: RequestContext, response: FetchResponse): void;
  /** Gives the session an id, if it can be remembered. */
  admit(session: FetchSession): boolean;
}

class SessionTopic {
  readonly topic: string;
  readonly topicId: string;
  readonly parts = new Map<number, SessionPart>();
  /** Reused in every response. */
  readonly answer: FetchableTopicResponse;

  constructor(topic: string, topicId: string) {
    this.topic = topic;
    this.topicId = topicId;
    this.answer = { topic, topicId, partitions: [] };
  }
}

export class SessionPart extends FetchPart {
  readonly topic: SessionTopic;
  /** As last answered, -1: not yet. */
  toldHighWatermark = -1;
  toldLogStartOffset = -1;
  forgotten = false;

  constructor(topic: SessionTopic, request: FetchPartition, committedOnly: boolean) {
    const answer = emptyAnswer(request.partition, committedOnly ? NO_ABORTED : null);
    super(null, ErrorCode.NONE, request, answer);
    this.topic = topic;
  }

  /** Takes note of what is told. @returns whether there is anything to tell. */
  hasNews(): boolean {
    const { answer } = this;
    const { records } = answer;
    let news =
      (records !== null && records.length > 0) ||
      answer.divergingEpoch.epoch >= 0 ||
      answer.preferredReadReplica >= 0;
    if (answer.highWatermark !== this.toldHighWatermark) {
      this.toldHighWatermark = answer.highWatermark;
      news = true;
    }
    if (answer.logStartOffset !== this.toldLogStartOffset) {
      this.toldLogStartOffset = answer.logStartOffset;
      news = true;
    }
    if (answer.errorCode !== ErrorCode.NONE) {
      // It is told again when the error has gone.
      this.toldHighWatermark = -1;
      news = true;
    }
    return news;
  }
}

export class FetchSession {
  /** 0 while it is not remembered. */
  id = 0;
  /** Of the next fetch. */
  epoch = 0;
  createdMs = 0;
  lastUsedMs = 0;
  readonly usesTopicIds: boolean;
  /** Of a follower. */
  readonly privileged: boolean;
  private readonly owner: SessionOwner;
  private readonly topics = new Map<string, SessionTopic>();
  /** In the order in which they are read. */
  private readonly parts: SessionPart[] = [];
  private readonly movedBack: SessionPart[] = [];
  private readonly response: FetchResponse = emptyResponse();
  private readonly operation: DelayedFetch;
  private context: RequestContext | null = null;
  private committedOnly: boolean;
  private ended = false;

  constructor(owner: SessionOwner, spec: FetchSpec, usesTopicIds: boolean) {
    this.owner = owner;
    this.usesTopicIds = usesTopicIds;
    this.privileged = spec.replicaId >= 0;
    this.committedOnly = spec.isolation === 'txn_committed';
    const answered = (operation: DelayedFetch) => this.answered(operation);
    this.operation = new DelayedFetch(owner.deadlines, spec, this.parts, answered, true);
  }

  /** How many partitions it has. */
  get size(): number {
    return this.parts.length;
  }

  /** Takes what a request adds and changes. */
  update(topics: FetchRequest['topics']): void {
    for (let t = 0; t < topics.length; t++) {
      const { topic, topicId, partitions } = topics[t] as FetchRequest['topics'][number];
      for (let p = 0; p < partitions.length; p++) {
        this.want(this.topic(topic, topicId), partitions[p] as FetchPartition);
      }
    }
  }

  private topic(name: string, topicId: string): SessionTopic {
    const key = this.usesTopicIds ? topicId : name;
    let topic = this.topics.get(key);
    if (topic === undefined) {
      topic = new SessionTopic(name, topicId);
      this.topics.set(key, topic);
    }
    return topic;
  }

  private want(topic: SessionTopic, wanted: FetchPartition): void {
    const known = topic.parts.get(wanted.partition);
    if (known !== undefined) {
      known.request = wanted;
      return;
    }
    const part = new SessionPart(topic, wanted, this.committedOnly);
    topic.parts.set(wanted.partition, part);
    this.parts.push(part);
  }

  forget(topics: FetchRequest['forgottenTopicsData']): void {
    if (topics.length === 0) return;
    for (const { topic: name, topicId, partitions } of topics) {
      const topic = this.topic(name, topicId);
      for (const index of partitions) {
        const part = topic.parts.get(index);
        if (part === undefined) continue;
        topic.parts.delete(index);
        part.forgotten = true;
        part.stopWatching();
      }
      if (topic.parts.size === 0) this.topics.delete(this.usesTopicIds ? topicId : name);
    }
    const { parts } = this;
    let kept = 0;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as SessionPart;
      if (!part.forgotten) parts[kept++] = part;
    }
    while (parts.length > kept) parts.pop();
  }

  /**
   * Reads all partitions and answers, now or later. A fetch that still waits has been overtaken,
   * by one on another connection: its answer would not be the next one any more.
   */
  fetch(context: RequestContext, spec: FetchSpec): void {
    if (this.operation.waiting) {
      this.operation.abandon();
      this.refuse(this.context as RequestContext, ErrorCode.INVALID_FETCH_SESSION_EPOCH);
    }
    this.context = context;
    const committedOnly = spec.isolation === 'txn_committed';
    if (committedOnly !== this.committedOnly) this.readCommitted(committedOnly);
    const { parts, owner } = this;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as SessionPart;
      const { partition } = part;
      // A replica that is closed may have left this broker, and may have come back.
      if (partition !== null && partition.log !== null) continue;
      part.stopWatching();
      owner.resolve(part, this.usesTopicIds);
    }
    this.operation.restart(spec);
  }

  private readCommitted(committedOnly: boolean): void {
    this.committedOnly = committedOnly;
    for (const { answer } of this.parts) {
      answer.abortedTransactions = committedOnly ? NO_ABORTED : null;
    }
  }

  private refuse(context: RequestContext, errorCode: ErrorCode): void {
    context.respond(fetchResponse({ errorCode, sessionId: this.id }));
  }

  private answered(operation: DelayedFetch): void {
    const context = this.context as RequestContext;
    this.context = null;
    const { parts, response } = this;
    const { responses } = response;
    // The first answer tells everything, and whether there is a session from now on.
    const isFirst = this.id === 0;
    if (isFirst && !this.owner.admit(this)) this.ended = true;
    let withRecords = 0;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as SessionPart;
      if (!part.hasNews() && !isFirst) continue;
      const { answer } = part.topic;
      if (answer.partitions.length === 0) responses.push(answer);
      answer.partitions.push(part.answer);
      if (part.answer.records !== NO_RECORDS && part.answer.records?.length !== 0) withRecords += 1;
    }
    response.sessionId = this.id;
    if (operation.failed) this.owner.addLeaderHints(context, response);
    context.respond(response);
    if (withRecords > 0 && !isFirst && withRecords < parts.length) this.moveBack();
    this.emptyResponse();
    if (this.ended) this.stopWatching();
  }

  /** Partitions with records let the others go first the next time. */
  private moveBack(): void {
    const { parts, movedBack } = this;
    let kept = 0;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as SessionPart;
      const { records } = part.answer;
      if (records === null || records.length === 0) parts[kept++] = part;
      else movedBack.push(part);
    }
    for (let i = 0; i < movedBack.length; i++) parts[kept++] = movedBack[i] as SessionPart;
    while (movedBack.length > 0) movedBack.pop();
  }

  /** By hand, list by list: setting `length` would give their memory back. */
  private emptyResponse(): void {
    const { response } = this;
    const { responses } = response;
    for (let t = responses.length - 1; t >= 0; t--) {
      const { partitions } = responses[t] as FetchableTopicResponse;
      for (let p = partitions.length - 1; p >= 0; p--) {
        const answer = partitions[p] as FetchableTopicResponse['partitions'][number];
        answer.records = NO_RECORDS;
        answer.currentLeader = NO_LEADER_HINT;
        partitions.pop();
      }
      responses.pop();
    }
    response.nodeEndpoints = NO_ENDPOINTS;
  }

  /** It is not remembered any more; a fetch that waits is still answered. */
  end(): void {
    this.ended = true;
    if (!this.operation.waiting) this.stopWatching();
  }

  private stopWatching(): void {
    for (const part of this.parts) part.stopWatching();
  }
}
