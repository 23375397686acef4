/** Which partition of `__consumer_offsets` keeps a group, and so which broker coordinates it. */

export const OFFSETS_TOPIC = '__consumer_offsets';

/**
 * The absolute value of Java's String.hashCode, 0 for the smallest int, modulo the number of
 * partitions (Kafka: Utils.abs; not the masked hash that partitioners take).
 */
export function groupPartition(groupId: string, partitions: number): number {
  let hash = 0;
  for (let i = 0; i < groupId.length; i++) hash = (Math.imul(hash, 31) + groupId.charCodeAt(i)) | 0;
  return (hash === -2147483648 ? 0 : Math.abs(hash)) % partitions;
}
