/**
 * Plots of replicas: who is on the way into the ISR, or out of it, or was eligible to lead, when
 * something befalls it or the leader; and what consumers make of a log that was written anew.
 */
import { MIN_VALUE_BYTES } from '../workload/record-value.ts';
import type { LoadEntry } from './load.ts';
import { type Plot, struck, type When } from './plot.ts';
import type { Fault, Stage } from './stage.ts';

const SOON_MS = [0, 20, 100, 300];
/** For what follows. */
const ROOM_MS = 4_000;

/**
 * A follower is away until it leaves the ISR, and comes back when the leader goes: with small
 * fetches, so that it may join before it has all. Whoever leads then may go as soon as it asks.
 */
export function lateJoiner(stage: Stage): Partial<Plot> {
  const { draw } = stage;
  const [partition] = stage.anyPartition();
  const away = stage.soonestOut().ms;
  const start = stage.startFor(away + ROOM_MS);
  const sides: [string, string] = [`leader:${partition}`, `follower:${partition}`];
  const back = start + away;
  const count = draw.pick([1, 1, 2]);
  const when = { event: 'isr.proposed', partition, why: 'expand', count };
  const faults: Fault[] = [
    { ...stage.later(start, 0), cut: sides, for: away + draw.pick(SOON_MS) },
    struck(stage, `leader:${partition}`, stage.later(back, draw.pick([-100, 0, 0, 20]))),
    struck(stage, `leader:${partition}`, { when, after: draw.pick(SOON_MS) }),
  ];
  if (draw.chance(60)) {
    const apart: [string, string] = [`leader:${partition}`, `followers:${partition}`];
    faults.push({ when, cut: apart, for: draw.pick([500, 2_000, 5_000]) });
  }
  const config = { 'replica.fetch.max.bytes': draw.pick([1, 400]), 'replica.fetch.min.bytes': 1 };
  return { faults, config: draw.chance(75) ? config : {} };
}

/**
 * The request that brings a follower back into the ISR is held up, and meanwhile the follower
 * loses its power or its disk and registers anew; then the leader goes.
 */
export function lateRequest(stage: Stage): Partial<Plot> {
  const { draw, shape } = stage;
  if (shape.promise === 'kept') return {};
  const [partition] = stage.anyPartition();
  const broker = draw.pick(stage.brokerIds);
  const who = `broker-${broker}`;
  const out = stage.soonestOut();
  const at = stage.later(stage.startFor(out.ms + ROOM_MS), 0);
  const name = stage.name('late');
  const hold: [string, string] = ['all:brokers', 'all:controllers'];
  const heldFrom = stage.later(at.at + out.ms, -draw.pick([50, 300]));
  const when = { event: 'isr.proposed', partition, why: 'expand', count: 1 };
  const after = draw.pick([0, 50, 200]);
  const back = { event: 'broker.registered', broker, clean: 'unclean', count: 1 };
  const released = draw.pick([50, 100, 300]);
  const faults: Fault[] = [
    out.alone
      ? { ...at, cut: [who, 'all:brokers'], for: out.ms }
      : { ...at, isolate: who, for: out.ms },
    { ...heldFrom, name, hold, api: 'AlterPartition', direction: 'request' },
    ...emptied(stage, who, { when, after }, draw.pick([50, 500, 1_000])),
    { when: back, after: released, release: name },
    struck(stage, `leader:${partition}`, { when: back, after: released + draw.pick([50, 500]) }),
  ];
  if (draw.chance(70)) faults.push({ when, after, cut: [who, 'all:brokers'], for: 9_000 });
  // Eligible leader replicas would take note that it stopped uncleanly.
  const config = { 'feature.eligible.leader.replicas.version': 0 };
  return { faults, config: draw.chance(70) ? config : {} };
}

/** Those that left the ISR may still be elected: one loses its power, and the leader goes. */
export function eligibleInTheDark(stage: Stage): Partial<Plot> {
  const { draw, shape } = stage;
  if (shape.promise === 'kept') return {};
  const [partition] = stage.anyPartition();
  const out = stage.name('away');
  const away = stage.outOfTheIsr();
  const start = stage.startFor(away + ROOM_MS);
  const whom = draw.pick([`followers:${partition}`, `followers:${partition}`, 'all:brokers']);
  const target = whom === 'all:brokers' ? draw.some(stage.brokers, 2) : whom;
  const darkAt = start + away + draw.pick([0, 200, 1_000]);
  const again = draw.pick([100, 500, 1_000]);
  const leaderAt = darkAt + again + draw.pick([0, 500, 1_500]);
  return {
    faults: [
      { ...stage.later(start, 0), name: out, isolate: target, for: leaderAt - start + 1_000 },
      ...emptied(stage, `struck:${out}`, stage.later(darkAt, 0), again),
      struck(stage, `leader:${partition}`, stage.later(leaderAt, 0)),
    ],
  };
}

/** With nothing left that was not flushed, or with nothing left at all. */
function emptied(stage: Stage, who: string, when: When, restartAfter: number): Fault[] {
  if (stage.draw.chance(80)) return [{ ...when, powerCut: who, style: 'drop-all', restartAfter }];
  return [
    { ...when, loseDisk: who },
    { ...when, kill: who, restartAfter },
  ];
}

