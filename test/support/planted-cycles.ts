/** Small histories with a cycle, or with what only looks like one; see `planted-anomalies.ts`. */
import { begun, ok, type Planted, polled, sent } from './planted-lines.ts';

const seeEachOther = [
  begun('w1', 'txn', [['send', 'x', 'a'], ['poll']]),
  begun('w2', 'txn', [['send', 'y', 'b'], ['poll']]),
  ok('w1', 'txn', [
    ['send', 'x', [0, 'a']],
    ['poll', { y: [[0, 'b']] }],
  ]),
  ok('w2', 'txn', [
    ['send', 'y', [0, 'b']],
    ['poll', { x: [[0, 'a']] }],
  ]),
];

export const plantedCycles: readonly Planted[] = [
  {
    what: 'two transactions whose writes stand in two orders',
    violated: [],
    allowed: ['G0'],
    lines: [
      begun('w1', 'send', [
        ['send', 'x', 'a'],
        ['send', 'y', 'd'],
      ]),
      begun('w2', 'send', [
        ['send', 'x', 'b'],
        ['send', 'y', 'c'],
      ]),
      ok('w1', 'send', [
        ['send', 'x', [0, 'a']],
        ['send', 'y', [1, 'd']],
      ]),
      ok('w2', 'send', [
        ['send', 'x', [1, 'b']],
        ['send', 'y', [0, 'c']],
      ]),
      polled('r', {
        x: [
          [0, 'a'],
          [1, 'b'],
        ],
        y: [
          [0, 'c'],
          [1, 'd'],
        ],
      }),
    ],
  },
  {
    what: 'a write that was begun after the one behind it had ended',
    violated: [],
    allowed: ['G0-realtime'],
    lines: [
      sent('w1', 'x', 1, 'b'),
      begun('w2', 'send', [['send', 'x', 'a']]),
      sent('w2', 'x', 0, 'a'),
      polled('r', {
        x: [
          [0, 'a'],
          [1, 'b'],
        ],
      }),
    ],
  },
  { what: 'two transactions that see each other', violated: ['G1c'], lines: seeEachOther },
  {
    what: 'the same where uncommitted records may be read',
    violated: [],
    allowed: ['G1c'],
    readUncommitted: true,
    lines: seeEachOther,
  },
  {
    what: 'a transaction that is seen by one whose write stands before its own',
    violated: [],
    allowed: ['G1c'],
    lines: [
      begun('w1', 'txn', [
        ['send', 'x', 'a'],
        ['send', 'y', 'c'],
      ]),
      begun('w2', 'txn', [['poll'], ['send', 'y', 'b']]),
      ok('w1', 'txn', [
        ['send', 'x', [0, 'a']],
        ['send', 'y', [1, 'c']],
      ]),
      ok('w2', 'txn', [
        ['poll', { x: [[0, 'a']] }],
        ['send', 'y', [0, 'b']],
      ]),
      polled('r', {
        y: [
          [0, 'b'],
          [1, 'c'],
        ],
      }),
    ],
  },
  {
    what: 'a process that polls what it sends afterwards',
    violated: ['G1c-process'],
    lines: [polled('w', { x: [[0, 'a']] }), sent('w', 'x', 0, 'a')],
  },
  {
    what: 'a process that polls what it sends meanwhile',
    violated: [],
    lines: [
      { ...begun('m', 'poll', [['poll']]), id: 1 },
      { ...begun('m', 'send', [['send', 'x', 'a']]), id: 2 },
      { ...sent('m', 'x', 0, 'a'), id: 2 },
      { ...polled('m', { x: [[0, 'a']] }), id: 1 },
    ],
  },
  {
    what: 'a process that polls what it may have sent meanwhile',
    violated: [],
    lines: [
      { ...begun('m', 'poll', [['poll']]), id: 1 },
      { ...polled('m', { x: [[0, 'a']] }), id: 1 },
      { ...sent('m', 'x', 0, 'a'), id: 2 },
    ],
  },
  {
    what: 'a process that polls what it sends after several things at a time',
    violated: ['G1c-process'],
    lines: [
      { ...begun('m', 'poll', [['poll']]), id: 1 },
      { ...begun('m', 'send', [['send', 'y', 'b']]), id: 2 },
      { ...begun('m', 'send', [['send', 'y', 'c']]), id: 3 },
      { ...polled('m', { x: [[0, 'a']] }), id: 1 },
      { ...sent('m', 'y', 0, 'b'), id: 2 },
      { ...sent('m', 'y', 1, 'c'), id: 3 },
      { ...begun('m', 'send', [['send', 'x', 'a']]), id: 4 },
      { ...sent('m', 'x', 0, 'a'), id: 4 },
      polled('r', {
        y: [
          [0, 'b'],
          [1, 'c'],
        ],
      }),
    ],
  },
  {
    what: 'a poll of what is sent only later',
    violated: ['G1c-realtime'],
    lines: [
      polled('r', { x: [[0, 'a']] }),
      begun('w', 'send', [['send', 'x', 'a']]),
      sent('w', 'x', 0, 'a'),
    ],
  },
];
