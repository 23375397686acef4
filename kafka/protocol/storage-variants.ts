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
        breaks: [...LOSS, 'follower-progress', 'consume-progress', 'offset-bounds'],
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
        breaks: ['raft-durable', 'raft-leader-complete', 'metadata-match'],
      }),
    ],
  },
] as const satisfies readonly Variant[];
