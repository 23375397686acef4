/**
 * Which faults are network partitions, and how long what one of them parted stayed parted: another
 * fault may hold a link that it cut, too, and a heal may free some of its links and not the others.
 * Asked by the CAP account.
 */
import { waysOf } from '../faults/lasting.ts';
import type { Strike, Way } from '../faults/strike.ts';

/** Both in µs; null: not by the end of the run. */
export interface Parted {
  /**
   * When its sides were joined: the first link between them was whole that the fault had cut. Only
   * links between brokers or controllers join, unless clients are all that one side has.
   */
  readonly untilUs: number | null;
  /** When all its links between brokers, controllers and clients of brokers were whole. */
  readonly wholeUs: number | null;
}

/**
 * True for a cut or isolation that parts brokers or controllers from each other, or clients from
 * brokers.
 */
export function isNetworkPartition(strike: Strike): boolean {
  if (strike.unresolved || !isCut(strike)) return false;
  if (partsServers(strike)) return true;
  return strike.sides.some(
    (side, place) =>
      side.some(isBroker) &&
      strike.sides.some((other, at) => at !== place && other.some((name) => !isServer(name))),
  );
}

/** Of a cut: both sides have brokers or controllers, and not clients alone. */
export function partsServers({ sides }: Strike): boolean {
  return sides.every((side) => side.some(isServer));
}

/** Of a cut that parts clients from brokers, and no server from another. */
export function isPartedFromBrokers(client: string, { sides }: Strike): boolean {
  return sides.some((side) => side.includes(client) && !side.some(isBroker));
}

/** From its strike, or µs, to the other. */
interface Hold {
  readonly fromUs: number;
  readonly untilUs: number;
}

const NEVER = Number.POSITIVE_INFINITY;

/** Of one run, once it is over. */
export class Partings {
  /** By way, in the order in which they struck. */
  private readonly holds = new Map<string, Hold[]>();
  private readonly known = new Map<Strike, Parted>();

  constructor(strikes: readonly Strike[]) {
    for (const strike of strikes) {
      if (!strike.unresolved && isCut(strike)) this.hold(strike);
    }
  }

  of(strike: Strike): Parted {
    let parted = this.known.get(strike);
    if (parted === undefined) {
      parted = this.find(strike);
      this.known.set(strike, parted);
    }
    return parted;
  }

  private hold(strike: Strike): void {
    const untilUs = new Map<string, number>();
    for (const way of cutWays(strike)) untilUs.set(keyOf(way), strike.endedUs ?? NEVER);
    for (const { timeUs, places } of strike.mended) {
      for (const place of places) {
        const key = typeof place === 'string' ? place : keyOf(place);
        untilUs.set(key, Math.min(untilUs.get(key) ?? NEVER, timeUs));
      }
    }
    for (const [key, until] of untilUs) {
      const hold = { fromUs: strike.timeUs, untilUs: until };
      const holds = this.holds.get(key);
      if (holds === undefined) this.holds.set(key, [hold]);
      else holds.push(hold);
    }
  }

  private find(strike: Strike): Parted {
    const ways = cutWays(strike);
    const ofServers = partsServers(strike);
    const links = new Map<string, Way[]>();
    for (const way of ways) {
      if (ofServers && !(isServer(way.from) && isServer(way.to))) continue;
      const link = [way.from, way.to].sort().join(' ');
      links.set(link, [...(links.get(link) ?? []), way]);
    }
    if (links.size === 0) return { untilUs: strike.endedUs, wholeUs: strike.endedUs };
    let untilUs = NEVER;
    for (const both of links.values()) {
      untilUs = Math.min(untilUs, this.firstFree(both, strike.timeUs));
    }
    const wholeUs = this.firstFree(ways, strike.timeUs);
    return { untilUs: knownOr(untilUs), wholeUs: knownOr(wholeUs) };
  }

  /** The first time, from one at which it is cut, when nothing holds any of the ways. */
  private firstFree(ways: readonly Way[], fromUs: number): number {
    const holds = ways.flatMap((way) => this.holds.get(keyOf(way)) ?? []);
    holds.sort((a, b) => a.fromUs - b.fromUs);
    let freeUs = fromUs;
    for (const hold of holds) {
      // What is cut again in the moment in which it is freed was never whole.
      if (hold.fromUs > freeUs) break;
      freeUs = Math.max(freeUs, hold.untilUs);
    }
    return freeUs;
  }
}

function knownOr(timeUs: number): number | null {
  return timeUs === NEVER ? null : timeUs;
}

export function isCut({ verb }: Strike): boolean {
  return verb === 'cut' || verb === 'isolate';
}

/** Those over which anything goes: clients speak with brokers only. */
function cutWays({ sides: [from = [], to = []], spec }: Strike): Way[] {
  const oneWay = 'oneWay' in spec && spec.oneWay === true;
  return waysOf({ from, to, oneWay }).filter(
    (way) => (isServer(way.from) && isServer(way.to)) || isBroker(way.from) || isBroker(way.to),
  );
}

function keyOf({ from, to }: Way): string {
  return `${from} > ${to}`;
}

export function isServer(name: string): boolean {
  return /^(broker|controller)-/.test(name);
}

function isBroker(name: string): boolean {
  return name.startsWith('broker-');
}
