/**
 * Plots of the quorum: majorities come and go, and leaders with them, before what they have
 * written has reached everybody.
 */
import type { Operation } from './operations.ts';
import { type Plot, struck } from './plot.ts';
import type { Fault, Stage } from './stage.ts';

interface Reign {
  readonly leader: string;
  /** With it just a majority; none of them hears anybody but the leader. */
  readonly hearers: readonly string[];
  /** How many times it has been the leader before. */
  readonly before: number;
}

/** Long enough for a fetch to time out and an election, with `QUICK`. */
const REIGNS_MS = [3_600, 4_500];
const QUICK = {
  'controller.quorum.fetch.timeout.ms': 1_000,
  'controller.quorum.election.backoff.max.ms': 50,
};

/**
 * One voter after the other is the only one that reaches a majority. It decides, and hardly anybody
 * hears of it; or it goes as soon as it leads; and former leaders come back.
 */
export function majoritiesInTurn(stage: Stage): Partial<Plot> {
  const { draw, shape } = stage;
  const voters = stage.controllers.slice(0, shape.controllers);
  if (voters.length < 3 || shape.roles !== 'separate') return {};
  const lengthMs = draw.pick(REIGNS_MS);
  const reigns = drawReigns(stage, voters);
  const start = stage.startFor(reigns.length * lengthMs);
  const parts = reigns.map((reign, i): Partial<Plot> => {
    const beginMs = start + i * lengthMs;
    const last = i === reigns.length - 1;
    const fate = last ? {} : drawFate(stage, reign, [beginMs, lengthMs]);
    const cuts = onlyHeardBy(reign, voters).map((cut): Fault => {
      return { ...stage.later(beginMs, 0), cut, for: lengthMs };
    });
    return { ...fate, faults: [...cuts, ...(fate.faults ?? [])] };
  });
  return {
    faults: parts.flatMap((one) => one.faults ?? []),
    operations: parts.flatMap((one) => one.operations ?? []),
    config: { ...QUICK, 'controller.quorum.election.timeout.ms': draw.pick([150, 400]) },
  };
}

/** Who led comes back more often than others do; who heard of one leader may hear of the next. */
function drawReigns(stage: Stage, voters: readonly string[]): Reign[] {
  const { draw } = stage;
  const reigns: Reign[] = [];
  const others = Math.floor(voters.length / 2);
  const count = draw.int(3, 5);
  for (let i = 0; i < count; i++) {
    const former = reigns.at(-2)?.leader;
    const back = former !== undefined && draw.chance(75);
    const previous = reigns.at(-1);
    const away = previous === undefined ? [] : [previous.leader];
    // The second majority is most often all who did not hear the first leader at its end.
    const deaf = i === 1 && draw.chance(75) ? (previous?.hearers.slice(0, 1) ?? []) : [];
    const free = voters.filter((one) => !away.includes(one) && !deaf.includes(one));
    const leader = back ? former : draw.pick(free);
    const rest = free.filter((one) => one !== leader);
    const first = reigns[0]?.hearers[0];
    const knowing = i >= 2 && first !== undefined && rest.includes(first) && draw.chance(75);
    const some = draw.some(
      rest.filter((one) => !knowing || one !== first),
      knowing ? others - 1 : others,
    );
    const hearers = knowing ? [first, ...some] : some;
    const before = reigns.filter((one) => one.leader === leader).length;
    reigns.push({ leader, hearers, before });
  }
  return reigns;
}

/** Every link between voters but those from the leader to its hearers. */
function onlyHeardBy({ leader, hearers }: Reign, voters: readonly string[]): [string, string[]][] {
  return voters.flatMap((one, i): [string, string[]][] => {
    const from = voters.slice(i + 1).filter((other) => {
      const linked =
        (one === leader && hearers.includes(other)) || (other === leader && hearers.includes(one));
      return !linked;
    });
    return from.length === 0 ? [] : [[one, from]];
  });
}

/** What the leader writes is heard by its first hearer only, or by nobody, or half. */
function drawFate(
  stage: Stage,
  reign: Reign,
  [beginMs, lengthMs]: [number, number],
): Partial<Plot> {
  const { draw } = stage;
  const { leader, hearers, before } = reign;
  if (hearers.length === 0) return {};
  const when = { event: 'quorum.state', state: 'leader', node: leader, count: before + 1 };
  const endMs = beginMs + lengthMs;
  const [first = leader, ...rest] = hearers;
  switch (draw.pick(['one-hears', 'one-hears', 'unheard', 'unheard', 'half'] as const)) {
    case 'one-hears': {
      const from = endMs - draw.pick([300, 600, 1_000]);
      return {
        faults: [
          {
            ...stage.later(from, 0),
            cut: [leader, rest.length > 0 ? rest : [first]],
            for: endMs - from,
          },
          struckUntil(stage, leader, { at: endMs - draw.pick([20, 100]), downMs: lengthMs }),
        ],
        operations: [decision(stage, from + draw.pick([5, 50, 150]))],
      };
    }
    case 'unheard':
      return {
        faults: [
          { when, after: draw.pick([0, 0, 1, 20]), cut: [leader, [...hearers]], for: 5_000 },
        ],
      };
    case 'half': {
      const hold: [string, string] = [leader, first];
      const name = stage.name('half');
      const for_ = draw.pick([1_000, 2_000]);
      return {
        faults: [
          { when, after: 0, name, hold, api: 'Fetch', direction: 'response', for: for_ },
          struck(stage, leader, { when, after: draw.pick([50, 200, 600]) }),
        ],
      };
    }
  }
}

interface Down {
  readonly at: number;
  readonly downMs: number;
}

/** A controller flushes before it answers: to be killed takes nothing from it. */
function struckUntil(stage: Stage, leader: string, { at, downMs }: Down): Fault {
  return { ...stage.later(at, 0), kill: leader, restartAfter: downMs };
}

function decision(stage: Stage, atMs: number): Operation {
  const topic = stage.draw.pick(stage.shape.topics).name;
  const set = { 'index.interval.bytes': stage.draw.pick([0, 100, 1_000]) };
  return { ...stage.later(atMs, 0), alterConfigs: `topic:${topic}`, set };
}
