/** The holds in force: which frames are stopped on their way, by API key, ends and content. */
import type { Endpoint } from './endpoint.ts';
import type { HoldId, HoldRule } from './faults.ts';

export class Holds {
  /** Whether there is any. */
  active = false;
  private readonly rules = new Map<HoldId, HoldRule>();
  private nextId = 1;

  add(rule: HoldRule): HoldId {
    const id = this.nextId++ as HoldId;
    this.rules.set(id, rule);
    this.active = true;
    return id;
  }

  remove(id: number): void {
    this.rules.delete(id as HoldId);
    this.active = this.rules.size > 0;
  }

  ids(): HoldId[] {
    return [...this.rules.keys()];
  }

  /** The first hold that stops what the endpoint sends now, 0 = none. */
  match(sender: Endpoint, role: 'request' | 'response' | 'bytes', bytes: Uint8Array): number {
    const { apiKey, apiVersion } = sender.frames;
    for (const [id, rule] of this.rules) {
      if (rule.apiKey !== undefined && rule.apiKey !== apiKey) continue;
      if (rule.direction !== undefined && rule.direction !== role) continue;
      if (rule.from !== undefined && !rule.from.includes(sender.process.name)) continue;
      if (rule.to !== undefined && !rule.to.includes(sender.link.to.name)) continue;
      if (rule.matches !== undefined) {
        if (role === 'bytes') continue;
        if (!rule.matches({ apiKey, apiVersion, direction: role, bytes })) continue;
      }
      return id;
    }
    return 0;
  }
}
