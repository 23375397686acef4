/** How often the protocol variants of a run changed a decision, by node. */
import type { RunWorld } from '../run-world.ts';

export interface VariantReport {
  readonly name: string;
  readonly option: string;
  readonly decisionsChanged: number;
  /** The same by node name; who changed none is not named. */
  readonly byNode: Readonly<Record<string, number>>;
}

export class VariantTallies {
  private readonly chosen: Readonly<Record<string, string>>;
  private readonly counts = new Map<string, Map<string, number>>();

  constructor(world: RunWorld, chosen: Readonly<Record<string, string>>) {
    this.chosen = chosen;
    if (Object.keys(chosen).length === 0) return;
    world.trace.subscribe('decision.changed', (_event, _timeUs, node, field) => {
      const variant = String(field);
      const name = world.nodes[node - 1]?.name ?? '';
      const byNode = this.counts.get(variant) ?? new Map<string, number>();
      this.counts.set(variant, byNode.set(name, (byNode.get(name) ?? 0) + 1));
    });
  }

  report(): readonly VariantReport[] {
    return Object.entries(this.chosen).map(([name, option]) => {
      const byNode = [...(this.counts.get(name) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      const decisionsChanged = byNode.reduce((sum, [, count]) => sum + count, 0);
      return { name, option, decisionsChanged, byNode: Object.fromEntries(byNode) };
    });
  }
}
