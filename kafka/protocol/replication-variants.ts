/** Variants of replication: truncation and epochs, the ISR, elections, and who reads the logs. */
import { historic, LOSS, today, type Variant } from './variant.ts';

export const replicationVariants = [
  {
    name: 'truncation',
    decides: 'Where does a follower cut its log to agree with a new leader?',
    options: [
      today('by-epoch', 'Where the logs part, found by leader epoch.'),
      historic('to-high-watermark', 'At its own high watermark, one fetch behind at least.', {
        since: '0.8',
        fixedIn: '0.11.0',
        by: ['KIP-101', 'KAFKA-1211'],
        breaks: [...LOSS, 'follower-progress'],
      }),
      historic('end-offset-only', 'Where an epoch ends, not asking whether the leader had it.', {
        since: '0.11',
        fixedIn: '2.0',
        by: ['KIP-279', 'KAFKA-6361'],
        breaks: [...LOSS, 'follower-progress'],
      }),
    ],
  },
  {
    name: 'follower-restart',
    decides: 'When does a follower compare its log with its leader’s anew?',
    options: [
      today('each-epoch', 'In every new leader epoch.'),
      historic('new-leader-only', 'When another broker leads, whatever epochs passed between.', {
        since: '0.8',
        fixedIn: '2.1',
        by: ['KAFKA-7164'],
        breaks: LOSS,
      }),
    ],
  },
  {
    name: 'epoch-start',
    decides: 'When does a new leader note where its epoch begins?',
    options: [
      today('at-election', 'When it begins to lead.'),
      historic('with-first-write', 'With its first write; until then it cannot answer for it.', {
        since: '0.11',
        fixedIn: '2.1',
        by: ['KAFKA-7415'],
        breaks: LOSS,
      }),
    ],
  },
  {
    name: 'fetch-fencing',
    decides: 'May a follower fetch in another leader epoch than its leader’s?',
    options: [
      today('leader-epoch', 'No: it is refused until it knows the epoch.'),
      historic('none', 'Yes, and it is not asked whether their logs differ.', {
        since: '0.8',
        fixedIn: '2.2',
        by: ['KIP-320', 'KAFKA-7395', 'KAFKA-6880'],
        breaks: LOSS,
      }),
    ],
  },
  {
    name: 'follower-position',
    decides: 'Which fetches tell a leader how far a follower is?',
    options: [
      today('unless-diverging', 'Those that continue the leader’s log.'),
      historic('every-fetch', 'All, also one that is told to truncate.', {
        since: '2.7',
        fixedIn: '3.1',
        by: ['KAFKA-13141'],
        breaks: LOSS,
      }),
    ],
  },
  {
    name: 'out-of-range',
    decides: 'What does a follower do whose position the leader did not have?',
    options: [
      today('where-logs-part', 'It cuts where the logs part; within the leader’s log it goes on.'),
      historic('from-the-beginning', 'Back within the leader’s log, it throws its own away.', {
        since: '0.8',
        fixedIn: '0.10.0',
        by: ['KAFKA-2143', 'KAFKA-2477'],
        breaks: LOSS,
      }),
    ],
  },
  {
    name: 'isr-join',
    decides: 'How far must a follower be to join the ISR?',
    options: [
      today('from-epoch-start', 'At the high watermark and in the leader’s own epoch.'),
      historic('from-high-watermark', 'At the high watermark, which may be behind the true one.', {
        since: '0.8',
        fixedIn: '2.1',
        by: ['KAFKA-7128'],
        breaks: LOSS,
      }),
    ],
  },
  {
    name: 'isr-in-flight',
    decides: 'Whom does a leader wait for that has asked for a larger ISR?',
    options: [
      today('maximal', 'For the old members and the new, and for those about to join.'),
      historic('committed', 'For the old members, until it hears that the controller agreed.', {
        since: null,
        fixedIn: '2.7',
        by: ['KIP-497'],
        breaks: [...LOSS, 'quorum-superset'],
      }),
    ],
  },
  {
    name: 'isr-eligibility',
    decides: 'May a fenced or leaving broker be in an ISR?',
    options: [
      today('alive-and-staying', 'No: neither leader nor controller admits it.'),
      historic('any-replica', 'Yes: whoever has fetched up to the end.', {
        since: '0.8',
        fixedIn: '3.3',
        by: ['KIP-841', 'KAFKA-13916', 'KAFKA-14140'],
        breaks: [...LOSS, 'isr-live', 'produce-progress'],
      }),
    ],
  },
  {
    name: 'isr-incarnation',
    decides: 'Must a new member of the ISR be the process whose fetches the leader saw?',
    options: [
      today('same-broker-epoch', 'Yes: the broker epoch is compared.'),
      historic('any', 'No: it may have been restarted with an empty disk since.', {
        since: '0.8',
        fixedIn: '3.5',
        by: ['KIP-903', 'KAFKA-14617'],
        breaks: [...LOSS, 'unclean-excluded'],
      }),
    ],
  },
  {
    name: 'commit-below-min-isr',
    decides: 'Is anything committed while the ISR is below min.insync.replicas?',
    options: [
      today('never', 'The high watermark stands still.'),
      historic('always', 'The high watermark rises with whoever is left.', {
        since: '0.8',
        fixedIn: '3.7',
        by: ['KIP-966', 'KAFKA-15583'],
        breaks: LOSS,
      }),
    ],
  },
  {
    name: 'unclean-restart',
    decides: 'Is a replica eligible that restarted without a clean stop?',
    options: [
      today('leaves-elr', 'No: it leaves the ISR and the eligible leader replicas.'),
      historic('stays-eligible', 'Yes: nobody looks how it stopped.', {
        since: null,
        fixedIn: '4.0',
        by: ['KIP-966', 'KAFKA-15586', 'KAFKA-18106'],
        breaks: [...LOSS, 'unclean-excluded'],
      }),
    ],
  },
  {
    name: 'last-known-leader',
    decides: 'May the last known leader be elected while it is fenced?',
    options: [
      today('alive', 'No: it must be back.'),
      historic('maybe-fenced', 'Yes: a partition may be led by a broker that is gone.', {
        since: '4.0',
        fixedIn: '4.1',
        by: ['KIP-966', 'KAFKA-19522'],
        breaks: ['leader-live', 'isr-live'],
      }),
    ],
  },
  {
    name: 'isr-lag',
    decides: 'Which followers leave the ISR because they lag?',
    options: [
      today('by-time', 'Those that were not caught up for replica.lag.time.max.ms.'),
      historic('by-count', 'Also those more than 4000 records behind (replica.lag.max.messages).', {
        since: '0.8',
        fixedIn: '0.9.0',
        by: ['KAFKA-1546'],
        breaks: ['isr-stable', 'produce-progress'],
      }),
      historic('by-time-alone', 'Also one that has everything and has not fetched for so long.', {
        since: '0.8',
        fixedIn: '2.1',
        by: ['KAFKA-7152'],
        breaks: ['isr-stable', 'produce-progress'],
      }),
    ],
  },
  {
    name: 'shrink-applied',
    decides: 'Does a smaller ISR release writes that waited for who has left?',
    options: [
      today('at-once', 'Yes, when the controller has agreed.'),
      // What waits is answered in the end, with an error when its time is up: availability only.
      historic('with-next-fetch', 'Only with the next fetch or write that changes something.', {
        since: '2.7',
        fixedIn: '3.1',
        by: ['KAFKA-13091'],
        breaks: ['produce-progress', 'consume-progress'],
      }),
    ],
  },
  {
    name: 'latest-offset',
    decides: 'Does a new leader tell the latest offset before it knows it?',
    options: [
      today('when-known', 'No: first its high watermark must reach its own epoch.'),
      historic('at-once', 'Yes: what it tells may be lower than what was told before.', {
        since: '0.8',
        fixedIn: '2.2',
        by: ['KIP-207', 'KAFKA-2334'],
        breaks: ['offset-mono'],
      }),
    ],
  },
  {
    name: 'consumer-position',
    decides: 'Does a consumer ask a new leader whether its position is on the same history?',
    options: [
      today('validated', 'Yes, by the epoch of the last record that it read.'),
      historic('trusted', 'No: it reads on, though the range may have been written anew.', {
        since: '0.8',
        fixedIn: '2.3',
        by: ['KIP-320', 'KAFKA-7747'],
        breaks: ['read-stable'],
      }),
    ],
  },
  {
    name: 'reassignment-end',
    decides: 'When is a reassignment complete?',
    options: [
      today('all-in-sync', 'When every replica that stays is in sync.'),
      historic('added-in-sync', 'When those are who were added, whoever else is left.', {
        since: '3.0',
        fixedIn: '3.8',
        by: ['KAFKA-15665'],
        breaks: [...LOSS, 'reassign-safe'],
      }),
    ],
  },
] as const satisfies readonly Variant[];
