/**
 * What befalls the quorum of a drawn cluster: its leader struck while it holds decisions that
 * nobody else has, a majority lost and back, leaders deposed in turn, links cut on one side only.
 */
import { CUT_STYLES, type Move } from './move.ts';
import type { Fault, Stage } from './stage.ts';

type How = 'kill' | 'powerCut' | 'stop' | 'pause' | 'isolate';

export const controlMoves: readonly Move[] = [
  { name: 'undelivered', draw: undelivered },
  { name: 'uncommitted', draw: uncommitted },
  { name: 'majority-lost', draw: majorityLost },
  { name: 'deposed-in-turn', draw: deposedInTurn },
  { name: 'struck-on-activation', draw: struckOnActivation },
  { name: 'cut-on-one-side', draw: cutOnOneSide },
  {
    name: 'drifting-controllers',
    draw: (stage) => [
      {
        ...stage.when(),
        driftClock: stage.draw.pick(['controller:leader', 'controller:followers']),
        ppm: stage.draw.pick([-500_000, -100_000, 100_000, 500_000]),
        ...stage.lasting(),
      },
    ],
  },
];

/** The leader decides and nobody hears of it; then something befalls the leader. */
function undelivered(stage: Stage): Fault[] {
  const { draw } = stage;
  const start = draw.int(0, stage.shape.runForMs);
  const name = stage.name('undelivered');
  const whom = draw.pick(['all:brokers', 'controller:followers']);
  const strikeAfter = stage.soon();
  return [
    {
      ...stage.later(start, 0),
      name,
      hold: ['controller:leader', whom],
      api: 'Fetch',
      direction: 'response',
      for: stage.span(),
    },
    decision(stage, start + 1),
    ...strike(stage, 'controller:leader', start + 1 + strikeAfter),
    ...(draw.chance(30) ? [{ ...stage.later(start, stage.span()), release: name }] : []),
  ];
}

/** Cut off from the other voters, but not from the brokers, whose wishes it still takes down. */
function uncommitted(stage: Stage): Fault[] {
  const { draw } = stage;
  const start = draw.int(0, stage.shape.runForMs);
  const faults: Fault[] = [
    {
      ...stage.later(start, 0),
      cut: ['controller:leader', 'controller:followers'],
      oneWay: draw.chance(30),
      ...stage.lasting(),
    },
    decision(stage, start + 1),
  ];
  if (draw.chance(50)) {
    faults.push(...strike(stage, 'controller:leader', start + 1 + stage.soon()));
  }
  return faults;
}

/** Something that the controller has to decide upon. */
function decision(stage: Stage, atMs: number): Fault {
  const at = stage.later(atMs, 0);
  const leader = `leader:${stage.draw.pick(stage.partitions)}`;
  const how = stage.draw.pick(stage.mayKillAll ? ['kill', 'restart', 'stop'] : ['restart', 'stop']);
  if (how === 'kill') return { ...at, kill: leader, ...stage.restart() };
  return how === 'stop' ? { ...at, stop: leader, ...stage.restart() } : { ...at, restart: leader };
}

/** Half of the voters and one more, at once or one after the other. */
function majorityLost(stage: Stage): Fault[] {
  const { draw } = stage;
  const voters = stage.controllers.slice(0, stage.shape.controllers);
  const start = draw.int(0, stage.shape.runForMs);
  const gap = draw.pick([0, 0, 20, 300, 1_500]);
  const how = drawHow(stage);
  return draw
    .shuffled(voters)
    .slice(0, Math.floor(voters.length / 2) + 1)
    .flatMap((voter, i) => strike(stage, voter, start + i * gap, how));
}

/** Whoever leads the quorum is struck, and then the next. */
function deposedInTurn(stage: Stage): Fault[] {
  const { draw } = stage;
  const start = draw.int(0, stage.shape.runForMs);
  const gap = draw.pick([200, 700, 1_500, 3_000]);
  const how = draw.chance(60) ? drawHow(stage) : null;
  return Array.from({ length: draw.int(2, 5) }, (_, i) =>
    strike(stage, 'controller:leader', start + i * gap, how ?? drawHow(stage)),
  ).flat();
}

function struckOnActivation(stage: Stage): Fault[] {
  const { draw } = stage;
  const when = { event: 'controller.activated', count: draw.pick([1, 1, 2]) };
  const how = drawHow(stage);
  return [befall(stage, 'controller:leader', how, { when, after: stage.soon() })];
}

/** Who hears and is not heard, or is heard and does not hear. */
function cutOnOneSide(stage: Stage): Fault[] {
  const { draw } = stage;
  const other = draw.pick(['controller:followers', 'controller:follower', 'all:brokers']);
  const sides: [string, string] = draw.chance(50)
    ? ['controller:leader', other]
    : [other, 'controller:leader'];
  return [{ ...stage.when(), cut: sides, oneWay: true, ...stage.lasting() }];
}

function strike(stage: Stage, target: string, atMs: number, how: How = drawHow(stage)): Fault[] {
  return [befall(stage, target, how, stage.later(atMs, 0))];
}

/** A power cut takes nothing from a controller, which flushes before it answers. */
function drawHow(stage: Stage): How {
  const gentle = ['pause', 'isolate', 'stop'] as const;
  const any = [...gentle, 'kill', 'powerCut'] as const;
  if (stage.mayLoseControllers) return stage.draw.pick<How>(any);
  return stage.draw.pick<How>(stage.mayKillAll ? [...gentle, 'kill'] : gentle);
}

type When = { at: number } | { when: { event: string; count: number }; after: number };

function befall(stage: Stage, target: string, how: How, when: When): Fault {
  switch (how) {
    case 'kill':
      return { ...when, kill: target, ...stage.restart() };
    case 'powerCut':
      return {
        ...when,
        powerCut: target,
        style: stage.draw.pick(CUT_STYLES),
        ...stage.restart(),
      };
    case 'stop':
      return { ...when, stop: target, ...stage.restart() };
    case 'pause':
      return { ...when, pause: target, ...stage.lasting() };
    case 'isolate':
      return { ...when, isolate: target, ...stage.lasting() };
  }
}
