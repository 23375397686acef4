/** How the cluster is configured, as its controllers told it. */
import type { ClusterView } from '../cluster/cluster-view.ts';
import type { RunWorld } from '../run-world.ts';
import { type KnownConfigs, partitionOf } from './settings.ts';

const TOPIC = 'topic ';
const ALL_BROKERS = 'all brokers';
const NOTHING: ReadonlyMap<string, string> = new Map();

export class ToldConfigs implements KnownConfigs {
  private readonly view: ClusterView;
  /** By `topic orders` or `all brokers`. */
  private readonly configs = new Map<string, Map<string, string>>();
  private readonly features = new Map<string, number>();

  constructor({ trace }: RunWorld, view: ClusterView) {
    this.view = view;
    trace.subscribe('config.changed', (_event, _t, _n, resource, name, value) => {
      const configs = this.configs.get(resource as string) ?? new Map<string, string>();
      this.configs.set(resource as string, configs);
      if (value === '') configs.delete(name as string);
      else configs.set(name as string, value as string);
    });
    trace.subscribe('topic.deleted', (_event, _t, _n, topic) => {
      this.configs.delete(`${TOPIC}${topic}`);
    });
    trace.subscribe('feature.changed', (_event, _t, _n, feature, level) => {
      this.features.set(feature as string, level as number);
    });
  }

  topicConfigs(topic: string): ReadonlyMap<string, string> {
    return this.configs.get(`${TOPIC}${topic}`) ?? NOTHING;
  }

  clusterConfigs(): ReadonlyMap<string, string> {
    return this.configs.get(ALL_BROKERS) ?? NOTHING;
  }

  topic(name: string): ReturnType<KnownConfigs['topic']> {
    const partitions: { readonly replicas: readonly number[] }[] = [];
    for (const { name: partition, replicas } of this.view.partitions.values()) {
      const index = partitionOf(name, partition);
      if (index >= 0) partitions[index] = { replicas: replicas.map((_, i) => i) };
    }
    return { partitions };
  }

  featureLevel(name: string): number {
    return this.features.get(name) ?? 0;
  }
}
