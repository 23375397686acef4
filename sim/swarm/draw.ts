/**
 * What the swarm draws from: one labelled stream with the few ways of choosing that drawing a
 * scenario needs. The same stream gives the same choices on every machine.
 */
import type { RandomStream } from '../../kafka/host.ts';

export type Weighted<T> = readonly (readonly [value: T, weight: number])[];

export class Draw {
  private readonly stream: RandomStream;

  constructor(stream: RandomStream) {
    this.stream = stream;
  }

  /** Both ends are possible. */
  int(min: number, max: number): number {
    return this.stream.int(min, max);
  }

  chance(percent: number): boolean {
    return this.stream.int(1, 100) <= percent;
  }

  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    return from[this.stream.int(0, from.length - 1)] as T;
  }

  weighted<T>(choices: Weighted<T>): T {
    let total = 0;
    for (const [, weight] of choices) total += weight;
    let at = this.stream.int(1, total);
    for (const [value, weight] of choices) {
      at -= weight;
      if (at <= 0) return value;
    }
    return (choices[0] as Weighted<T>[number])[0];
  }

  /**
   * A random non-empty subset in which every member gets a weight of its own, so that each seed
   * has its own favourites (TigerBeetle's swarm does the same).
   */
  favourites<T>(from: readonly T[]): Weighted<T> {
    const chosen: [T, number][] = [];
    for (const one of from) if (this.chance(45)) chosen.push([one, this.int(1, 100)]);
    return chosen.length > 0 ? chosen : [[this.pick(from), 1]];
  }

  /** `count` different members, in their order. */
  some<T>(from: readonly T[], count: number): T[] {
    const left = [...from];
    while (left.length > count) left.splice(this.int(0, left.length - 1), 1);
    return left;
  }

  shuffled<T>(from: readonly T[]): T[] {
    const left = [...from];
    const result: T[] = [];
    while (left.length > 0) result.push(left.splice(this.int(0, left.length - 1), 1)[0] as T);
    return result;
  }
}
