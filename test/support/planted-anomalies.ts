/**
 * Small histories of which each has exactly the anomalies that it says, on keys and processes of
 * its own. Lines of type ok without an invocation were begun at an unknown time.
 */
import { plantedCycles } from './planted-cycles.ts';
import { ended, ok, type Planted, polled, sent } from './planted-lines.ts';
import type { Line } from './random-histories.ts';

const ABC: Record<string, [number, string][]> = {
  x: [
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
  ],
};
const AB_OF_X_0: Record<string, [number, string][]> = {
  'x-0': [
    [0, 'a'],
    [1, 'b'],
  ],
};
const abc = [
  sent('w', 'x', 0, 'a'),
  sent('w', 'x', 1, 'b'),
  sent('w', 'x', 2, 'c'),
  polled('r', ABC),
];
const abortedTransaction: readonly Line[] = [
  { process: 'w', type: 'fail', f: 'txn', value: [['send', 'x', 'a']], error: 'ABORTED' },
  polled('r', { x: [[0, 'a']] }),
];
const ownRead = [
  ok('w', 'txn', [
    ['send', 'x', [0, 'a']],
    ['poll', { x: [[0, 'a']] }],
  ]),
];
/** Begun in the order of their ids, before any of them ended. */
const overlapping = (
  ...polls: readonly (readonly [id: number, offset: number, value: string])[]
) => [
  ...[...polls]
    .sort(([a], [b]) => a - b)
    .map(([id]): Line => ({ process: 'r', type: 'invoke', f: 'poll', value: [['poll']], id })),
  ...polls.map(
    ([id, offset, value]): Line => ({
      ...{ process: 'r', type: 'ok', f: 'poll', id },
      value: [['poll', { x: [[offset, value]] }]],
    }),
  ),
];

