/**
 * The claims about Kafka that the stories put on trial, as people say them. A story names its
 * claims by code: `D5`, or `D5, Z04` when it shows a known fault as well.
 */
const CLAIMS: Readonly<Record<string, string>> = {
  D1: 'acks=0 is fastest and may lose records',
  D2: 'acks=1 loses a record if the leader dies after the acknowledgement, before replication',
  D3a: 'acks=all alone is enough to lose nothing',
  D3b: 'acks=all with two in-sync replicas loses nothing',
  D4: 'Fully reliable is acks=all with two replicas and two of them in sync',
  D5: 'Without fsync, acks=all survives crashes, not the power loss of all replicas at once',
  D6: 'A restart loses nothing that was written',
  D7: 'With all replicas down writes fail, and come back only with one of them',
  D8: 'A dead replica is not created anew on another broker',
  D9: 'The replication factor cannot exceed the number of brokers',
  D10: 'The last replica standing may lose what was committed when it crashes',
  D11: 'acks=all is slowest, because every in-sync replica must have the record',
  R1: 'The ISR keeps acknowledgements coming when a replica fails',
  R2: 'Lag counted in records makes the ISR flap under bursts; lag in time does not',
  R3: 'Replicas may differ, and consumers still see consistent data',
  R4: 'Reads and writes go to the leader only, and are consistent for that',
  R5: 'Followers pull from the leader',
  R6: 'A batch larger than replica.fetch.max.bytes stops replication',
  R7: 'Leadership goes back to the preferred replica',
  R8: 'A follower that lags too long leaves the ISR, and returns once it has caught up',
  C1: 'Of consistency, availability and partition tolerance at most two can be had',
  C2: 'Kafka is consistent and available',
  C3: 'The ISR makes up for partition tolerance',
  C4: 'An acknowledged write is visible to every later read',
  O1: 'Order holds within a partition, not across partitions',
  O2: 'Several requests in flight may reorder records',
  O3: 'A lost acknowledgement makes a duplicate, unless the producer is idempotent',
  O4: 'Idempotence covers one partition and one session of a producer',
  O5: 'acks=1 is enough for exactly once inside Kafka',
  O8: 'If a partition does not answer, the producer sends to another',
  O9: 'Adding partitions changes nothing for what is there',
  P1: 'A record waits in its batch for batch.size or linger.ms, then it is sent',
  P2: 'A record goes to its partition, to that of its key, or to one that is stuck to',
  P3: 'Batches, lingering and compression raise throughput',
  P4: 'A full buffer makes the producer block, or drop',
  P5: 'Without an answer in time a send fails, after some tries',
  P6: 'A record above the size limit is refused',
  S1: 'A partition is segments, files named by their first offset',
  S2: 'A sparse index leads near every offset, and a short scan to it',
  S3: 'Appends are sequential, and what is deleted goes by whole segments',
  S4: 'A torn tail of the log is cut off at recovery',
  Z1: 'When the controller dies, another takes its place, and data flows meanwhile',
  Z2: 'Clients learn metadata from brokers',
  Z3: 'A controller that was cut off comes back believing that it still rules',
  Z4: 'Topics are made, described, changed and deleted in a cluster that runs',
};

/** '' for a story that is about a rule of the protocol: its name says it. */
export function claimWords(codes: string): string {
  return (
    codes
      .split(', ')
      .map((code) => CLAIMS[code] ?? '')
      .find((words) => words !== '') ?? ''
  );
}

const GROUPS: readonly (readonly [letter: string, title: string])[] = [
  ['D', 'Is an acknowledged record safe?'],
  ['C', 'Consistent or available?'],
  ['O', 'Order and duplicates'],
  ['P', 'What producers do'],
  ['R', 'Replication at work'],
  ['S', 'What the disk keeps'],
];
const RULES = 'Rules of the protocol';
/** The heading of stories that bring a rule of an earlier release back. */
export const HISTORIC = 'Rules that Kafka once had';

/** What a story is about, by the letter of its claim. */
export function groupOf(code: string): string {
  const [letter = ''] = code;
  return GROUPS.find(([known]) => known === letter)?.[1] ?? RULES;
}

/** In the order of the gallery. */
export const claimGroups: readonly string[] = [
  ...GROUPS.map(([, title]) => title),
  RULES,
  HISTORIC,
];
