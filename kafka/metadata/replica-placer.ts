/**
 * Chooses brokers for the replicas of new partitions: striped over racks and brokers from a
 * random start, leaders on unfenced brokers only, fenced brokers last (Kafka:
 * StripedReplicaPlacer). The draws come from one labelled stream, so placements repeat per seed.
 */
import { assert } from '../base/assert.ts';
import type { RandomStream } from '../host.ts';

export interface UsableBroker {
  readonly id: number;
  readonly rack: string | null;
  readonly fenced: boolean;
}

export type Placement =
  | { readonly replicas: readonly (readonly number[])[] }
  /** Why this replication factor cannot be had. */
  | { readonly problem: string };

export function placeReplicas(options: {
  readonly brokers: readonly UsableBroker[];
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly random: RandomStream;
}): Placement {
  const { brokers, replicationFactor, random } = options;
  if (replicationFactor <= 0) {
    return {
      problem: `Invalid replication factor ${replicationFactor}: the replication factor must be positive.`,
    };
  }
  if (!brokers.some((broker) => !broker.fenced)) {
    return { problem: 'All brokers are currently fenced.' };
  }
  if (replicationFactor > brokers.length) {
    const only = `only ${brokers.length} broker(s) are registered.`;
    return {
      problem: `The target replication factor of ${replicationFactor} cannot be reached because ${only}`,
    };
  }
  const racks = new RackList(brokers, random);
  const replicas: number[][] = [];
  for (let i = 0; i < options.partitions; i++) replicas.push(racks.place(replicationFactor));
  return { replicas };
}

/** Brokers taken one after another, from a start that moves on by one with each round. */
class Ring {
  readonly brokers: number[] = [];
  private taken = 0;
  private start = 0;
  private round = 0;

  initialize(random: RandomStream): void {
    this.brokers.sort((a, b) => a - b);
    if (this.brokers.length > 0) this.start = random.int(0, this.brokers.length - 1);
  }

  /** The next broker of this round, -1 when all have been taken. */
  next(round: number): number {
    const count = this.brokers.length;
    if (count === 0) return -1;
    if (this.round !== round) {
      this.round = round;
      this.taken = 0;
      this.start = (this.start + 1) % count;
    }
    if (this.taken >= count) return -1;
    const broker = this.brokers[(this.taken + this.start) % count] as number;
    this.taken += 1;
    return broker;
  }
}

class Rack {
  readonly name: string;
  readonly unfenced = new Ring();
  readonly fenced = new Ring();

  constructor(name: string) {
    this.name = name;
  }

  next(round: number): number {
    const broker = this.unfenced.next(round);
    return broker >= 0 ? broker : this.fenced.next(round);
  }
}

class RackList {
  private readonly racks: Rack[] = [];
  private readonly unfencedCount: number;
  private readonly random: RandomStream;
  /** Never reset: it tells the rings when a new round begins. */
  private round = 0;
  private roundsSinceShuffle = 0;
  private start: number;

  constructor(brokers: readonly UsableBroker[], random: RandomStream) {
    this.random = random;
    const byName = new Map<string, Rack>();
    let unfencedCount = 0;
    for (const broker of brokers) {
      const name = broker.rack ?? '';
      let rack = byName.get(name);
      if (rack === undefined) {
        rack = new Rack(name);
        byName.set(name, rack);
        this.racks.push(rack);
      }
      (broker.fenced ? rack.fenced : rack.unfenced).brokers.push(broker.id);
      if (!broker.fenced) unfencedCount += 1;
    }
    this.unfencedCount = unfencedCount;
    this.racks.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const rack of this.racks) {
      rack.fenced.initialize(random);
      rack.unfenced.initialize(random);
    }
    this.start = random.int(0, this.racks.length - 1);
  }

  place(replicationFactor: number): number[] {
    if (this.roundsSinceShuffle === this.unfencedCount && this.unfencedCount > 1) {
      // Every start was used once: mix, so that the same sets do not come again.
      this.shuffle();
      this.roundsSinceShuffle = 0;
    }
    if (this.start === this.racks.length) this.start = 0;
    let leaderRack = this.start;
    let leader = this.rack(leaderRack).unfenced.next(this.round);
    for (let tries = 1; leader < 0; tries++) {
      assert(tries <= this.racks.length, 'no rack has an unfenced broker');
      leaderRack = (leaderRack + 1) % this.racks.length;
      leader = this.rack(leaderRack).unfenced.next(this.round);
    }
    const replicas = [leader];
    // Once round the racks the leader's own is passed over.
    let passOver = leaderRack;
    let at = this.start;
    while (replicas.length < replicationFactor) {
      let broker = -1;
      if (at === passOver) passOver = -1;
      else broker = this.rack(at).next(this.round);
      at = (at + 1) % this.racks.length;
      if (broker >= 0) replicas.push(broker);
    }
    this.round += 1;
    this.roundsSinceShuffle += 1;
    this.start += 1;
    return replicas;
  }

  private rack(index: number): Rack {
    return this.racks[index] as Rack;
  }

  private shuffle(): void {
    shuffleInPlace(this.racks, this.random);
    for (const rack of this.racks) {
      shuffleInPlace(rack.fenced.brokers, this.random);
      shuffleInPlace(rack.unfenced.brokers, this.random);
    }
  }
}

function shuffleInPlace<T>(items: T[], random: RandomStream): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.int(0, i);
    const held = items[i] as T;
    items[i] = items[j] as T;
    items[j] = held;
  }
}
