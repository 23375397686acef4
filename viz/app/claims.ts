/**
 * The claims about Kafka that the stories put on trial, as people say them. A story names its
 * claim by code; an unknown code is shown as it is.
 */
const CLAIMS: Readonly<Record<string, string>> = {
  D1: 'acks=0 is fastest and may lose records',
  D2: 'acks=1 loses a record if the leader dies after the acknowledgement, before replication',
  D3a: 'acks=all alone is enough to lose nothing',
  D3b: 'acks=all with two in-sync replicas loses nothing',
  D5: 'Without fsync, acks=all survives crashes, not the power loss of all replicas at once',
  D6: 'A restart loses nothing that was written',
  D9: 'The replication factor cannot exceed the number of brokers',
  O1: 'Order holds within a partition, not across partitions',
  O2: 'Several requests in flight may reorder records',
  O3: 'A lost acknowledgement makes a duplicate, unless the producer is idempotent',
  C2: 'Kafka is consistent and available',
  R3: 'Replicas may differ, and consumers still see consistent data',
  R8: 'A follower that lags too long leaves the ISR, and returns once it has caught up',
  S4: 'A torn tail of the log is cut off at recovery',
};

export function claimWords(code: string): string {
  return CLAIMS[code] ?? code;
}
