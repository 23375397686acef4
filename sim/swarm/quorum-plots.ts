/**
 * Plots of the quorum: majorities come and go, and leaders with them, before what they have
 * written has reached everybody.
 */
import type { Operation } from './operations.ts';
import type { Plot, When } from './plot.ts';
import type { Fault, Stage } from './stage.ts';

type Fate = 'one-hears' | 'unheard' | 'half' | 'heard';

interface Reign {
  readonly leader: string;
  /** With it just a majority; none of them hears anybody but the leader. */
  readonly hearers: readonly string[];
  /** How many times it has been the leader before. */
  readonly before: number;
  readonly fate: Fate;
}

/** A cut that ends would mend links that the next one has cut: all are mended before it. */
const VOTERS = 'all:controllers';

/** Long enough for a fetch to time out and an election, with `QUICK`. */
const REIGNS_MS = [3_600, 4_500];
const QUICK = {
  'controller.quorum.fetch.timeout.ms': 1_000,
  'controller.quorum.election.backoff.max.ms': 50,
  'controller.quorum.request.timeout.ms': 500,
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
  const most = Math.max(2, Math.floor(shape.runForMs / lengthMs));
  const reigns = drawReigns(stage, voters, Math.min(most, draw.pick([3, 4, 4, 5])));
  // From the beginning on it is known how often who has led.
  const start = draw.chance(60) ? 0 : stage.startFor(reigns.length * lengthMs);
  const parts = reigns.map((reign, i): Partial<Plot> => {
    const beginMs = start + i * lengthMs;
    const fate = toldBy(stage, reign, [beginMs, lengthMs]);
    const begin = stage.later(beginMs, 0);
    const cuts = onlyHeardBy(reign, voters).map((cut): Fault => ({ ...begin, cut }));
    return { ...fate, faults: [{ ...begin, heal: VOTERS }, ...cuts, ...(fate.faults ?? [])] };
  });
  const end = stage.later(start + reigns.length * lengthMs, 0);
  return {
    faults: [...parts.flatMap((one) => one.faults ?? []), { ...end, heal: VOTERS }],
    operations: parts.flatMap((one) => one.operations ?? []),
    config: { ...QUICK, 'controller.quorum.election.timeout.ms': draw.pick([150, 400]) },
  };
}

/** How far the log of each voter reaches, after the reigns so far: more than another's, or as far. */
type Ends = Map<string, number>;

/** Reigns that can be: nobody votes for a log that ends before its own. */
function drawReigns(stage: Stage, voters: readonly string[], count: number): Reign[] {
  const ends: Ends = new Map(voters.map((one) => [one, 0]));
  const reigns: Reign[] = [];
  const others = Math.floor(voters.length / 2);
  for (let i = 0; i < count; i++) {
    const present = voters.filter((one) => one !== reigns.at(-1)?.leader);
    const electors = (leader: string): string[] =>
      present.filter((one) => one !== leader && endOf(ends, one) <= endOf(ends, leader));
    const able = present.filter((one) => electors(one).length >= others);
    if (able.length === 0) break;
    const leader = drawLeader(stage, { able, former: reigns.at(-2)?.leader, ends });
    const hearers = drawHearers(stage, { electors: electors(leader), others, leader, ends });
    const before = reigns.filter((one) => one.leader === leader).length;
    const fate = i === count - 1 ? 'heard' : drawFate(stage, reigns);
    const reign = { leader, hearers, before, fate };
    reigns.push(reign);
    for (const [one, end] of written(reign, i)) ends.set(one, end);
  }
  return reigns;
}

function endOf(ends: Ends, voter: string): number {
  return ends.get(voter) ?? 0;
}

/** Who led comes back more often than others do, and then who has heard least. */
function drawLeader(
  { draw }: Stage,
  { able, former, ends }: { able: readonly string[]; former: string | undefined; ends: Ends },
): string {
  if (former !== undefined && able.includes(former) && draw.chance(75)) return former;
  if (draw.chance(25)) return draw.pick(able);
  const least = Math.min(...able.map((one) => endOf(ends, one)));
  return draw.pick(able.filter((one) => endOf(ends, one) === least));
}