export const planted: readonly Planted[] = [
  {
    what: 'polls of one process that overlapped, and one behind them',
    violated: [],
    lines: [
      ...abc.slice(0, 3),
      ...overlapping([2, 0, 'a'], [1, 1, 'b']),
      polled('r', { x: [[2, 'c']] }),
    ],
  },
  {
    what: 'polls that overlapped, the next one alone, and one that goes back behind that',
    violated: ['nonmonotonic-poll'],
    lines: [
      ...abc.slice(0, 3),
      ...overlapping([2, 0, 'a'], [1, 1, 'b']),
      polled('r', { x: [[2, 'c']] }),
      polled('r', { x: [[1, 'b']] }),
    ],
  },
  {
    what: 'two values at one offset',
    violated: ['inconsistent-offsets'],
    lines: [
      sent('w1', 'x', 0, 'a'),
      ended('info', 'w2', 'send', [['send', 'x', 'b']]),
      polled('r1', { x: [[0, 'a']] }),
      polled('r2', { x: [[0, 'b']] }),
    ],
  },
  {
    what: 'one value at two offsets, told to its sender and to a poll',
    violated: ['duplicate'],
    lines: [sent('w', 'x', 0, 'a'), polled('r', { x: [[1, 'a']] })],
  },
  {
    what: 'one value at two offsets of one poll',
    violated: ['duplicate'],
    lines: [
      ended('info', 'w', 'send', [['send', 'x', 'a']]),
      sent('v', 'x', 1, 'b'),
      polled('r', {
        x: [
          [0, 'a'],
          [1, 'b'],
          [2, 'a'],
        ],
      }),
    ],
  },
  {
    what: 'a duplicate within the polls of a transaction that failed',
    violated: ['duplicate'],
    lines: [
      sent('w', 'x', 0, 'a'),
      polled('r', { x: [[0, 'a']] }),
      ended('fail', 's', 'poll', [['poll', { x: [[7, 'a']] }]]),
    ],
  },
  {
    what: 'an acknowledged value that nobody polls, before one that is polled',
    violated: ['lost-write', 'unseen'],
    lines: [sent('w', 'x', 0, 'a'), sent('v', 'x', 1, 'b'), polled('r', { x: [[1, 'b']] })],
  },
  {
    what: 'a value of a transaction of unknown end of which another value was polled',
    violated: ['lost-write'],
    lines: [
      ended('info', 'w', 'txn', [
        ['send', 'x', [0, 'a']],
        ['send', 'y', 'c'],
      ]),
      sent('v', 'x', 1, 'b'),
      polled('r', { x: [[1, 'b']], y: [[0, 'c']] }),
    ],
  },
  {
    what: 'a value of a transaction of unknown end of which nothing was polled',
    violated: [],
    lines: [
      ended('info', 'w', 'txn', [
        ['send', 'x', [0, 'a']],
        ['send', 'y', 'c'],
      ]),
      sent('v', 'x', 1, 'b'),
      polled('r', { x: [[1, 'b']] }),
    ],
  },
  {
    what: 'a value whose send failed, polled',
    violated: ['G1a'],
    lines: [
      {
        process: 'w',
        type: 'fail',
        f: 'send',
        value: [['send', 'x', 'a']],
        error: 'PRODUCER_FENCED',
      },
      polled('r', { x: [[0, 'a']] }),
    ],
  },
  {
    what: 'a value polled whose send says it failed with NOT_LEADER_OR_FOLLOWER',
    violated: [],
    lines: [
      {
        process: 'w',
        type: 'fail',
        f: 'send',
        value: [['send', 'x', 'a']],
        error: 'org.apache.kafka.common.errors.NotLeaderOrFollowerException: it has moved',
      },
      polled('r', { x: [[0, 'a']] }),
    ],
  },
  {
    what: 'a value of an aborted transaction, polled',
    violated: ['G1a'],
    lines: abortedTransaction,
  },
  {
    what: 'the same where uncommitted records may be read',
    violated: [],
    allowed: ['G1a'],
    readUncommitted: true,
    lines: abortedTransaction,
  },
  { what: 'a transaction that polls its own', violated: ['precommitted-read'], lines: ownRead },
  {
    what: 'the same where uncommitted records may be read',
    violated: [],
    allowed: ['precommitted-read'],
    readUncommitted: true,
    lines: ownRead,
  },
  {
    what: 'a poll that leaves something out',
    violated: ['int-poll-skip'],
    lines: [
      ...abc,
      polled('s', {
        x: [
          [0, 'a'],
          [2, 'c'],
        ],
      }),
    ],
  },
  {
    what: 'two polls of one operation that leave something out between them',
    violated: ['int-poll-skip'],
    lines: [
      ...abc,
      ok('s', 'poll', [
        ['poll', { x: [[0, 'a']] }],
        ['poll', { x: [[2, 'c']] }],
      ]),
    ],
  },
  {
    what: 'the same of a key that was rebalanced meanwhile',
    violated: [],
    lines: [
      ...abc,
      {
        ...polled('s', {
          x: [
            [0, 'a'],
            [2, 'c'],
          ],
        }),
        rebalanced: ['x'],
      },
    ],
  },
  {
    what: 'a poll that goes back',
    violated: ['int-nonmonotonic-poll'],
    lines: [
      ...abc,
      polled('s', {
        x: [
          [1, 'b'],
          [0, 'a'],
        ],
      }),
    ],
  },
  {
    what: 'a poll that gives one place twice',
    violated: ['int-nonmonotonic-poll'],
    lines: [
      ...abc,
      polled('s', {
        x: [
          [1, 'b'],
          [1, 'b'],
        ],
      }),
    ],
  },
  {
    what: 'sends of one operation with another’s between them',
    violated: [],
    allowed: ['int-send-skip'],
    lines: [
      ok('w', 'txn', [
        ['send', 'x', [0, 'a']],
        ['send', 'x', [2, 'c']],
      ]),
      polled('r', ABC),
    ],
  },
  {
    what: 'sends of one operation in the wrong order',
    violated: ['int-nonmonotonic-send'],
    lines: [
      ok('w', 'txn', [
        ['send', 'x', [1, 'b']],
        ['send', 'x', [0, 'a']],
      ]),
      polled('r', {
        x: [
          [0, 'a'],
          [1, 'b'],
        ],
      }),
    ],
  },
  {
    what: 'a process that leaves something out from poll to poll',
    violated: ['poll-skip'],
    lines: [
      ...abc,
      ok('s', 'assign', ['x']),
      polled('s', { x: [[0, 'a']] }),
      ok('s', 'assign', ['x', 'y']),
      polled('s', { x: [[2, 'c']] }),
    ],
  },
  {
    what: 'the same of a process that subscribed',
    violated: [],
    allowed: ['poll-skip'],
    lines: [
      ...abc,
      ok('s', 'subscribe', ['x']),
      polled('s', { x: [[0, 'a']] }),
      polled('s', { x: [[2, 'c']] }),
    ],
  },
  {
    what: 'the same of a process that assigned itself something else in between',
    violated: [],
    lines: [
      ...abc,
      polled('s', { x: [[0, 'a']] }),
      ok('s', 'assign', ['y']),
      ok('s', 'assign', ['x']),
      polled('s', { x: [[2, 'c']] }),
    ],
  },
  {
    what: 'the same of a process that crashed in between',
    violated: [],
    lines: [
      ...abc,
      polled('s', { x: [[0, 'a']] }),
      { process: 's', type: 'info', f: 'crash' },
      polled('s', { x: [[2, 'c']] }),
    ],
  },
  {
    what: 'a process that goes back from poll to poll',
    violated: ['nonmonotonic-poll'],
    lines: [
      ...abc,
      polled('s', {
        x: [
          [0, 'a'],
          [1, 'b'],
        ],
      }),
      polled('s', { x: [[1, 'b']] }),
    ],
  },
  {
    what: 'a process that goes back to where its last ok operation was, after one that failed',
    violated: [],
    lines: [
      ...abc,
      polled('s', { x: [[0, 'a']] }),
      ended('fail', 's', 'poll', [['poll', { x: [[1, 'b']] }]]),
      polled('s', { x: [[1, 'b']] }),
    ],
  },
  {
    what: 'a process that sought the beginning',
    violated: [],
    lines: [
      ...abc,
      polled('s', {
        x: [
          [0, 'a'],
          [1, 'b'],
        ],
      }),
      { ...ok('s', 'assign', ['x']), seekToBeginning: true },
      polled('s', { x: [[0, 'a']] }),
    ],
  },
  {
    what: 'a process that assigned itself a key that is named as a topic of the one it left',
    violated: [],
    lines: [
      ...['a', 'b'].map((value, offset) => sent('w', 'x-0', offset, value)),
      sent('w', 'x', 0, 'z'),
      polled('r', AB_OF_X_0),
      polled('r', { x: [[0, 'z']] }),
      ok('s', 'assign', ['x-0']),
      polled('s', AB_OF_X_0),
      ok('s', 'assign', ['x']),
      ok('s', 'assign', ['x-0']),
      polled('s', AB_OF_X_0),
    ],
  },
  {
    what: 'a process that subscribes to the topic of the key that it was given',
    violated: [],
    allowed: ['nonmonotonic-poll'],
    lines: [
      ...['a', 'b'].map((value, offset) => sent('w', 'x-0', offset, value)),
      polled('s', AB_OF_X_0),
      ok('s', 'subscribe', ['x']),
      polled('s', AB_OF_X_0),
    ],
  },
  {
    what: 'a process that goes back after a crash ended its subscription',
    violated: ['nonmonotonic-poll'],
    lines: [
      ...abc,
      ok('s', 'subscribe', ['x']),
      { process: 's', type: 'info', f: 'crash' },
      polled('s', ABC),
      polled('s', ABC),
    ],
  },
  {
    what: 'a process whose second send stands before its first',
    violated: ['nonmonotonic-send'],
    allowed: ['G0-process'],
    lines: [
      sent('w', 'x', 1, 'b'),
      sent('w', 'x', 0, 'a'),
      polled('r', {
        x: [
          [0, 'a'],
          [1, 'b'],
        ],
      }),
    ],
  },
  {
    what: 'an acknowledged value that nobody polled, with nothing behind it',
    violated: ['unseen'],
    lines: [sent('w', 'x', 0, 'a')],
  },
  ...plantedCycles,
];
