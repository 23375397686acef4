/**
 * Every way between two nodes of a run in the real world, each through a proxy of its own, and what
 * faults do to them.
 */
import { addressText } from '../kafka/base/address-text.ts';
import type { Address } from '../kafka/host.ts';

import { LinkProxy } from '../server/network/link-proxy.ts';
import { type LinkState, wholeLink } from '../server/network/link-way.ts';

const HOST = '127.0.0.1';

/** Somebody who can be connected to. */
export interface Reachable {
  readonly name: string;
  readonly addresses: readonly Address[];
}

interface OpenProxy {
  readonly from: string;
  readonly to: string;
  readonly proxy: LinkProxy;
}

export class Links {
  /** By `from>to`: what befalls bytes from one node to another. */
  private readonly states = new Map<string, LinkState>();
  private readonly proxies: OpenProxy[] = [];

  /** Ways from a node to all others, by the addresses that they stand for. */
  async open(from: string, others: readonly Reachable[]): Promise<Map<string, Address>> {
    const ways = new Map<string, Address>();
    for (const { name: to, addresses } of others) {
      if (to === from) continue;
      for (const address of addresses) {
        const states = [this.state(from, to), this.state(to, from)] as const;
        const proxy = new LinkProxy(HOST, address, states);
        this.proxies.push({ from, to, proxy });
        ways.set(addressText(address), await proxy.open());
      }
    }
    return ways;
  }

  private state(from: string, to: string): LinkState {
    const key = `${from}>${to}`;
    const known = this.states.get(key);
    if (known !== undefined) return known;
    const state = wholeLink();
    this.states.set(key, state);
    return state;
  }

  /** Changes the links from each of `from` to each of `to`, and unless `oneWay` those back. */
  change(
    from: readonly string[],
    to: readonly string[],
    change: Partial<LinkState>,
    oneWay = false,
  ): void {
    for (const a of from) {
      for (const b of to) {
        if (a === b) continue;
        Object.assign(this.state(a, b), change);
        if (!oneWay) Object.assign(this.state(b, a), change);
      }
    }
    for (const { proxy } of this.proxies) proxy.changed();
  }

  restore(): void {
    for (const state of this.states.values()) Object.assign(state, wholeLink());
    for (const { proxy } of this.proxies) proxy.changed();
  }

  /** Ends the connections between them. @returns how many. */
  reset(a: readonly string[], b: readonly string[]): number {
    let count = 0;
    for (const { from, to, proxy } of this.proxies) {
      const isBetween =
        (a.includes(from) && b.includes(to)) || (b.includes(from) && a.includes(to));
      if (isBetween) count += proxy.reset();
    }
    return count;
  }

  close(): void {
    for (const { proxy } of this.proxies) proxy.close();
  }
}
