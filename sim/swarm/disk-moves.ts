/** Disks of a drawn cluster that are slow, break, fill up, are lost, or lie. */
import type { Move } from './move.ts';
import type { Fault, Stage } from './stage.ts';

const FAILING = [
  'read',
  'write',
  'flush',
  'open',
  'rename',
  'syncDirectory',
  'truncate',
  'remove',
  'mkdir',
  'list',
] as const;

export const slowDiskMoves: readonly Move[] = [
  {
    name: 'stall-disk',
    draw: (stage) => [{ ...stage.when(), stallDisk: stage.node(), for: stage.span() }],
  },
  {
    name: 'slow-disk',
    draw: (stage) => [
      {
        ...stage.when(),
        slowDisk: stage.node(),
        times: stage.draw.pick([5, 50, 1_000]),
        ...stage.lasting(),
      },
    ],
  },
];

export const brokenDiskMoves: readonly Move[] = [
  {
    name: 'fail-disk',
    draw: (stage) => {
      const failDisk = stage.diskLoser();
      if (failDisk === null) return [];
      const path = stage.directory();
      return [
        {
          ...stage.when(),
          failDisk,
          ...(stage.draw.chance(50) ? { operation: stage.draw.pick(FAILING) } : {}),
          ...(stage.draw.chance(60) ? { times: stage.draw.pick([1, 1, 3]) } : {}),
          ...(path === null ? {} : { path }),
          ...stage.lasting(),
        },
      ];
    },
  },
  {
    name: 'fill-disk',
    draw: (stage) => {
      const fillDisk = stage.diskLoser();
      if (fillDisk === null) return [];
      const path = stage.directory();
      const where = path === null ? {} : { path };
      return [{ ...stage.when(), fillDisk, ...where, ...stage.lasting() }];
    },
  },
  {
    name: 'lose-disk',
    draw: (stage) => {
      const loseDisk = stage.diskLoser();
      return loseDisk === null ? [] : [{ ...stage.when(), loseDisk }];
    },
  },
  { name: 'return-empty', draw: returnEmpty },
];

const FLIPPED_FILES = ['.log', '.log', '.index', '.timeindex', '.snapshot', 'checkpoint', 'meta'];

/** Disks that lie: beyond what any setting survives, so never in a seed that keeps its promise. */
export const lyingDiskMoves: readonly Move[] = [
  {
    name: 'flip-bit',
    draw: (stage) => {
      if (stage.shape.promise === 'kept') return [];
      const file = stage.draw.pick([...FLIPPED_FILES, `${stage.draw.pick(stage.partitions)}/`]);
      const where = stage.draw.pick(['tail', 'anywhere'] as const);
      return [{ ...stage.when(), flipBit: stage.node(), file, where }];
    },
  },
  {
    name: 'misdirect-write',
    draw: (stage) =>
      stage.shape.promise === 'kept' ? [] : [{ ...stage.when(), misdirectWrite: stage.node() }],
  },
  {
    name: 'lose-flush',
    draw: (stage) =>
      stage.shape.promise === 'kept'
        ? []
        : [{ ...stage.when(), loseFlush: stage.node(), ...stage.lasting() }],
  },
];

/** A node whose disk is gone and that is started again, with an empty one. */
function returnEmpty(stage: Stage): Fault[] {
  const loseDisk = stage.diskLoser();
  if (loseDisk === null) return [];
  const start = stage.draw.int(0, stage.shape.runForMs);
  const name = stage.name('gone');
  return [
    { ...stage.later(start, 0), name, loseDisk },
    { ...stage.later(start, stage.soon()), kill: `struck:${name}`, restartAfter: stage.span() },
  ];
}
