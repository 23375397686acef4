/**
 * Plots: what operators ask for and what breaks meanwhile, drawn together because each alone does
 * little. Leadership that goes round while replicas do not hear of it; a replica that is struck
 * while it is on its way into the ISR; a broker that is stopped before it has started. Who, when
 * and how much of it is chance, and none of it is more than the promise of the seed permits.
 */
import {
  beginsAgain,
  burst,
  forgotten,
  nearTheLimit,
  oneAtATime,
  wrongClock,
} from './client-plots.ts';
import { coordinatorMoves, longUnused, membersCrash } from './group-plots.ts';
import { rolledOver } from './log-plots.ts';
import { CUT_STYLES } from './move.ts';
import type { Operation } from './operations.ts';
import { type Plot, type Plotter, struck, type When } from './plot.ts';
import { majoritiesInTurn } from './quorum-plots.ts';
import {
  aheadOfTheLeader,
  damageInFlight,
  eligibleInTheDark,
  lateJoiner,
  lateRequest,
  silence,
  writtenAnew,
} from './replica-plots.ts';
import type { Fault, Stage } from './stage.ts';

interface NamedPlot {
  readonly name: string;
  /** Against others, where nobody chose. */
  readonly weight: number;
  readonly draw: Plotter;
  /** Two of them in one seed would be none. */
  readonly once?: true;
}

const plots = [
  { name: 'leaders-in-turn', weight: 2, draw: leadershipGoesRound },
  { name: 'leaders-unheard', weight: 1, draw: leadershipGoesRoundUnheard },
  { name: 'back-in-sync', weight: 2, draw: backIntoTheIsr },
  { name: 'late-joiner', weight: 1, draw: lateJoiner },
  { name: 'late-request', weight: 1, draw: lateRequest },
  { name: 'eligible-in-the-dark', weight: 1, draw: eligibleInTheDark },
  { name: 'ahead-of-the-leader', weight: 1, draw: aheadOfTheLeader },
  { name: 'silence', weight: 1, draw: silence },
  { name: 'written-anew', weight: 1, draw: writtenAnew },
  { name: 'majorities-in-turn', weight: 1, draw: majoritiesInTurn, once: true },
  { name: 'stopped-while-starting', weight: 1, draw: stoppedWhileStarting },
  { name: 'one-after-the-other', weight: 1, draw: strikeAfterStrike },
  { name: 'broken-append', weight: 1, draw: brokenAppend },
  { name: 'begins-again', weight: 1, draw: beginsAgain },
  { name: 'burst', weight: 1, draw: burst },
  { name: 'near-the-limit', weight: 1, draw: nearTheLimit },
  { name: 'forgotten', weight: 1, draw: forgotten },
  { name: 'wrong-clock', weight: 1, draw: wrongClock },
  { name: 'damage-in-flight', weight: 1, draw: damageInFlight },
  { name: 'coordinator-moves', weight: 1, draw: coordinatorMoves },
  { name: 'long-unused', weight: 1, draw: longUnused },
  { name: 'members-crash', weight: 1, draw: membersCrash },
  { name: 'one-at-a-time', weight: 1, draw: oneAtATime },
  { name: 'rolled-over', weight: 1, draw: rolledOver },
] as const satisfies readonly NamedPlot[];

export type PlotName = (typeof plots)[number]['name'];
export const PLOTS: readonly PlotName[] = plots.map((one) => one.name);

/** How many plots a seed has that has any. */
const MOST_PLOTS = 3;

/**
 * @param often in percent: whether the seed has plots at all.
 * @param only of these.
 */
