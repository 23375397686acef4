/**
 * What can happen to a drawn cluster: moves of one fault or of a few that belong together, by
 * family. A move that the seed's promise forbids gives none.
 */
import type { FaultFamily } from '../faults/verbs.ts';
import { controlMoves } from './control-moves.ts';
import { brokenDiskMoves, lyingDiskMoves, slowDiskMoves } from './disk-moves.ts';
import { CUT_STYLES, type Move } from './move.ts';
import type { Fault, Stage } from './stage.ts';

const HELD_APIS = [
  'Produce',
  'Fetch',
  'Fetch',
  'Metadata',
  'AlterPartition',
  'BrokerHeartbeat',
  'BrokerRegistration',
  'InitProducerId',
  'ListOffsets',
  'OffsetForLeaderEpoch',
  'ApiVersions',
  'AllocateProducerIds',
  'AssignReplicasToDirs',
  'Vote',
  'BeginQuorumEpoch',
  'EndQuorumEpoch',
  'FetchSnapshot',
  'AddRaftVoter',
  'UpdateRaftVoter',
] as const;

const processMoves: readonly Move[] = [
  {
    name: 'stop',
    draw: (stage) => [{ ...stage.when(), stop: stage.node(), ...stage.restart() }],
  },
  { name: 'restart', draw: (stage) => [{ ...stage.when(), restart: stage.node() }] },
  {
    name: 'kill',
    draw: (stage) => [{ ...stage.when(), kill: stage.killed(), ...stage.restart() }],
  },
  {
    name: 'crash-in-step',
    draw: (stage) => [
      {
        ...stage.when(),
        crashInStep: stage.killed(),
        afterDiskCalls: stage.draw.int(1, stage.draw.pick([3, 12, 60])),
        moment: stage.draw.pick(['before', 'after', 'torn']),
        ...stage.restart(),
      },
    ],
  },
  {
    name: 'pause',
    draw: (stage) => [{ ...stage.when(), pause: stage.anybody(), ...stage.lasting() }],
  },
  {
    name: 'slow-cpu',
    draw: (stage) => [
      {
        ...stage.when(),
        slowCpu: stage.anybody(),
        times: stage.draw.pick([3, 30, 300]),
        ...stage.lasting(),
      },
    ],
  },
  {
    name: 'client',
    draw: (stage) => {
      const client = stage.client();
      if (client === null) return [];
      return [{ ...stage.when(), kill: client, ...stage.restart() }];
    },
  },
  { name: 'pause-and-resume', draw: pauseAndResume },
  { name: 'rolling', draw: rolling },
  { name: 'flapping', draw: flapping },
  { name: 'all-down', draw: allDown },
];

const powerMoves: readonly Move[] = [
  {
    name: 'power-cut',
    draw: (stage) => {
      const powerCut = stage.loser();
      if (powerCut === null) return [];
      const style = stage.draw.pick(CUT_STYLES);
      return [{ ...stage.when(), powerCut, style, ...stage.restart() }];
    },
  },
  {
    name: 'crash-in-step-with-power',
    draw: (stage) => {
      const crashInStep = stage.loser();
      if (crashInStep === null) return [];
      return [
        {
          ...stage.when(),
          crashInStep,
          afterDiskCalls: stage.draw.int(1, 30),
          moment: stage.draw.pick(['before', 'after', 'torn']),
          powerCut: stage.draw.pick(CUT_STYLES),
          ...stage.restart(),
        },
      ];
    },
  },
];

const networkMoves: readonly Move[] = [
  {
    name: 'cut',
    draw: (stage) => [
      {
        ...stage.when(),
        cut: stage.pair(),
        oneWay: stage.draw.chance(40),
        ...stage.lasting(),
      },
    ],
  },
  {
    name: 'isolate',
    draw: (stage) => [{ ...stage.when(), isolate: stage.anybody(), ...stage.lasting() }],
  },
  { name: 'split', draw: split },
  { name: 'bridge', draw: bridge },
  {
    name: 'reset',
    draw: (stage) => [{ ...stage.when(), reset: stage.pair() }],
  },
  { name: 'heal', draw: (stage) => [{ ...stage.when(), heal: 'all' }] },
  { name: 'heal-pair', draw: (stage) => [{ ...stage.when(), heal: stage.pair() }] },
];

const slowNetworkMoves: readonly Move[] = [
  {
    name: 'delay',
    draw: (stage) => [
      {
        ...stage.when(),
        delay: stage.pair(),
        by: stage.draw.pick([5, 50, 300, 1_200]),
        jitter: stage.draw.pick([0, 20, 200]),
        oneWay: stage.draw.chance(40),
        ...stage.lasting(),
      },
    ],
  },
  {
    name: 'slow-link',
    draw: (stage) => [
      {
        ...stage.when(),
        slowLink: stage.pair(),
        bytesPerSecond: stage.draw.pick([200, 2_000, 50_000]),
        ...stage.lasting(),
      },
    ],
  },
];

const holdMoves: readonly Move[] = [
  {
    name: 'hold',
    draw: (stage) => [
      {
        ...stage.when(),
        name: stage.name('hold'),
        hold: stage.pair(),
        api: stage.draw.pick(HELD_APIS),
        ...(stage.draw.chance(80)
          ? { direction: stage.draw.pick(['request', 'response'] as const) }
          : {}),
        ...stage.lasting(),
      },
    ],
  },
  { name: 'release', draw: (stage) => [{ ...stage.when(), release: 'all' }] },
];

