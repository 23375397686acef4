/** Plots of logs: what strikes a replica when its log has come to a new segment. */
import { CUT_STYLES } from './move.ts';
import { type Plot, struck } from './plot.ts';
import type { Fault, Stage } from './stage.ts';

/**
 * Small segments; when one is full and the next has begun, somebody who has the log stops, loses
 * power, or finds the disk broken, at once or a moment later.
 */
export function rolledOver(stage: Stage): Partial<Plot> {
  const { draw } = stage;
  const [partition, { name: topic }] = stage.anyPartition();
  const set = {
    'segment.bytes': draw.pick([200, 500, 2_000]),
    ...(draw.chance(50) ? { 'index.interval.bytes': 0 } : {}),
  };
  const faults = Array.from({ length: draw.int(1, 3) }, (): Fault => {
    const rolled = { event: 'segment.rolled', partition, count: draw.pick([1, 1, 2, 3, 6]) };
    const when = { when: rolled, after: stage.soon() };
    const loser = stage.loser();
    if (loser === null || draw.chance(40)) {
      const who = draw.pick([`leader:${partition}`, `follower:${partition}`]);
      return struck(stage, who, when);
    }
    const who = stage.shape.promise === 'any' ? `replicas:${partition}` : loser;
    const victim = draw.chance(50) ? loser : who;
    return { ...when, powerCut: victim, style: draw.pick(CUT_STYLES), ...stage.restart() };
  });
  return {
    faults,
    operations: [{ ...stage.later(0, 0), alterConfigs: `topic:${topic}`, set }],
  };
}
