/**
 * Brings a cluster up: boots controllers and brokers, creates the scenario's topics through an
 * admin client of the lab, and waits until every broker is unfenced and every partition has a
 * leader that leads and all its replicas in sync. The scenario's time 0 is a whole second soon
 * after that, which the seed draws, unless the scenario says how long (`settle`).
 */
import type { NewTopic } from '../../kafka/client/commands.ts';
import { type Act, advance, type Pace, unpaced } from '../run/pace.ts';
import type { RunWorld } from '../run-world.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { ClusterView } from './cluster-view.ts';
import { clientNames, LAB_ADMIN, partitionsOf } from './names.ts';

const MS_US = 1_000;
const SECOND_US = 1_000_000;
/** Brokers start within this time of each other, so that seeds differ in who beats when. */
const START_SPREAD_US = 2 * SECOND_US;
/** Idle seconds before scenario time 0, up to half of replica.lag.time.max.ms: phases of timers. */
const SETTLE_SECONDS = 15;
/** Booting takes a few simulated seconds; a cluster that needs longer will never be ready. */
const LIMIT_US = 120 * SECOND_US;
const CREATE_TIMEOUT_MS = 30_000;

export type WarmUp =
  | { readonly ready: true; readonly originUs: number }
  | { readonly ready: false; readonly why: string };

export function* warmUp(
  world: RunWorld,
  view: ClusterView,
  scenario: Scenario,
  pace: Pace = unpaced(),
): Act<WarmUp> {
  for (const node of world.nodes) if (node.role === 'controller') world.start(node.name);
  const random = world.random('cluster/warm-up');
  for (const { name, role } of world.nodes) {
    if (role !== 'broker') continue;
    world.schedule(random.int(0, START_SPREAD_US), '', () => {
      world.start(name);
    });
  }
  const brokersReady = (): boolean => view.unfenced.size === scenario.cluster.brokers;
  yield* advance(world, pace, LIMIT_US, () => brokersReady() || world.failures.length > 0);
  if (!brokersReady()) return { ready: false, why: notReady(world, view, scenario) };

  world.start(LAB_ADMIN);
  const refusals: string[] = [];
  const { topics } = scenario.cluster;
  if (topics.length > 0) createTopics(world, topics, refusals);
  const topicsReady = (): boolean => incomplete(view, scenario).length === 0;
  const refused = (): boolean => refusals.length > 0 || world.failures.length > 0;
  yield* advance(world, pace, LIMIT_US, () => topicsReady() || refused());
  if (refusals.length > 0) return { ready: false, why: refusals.join('; ') };
  if (!topicsReady()) return { ready: false, why: notReady(world, view, scenario) };

  for (const name of clientNames(scenario)) world.start(name);
  if (scenario.settle !== undefined) {
    const settledMs = Math.ceil(world.nowUs / MS_US) + scenario.settle;
    return { ready: true, originUs: settledMs * MS_US };
  }
  const settleSeconds = 1 + random.int(0, SETTLE_SECONDS);
  const originUs = (Math.floor(world.nowUs / SECOND_US) + settleSeconds) * SECOND_US;
  return { ready: true, originUs };
}

function createTopics(world: RunWorld, topics: readonly NewTopic[], refusals: string[]): void {
  const command = { kind: 'createTopics', topics, timeoutMs: CREATE_TIMEOUT_MS } as const;
  world.command(LAB_ADMIN, command, (result) => {
    if (result.kind !== 'topicsCreated') {
      refusals.push(result.kind === 'failed' ? `${result.error}: ${result.message}` : result.kind);
      return;
    }
    for (const { name, error, message } of result.results) {
      if (error !== 'NONE') refusals.push(`topic ${name}: ${error} ${message ?? ''}`.trim());
    }
  });
}

/** Partitions without a leader that leads, or with a replica that is not in sync. */
export function incomplete(view: ClusterView, scenario: Scenario): string[] {
  const missing: string[] = [];
  for (const { name, topic } of partitionsOf(scenario)) {
    const seen = view.partition(name);
    const leads = seen?.leader !== null && seen?.leading === true;
    if (!leads || seen.inSyncReplicas.length < topic.replicationFactor) missing.push(name);
  }
  return missing;
}

function notReady(world: RunWorld, view: ClusterView, scenario: Scenario): string {
  const broken = world.failures[0];
  if (broken !== undefined) return `${broken.node} broke: ${broken.message}`;
  const fenced = scenario.cluster.brokers - view.unfenced.size;
  if (fenced > 0) return `${fenced} of ${scenario.cluster.brokers} brokers did not come up`;
  const missing = incomplete(view, scenario).join(', ');
  return `without a leader or all replicas in sync: ${missing}`;
}
