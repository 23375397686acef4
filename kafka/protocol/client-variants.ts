/** Variants of producers, and of consumer groups: what their coordinator keeps, and how long. */
import { historic, today, type Variant } from './variant.ts';

export const clientVariants = [
  {
    name: 'one-in-flight',
    decides: 'What waits for a batch that is out, with max.in.flight.requests.per.connection=1?',
    options: [
      today('of-a-partition', 'Its partition and its connection.'),
      historic('of-a-connection', 'Its connection; another leader may be sent the next batch.', {
        since: '0.8.2',
        fixedIn: '0.10.0',
        by: ['KAFKA-3197'],
        breaks: ['producer-order'],
      }),
    ],
  },
  {
    name: 'offset-expiry',
    decides: 'Which committed offsets of a group that is in use expire?',
    options: [
      today('when-unneeded', 'Of topics that nobody in it subscribes to any more.'),
      historic('by-commit', 'All that were committed too long ago, whoever still needs them.', {
        since: '0.8.2',
        fixedIn: '2.1',
        by: ['KIP-211', 'KAFKA-4682'],
        breaks: ['commit-durable', 'commit-latest'],
      }),
      historic('while-rebalancing', 'Of topics that the round before did not subscribe to, too.', {
        since: '2.4',
        fixedIn: '3.2',
        by: ['KAFKA-13636'],
        breaks: ['commit-durable', 'commit-latest'],
      }),
    ],
  },
  {
    name: 'group-load',
    decides: 'What does a coordinator make of a group that it reads of in several buffers?',
    options: [
      today('last-wins', 'What stands last in the log.'),
      historic('first-buffer-stays', 'A round in a later buffer does not replace it.', {
        since: '0.11',
        fixedIn: '0.11.0.1',
        by: ['KAFKA-5600'],
        breaks: ['commit-latest', 'single-owner'],
      }),
    ],
  },
] as const satisfies readonly Variant[];
