/**
 * The last act of a run: a fresh consumer of the lab reads every partition from its beginning to
 * its high watermark, over the wire like any other. What it got joins the history.
 */
import type { ClientHistory } from '../check/history/history.ts';
import type { ClusterView } from '../cluster/cluster-view.ts';
import { LAB_READER } from '../cluster/names.ts';
import type { Scenario } from '../scenario/schema.ts';
import { ConsumerLoad } from '../workload/consumer-load.ts';
import { range } from '../workload/workload.ts';
import type { World } from '../world.ts';
import { type Act, advance, type Pace } from './pace.ts';

const LIMIT_US = 60_000_000;
const SLICE_US = 20_000;
const POLL_TIMEOUT_MS = 100;

/** @returns the partitions that could not be read to their end, in clauses. */
export function* finalRead(
  world: World,
  view: ClusterView,
  parts: { scenario: Scenario; history: ClientHistory; pace: Pace },
): Act<string[]> {
  const { scenario, history, pace } = parts;
  const unread: string[] = [];
  world.start(LAB_READER);
  for (const topic of scenario.cluster.topics) {
    const load = new ConsumerLoad(world, {
      all: history,
      history: history.addConsumer(LAB_READER, topic.name),
      options: {
        client: LAB_READER,
        topic: topic.name,
        partitions: range(topic.partitions),
        startUs: world.nowUs,
        stopUs: Number.POSITIVE_INFINITY,
        pollEveryUs: 0,
        pollTimeoutMs: POLL_TIMEOUT_MS,
      },
    });
    load.start();
    const missing = (): string[] =>
      range(topic.partitions)
        .map((partition) => unreadPart(view, load, `${topic.name}-${partition}`, partition))
        .filter((words) => words !== null);
    const limitUs = world.nowUs + LIMIT_US;
    while (missing().length > 0 && world.nowUs < limitUs && !pace.stopped) {
      yield* advance(world, pace, world.nowUs + SLICE_US);
    }
    load.stop();
    unread.push(...missing());
  }
  return unread;
}

function unreadPart(
  view: ClusterView,
  load: ConsumerLoad,
  partition: string,
  index: number,
): string | null {
  const seen = view.partition(partition);
  const leading = seen?.byNode.get(seen.leader ?? '');
  const end = leading?.highWatermark ?? 0;
  // Of a log that retention has emptied there is nothing to be given.
  const read = load.endOffsets.get(index) ?? leading?.logStartOffset ?? 0;
  return read >= end ? null : `a fresh consumer read ${partition} to ${read} of ${end}`;
}
