/** What the CAP strip claims of a run, against what the checks found in its final logs. */
import { expect, test } from 'vitest';

import { scenarios } from '../../../scenarios/index.ts';
import { runScenario } from '../../../sim/run/runner.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { decodeCap } from '../../../viz/model/cap.ts';
import { Timeline } from '../../../viz/model/timeline.ts';
import { TraceStore } from '../../../viz/model/trace-store.ts';

test.each([
  ['rolling-restart-loses-nothing'],
  ['partition-cp-refuses'],
  ['partition-ap-loses'],
  ['acks-1-loses-an-acknowledged-record'],
  ['power-loss-of-all-replicas-loses-unflushed'],
])('%s: "lost" is said if and only if acknowledged records were lost', (name) => {
  const { scenario } = parseScenario(scenarios.find((one) => one.name === name));
  const { world, report } = runScenario(scenario!, { seed: 1, store: 'rows' });
  const store = TraceStore.of(world.trace.rows!, {
    scenario: scenario!,
    seed: 1,
    digest: report.digest,
    traceHash: report.traceHash,
    report,
    originUs: 0,
  });
  const timeline = new Timeline(store);

  const { bands, caps } = timeline.index;
  const saysLost = bands.partitions().some((partition) => {
    const track = caps.of(partition);
    const values = track.values.subarray(0, track.count);
    return values.some((value) => decodeCap(value).durability === 'lost');
  });

  expect(saysLost).toBe(report.counts.acknowledgedLost > 0);
  for (const partition of Object.values(timeline.stateAt(store.count).partitions)) {
    const leader = partition.replicas[String(partition.leader)];
    for (const broker of partition.isr) {
      expect(partition.replicas[String(broker)]?.extents).toEqual(leader?.extents);
    }
  }
});