/** The first of them is, more often than not, one that has all that the leader has. */
function drawHearers(
  { draw }: Stage,
  {
    electors,
    others,
    leader,
    ends,
  }: { electors: readonly string[]; others: number; leader: string; ends: Ends },
): string[] {
  const knowing = electors.filter((one) => endOf(ends, one) === endOf(ends, leader));
  const first = draw.pick(knowing.length > 0 && draw.chance(75) ? knowing : electors);
  const rest = electors.filter((one) => one !== first);
  return [first, ...draw.some(rest, others - 1)];
}

/** What has not happened yet, more often than what has. */
function drawFate({ draw }: Stage, reigns: readonly Reign[]): Fate {
  const fates = ['one-hears', 'unheard', 'half'] as const;
  const fresh = fates.filter((fate) => reigns.every((one) => one.fate !== fate));
  if (reigns.length === 0) return draw.pick(['one-hears', 'one-hears', 'unheard', 'half']);
  return draw.pick(fresh.length > 0 && draw.chance(75) ? fresh : fates);
}

/** Whose logs end elsewhere after the reign: its leader begins, and then decides something. */
function written({ leader, hearers, fate }: Reign, i: number): [string, number][] {
  const begun = 2 * (i + 1);
  const [first = leader, ...rest] = hearers;
  const heardBy = (names: readonly string[]) => names.map((one): [string, number] => [one, begun]);
  switch (fate) {
    case 'one-hears':
      return [...heardBy(rest), [first, begun + 1], [leader, begun + 1]];
    case 'unheard':
      return heardBy([leader]);
    case 'half':
      return heardBy([leader, ...rest]);
    case 'heard':
      return heardBy([leader, ...hearers]);
  }
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
function toldBy(
  stage: Stage,
  { leader, hearers, before, fate }: Reign,
  [beginMs, lengthMs]: [number, number],
): Partial<Plot> {
  const { draw } = stage;
  const when = { event: 'quorum.state', state: 'leader', node: leader, count: before + 1 };
  const endMs = beginMs + lengthMs;
  const [first = leader, ...rest] = hearers;
  switch (fate) {
    case 'one-hears': {
      const from = endMs - draw.pick([300, 600, 1_000]);
      return {
        faults: [
          { ...stage.later(from, 0), cut: [leader, rest.length > 0 ? rest : [first]] },
          struckUntil(stage, leader, { at: endMs - draw.pick([20, 100]), downMs: lengthMs }),
        ],
        operations: [decision(stage, from + draw.pick([5, 50, 150]))],
      };
    }
    case 'unheard':
      return { faults: [{ when, after: draw.pick([0, 0, 1, 20]), cut: [leader, [...hearers]] }] };
    case 'half': {
      const hold: [string, string] = [leader, first];
      const name = stage.name('half');
      const for_ = draw.pick([1_000, 2_000]);
      return {
        faults: [
          { when, after: 0, name, hold, api: 'Fetch', direction: 'response', for: for_ },
          struckInReign(stage, leader, { when, after: draw.pick([50, 200, 600]) }),
        ],
      };
    }
    case 'heard':
      return {};
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

/** What lasts ends with the reign, for an end of its own would mend what the next one has cut. */
function struckInReign({ draw }: Stage, leader: string, when: When): Fault {
  switch (draw.pick(['kill', 'kill', 'isolate', 'pause'] as const)) {
    case 'kill':
      return { ...when, kill: leader, restartAfter: draw.pick([1_000, 5_000]) };
    case 'isolate':
      return { ...when, isolate: leader };
    case 'pause':
      return { ...when, pause: leader, for: draw.pick([1_000, 5_000]) };
  }
}

function decision(stage: Stage, atMs: number): Operation {
  const topic = stage.draw.pick(stage.shape.topics).name;
  const set = { 'index.interval.bytes': stage.draw.pick([0, 100, 1_000]) };
  return { ...stage.later(atMs, 0), alterConfigs: `topic:${topic}`, set };
}
