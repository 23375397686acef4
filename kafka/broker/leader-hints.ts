/** Who leads a partition instead of us, told with NOT_LEADER_OR_FOLLOWER (KIP-951). */
import type { BrokerServices } from './broker-services.ts';
import type { Endpoint } from './metadata-view.ts';

export interface LeaderHint {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  /** null while it is not known on that listener. */
  readonly endpoint: Endpoint | null;
}

/** @returns null when the partition is not known at all. */
export function leaderHint(
  broker: BrokerServices,
  listener: string,
  topic: string,
  index: number,
): LeaderHint | null {
  const { metadata, replicas } = broker;
  // The replica here may know more than the image, which is applied in batches.
  const hosted = replicas.partition(topic, index);
  const known = hosted ?? metadata.image.topic(topic)?.partitions[index];
  if (known === undefined) return null;
  const { leader, leaderEpoch } = known;
  return { leaderId: leader, leaderEpoch, endpoint: metadata.endpoint(leader, listener) };
}
