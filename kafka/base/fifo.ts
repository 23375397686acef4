/** A queue on a ring that grows and never shrinks: no array is shifted, spliced or shortened. */
import { assert } from './assert.ts';

export class Fifo<T> {
  private ring: (T | null)[] = [null, null, null, null];
  private head = 0;
  length = 0;

  push(item: T): void {
    if (this.length === this.ring.length) this.grow();
    this.ring[(this.head + this.length) & (this.ring.length - 1)] = item;
    this.length += 1;
  }

  /** The oldest item stays; null when there is none. */
  peek(): T | null {
    return this.length === 0 ? null : (this.ring[this.head] as T);
  }

  shift(): T {
    assert(this.length > 0, 'shift of an empty queue');
    const item = this.ring[this.head] as T;
    this.ring[this.head] = null;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.length -= 1;
    return item;
  }

  /** The item `index` places behind the oldest. */
  at(index: number): T {
    assert(index >= 0 && index < this.length, 'place outside the queue');
    return this.ring[(this.head + index) & (this.ring.length - 1)] as T;
  }

  /** Takes everything out, oldest first. */
  drain(): T[] {
    const items: T[] = [];
    while (this.length > 0) items.push(this.shift());
    return items;
  }

  private grow(): void {
    const size = this.ring.length;
    const grown = new Array<T | null>(size * 2).fill(null);
    for (let i = 0; i < size; i++) grown[i] = this.ring[(this.head + i) & (size - 1)] as T;
    this.ring = grown;
    this.head = 0;
  }
}
