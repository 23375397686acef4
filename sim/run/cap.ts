/**
 * The CAP account of a run: for every network partition between parts of the cluster, or of clients
 * from brokers, which side acknowledged writes meanwhile, whether what was acknowledged then and
 * before survived it, and what each client saw of it (`cap-clients.ts`).
 */
import { type ClientHistory, Outcome, type SendHistory } from '../check/history/history.ts';
import type { Strike } from '../faults/strike.ts';
import type { RunWorld } from '../run-world.ts';
import { type FateOf, Losses } from './cap-losses.ts';
import { isNetworkPartition, Partings } from './cap-parted.ts';
import { type SendsDuring, sendsDuring } from './cap-writes.ts';
import type { LostRows } from './client-report.ts';
import type { CapClient, CapFault, CapReport, CapSide, CapTally, CapWrites } from './report.ts';
import { sideTargets } from './timeline.ts';

interface LeaderAppend {
  readonly timeUs: number;
  readonly node: string;
  readonly baseOffset: number;
  readonly endOffset: number;
}

interface WriterQuery {
  readonly fromUs: number;
  readonly untilUs: number;
  /** The nodes that the producer could not reach. */
  readonly except: readonly string[];
}

/** Remembers who appended what as a leader while any cut lasts. */
export class LeaderAppends {
  private readonly byPartition = new Map<string, LeaderAppend[]>();

  constructor(world: RunWorld, isPartitioned: () => boolean) {
    world.trace.subscribe(
      'log.appended',
      (_event, timeUs, node, partition, baseOffset, endOffset, _epoch, role) => {
        if (role !== 'leader' || !isPartitioned()) return;
        const name = partition as string;
        let appends = this.byPartition.get(name);
        if (appends === undefined) {
          appends = [];
          this.byPartition.set(name, appends);
        }
        appends.push({
          timeUs,
          node: world.nodes[node - 1]?.name ?? '',
          baseOffset: baseOffset as number,
          endOffset: endOffset as number,
        });
      },
    );
  }

  /**
   * The leader that wrote the record between the two times, the last one if there were several
   * (the producer went from one that could not commit to another); null when nobody did.
   */
  writer(partition: string, offset: number, among: WriterQuery): string | null {
    const appends = this.byPartition.get(partition) ?? [];
    let writer: string | null = null;
    for (let i = firstFrom(appends, among.fromUs); i < appends.length; i++) {
      const one = appends[i] as LeaderAppend;
      if (one.timeUs > among.untilUs) break;
      const isIt = offset >= one.baseOffset && offset < one.endOffset;
      if (isIt && !among.except.includes(one.node)) writer = one.node;
    }
    return writer;
  }
}