export function drawPlots(stage: Stage, often: number, only: readonly PlotName[]): Plot {
  const { draw } = stage;
  if (!draw.chance(often)) return { faults: [], operations: [], workload: [], config: {} };
  const possible = plots
    .filter((one) => only.includes(one.name))
    .flatMap((one): NamedPlot[] => Array.from({ length: one.weight }, () => one));
  const favourites = draw.favourites(possible);
  const chosen = new Set<NamedPlot>();
  const drawn: Partial<Plot>[] = [];
  for (let left = draw.int(1, MOST_PLOTS); left > 0; left--) {
    const plot = draw.weighted(favourites);
    const one = plot.draw(stage);
    if (plot.once !== true || !chosen.has(plot)) drawn.push(one);
    chosen.add(plot);
  }
  return {
    faults: drawn.flatMap((one) => one.faults ?? []),
    operations: drawn.flatMap(({ operations = [] }) =>
      operations.map((ask) => ({ ...ask, mayMiss: true })),
    ),
    workload: drawn.flatMap((one) => one.workload ?? []),
    config: Object.assign({}, ...drawn.map((one) => one.config ?? {})) as Plot['config'],
  };
}

/**
 * The preferred leader changes a few times and is elected each time, with nobody leaving the ISR.
 * Meanwhile replicas may be apart, or one may not hear what the controllers decide.
 */
function leadershipGoesRound(stage: Stage): Partial<Plot> {
  return leadersInTurn(stage, deafness);
}

/** The same, and one replica hears of nothing while the first two are apart for a moment. */
function leadershipGoesRoundUnheard(stage: Stage): Partial<Plot> {
  return leadersInTurn(stage, unawareness);
}

type Meanwhile = (stage: Stage, names: readonly string[], span: [number, number]) => Fault[];

function leadersInTurn(stage: Stage, meanwhile: Meanwhile): Partial<Plot> {
  const { draw } = stage;
  const [partition, { replicationFactor }] = stage.anyPartition();
  const replicas = draw.shuffled(stage.brokerIds).slice(0, replicationFactor);
  const names = replicas.map((id) => `broker-${id}`);
  const operations: Operation[] = [];
  const elect = (order: readonly number[], atMs: number): void => {
    operations.push(
      { ...stage.later(atMs, 0), reassign: partition, replicas: [...order] },
      {
        ...stage.later(atMs, draw.pick(ELECT_AFTER_MS)),
        electLeaders: 'preferred',
        partitions: partition,
      },
    );
  };
  const start = draw.int(0, Math.floor(stage.shape.runForMs / 2));
  elect(replicas, start);
  const gap = draw.pick([80, 200, 500, 1_200]);
  const turns = draw.int(1, 4);
  const begin = start + draw.pick([500, 1_000, 2_000]);
  for (let turn = 0; turn < turns; turn++) {
    // There and back more often than on to a third.
    const first = draw.chance(75) ? (turn + 1) % 2 : draw.int(0, replicas.length - 1);
    const leader = replicas[first] ?? (replicas[0] as number);
    elect([leader, ...replicas.filter((id) => id !== leader)], begin + turn * gap);
  }
  const end = begin + turns * gap;
  return {
    operations,
    faults: [...meanwhile(stage, names, [begin, end]), ...endings(stage, partition, end)],
  };
}

const ELECT_AFTER_MS = [1, 20, 50, 100];

/** Leaders that differ for a moment, and one more replica that no controller's word reaches. */
function unawareness(
  stage: Stage,
  names: readonly string[],
  [begin, end]: [number, number],
): Fault[] {
  const { draw } = stage;
  const [first = 'broker-1', second = first, third = second] = names;
  const apartAt = stage.later(begin, -draw.pick([0, 50, 200, 500]));
  const apart: [string, string] = [first, second];
  const hold: [string, string] = ['all:controllers', third];
  const from = begin - draw.pick([0, 20, 100]);
  return [
    { ...apartAt, cut: apart, for: draw.pick([100, 300, 700]) },
    {
      ...stage.later(from, 0),
      ...{ name: stage.name('unaware'), hold, api: 'Fetch', direction: 'response' },
      for: Math.max(1, end - from + draw.pick([-50, 100, 500, 2_000])),
    },
  ];
}

