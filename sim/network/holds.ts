/** The holds in force: which frames are stopped on their way, by API key, ends and content. */
import type { Endpoint } from './endpoint.ts';
import type { HoldId, HoldRule } from './faults.ts';

/** What stops a frame: a hold, or several at once under a number of their own. */
type HeldBy = number;

export class Holds {
  /** Whether there is any. */
  active = false;
  private readonly rules = new Map<HoldId, HoldRule>();
  /** The holds that still stop what they stopped together. */
  private readonly together = new Map<HeldBy, HoldId[]>();
  private nextId = 1;

  add(rule: HoldRule): HoldId {
    const id = this.nextId++ as HoldId;
    this.rules.set(id, rule);
    this.active = true;
    return id;
  }

  /** @returns what may pass: all that this hold stopped alone, or as the last of several. */
  remove(id: HoldId): Set<HeldBy> {
    this.rules.delete(id);
    this.active = this.rules.size > 0;
    const free = new Set<HeldBy>([id]);
    for (const [held, holds] of this.together) {
      const left = holds.filter((one) => one !== id);
      this.together.set(held, left);
      if (left.length > 0) continue;
      this.together.delete(held);
      free.add(held);
    }
    return free;
  }

  ids(): HoldId[] {
    return [...this.rules.keys()];
  }

  /** What stops that which the endpoint sends now, 0 = nothing. */
  match(sender: Endpoint, role: 'request' | 'response' | 'bytes', bytes: Uint8Array): HeldBy {
    const holds = this.ids().filter((id) => this.stops(id, sender, { role, bytes }));
    if (holds.length < 2) return holds[0] ?? 0;
    for (const [held, known] of this.together) if (known.join() === holds.join()) return held;
    const held = this.nextId++;
    this.together.set(held, holds);
    return held;
  }

  private stops(
    id: HoldId,
    sender: Endpoint,
    { role, bytes }: { role: 'request' | 'response' | 'bytes'; bytes: Uint8Array },
  ): boolean {
    const { apiKey, apiVersion } = sender.frames;
    const { apiKey: only, direction, from, to, matches } = this.rules.get(id) as HoldRule;
    if (only !== undefined && only !== apiKey) return false;
    if (direction !== undefined && direction !== role) return false;
    if (from !== undefined && !from.includes(sender.process.name)) return false;
    if (to !== undefined && !to.includes(sender.link.to.name)) return false;
    if (matches === undefined) return true;
    return role !== 'bytes' && matches({ apiKey, apiVersion, direction: role, bytes });
  }
}
