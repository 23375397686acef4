/**
 * The events of the replication protocol in lines to read: elections, ISR changes, truncations,
 * and how the high watermark moved, with long stretches of the same summed up.
 */
import type { World } from '../../sim/world.ts';

const TOLD = [
  'broker.fenced',
  'broker.registered',
  'broker.unfenced',
  'fetch.diverged',
  'follower.started',
  'isr.changed',
  'isr.proposed',
  'leader.elected',
  'leader.started',
  'log.recovered',
  'log.truncated',
  'node.exited',
] as const;

/** Tells only of one partition, and of events that belong to none. */
export class ProtocolEvents {
  readonly lines: string[] = [];
  private readonly world: World;
  private readonly partition: string;
  /** By replica: where its high watermark was told last, and where it is. */
  private readonly highWatermarks = new Map<string, { told: number; now: number }>();

  constructor(world: World, partition: string) {
    this.world = world;
    this.partition = partition;
    for (const kind of TOLD) {
      world.trace.subscribe(kind, (_event, timeUs, node, ...fields) => {
        const known = fields.filter((one) => one !== undefined);
        if (String(known[0]).includes('-') && known[0] !== partition) return;
        this.tellHighWatermarks(timeUs);
        this.tell(timeUs, this.nameOf(node), `${kind} ${known.join(' | ')}`);
      });
    }
    world.trace.subscribe('lab.action', (_event, timeUs, _node, label) => {
      if (!String(label).startsWith('fault ')) return;
      this.tellHighWatermarks(timeUs);
      this.tell(timeUs, 'lab', String(label));
    });
    world.trace.subscribe('hw.advanced', (_event, _timeUs, node, name, highWatermark) => {
      if (name !== partition) return;
      const replica = this.nameOf(node);
      const known = this.highWatermarks.get(replica) ?? { told: 0, now: 0 };
      this.highWatermarks.set(replica, { told: known.told, now: Number(highWatermark) });
    });
  }

  /** Tells how the high watermarks ended. */
  end(): void {
    this.tellHighWatermarks(this.world.nowUs);
  }

  private nameOf(node: number): string {
    return this.world.nodes[node - 1]?.name ?? 'lab';
  }

  private tellHighWatermarks(timeUs: number): void {
    for (const [replica, watermark] of this.highWatermarks) {
      if (watermark.told === watermark.now) continue;
      const words = `high watermark of ${this.partition}: ${watermark.told} → ${watermark.now}`;
      watermark.told = watermark.now;
      this.tell(timeUs, replica, words);
    }
  }

  private tell(timeUs: number, node: string, words: string): void {
    const seconds = (timeUs / 1_000_000).toFixed(6).padStart(10);
    this.lines.push(`${seconds} s  ${node.padEnd(14)}  ${words}`);
  }
}