/** Replicas that do not hear each other, or not their controllers, for about as long. */
function deafness(stage: Stage, names: readonly string[], [begin, end]: [number, number]): Fault[] {
  const { draw } = stage;
  const [one = 'broker-1', other = one] = names;
  const from = Math.max(0, begin - draw.pick([0, 20, 100, 400]));
  const lasting = { for: Math.max(1, end - from + draw.pick([-200, 0, 50, 300, 1_500])) };
  const at = stage.later(from, 0);
  const faults: Fault[] = [];
  if (one !== other && draw.chance(55)) {
    const rest = draw.chance(50) ? [other] : names.slice(1);
    faults.push({ ...at, cut: [[one], rest], oneWay: draw.chance(25), ...lasting });
  } else if (one !== other && draw.chance(50)) {
    const direction = draw.pick(['request', 'response'] as const);
    const name = stage.name('late');
    const api = draw.pick(['Fetch', 'Fetch', 'ListOffsets', 'OffsetForLeaderEpoch'] as const);
    faults.push({ ...at, name, hold: [one, other], api, direction, ...lasting });
  }
  if (draw.chance(55)) {
    const deaf = draw.pick(names);
    const name = stage.name('unaware');
    const api = draw.pick(['Fetch', 'Fetch', 'AlterPartition', 'BrokerHeartbeat'] as const);
    const hold: [string, string] = ['all:controllers', deaf];
    faults.push({ ...at, name, hold, api, direction: 'response', ...lasting });
  }
  return faults;
}

/** Whoever leads at the end is struck, at once, later, or when a follower has cut its log. */
function endings(stage: Stage, partition: string, endMs: number): Fault[] {
  const { draw } = stage;
  if (draw.chance(25)) return [];
  const soon = stage.soon();
  const when = draw.chance(40)
    ? { when: { event: 'log.truncated', partition, count: draw.pick([1, 1, 2, 3]) }, after: soon }
    : stage.later(endMs, soon);
  return [struck(stage, `leader:${partition}`, when)];
}

/**
 * A follower leaves the ISR and comes back; what the leader asks or hears about it is late; and
 * while it is on its way in, it or the leader is struck.
 */
function backIntoTheIsr(stage: Stage): Partial<Plot> {
  const { draw } = stage;
  const [partition] = stage.anyPartition();
  const start = draw.int(0, Math.floor(stage.shape.runForMs / 2));
  const out = stage.name('out');
  const away = stage.outOfTheIsr();
  const target = draw.pick([`follower:${partition}`, draw.pick(stage.brokers)]);
  const leaving = draw.pick(['isolate', 'pause', 'stop', 'cut']);
  const at = { ...stage.later(start, 0), name: out };
  const faults: Fault[] = [];
  if (leaving === 'isolate') faults.push({ ...at, isolate: target, for: away });
  else if (leaving === 'pause') faults.push({ ...at, pause: target, for: away });
  else if (leaving === 'stop') faults.push({ ...at, stop: target, restartAfter: away });
  else faults.push({ ...at, cut: [target, 'all:brokers'], for: away });
  const back = start + away;
  if (draw.chance(65)) {
    const hold: [string, string] = ['all:brokers', 'all:controllers'];
    const name = stage.name('asked');
    const direction = draw.pick(['request', 'request', 'response'] as const);
    const lasting = { for: draw.pick([300, 1_000, 3_000, 6_000]) };
    const from = stage.later(Math.max(0, back - draw.pick([0, 200, 1_000])), 0);
    faults.push({ ...from, name, hold, api: 'AlterPartition', direction, ...lasting });
  }
  const proposed = { when: { event: 'isr.proposed', partition, count: draw.pick([1, 2, 2, 3]) } };
  const entering = draw.chance(60)
    ? { ...proposed, after: stage.soon() }
    : stage.later(back, draw.pick([50, 200, 600, 1_500]));
  const who = draw.chance(65) ? `struck:${out}` : `leader:${partition}`;
  faults.push(...emptied(stage, who, entering));
  if (draw.chance(60)) {
    faults.push(struck(stage, `leader:${partition}`, stage.later(back, stage.span())));
  }
  return { faults };
}