const JUMPS_MS = [-86_400_000, -60_000, -900, 900, 60_000, 86_400_000];
/** Less than producer.id.expiration.ms: no producer is forgotten. */
const SMALL_JUMPS_MS = [-86_400_000, -60_000, -900, 900, 60_000, 3_600_000];

const clockMoves: readonly Move[] = [
  {
    name: 'jump-clock',
    draw: (stage) => [
      {
        ...stage.when(),
        jumpClock: stage.anybody(),
        by: stage.draw.pick(stage.shape.promise === 'kept' ? SMALL_JUMPS_MS : JUMPS_MS),
      },
    ],
  },
  {
    name: 'drift-clock',
    draw: (stage) => [
      {
        ...stage.when(),
        driftClock: stage.anybody(),
        ppm: stage.draw.pick([-500_000, -100_000, -5_000, 5_000, 100_000, 500_000]),
        ...stage.lasting(),
      },
    ],
  },
];

interface MoveFamily {
  /** In percent: how often a seed has it on. */
  readonly often: number;
  /** What faults its moves are made of. */
  readonly of: readonly FaultFamily[];
  readonly moves: readonly Move[];
}

export const families: readonly MoveFamily[] = [
  { often: 75, of: ['process'], moves: processMoves },
  { often: 30, of: ['process', 'network', 'clock'], moves: controlMoves },
  { often: 45, of: ['process'], moves: powerMoves },
  { often: 60, of: ['network'], moves: networkMoves },
  { often: 35, of: ['network'], moves: slowNetworkMoves },
  { often: 30, of: ['network'], moves: holdMoves },
  { often: 15, of: ['clock'], moves: clockMoves },
  { often: 20, of: ['disk'], moves: slowDiskMoves },
  { often: 15, of: ['disk'], moves: brokenDiskMoves },
  { often: 10, of: ['disk'], moves: lyingDiskMoves },
];

/** Every broker in turn, with more or less time between. */
function rolling(stage: Stage): Fault[] {
  const { draw } = stage;
  const start = draw.int(0, Math.floor(stage.shape.runForMs / 2));
  const gap = stage.span();
  const how = draw.pick(stage.mayKillAll ? ['restart', 'kill', 'pause'] : ['restart', 'pause']);
  const nodes = draw.chance(25) ? [...stage.brokers, ...stage.controllers] : stage.brokers;
  return nodes.map((node, i): Fault => {
    const at = stage.later(start, i * gap);
    if (how === 'restart') return { ...at, restart: node };
    const down = Math.max(1, Math.floor(gap * draw.pick([0.3, 0.9, 1.1])));
    return how === 'kill'
      ? { ...at, kill: node, restartAfter: down }
      : { ...at, pause: node, for: down };
  });
}

/** Without an end of its own: another fault ends it, or the healing. */
function pauseAndResume(stage: Stage): Fault[] {
  const start = stage.draw.int(0, stage.shape.runForMs);
  const name = stage.name('paused');
  return [
    { ...stage.later(start, 0), name, pause: stage.node() },
    { ...stage.later(start, stage.span()), resume: `struck:${name}` },
  ];
}

/** The same node again and again. */
function flapping(stage: Stage): Fault[] {
  const { draw } = stage;
  const start = draw.int(0, stage.shape.runForMs);
  const node = stage.mayKillAll ? stage.broker() : stage.killed();
  const gap = draw.pick([100, 400, 1_500]);
  const times = draw.int(2, 6);
  const how = draw.pick(['kill', 'pause', 'isolate', 'restart']);
  return Array.from({ length: times }, (_, i): Fault => {
    const at = stage.later(start, i * gap);
    const down = Math.max(1, Math.floor(gap * draw.pick([0.2, 0.5, 0.9])));
    if (how === 'kill') return { ...at, kill: node, restartAfter: down };
    if (how === 'pause') return { ...at, pause: node, for: down };
    if (how === 'isolate') return { ...at, isolate: node, for: down };
    return { ...at, restart: node };
  });
}

/** All replicas of a partition die, one after the other or at once, and come back in some order. */
function allDown(stage: Stage): Fault[] {
  const { draw } = stage;
  const how = stage.mayKillAll ? 'kill' : 'stop';
  const start = draw.int(0, stage.shape.runForMs);
  const gap = draw.pick([0, 0, 5, 300, 2_500]);
  return draw.shuffled(stage.brokers).map((node, i): Fault => {
    const then = { ...stage.later(start, i * gap), restartAfter: stage.span() };
    return how === 'kill' ? { ...then, kill: node } : { ...then, stop: node };
  });
}

/** Two halves that do not hear each other; controllers and clients fall where they fall. */
function split(stage: Stage): Fault[] {
  const cut = stage.halves();
  if (cut === null) return [];
  return [{ ...stage.when(), cut, oneWay: stage.draw.chance(25), ...stage.lasting() }];
}

/** Two halves and one node that both of them hear. */
function bridge(stage: Stage): Fault[] {
  const halves = stage.halves();
  if (halves === null) return [];
  const bridging = stage.draw.pick(halves.flat());
  const cut = halves.map((half) => half.filter((node) => node !== bridging));
  const [one = [], other = []] = cut;
  if (one.length === 0 || other.length === 0) return [];
  return [{ ...stage.when(), cut: [one, other], ...stage.lasting() }];
}
