/**
 * One member of a classic group, as its coordinator sees it (Kafka: ClassicGroupMember). Its
 * JoinGroup and SyncGroup requests stay open while the round goes on; the callbacks answer them.
 */
import { assert } from '../base/assert.ts';
import type { Timer } from '../base/timers.ts';
import type { JoinGroupResponse } from '../wire/generated/join-group-response.ts';
import type { SyncGroupResponse } from '../wire/generated/sync-group-response.ts';

/** One assignor that a member can do, and what it has to say to whoever assigns by it. */
export interface MemberProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

export interface MemberDetails {
  readonly memberId: string;
  /** group.instance.id; null: a dynamic member. */
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly rebalanceTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  readonly protocolType: string;
  /** In the order in which the member would like them. */
  readonly protocols: readonly MemberProtocol[];
}

export type JoinReply = (response: JoinGroupResponse) => void;
export type SyncReply = (response: SyncGroupResponse) => void;

export const NO_ASSIGNMENT = new Uint8Array(0);

export class GroupMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly protocolType: string;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  protocols: readonly MemberProtocol[];
  assignment: Uint8Array;
  awaitingJoin: JoinReply | null = null;
  awaitingSync: SyncReply | null = null;
  /** Has not been in any generation yet. */
  isNew = false;
  /** Fires when it was not heard from for its session time-out. */
  session: Timer | null = null;

  constructor(details: MemberDetails, assignment: Uint8Array = NO_ASSIGNMENT) {
    this.memberId = details.memberId;
    this.instanceId = details.instanceId;
    this.clientId = details.clientId;
    this.clientHost = details.clientHost;
    this.protocolType = details.protocolType;
    this.rebalanceTimeoutMs = details.rebalanceTimeoutMs;
    this.sessionTimeoutMs = details.sessionTimeoutMs;
    this.protocols = details.protocols;
    this.assignment = assignment;
  }

  /** Who waits for its round to end need not send heartbeats, unless it is new. */
  get isHeardFrom(): boolean {
    return !this.isNew && (this.awaitingJoin !== null || this.awaitingSync !== null);
  }

  metadataOf(protocol: string): Uint8Array {
    const found = this.protocols.find(({ name }) => name === protocol);
    assert(found !== undefined, `${this.memberId} does not support ${protocol}`);
    return found.metadata;
  }

  /** Its first choice among the candidates, which it supports all. */
  vote(candidates: ReadonlySet<string>): string {
    const chosen = this.protocols.find(({ name }) => candidates.has(name));
    assert(chosen !== undefined, `${this.memberId} supports none of the group's protocols`);
    return chosen.name;
  }

  /** Whether it says the same as when it joined last. */
  matches(protocols: readonly MemberProtocol[]): boolean {
    if (protocols.length !== this.protocols.length) return false;
    return this.protocols.every(({ name, metadata }, i) => {
      const other = protocols[i] as MemberProtocol;
      return other.name === name && sameBytes(other.metadata, metadata);
    });
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
