/**
 * Plots of consumer groups: members that come, go and crash while the coordinator of their offsets
 * moves, sleeps, or takes its groups for long unused.
 */
import type { LoadEntry } from './load.ts';
import { type Plot, struck } from './plot.ts';
import type { Fault, Stage } from './stage.ts';

const COORDINATOR = 'leader:__consumer_offsets-0';
/** offsets.retention.minutes has no less. */
const RETENTION_MS = 60_000;

/** All groups have one coordinator, whose log is as safe as the topics’. */
function offsetsTopic({ draw, shape }: Stage): Plot['config'] {
  return {
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': Math.min(3, shape.brokers),
    'group.initial.rebalance.delay.ms': draw.pick([0, 500, 3_000]),
  };
}

type Member = Extract<LoadEntry, { readonly group: string }>;

function member(stage: Stage, group: string, topic: string): Member {
  const { draw } = stage;
  const latest = draw.chance(20);
  return {
    consumer: stage.newClient('member'),
    group,
    topics: [topic],
    commit: draw.pick(['after', 'after', 'auto']),
    process: draw.pick([0, 0, 2, 20]),
    pollEvery: draw.pick([0, 50, 300]),
    config: {
      'auto.offset.reset': latest ? 'latest' : 'earliest',
      'session.timeout.ms': 6_000,
      // Five seconds later a member gives up to wait for a coordinator that lost its power.
      'max.poll.interval.ms': 20_000,
      'heartbeat.interval.ms': draw.pick([500, 2_000]),
      'auto.commit.interval.ms': draw.pick([100, 1_000, 5_000]),
    },
  };
}

/** It crashes and is back: it asks where its group stands. */
function crash(stage: Stage, { consumer }: Member, when: { at: number } | Hung): Fault {
  const restartAfter = stage.draw.pick([1, 300, 2_000]);
  return { ...when, kill: `client:${consumer}`, restartAfter };
}

interface Hung {
  readonly when: { readonly event: string; readonly count: number };
  readonly after: number;
}

/** Rounds follow each other while the coordinator moves, and the next one reads what it left. */
export function coordinatorMoves(stage: Stage): Partial<Plot> {
  const { draw, shape } = stage;
  const [, { name: topic }] = stage.anyPartition();
  const group = stage.newClient('group');
  const members = Array.from({ length: draw.int(1, 3) }, () => member(stage, group, topic));
  const half = Math.floor(shape.runForMs / 2);
  for (const one of members.slice(1)) one.startAt = draw.int(0, half);
  const moves = draw.int(1, 3);
  const faults = Array.from({ length: moves }, (): Fault => {
    const at = stage.later(draw.int(2_000, shape.runForMs), 0);
    return struck(stage, COORDINATOR, at);
  });
  for (const one of members) {
    if (draw.chance(50)) faults.push(crash(stage, one, stage.later(0, draw.int(0, half))));
  }
  return {
    faults,
    workload: members,
    config: {
      ...offsetsTopic(stage),
      'offsets.load.buffer.size': draw.pick([200, 1_000, 4_000, 5_242_880]),
    },
  };
}

/**
 * A coordinator’s clock jumps by more than offsets are kept, while members stay, come or go: at
 * any time, or when a round begins.
 */
export function longUnused(stage: Stage): Partial<Plot> {
  const { draw, shape } = stage;
  const [, { name: topic }] = stage.anyPartition();
  const group = stage.newClient('group');
  const first = member(stage, group, topic);
  const second = member(stage, group, topic);
  const turn = draw.int(1_000, Math.max(1_000, shape.runForMs - 2_000));
  second.startAt = turn;
  if (draw.chance(60)) first.stopAt = Math.max(0, turn - draw.pick([0, 300, 1_000]));
  const begun = { event: 'group.changed', state: 'PreparingRebalance' };
  const when = draw.chance(50)
    ? { when: { ...begun, count: draw.pick([2, 2, 3]) }, after: draw.pick([1, 50, 300]) }
    : stage.later(draw.int(2_000, shape.runForMs), 0);
  const gone = { when: { event: 'offset.removed', count: 1 }, after: stage.soon() };
  return {
    faults: [
      { ...when, jumpClock: COORDINATOR, by: RETENTION_MS + draw.pick([1_000, 3_600_000]) },
      crash(stage, draw.pick([first, second]), gone),
    ],
    workload: [first, second],
    config: {
      ...offsetsTopic(stage),
      'offsets.retention.minutes': RETENTION_MS / 60_000,
      'offsets.retention.check.interval.ms': draw.pick([100, 300, 1_000]),
    },
  };
}

/** Applications crash between what they are given, what they do and what they commit. */
export function membersCrash(stage: Stage): Partial<Plot> {
  const { draw, shape } = stage;
  const [, { name: topic }] = stage.anyPartition();
  const group = stage.newClient('group');
  const members = Array.from({ length: draw.int(1, 2) }, () => member(stage, group, topic));
  const crashes = draw.int(1, 4);
  const faults = Array.from({ length: crashes }, (): Fault => {
    const one = draw.pick(members);
    const committed = { event: 'commit.answered', node: one.consumer, count: draw.int(1, 6) };
    const when = draw.chance(60)
      ? { when: committed, after: stage.soon() }
      : stage.later(draw.int(0, shape.runForMs), 0);
    return crash(stage, one, when);
  });
  return { faults, workload: members, config: offsetsTopic(stage) };
}
