/** Variants of what nodes keep: logs and their recovery, idempotence, and the metadata quorum. */
import { historic, LOSS, today, type Variant } from './variant.ts';

export const storageVariants = [
  {
    name: 'clean-marker',
    decides: 'When may a stop be marked as clean?',
    options: [
      today('when-loaded', 'When the logs were loaded and recovered before.'),
      historic('at-every-stop', 'Always, also while the start is still under way.', {
        since: '3.0',
        fixedIn: '3.7',
        by: ['KAFKA-15375'],
        breaks: [
          ...LOSS,
          'recovery-sound',
          'follower-progress',
          'consume-progress',
          'offset-bounds',
        ],
      }),
    ],
  },
  {
    name: 'dedup-window',
    decides: 'How many of a producer’s last batches does a log recognise?',
    options: [
      today('five-batches', 'As many as may be in flight.'),
      historic('last-batch', 'One: the repeat of an older one is taken for a gap.', {
        since: '0.11',
        fixedIn: '1.0',
        by: ['KAFKA-5494'],
        breaks: ['no-dup', 'producer-order', 'produce-progress'],
      }),
    ],
  },
  {
    name: 'fetch-damage',
    decides: 'What does a follower do with a fetch that holds a damaged batch?',
    options: [
      today('asks-again', 'It asks for that partition again.'),
      historic('ends-fetcher', 'It stops fetching everything from that leader.', {
        since: '0.8',
        fixedIn: '0.10.2',
        by: ['KAFKA-4384'],
        breaks: ['follower-progress', 'isr-stable', 'produce-progress'],
      }),
    ],
  },
  {
    name: 'oversize-batch',
    decides: 'What does a fetch bring whose first batch is larger than its limits?',
    options: [
      today('one-whole', 'That batch, whole.'),
      historic('never', 'Nothing, for ever.', {
        since: '0.8',
        fixedIn: '0.10.1',
        by: ['KIP-74'],
        breaks: ['follower-progress', 'produce-progress', 'isr-stable', 'consume-progress'],
      }),
    ],
  },
  {
    name: 'raft-flush',
    decides: 'When does a voter vouch for what it has of the metadata log?',
    options: [
      today('before-vouching', 'When it is durable.'),
      historic('never', 'When it is in the page cache.', {
        since: null,
        fixedIn: '2.8',
        by: ['KAFKA-10533'],
        breaks: [
          ...LOSS,
          'raft-durable',
          'metadata-match',
          'raft-leader-complete',
          'one-leader-per-epoch',
          'follower-progress',
        ],
      }),
    ],
  },
  {
    name: 'raft-commit',
    decides: 'From where on does a new leader of the quorum commit?',
    options: [
      today('behind-leader-change', 'When a majority has the first record of its epoch.'),
      historic('at-epoch-start', 'When a majority has what stands before that record.', {
        since: null,
        fixedIn: '2.8',
        by: ['KAFKA-12619'],
        breaks: ['raft-durable', 'raft-leader-complete', 'metadata-match', 'one-leader-per-epoch'],
      }),
    ],
  },
  {
    name: 'failed-append',
    decides: 'When is a log directory closed to appends after a disk call failed?',
    options: [
      today('closed-at-once', 'In the same moment.'),
      historic('closed-later', 'When a handler comes to it; what is appended until then counts.', {
        since: '1.0',
        fixedIn: '2.8',
        by: ['KAFKA-10778'],
        breaks: [...LOSS, 'no-dup', 'producer-order', 'follower-progress'],
      }),
    ],
  },
  {
    name: 'retention-time',
    decides: 'From which time on does retention.ms count?',
    options: [
      today('newest-record', 'From the newest timestamp of a segment’s records.'),
      historic('last-write', 'From when its file was last written, by the clock of then.', {
        since: '0.8',
        fixedIn: '0.10.1',
        by: ['KIP-33', 'KAFKA-3163'],
        breaks: ['retention-bound'],
      }),
    ],
  },
  {
    name: 'forgotten-producer',
    decides: 'What becomes of a producer whose records were deleted by retention?',
    options: [
      today('until-it-expires', 'Its state stays, and its batches are recognised.'),
      historic('with-its-records', 'It is forgotten, and begins at sequence 0 in the same epoch.', {
        since: '1.0',
        fixedIn: '2.5',
        by: ['KIP-360', 'KAFKA-7190', 'KAFKA-8710'],
        breaks: ['no-dup', 'producer-order'],
      }),
    ],
  },
  {
    name: 'sequence-wrap',
    decides: 'Where does a batch begin whose sequence numbers pass from 2^31 - 1 to 0?',
    options: [
      today('by-records', 'As many offsets before its end as it has records.'),
      historic('by-sequences', 'As many as its last sequence is above its first: far away.', {
        since: '0.11',
        fixedIn: '2.2',
        by: ['KAFKA-7692', 'KAFKA-5283'],
        breaks: ['acked-durable', 'leader-complete', 'offset-unique'],
      }),
    ],
  },
  {
    name: 'metadata-publication',
    decides: 'Which decisions of a controller does a broker act upon?',
    options: [
      today('committed', 'Those that the quorum has committed.'),
      historic('written', 'All that its leader has written, and it does not take them back.', {
        since: null,
        fixedIn: '2.1',
        by: ['KAFKA-6082', 'KAFKA-7235', 'KIP-380'],
        breaks: [
          ...LOSS,
          'raft-durable',
          'metadata-match',
          'one-leader-per-epoch',
          'quorum-superset',
          'follower-progress',
          'produce-progress',
          'metadata-progress',
        ],
      }),
    ],
  },
] as const satisfies readonly Variant[];
