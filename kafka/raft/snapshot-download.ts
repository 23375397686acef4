/** A snapshot on its way from the leader, piece by piece (Kafka: handleFetchSnapshotResponse). */
import { ErrorCode } from '../wire/errors.ts';
import {
  type FetchSnapshotRequest,
  fetchSnapshotRequest,
} from '../wire/generated/fetch-snapshot-request.ts';
import type { PartitionSnapshot } from '../wire/generated/fetch-snapshot-response.ts';
import { METADATA_PARTITION, METADATA_TOPIC, type OffsetAndEpoch } from './metadata-log.ts';
import type { Quorum } from './quorum.ts';
import { MAX_FETCH_BYTES } from './raft-messages.ts';

export class SnapshotDownload {
  readonly id: OffsetAndEpoch;
  private parts: Uint8Array[] = [];
  private sizeBytes = 0;

  constructor(id: OffsetAndEpoch) {
    this.id = id;
  }

  get bytes(): Uint8Array {
    const whole = new Uint8Array(this.sizeBytes);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  /** Asks for what comes next. */
  request(quorum: Quorum): FetchSnapshotRequest {
    const { clusterId, key } = quorum.local;
    return fetchSnapshotRequest({
      clusterId,
      replicaId: key.id,
      maxBytes: MAX_FETCH_BYTES,
      topics: [
        {
          name: METADATA_TOPIC,
          partitions: [
            {
              partition: METADATA_PARTITION,
              currentLeaderEpoch: quorum.epoch,
              snapshotId: { endOffset: this.id.offset, epoch: this.id.epoch },
              position: this.sizeBytes,
              replicaDirectoryId: key.directoryId,
            },
          ],
        },
      ],
    });
  }

  /** `gone`: the leader has given it up meanwhile, so ask it for the log again. */
  received(partition: PartitionSnapshot): 'whole' | 'more' | 'gone' {
    const { errorCode, snapshotId, position, size, unalignedRecords } = partition;
    const isOurs = snapshotId.endOffset === this.id.offset && snapshotId.epoch === this.id.epoch;
    if (errorCode !== ErrorCode.NONE || !isOurs || position !== this.sizeBytes) return 'gone';
    const bytes = unalignedRecords.slice();
    this.parts.push(bytes);
    this.sizeBytes += bytes.length;
    return this.sizeBytes >= size ? 'whole' : 'more';
  }
}
