/**
 * The last act of a run: a fresh consumer of the lab reads every partition from its beginning to
 * its high watermark, over the wire like any other. What it got joins the history.
 */
import type { Behind } from '../check/final-state.ts';
import type { ClientHistory } from '../check/history/history.ts';
import type { ClusterView } from '../cluster/cluster-view.ts';
import { LAB_READER, topicOf } from '../cluster/names.ts';
import type { RunWorld } from '../run-world.ts';
import { ConsumerLoad } from '../workload/consumer-load.ts';
import { range } from '../workload/range.ts';
import { type LiveParts, livePartitions } from './convergence.ts';
import { type Act, advance, type Pace } from './pace.ts';

const LIMIT_US = 60_000_000;
const SLICE_US = 20_000;
const POLL_TIMEOUT_MS = 100;

/** @returns the partitions that could not be read to their end. */
export function* finalRead(
  world: RunWorld,
  view: ClusterView,
  parts: LiveParts & { readonly history: ClientHistory; readonly pace: Pace },
): Act<Behind[]> {
  const { history, pace } = parts;
  const unread: Behind[] = [];
  world.start(LAB_READER);
  for (const [topic, partitions] of topicsOf(livePartitions(parts))) {
    const load = new ConsumerLoad(world, {
      all: history,
      history: history.addConsumer(LAB_READER, topic),
      options: {
        client: LAB_READER,
        topic,
        partitions: range(partitions),
        growthEveryUs: null,
        startUs: world.nowUs,
        stopUs: Number.POSITIVE_INFINITY,
        pollEveryUs: 0,
        pollTimeoutMs: POLL_TIMEOUT_MS,
        reset: 'earliest',
      },
    });
    load.start();
    const missing = (): Behind[] =>
      range(partitions)
        .map((partition) => unreadPart(view, load, `${topic}-${partition}`, partition))
        .filter((one) => one !== null);
    const limitUs = world.nowUs + Math.min(LIMIT_US, parts.scenario.convergeWithin * 1_000);
    while (missing().length > 0 && world.nowUs < limitUs && !pace.stopped) {
      yield* advance(world, pace, world.nowUs + SLICE_US);
    }
    load.stop();
    unread.push(...missing());
    // A poll that is still under way would be given the next topic's records.
    while (load.isPolling && world.nowUs < limitUs && !pace.stopped) {
      yield* advance(world, pace, world.nowUs + SLICE_US);
    }
  }
  return unread;
}

/** The topics with their numbers of partitions. */
function topicsOf(partitions: readonly { readonly name: string }[]): Map<string, number> {
  const topics = new Map<string, number>();
  for (const { name } of partitions) {
    const topic = topicOf(name);
    topics.set(topic, (topics.get(topic) ?? 0) + 1);
  }
  return topics;
}

function unreadPart(
  view: ClusterView,
  load: ConsumerLoad,
  partition: string,
  index: number,
): Behind | null {
  const seen = view.partition(partition);
  const leading = seen?.byNode.get(seen.leader ?? '');
  const end = leading?.highWatermark ?? 0;
  // Of a log that retention has emptied there is nothing to be given.
  const read = load.endOffsets.get(index) ?? leading?.logStartOffset ?? 0;
  if (read >= end) return null;
  const words = `a fresh consumer read ${partition} to ${read} of ${end}`;
  return { kind: 'consumer', node: LAB_READER, partition, words };
}
