/** Fewer nodes, topics, partitions and replicas; what named a node that is gone names another. */
import type { Strike } from '../../faults/strike.ts';
import type { FaultSpec } from '../../faults/verbs.ts';
import type { Scenario, ScenarioTopic } from '../../scenario/schema.ts';
import type { Candidates } from './candidates.ts';
import { minimise, smallest } from './minimise.ts';
import {
  brokersUpTo,
  brokersWithout,
  controllersUpTo,
  controllersWithout,
  renamed,
} from './references.ts';
import type { Failing } from './trial.ts';

/** As long as runs are small: with one of these fewer nodes may fail, too. */
const MOST_SEEDS = 30;

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
  yield* minimise(cluster().topics, (topics) => shrinker.keep(withTopics(shrinker.best, topics)));
  for (let i = 0; i < cluster().topics.length; i++) {
    const withTopic = (part: Partial<Scenario['cluster']['topics'][number]>): Scenario =>
      withCluster({
        topics: cluster().topics.map((one, place) => (place === i ? { ...one, ...part } : one)),
      });
    const { partitions = 1, name = '' } = cluster().topics[i] ?? {};
    yield* smallest(partitions, 1, function* (count) {
      const toFirst = onFewerPartitions(withTopic({ partitions: count }), name, count);
      return (
        (yield* anew(shrinker, withTopic({ partitions: count }))) ||
        (yield* anew(shrinker, toFirst))
      );
    });
    const { replicationFactor = 1 } = cluster().topics[i] ?? {};
    yield* smallest(replicationFactor, 1, (count) =>
      anew(shrinker, withTopic({ replicationFactor: count })),
    );
  }
  yield* smallest(cluster().brokers, 1, function* (count) {
    const candidate = withCluster({ brokers: count });
    return yield* anew(shrinker, withNames(candidate, brokersUpTo(count)));
  });
  for (let gone = cluster().brokers; gone >= 1; gone--) {
    const { brokers } = cluster();
    if (brokers === 1) break;
    const candidate = withCluster({ brokers: brokers - 1 });
    yield* anew(shrinker, withNames(candidate, brokersWithout(gone, brokers)));
  }
  yield* smallest(cluster().controllers, 1, function* (count) {
    const candidate = withCluster({ controllers: count });
    return yield* anew(shrinker, withNames(candidate, controllersUpTo(count)));
  });
  for (let gone = cluster().controllers; gone >= 1; gone--) {
    const { controllers } = cluster();
    if (controllers === 1) break;
    const candidate = withCluster({ controllers: controllers - 1 });
    yield* anew(shrinker, withNames(candidate, controllersWithout(gone, controllers)));
  }
}

/** Without what is of the topics that are gone; what was aimed at them is aimed at who it struck. */
function withTopics({ scenario, strikes }: Failing, topics: readonly ScenarioTopic[]): Scenario {
  const kept = new Set(topics.map((one) => one.name));
  const gone = scenario.cluster.topics.filter((one) => !kept.has(one.name));
  const isOfGone = (one: object) =>
    gone.some(({ name }) => new RegExp(`"(\\w+:)?${name}(-\\d+)?"`).test(JSON.stringify(one)));
  return {
    ...scenario,
    cluster: { ...scenario.cluster, topics: [...topics] },
    workload: scenario.workload.filter((one) => !isOfGone(one)),
    operations: scenario.operations.filter((one) => !isOfGone(one)),
    faults: scenario.faults.flatMap((one, index) => {
      if (!isOfGone(one)) return [one];
      const strike = strikes.find((other) => other.index === index && !other.unresolved);
      return strike === undefined ? [] : [atWhomItStruck(one, strike)];
    }),
  };
}

function atWhomItStruck(spec: FaultSpec, { verb, sides }: Strike): FaultSpec {
  const [first = [], second] = sides;
  const plain = (names: readonly string[]) => (names.length === 1 ? names[0] : [...names]);
  const isPair = second !== undefined && verb !== 'isolate';
  const targets = isPair ? [plain(first), plain(second)] : plain(first);
  return { ...spec, [verb]: targets } as FaultSpec;
}

/**
 * Where replicas are placed and who comes first is chance, which is another with fewer nodes; and
 * a load that was cut to the one record that mattered may not matter then. So other seeds are
 * tried, and a load that gives chance more to strike.
 */
function* anew(shrinker: Candidates, candidate: Scenario): Generator<void, boolean> {
  if (yield* shrinker.keep(candidate, MOST_SEEDS)) return true;
  return yield* shrinker.keep(withMoreLoad(candidate), MOST_SEEDS);
}

function withMoreLoad(scenario: Scenario): Scenario {
  return {
    ...scenario,
    workload: scenario.workload.map((one) => {
      if (!('producer' in one) || one.sends !== undefined) return one;
      const { count: _count, recordsPerSecond = PACE, ...rest } = one;
      const pace = rest.inFlight === undefined ? Math.max(PACE, recordsPerSecond) : undefined;
      return { ...rest, ...(pace === undefined ? {} : { recordsPerSecond: pace }) };
    }),
  };
}

/** Records in a second. */
const PACE = 20;

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
      if (!('assign' in one) || one.assign === 'all' || one.topic !== topic) return one;
      const left = one.assign.filter((partition) => partition < count);
      return { ...one, assign: left.length === 0 ? [0] : left };
    }),
  };
}