function firstFrom(appends: readonly LeaderAppend[], timeUs: number): number {
  let low = 0;
  let high = appends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((appends[middle] as LeaderAppend).timeUs < timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The two sides without what stands on both, as in a cut of a controller from all controllers: a
 * node is not parted from itself.
 */
function partedSides({ sides: [one = [], other = []] }: Strike): readonly (readonly string[])[] {
  const without = (side: readonly string[], left: readonly string[]) =>
    side.filter((name) => !left.includes(name));
  const rest = without(other, one);
  if (rest.length > 0) return [one, rest];
  const before = without(one, other);
  return before.length > 0 ? [before, other] : [one, other];
}

class Tally {
  acknowledged = 0;
  readonly gone = new Losses();

  get told(): CapTally {
    const { lost, unsure, otherwise } = this.gone;
    return {
      acknowledged: this.acknowledged,
      acknowledgedLost: lost,
      lostUnsure: unsure,
      lostOtherwise: otherwise,
    };
  }
}

export interface CapParts {
  readonly history: ClientHistory;
  readonly lost: LostRows;
  readonly fateOf: FateOf;
  readonly appends: LeaderAppends;
  readonly originUs: number;
  clients(spell: PartedSpell): readonly CapClient[];
}

/** One network partition. */
export interface PartedSpell {
  readonly strike: Strike;
  /** When its sides were joined; Infinity: not at all. */
  readonly untilUs: number;
  /** By producer of the history. */
  readonly sends: readonly SendsDuring[];
}

export function capReports(strikes: readonly Strike[], parts: CapParts): CapReport[] {
  const partings = new Partings(strikes);
  const scenarioMs = (timeUs: number | null): number | null =>
    timeUs === null ? null : (timeUs - parts.originUs) / 1_000;
  return strikes.filter(isNetworkPartition).map((strike) => {
    const parted = partings.of(strike);
    const during = { strike, untilUs: parted.untilUs ?? Number.POSITIVE_INFINITY };
    const sends = sendsDuring(parts.history, { ...during, ...parts });
    const spell: PartedSpell = { ...during, sends };
    const nodesOf = partedSides(strike);
    const tallies = nodesOf.map(() => new Tally());
    const elsewhere = new Tally();
    parts.history.sends.forEach((sends, index) => {
      tally(spell, sends, {
        went: (spell.sends[index] as SendsDuring).went,
        appends: parts.appends,
        nodesOf,
        tallies,
        elsewhere,
      });
    });
    const totals = totalsOf(spell, parts.history, nodesOf);
    const words = sideTargets(strike);
    const sides = nodesOf.map((nodes, side): CapSide => {
      const told = (tallies[side] ?? new Tally()).told;
      const brokers = nodes.some((name) => name.startsWith('broker-'));
      const unknown = brokers && totals.attempted[side] === 0;
      return {
        targets: words[side] ?? 'the others',
        nodes,
        brokers,
        ...told,
        writable: told.acknowledged === 0 && unknown ? null : told.acknowledged > 0,
      };
    });
    const { meanwhile, earlier, later } = totals;
    return {
      fault: strike.fault,
      fromMs: (strike.timeUs - parts.originUs) / 1_000,
      untilMs: scenarioMs(parted.untilUs),
      wholeMs: scenarioMs(parted.wholeUs),
      oneWay: 'oneWay' in strike.spec && strike.spec.oneWay === true,
      sides: sides as unknown as [CapSide, CapSide],
      elsewhere: elsewhere.told,
      attempted: totals.attempted.at(-1) as number,
      meanwhile,
      earlier,
      later,
      clients: parts.clients(spell),
      others: totals.others,
      survived: survived(totals),
    };
  });
}

function survived({ meanwhile, earlier, later }: Totals): boolean | null {
  const periods = [meanwhile, earlier, later];
  if (periods.some((one) => one.acknowledgedLost > one.lostUnsure)) return false;
  if (periods.some((one) => one.lostUnsure > 0)) return null;
  return meanwhile.acknowledged + earlier.acknowledged > 0 ? true : null;
}

/** Of all producers together. */
interface Totals {
  readonly meanwhile: CapTally;
  readonly earlier: CapTally;
  readonly later: CapTally;
  readonly others: readonly CapFault[];
  /** By side what could have reached it, then of all, of producers that wait for answers. */
  readonly attempted: number[];
}

function totalsOf(
  spell: PartedSpell,
  history: ClientHistory,
  nodesOf: readonly (readonly string[])[],
): Totals {
  const attempted = [...nodesOf.map(() => 0), 0];
  history.sends.forEach((sends, index) => {
    const { operations } = spell.sends[index] as SendsDuring;
    if (sends.producer.acks === 0) return;
    const own = nodesOf.findIndex((names) => names.includes(sends.producer.name));
    for (let side = 0; side < attempted.length; side++) {
      const isReached = own < 0 || own === side || side === nodesOf.length;
      if (isReached) attempted[side] = (attempted[side] as number) + operations;
    }
  });
  const writes = spell.sends.map((one) => one.writes);
  const sum = (of: (one: CapWrites) => number): number =>
    writes.reduce((total, one) => total + of(one), 0);
  return {
    meanwhile: {
      acknowledged: sum((one) => one.acknowledged),
      acknowledgedLost: sum((one) => one.lost),
      lostUnsure: sum((one) => one.lostUnsure),
      lostOtherwise: sum((one) => one.lostOtherwise),
    },
    earlier: {
      acknowledged: sum((one) => one.earlier),
      acknowledgedLost: sum((one) => one.earlierLost),
      lostUnsure: sum((one) => one.earlierLostUnsure),
      lostOtherwise: sum((one) => one.earlierLostOtherwise),
    },
    later: {
      acknowledged: sum((one) => one.later),
      acknowledgedLost: sum((one) => one.laterLost),
      lostUnsure: sum((one) => one.laterLostUnsure),
      lostOtherwise: sum((one) => one.laterLostOtherwise),
    },
    others: [
      ...new Map(writes.flatMap((one) => one.others.map((other) => [other.fault, other]))).values(),
    ],
    attempted,
  };
}

function tally(
  { strike, untilUs: endUs }: PartedSpell,
  sends: SendHistory,
  to: {
    went: SendsDuring['went'];
    appends: LeaderAppends;
    nodesOf: readonly (readonly string[])[];
    tallies: readonly Tally[];
    elsewhere: Tally;
  },
): void {
  const { name } = sends.producer;
  const own = to.nodesOf.findIndex((names) => names.includes(name));
  const except = own < 0 ? [] : (to.nodesOf[1 - own] ?? []);
  for (let row = 0; row < sends.count; row++) {
    if (sends.outcome.at(row) !== Outcome.ok) continue;
    const fromUs = sends.invokedUs.at(row);
    const untilUs = sends.answeredUs.at(row);
    if (fromUs < strike.timeUs || untilUs > endUs) continue;
    const partition = `${sends.producer.topic}-${sends.partition.at(row)}`;
    const writer = to.appends.writer(partition, sends.offset.at(row), { fromUs, untilUs, except });
    if (writer === null) continue;
    const side = to.nodesOf.findIndex((names) => names.includes(writer));
    const tallied = to.tallies[side] ?? to.elsewhere;
    tallied.acknowledged += 1;
    const went = to.went.get(row);
    if (went !== undefined) tallied.gone.add(went);
  }
}