/** Struck, and where it may be: with nothing left of its disk. */
function emptied(stage: Stage, who: string, when: When): Fault[] {
  const { draw, shape } = stage;
  if (shape.promise === 'kept' || !draw.chance(50)) return [struck(stage, who, when)];
  const down = draw.pick([1, 50, 300, 1_000]);
  if (draw.chance(50)) return [{ ...when, powerCut: who, style: 'drop-all', restartAfter: down }];
  const name = stage.name('emptied');
  return [
    { ...when, name, loseDisk: who },
    { ...when, kill: who, restartAfter: down },
  ];
}

/** A broker that died is stopped again, or dies again, before it has read its logs. */
function stoppedWhileStarting(stage: Stage): Partial<Plot> {
  const { draw } = stage;
  const [partition] = stage.anyPartition();
  const victim = stage.loser();
  if (victim === null) return {};
  const start = draw.int(0, Math.floor((stage.shape.runForMs * 2) / 3));
  const name = stage.name('down');
  const down = draw.pick([200, 1_000, stage.span()]);
  const again = `struck:${name}`;
  const style = draw.pick(CUT_STYLES);
  const faults: Fault[] = [{ ...stage.later(start, 0), name, powerCut: victim, style }];
  if (stage.shape.promise === 'any' && draw.chance(35)) {
    const file = draw.pick(['.log', `${partition}/`]);
    faults.push({ ...stage.later(start, 1), flipBit: again, file, where: 'tail' });
  }
  const soon = [1, 2, 5, 10, 20, 50];
  if (draw.chance(50)) {
    const from = stage.later(start, Math.max(0, down - 1));
    faults.push({ ...from, stallDisk: again, for: draw.pick([10, 50, 200]) });
  }
  faults.push({ ...stage.later(start, down), start: again });
  const stopAt = stage.later(start, down + draw.pick(soon));
  const restartAfter = draw.pick([1, 100, 1_000]);
  faults.push(
    draw.chance(70)
      ? { ...stopAt, stop: again, restartAfter }
      : { ...stopAt, powerCut: again, style: draw.pick(CUT_STYLES), restartAfter },
  );
  return { faults };
}

/** One replica after the other leaves; the last one loses its power, or all do. */
function strikeAfterStrike(stage: Stage): Partial<Plot> {
  const { draw } = stage;
  const [partition] = stage.anyPartition();
  const start = draw.int(0, Math.floor(stage.shape.runForMs / 2));
  const gap = draw.pick([5, 300, stage.outOfTheIsr()]);
  const faults: Fault[] = draw.shuffled(stage.brokers).map((node, i): Fault => {
    const at = stage.later(start, i * gap);
    return draw.chance(60)
      ? { ...at, isolate: node, for: stage.outOfTheIsr() }
      : { ...at, stop: node, restartAfter: stage.outOfTheIsr() };
  });
  const last = stage.loser();
  if (last !== null) {
    const who = stage.shape.promise === 'any' ? `leader:${partition}` : last;
    const at = stage.later(start, faults.length * gap);
    faults.push({ ...at, powerCut: who, style: draw.pick(CUT_STYLES), ...stage.restart() });
  }
  return { faults };
}

/** A call fails in the middle of an append: of the records, or of an index behind them. */
function brokenAppend(stage: Stage): Partial<Plot> {
  const { draw, shape } = stage;
  const [partition] = stage.anyPartition();
  const loser = stage.diskLoser();
  if (loser === null) return {};
  const start = draw.int(0, shape.runForMs);
  const name = stage.name('broken');
  const suffix = draw.pick(['.index', '.index', '.timeindex', '.log']);
  const path = `${draw.pick(shape.directories)}/${partition}/00000000000000000000${suffix}`;
  const failDisk = shape.promise === 'any' ? `leader:${partition}` : loser;
  const times = draw.pick([1, 1, 2]);
  const faults: Fault[] = [
    { ...stage.later(start, 0), name, failDisk, operation: 'write', path, times },
    { ...stage.later(start, stage.span()), start: `struck:${name}` },
  ];
  if (draw.chance(40)) {
    faults.push(struck(stage, `leader:${partition}`, stage.later(start, stage.span())));
  }
  return { faults, config: draw.chance(75) ? { 'log.index.interval.bytes': 0 } : {} };
}
