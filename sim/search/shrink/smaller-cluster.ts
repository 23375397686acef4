/** Fewer nodes, topics, partitions and replicas; what named a node that is gone names another. */
import type { Scenario } from '../../scenario/schema.ts';
import type { Candidates } from './candidates.ts';
import { minimise, smallest } from './minimise.ts';
import { brokersUpTo, controllersUpTo, renamed } from './references.ts';

const OTHER_SEEDS = 5;

export function* smallerCluster(shrinker: Candidates): Generator<void, void> {
  const cluster = (): Scenario['cluster'] => shrinker.scenario.cluster;
  const withCluster = (part: Partial<Scenario['cluster']>): Scenario => ({
    ...shrinker.scenario,
    cluster: { ...cluster(), ...part },
  });
  if (cluster().roles === 'combined') {
    yield* shrinker.keep(withCluster({ roles: 'separate' }));
    yield* shrinker.keep(asSeparate(shrinker.scenario));
  }
  yield* shrinker.keep(withCluster({ spareControllers: 0, voters: 'static' }));
  yield* shrinker.keep(withCluster({ spareControllers: 0 }));
  yield* minimise(cluster().topics, (topics) =>
    shrinker.keep(withCluster({ topics: [...topics] })),
  );
  for (let i = 0; i < cluster().topics.length; i++) {
    const withTopic = (part: Partial<Scenario['cluster']['topics'][number]>): Scenario =>
      withCluster({
        topics: cluster().topics.map((one, place) => (place === i ? { ...one, ...part } : one)),
      });
    const { partitions = 1, name = '' } = cluster().topics[i] ?? {};
    yield* smallest(partitions, 1, function* (count) {
      const toFirst = onFewerPartitions(withTopic({ partitions: count }), name, count);
      return (
        (yield* shrinker.keep(withTopic({ partitions: count }))) || (yield* shrinker.keep(toFirst))
      );
    });
    const { replicationFactor = 1 } = cluster().topics[i] ?? {};
    yield* smallest(replicationFactor, 1, (count) =>
      shrinker.keep(withTopic({ replicationFactor: count })),
    );
  }
  yield* smallest(cluster().brokers, 1, function* (count) {
    const candidate = withCluster({ brokers: count });
    return yield* shrinker.keep(withNames(candidate, brokersUpTo(count)), OTHER_SEEDS);
  });
  yield* smallest(cluster().controllers, 1, function* (count) {
    const candidate = withCluster({ controllers: count });
    return yield* shrinker.keep(withNames(candidate, controllersUpTo(count)), OTHER_SEEDS);
  });
}

function withNames(scenario: Scenario, rename: (text: string) => string): Scenario {
  const { faults, operations } = scenario;
  return {
    ...scenario,
    faults: renamed(faults, rename),
    operations: renamed(operations, rename),
  };
}

/** Combined nodes are brokers 1 … n and voters; apart, the voters have names of their own. */
function asSeparate(scenario: Scenario): Scenario {
  const { cluster } = scenario;
  const alone: Scenario = { ...scenario, cluster: { ...cluster, roles: 'separate' } };
  return withNames(alone, (text) =>
    text.replace(/^controller-(\d+)$/, (_name, id) => `controller-${100 + Number(id)}`),
  );
}

/** What names a partition that is gone names the first. */
function onFewerPartitions(scenario: Scenario, topic: string, count: number): Scenario {
  const rename = (text: string): string =>
    text.replace(/^((?:[a-z]+:)?)(.+)-(\d+)$/, (whole, role, name, number) =>
      name === topic && Number(number) >= count ? `${role}${topic}-0` : whole,
    );
  const named = withNames(scenario, rename);
  return {
    ...named,
    workload: named.workload.map((one) => {
      if ('producer' in one && typeof one.partition === 'number' && one.topic === topic) {
        return { ...one, partition: Math.min(one.partition, count - 1) };
      }
      if (!('consumer' in one) || one.assign === 'all' || one.topic !== topic) return one;
      const left = one.assign.filter((partition) => partition < count);
      return { ...one, assign: left.length === 0 ? [0] : left };
    }),
  };
}
