/**
 * Who votes in the metadata quorum, as its log says: every leader begins with a record that names
 * the voters, and a change of the voters is a record of its own, in force as soon as it is written
 * (KIP-853).
 */
import { Reader } from '../../kafka/base/reader.ts';
import { baseOffsetAt, crcAt, leaderEpochAt } from '../../kafka/records/batch.ts';
import { ControlRecordType } from '../../kafka/records/control.ts';
import { forEachRecord } from '../../kafka/records/iterate.ts';
import { decodeLeaderChangeMessage } from '../../kafka/wire/generated/leader-change-message.ts';
import { decodeVotersRecord } from '../../kafka/wire/generated/voters-record.ts';
import type { BatchIdentity, ReplicaLog } from './replica-log.ts';

interface VoterSet extends BatchIdentity {
  readonly ids: readonly number[];
}

/** Of either message: the only one there is. */
const VERSION = 0;

export class VoterSets {
  private readonly sets: VoterSet[] = [];
  /** Of those written so far, and of those that are known to be committed. */
  private newestOffset = -1;
  private committedTo = 0;
  private committed: readonly number[] = [];

  /** Reads a control batch; others than those of voters say nothing. */
  read(bytes: Uint8Array, at: number): void {
    forEachRecord(bytes, at, ({ key, value }) => {
      if (key === null || value === null) return;
      const ids = votersIn(typeOf(key), value);
      if (ids === null) return;
      const baseOffset = baseOffsetAt(bytes, at);
      this.newestOffset = Math.max(this.newestOffset, baseOffset);
      this.sets.push({
        baseOffset,
        epoch: leaderEpochAt(bytes, at),
        crc: crcAt(bytes, at),
        ids,
      });
    });
  }

  /**
   * What is committed in this log below `highWatermark` has come to be.
   * @returns the voters before and after, when they are others now; null: they are not.
   */
  settle(
    log: ReplicaLog,
    highWatermark: number,
  ): { readonly before: readonly number[]; readonly after: readonly number[] } | null {
    const from = this.committedTo;
    this.committedTo = highWatermark;
    if (this.newestOffset < from) return null;
    const before = this.committed;
    for (const one of [...this.sets].sort((a, b) => a.baseOffset - b.baseOffset)) {
      const isNew = one.baseOffset >= from && one.baseOffset < highWatermark;
      if (isNew && log.holds(one)) this.committed = one.ids;
    }
    const { committed: after } = this;
    const isSame = after.length === before.length && after.every((id) => before.includes(id));
    return isSame ? null : { before, after };
  }

  /** By the newest word that the log holds; when a snapshot has replaced it, the newest known. */
  by(log: ReplicaLog): readonly number[] {
    let newest: VoterSet | null = null;
    for (const one of this.sets) {
      if (newest !== null && one.baseOffset < newest.baseOffset) continue;
      if (log.holds(one)) newest = one;
    }
    return (newest ?? this.sets.at(-1))?.ids ?? [];
  }
}

/** Two bytes of version, two of type. */
function typeOf(key: Uint8Array): number {
  return key.length < 4 ? -1 : ((key[2] as number) << 8) | (key[3] as number);
}

function votersIn(type: number, value: Uint8Array): readonly number[] | null {
  const reader = new Reader(value);
  if (type === ControlRecordType.LEADER_CHANGE) {
    return decodeLeaderChangeMessage(reader, VERSION).voters.map((one) => one.voterId);
  }
  if (type === ControlRecordType.KRAFT_VOTERS) {
    return decodeVotersRecord(reader, VERSION).voters.map((one) => one.voterId);
  }
  return null;
}
