/**
 * The voters of the metadata quorum: who they are and where they listen (Kafka: VoterSet,
 * ReplicaKey). A static set comes from `controller.quorum.voters` and knows no directory ids; a
 * dynamic one (KIP-853) lives in the log as VotersRecords. A set is never changed, only replaced.
 */
import { bareHost } from '../base/address-text.ts';
import { assert } from '../base/assert.ts';
import { type Uuid, ZERO_UUID } from '../base/uuid.ts';
import type { Address } from '../host.ts';
import {
  endpoint,
  type VotersRecord,
  voter,
  votersRecord,
} from '../wire/generated/voters-record.ts';

/** A replica of the metadata log; the directory id tells a disk from the one it replaced. */
export interface ReplicaKey {
  readonly id: number;
  /** ZERO_UUID: not known. */
  readonly directoryId: Uuid;
}

export interface VoterEndpoint extends Address {
  /** The listener. */
  readonly name: string;
}

export interface VoterNode extends ReplicaKey {
  readonly endpoints: readonly VoterEndpoint[];
  /** The levels of kraft.version that it speaks; both inclusive. */
  readonly minKRaftVersion: number;
  readonly maxKRaftVersion: number;
}

export function sameReplica(a: ReplicaKey, b: ReplicaKey): boolean {
  return a.id === b.id && a.directoryId === b.directoryId;
}

export class VoterSet {
  /** By ascending id. */
  readonly voters: readonly VoterNode[];
  private readonly byId: ReadonlyMap<number, VoterNode>;

  constructor(voters: readonly VoterNode[]) {
    this.voters = [...voters].sort((a, b) => a.id - b.id);
    this.byId = new Map(this.voters.map((one) => [one.id, one]));
    assert(this.byId.size === voters.length, 'a voter is named twice');
  }

  get size(): number {
    return this.voters.length;
  }

  get ids(): number[] {
    return this.voters.map((one) => one.id);
  }

  get(id: number): VoterNode | undefined {
    return this.byId.get(id);
  }

  /** A voter whose directory is not known here is taken for the one with its id. */
  isVoter(key: ReplicaKey): boolean {
    const known = this.byId.get(key.id);
    if (known === undefined) return false;
    return known.directoryId === ZERO_UUID || known.directoryId === key.directoryId;
  }

  isOnlyVoter(key: ReplicaKey): boolean {
    return this.size === 1 && this.isVoter(key);
  }

  /** Where a voter listens; null when it is no voter or has no such listener. */
  addressOf(id: number, listener: string): Address | null {
    return addressIn(this.byId.get(id)?.endpoints ?? [], listener);
  }

  /** Null when a voter has this id already. */
  withVoter(added: VoterNode): VoterSet | null {
    return this.byId.has(added.id) ? null : new VoterSet([...this.voters, added]);
  }

  /** Null when it is no voter, or the last one. */
  withoutVoter(key: ReplicaKey): VoterSet | null {
    const known = this.byId.get(key.id);
    if (known === undefined || !sameReplica(known, key) || this.size === 1) return null;
    return new VoterSet(this.voters.filter((one) => one !== known));
  }

  /** Null when it is no voter. */
  withUpdated(updated: VoterNode): VoterSet | null {
    if (!this.isVoter(updated)) return null;
    return new VoterSet(this.voters.map((one) => (one.id === updated.id ? updated : one)));
  }

  /** The voter listens elsewhere, or speaks other versions, than is noted here. */
  needsUpdate(voterNode: VoterNode): boolean {
    const known = this.byId.get(voterNode.id);
    return known !== undefined && this.isVoter(voterNode) && !sameNode(known, voterNode);
  }

  toRecord(): VotersRecord {
    return votersRecord({
      voters: this.voters.map((one) =>
        voter({
          voterId: one.id,
          voterDirectoryId: one.directoryId,
          endpoints: one.endpoints.map((at) => endpoint(at)),
          kRaftVersionFeature: {
            minSupportedVersion: one.minKRaftVersion,
            maxSupportedVersion: one.maxKRaftVersion,
          },
        }),
      ),
    });
  }
}

function sameNode(a: VoterNode, b: VoterNode): boolean {
  return (
    sameReplica(a, b) &&
    a.minKRaftVersion === b.minKRaftVersion &&
    a.maxKRaftVersion === b.maxKRaftVersion &&
    a.endpoints.length === b.endpoints.length &&
    a.endpoints.every((one, i) => {
      const other = b.endpoints[i] as VoterEndpoint;
      return one.name === other.name && one.host === other.host && one.port === other.port;
    })
  );
}

export function addressIn(endpoints: readonly VoterEndpoint[], listener: string): Address | null {
  const found = endpoints.find((one) => one.name === listener);
  return found === undefined ? null : { host: found.host, port: found.port };
}

export function votersFromRecord(record: VotersRecord): VoterSet {
  return new VoterSet(
    record.voters.map((one) => ({
      id: one.voterId,
      directoryId: one.voterDirectoryId,
      endpoints: one.endpoints.map(({ name, host, port }) => ({ name, host, port })),
      minKRaftVersion: one.kRaftVersionFeature.minSupportedVersion,
      maxKRaftVersion: one.kRaftVersionFeature.maxSupportedVersion,
    })),
  );
}

/**
 * Parses entries of `controller.quorum.voters` like `101@controller-101:9093`; with a directory id
 * behind a further colon they are initial controllers, as `kafka-storage format` takes them. A bad
 * one is our own mistake by then.
 */
export function parseVoters(entries: readonly string[], listener: string): VoterSet {
  return new VoterSet(
    entries.map((entry) => {
      const match = /^(\d+)@(.+?):(\d+)(?::([A-Za-z0-9_-]{22}))?$/.exec(entry);
      assert(match !== null, `'${entry}' is not id@host:port`);
      const [, id, host, port, directoryId] = match;
      return {
        id: Number(id),
        directoryId: directoryId ?? ZERO_UUID,
        endpoints: [{ name: listener, host: bareHost(host as string), port: Number(port) }],
        minKRaftVersion: 0,
        maxKRaftVersion: 1,
      };
    }),
  );
}

/** Parses `host:port`; a bad one is our own mistake by then. */
export function parseAddress(text: string): Address {
  const match = /^(.+):(\d+)$/.exec(text);
  assert(match !== null, `'${text}' is not host:port`);
  return { host: bareHost(match[1] as string), port: Number(match[2]) };
}
