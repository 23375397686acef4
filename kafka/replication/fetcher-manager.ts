/** The fetchers of one broker, one per leader broker (Kafka: ReplicaFetcherManager). */
import type { Address } from '../host.ts';
import type { Log } from '../log/log.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { RpcChannel } from '../rpc/rpc-channel.ts';
import type { Partition } from './partition.ts';
import { ReplicaFetcher } from './replica-fetcher.ts';

export interface FetcherManagerOptions {
  readonly runtime: NodeRuntime;
  readonly brokerId: number;
  brokerEpoch(): number;
  /** Where a broker listens for other brokers, null when that is not known. */
  addressOf(brokerId: number): Address | null;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly responseMaxBytes: number;
  readonly backoffMs: number;
  readonly socketTimeoutMs: number;
  readonly connectionSetupTimeoutMs: number;
  readonly connectionSetupTimeoutMaxMs: number;
}

export class FetcherManager {
  private readonly options: FetcherManagerOptions;
  private readonly fetchers = new Map<number, ReplicaFetcher>();
  /** Which leader a partition is fetched from. */
  private readonly leaders = new Map<Partition, number>();

  constructor(options: FetcherManagerOptions) {
    this.options = options;
  }

  stop(partition: Partition): void {
    const leader = this.leaders.get(partition);
    if (leader === undefined) return;
    this.leaders.delete(partition);
    this.fetchers.get(leader)?.remove(partition);
  }

  /** Fetches from the partition's present leader, from where its log ends. */
  restart(partition: Partition, log: Log): void {
    this.stop(partition);
    const { leader } = partition;
    if (leader < 0) return;
    const fetcher = this.fetcherFor(leader);
    if (fetcher === null) return;
    this.leaders.set(partition, leader);
    fetcher.add(partition, log);
  }

  /** Fetches on, in the partition's present leader epoch, without comparing the logs. */
  goOn(partition: Partition, log: Log): void {
    if (this.leaders.get(partition) !== partition.leader) return this.restart(partition, log);
    this.fetcherFor(partition.leader)?.goOn(partition, log);
  }

  private fetcherFor(leader: number): ReplicaFetcher | null {
    const known = this.fetchers.get(leader);
    if (known !== undefined) return known;
    const { options } = this;
    const address = options.addressOf(leader);
    if (address === null) return null;
    const fetcher = new ReplicaFetcher({
      ...options,
      brokerEpoch: () => options.brokerEpoch(),
      channel: new RpcChannel({
        runtime: options.runtime,
        address,
        clientId: `broker-${options.brokerId}-fetcher-0`,
        negotiate: false,
        requestTimeoutMs: options.socketTimeoutMs,
        connectionSetupTimeoutMs: options.connectionSetupTimeoutMs,
        connectionSetupTimeoutMaxMs: options.connectionSetupTimeoutMaxMs,
        // A partition whose fetch failed backs off by itself.
        failFast: true,
        reconnectBackoffMs: 0,
        reconnectBackoffMaxMs: 0,
      }),
    });
    this.fetchers.set(leader, fetcher);
    return fetcher;
  }

  /** Fetchers without partitions end, with their connections. */
  closeIdle(): void {
    for (const [leader, fetcher] of this.fetchers) {
      if (!fetcher.isEmpty) continue;
      fetcher.close();
      this.fetchers.delete(leader);
    }
  }

  closeAll(): void {
    for (const fetcher of this.fetchers.values()) fetcher.close();
    this.fetchers.clear();
    this.leaders.clear();
  }
}