/** Nothing is written for a while, and replicas do not hear each other. */
export function silence(stage: Stage): Partial<Plot> {
  const { draw } = stage;
  const [partition] = stage.anyPartition();
  const lasting = stage.outOfTheIsr() + draw.pick([500, 3_000, 6_000]);
  const start = stage.startFor(lasting);
  const other = draw.pick([`follower:${partition}`, `followers:${partition}`]);
  const apart: [string, string] = [`leader:${partition}`, other];
  const from = stage.later(start, draw.pick([200, 700, 1_500]));
  return {
    faults: [
      { ...stage.later(start, 0), pause: 'all:clients', for: lasting },
      { ...from, cut: apart, for: lasting - draw.pick([0, 300]) },
    ],
  };
}

/**
 * A leader writes what nobody else has, and goes; another is elected uncleanly and writes as much,
 * while a consumer that has read the former does not hear of it.
 */
export function writtenAnew(stage: Stage): Partial<Plot> {
  const { draw, shape } = stage;
  if (shape.promise === 'kept') return {};
  const [partition, { name: topic, partitions }] = stage.anyPartition();
  const consumer = stage.newClient('blind');
  const away = stage.soonestOut().ms;
  const start = stage.startFor(away + ROOM_MS);
  const strikeAt = Math.min(start + away + draw.pick([200, 1_000]), shape.runForMs);
  const blindFor = stage.outOfTheIsr() + draw.pick([500, 2_000, 4_000]);
  const set = { 'unclean.leader.election.enable': true, 'min.insync.replicas': 1 };
  const apart: [string, string] = [`leader:${partition}`, `followers:${partition}`];
  return {
    operations: [{ ...stage.later(0, 0), alterConfigs: `topic:${topic}`, set }],
    workload: [
      { consumer, topic, config: { 'auto.offset.reset': 'earliest' } },
      writer(stage, { topic, partitions, startAt: 0, recordsPerSecond: draw.pick([5, 20]) }),
      writer(stage, { topic, partitions, startAt: strikeAt, recordsPerSecond: 200 }),
    ],
    faults: [
      { ...stage.later(start, 0), cut: apart, for: strikeAt - start },
      { ...stage.later(strikeAt, -20), cut: [`client:${consumer}`, 'all:brokers'], for: blindFor },
      struck(stage, `leader:${partition}`, stage.later(strikeAt, 0)),
    ],
  };
}

interface Written {
  readonly topic: string;
  readonly partitions: number;
  readonly startAt: number;
  readonly recordsPerSecond: number;
}

function writer(stage: Stage, { partitions, ...load }: Written): LoadEntry {
  const producer = stage.newClient('writer');
  const config = {
    acks: stage.draw.pick(['all', '1']),
    'enable.idempotence': false,
    'request.timeout.ms': 3_000,
    'delivery.timeout.ms': 20_000,
    'max.block.ms': 12_000,
  };
  const partition = partitions > 1 ? ('round-robin' as const) : 0;
  return { producer, ...load, partition, valueBytes: MIN_VALUE_BYTES, count: 1_500, config };
}

/** Who has more than the new leader asks it something, and the answer takes its time. */
export function aheadOfTheLeader(stage: Stage): Partial<Plot> {
  const { draw } = stage;
  const [partition] = stage.anyPartition();
  const start = draw.int(0, Math.floor((stage.shape.runForMs * 2) / 3));
  const behind = draw.pick(stage.brokers);
  const strikeAt = start + draw.pick([100, 500, 1_000]);
  const question = stage.name('question');
  const others = stage.brokers.filter((one) => one !== behind);
  const truncated = { event: 'log.truncated', partition, why: 'restarted', count: 1 };
  const held = draw.chance(80) ? 'ListOffsets' : 'Fetch';
  return {
    faults: [
      { ...stage.later(start, 0), cut: [`leader:${partition}`, behind], for: 9_000 },
      {
        ...stage.later(start, 0),
        ...{ name: question, hold: [others, behind], api: held },
        for: strikeAt - start + draw.pick([1_000, 3_000, 6_000]),
      },
      struck(stage, `leader:${partition}`, stage.later(strikeAt, 0)),
      struck(stage, `leader:${partition}`, { when: truncated, after: draw.pick([0, 0, 20]) }),
    ] as Fault[],
  };
}

/** Bits flip in records on their way to followers, or to the brokers. */
export function damageInFlight(stage: Stage): Partial<Plot> {
  const { draw } = stage;
  const [partition] = stage.anyPartition();
  const copied: [string, string] = [`leader:${partition}`, `followers:${partition}`];
  const written: [string, string] = ['all:clients', 'all:brokers'];
  const at = stage.later(stage.startFor(ROOM_MS), 0);
  const times = draw.pick([1, 1, 3]);
  return {
    faults: [
      draw.chance(75)
        ? { ...at, flipInFlight: copied, api: 'Fetch', times }
        : { ...at, flipInFlight: written, api: 'Produce', times },
    ],
  };
}
