/**
 * From what leaders know idempotent producers: the snapshots that replicas have loaded, as they lay
 * on their disks (Kafka: ProducerStateManager); and what leaders refused.
 */
import { decodeSnapshot } from '../../kafka/log/producer-snapshot.ts';
import type { RunWorld } from '../run-world.ts';
import type { World } from '../world.ts';

/** What a snapshot says of one producer: its newest batch, and nothing of those before. */
export interface KnownProducer {
  readonly producerEpoch: number;
  readonly lastBatchBaseOffset: number;
}

/** A replica's state of producers was begun anew from a snapshot. */
export interface ProducerLoad {
  /** The restart of the replica, or the cut of its log. */
  readonly event: number;
  readonly node: string;
  /** By producer id; those without a batch are left out. null: nobody saw what it held. */
  readonly producers: ReadonlyMap<number, KnownProducer> | null;
}

/** A leader refused a batch. */
export interface Refusal {
  readonly event: number;
  readonly node: string;
  readonly error: string;
  /** The snapshot that it knows producers from; null: it has loaded none. */
  readonly load: ProducerLoad | null;
}

interface Retry {
  readonly event: number;
  readonly client: string;
  readonly partition: string;
}

const SNAPSHOT_PATH = /\/([^/]+-\d+)\/\d{20}\.snapshot$/;
/** A leader's word for sequence numbers that do not continue. */
export const GAP = 'OUT_OF_ORDER_SEQUENCE_NUMBER';

export class ProducerLoads {
  /** By node and partition: the newest load of the process that runs. */
  private readonly loads = new Map<string, Map<string, ProducerLoad>>();
  /** The same of snapshots that were opened and are not loaded yet. */
  private readonly opened = new Map<string, Map<string, ProducerLoad['producers']>>();
  /** By node: when its processes began; by node and partition: when what it knows was begun anew. */
  private readonly starts = new Map<string, number[]>();
  private readonly reloads = new Map<string, Map<string, number[]>>();
  /** By partition. */
  private readonly refusals = new Map<string, Refusal[]>();
  private readonly retries: Retry[] = [];

  /** With the snapshots as they are opened. */
  watch(world: World): void {
    world.disks.subscribe({
      opened: (node, path) => {
        const partition = SNAPSHOT_PATH.exec(path)?.[1];
        if (partition === undefined) return;
        const producers = producersIn(world.node(node).disk.contents(path));
        innerMap(this.opened, node).set(partition, producers);
      },
    });
    this.watchTold(world, (node, partition) => {
      const producers = this.opened.get(node)?.get(partition);
      this.opened.get(node)?.delete(partition);
      return producers;
    });
  }

  /** Where nobody sees the disks: every replica that is loaded may have had a snapshot. */
  watchUnseen(world: RunWorld): void {
    this.watchTold(world, () => null);
  }

  /** @param snapshotOf what was loaded; undefined: nothing. */
  private watchTold(
    { trace, nodes }: RunWorld,
    snapshotOf: (node: string, partition: string) => ProducerLoad['producers'] | undefined,
  ): void {
    const nameOf = (node: number): string => nodes[node - 1]?.name ?? 'lab';
    trace.subscribe('input.started', (event, _timeUs, node) => {
      this.loads.delete(nameOf(node));
      this.opened.delete(nameOf(node));
      this.starts.set(nameOf(node), [...(this.starts.get(nameOf(node)) ?? []), event]);
    });
    for (const kind of ['log.recovered', 'log.truncated'] as const) {
      trace.subscribe(kind, (event, _timeUs, node, partition) => {
        const [name, of] = [nameOf(node), partition as string];
        const producers = snapshotOf(name, of);
        const reloads = innerMap(this.reloads, name);
        reloads.set(of, [...(reloads.get(of) ?? []), event]);
        if (producers === undefined) this.loads.get(name)?.delete(of);
        else innerMap(this.loads, name).set(of, { event, node: name, producers });
      });
    }
    trace.subscribe('produce.refused', (event, _timeUs, node, partition, error) => {
      const load = this.loads.get(nameOf(node))?.get(partition as string) ?? null;
      const refused = this.refusals.get(partition as string) ?? [];
      refused.push({ event, node: nameOf(node), error: error as string, load });
      this.refusals.set(partition as string, refused);
    });
    trace.subscribe('client.retried', (event, _timeUs, node, partition, error) => {
      if (error !== GAP) return;
      this.retries.push({ event, client: nameOf(node), partition: partition as string });
    });
  }

  /**
   * Since when, as of an event, a replica knows what it knows of producers: from then on it knows
   * what it writes, and of before only what its log and its snapshot held then.
   */
  loadedAt({ node, partition }: { node: string; partition: string }, event: number): number {
    const started = this.starts.get(node) ?? [];
    const reloaded = this.reloads.get(node)?.get(partition) ?? [];
    const before = (one: number): boolean => one <= event;
    return Math.max(0, started.findLast(before) ?? 0, reloaded.findLast(before) ?? 0);
  }

  /** In order. */
  refusedIn(partition: string): readonly Refusal[] {
    return this.refusals.get(partition) ?? [];
  }

  /** When this producer heard of gaps in the partition. */
  gapsHeard({
    client,
    partition,
  }: {
    readonly client: string;
    readonly partition: string;
  }): number[] {
    return this.retries
      .filter((one) => one.client === client && one.partition === partition)
      .map(({ event }) => event);
  }
}

/** Of a damaged snapshot: none, as nothing is loaded from it. */
function producersIn(bytes: Uint8Array): Map<number, KnownProducer> {
  const producers = new Map<number, KnownProducer>();
  for (const {
    producerId,
    producerEpoch,
    lastOffset,
    lastOffsetDelta,
    hasBatches,
  } of decodeSnapshot(bytes) ?? []) {
    if (!hasBatches) continue;
    producers.set(producerId, { producerEpoch, lastBatchBaseOffset: lastOffset - lastOffsetDelta });
  }
  return producers;
}

function innerMap<V>(outer: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let inner = outer.get(key);
  if (inner === undefined) {
    inner = new Map();
    outer.set(key, inner);
  }
  return inner;
}
