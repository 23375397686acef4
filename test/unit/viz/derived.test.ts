import { describe, expect, test } from 'vitest';
import { defined } from '../../../kafka/base/assert.ts';
import { bandOf, nodeBands } from '../../../viz/model/bands.ts';
import { FoldedList } from '../../../viz/model/beads.ts';
import { capOf, decodeCap } from '../../../viz/model/cap.ts';
import { lagsOf } from '../../../viz/model/lag.ts';
import { legendOf } from '../../../viz/model/legend.ts';
import { metricRows, metrics } from '../../../viz/model/metrics.ts';
import type { Operation } from '../../../viz/model/operations.ts';
import { quietCluster, storyRun, vizRun } from '../../support/viz-runs.ts';

const run = storyRun('acks-1-loses-an-acknowledged-record');
const { store, timeline } = run;
const { index } = timeline;
const positions = Array.from({ length: 40 }, (_, i) => Math.floor((store.count * (i + 1)) / 40));
const powerCut = store.listOf('fault.powerCut').at(0);

describe('bands', () => {
  test('show every node in the state that it is in', () => {
    for (const position of positions) {
      const state = timeline.stateAt(position);
      for (const node of Object.values(state.nodes)) {
        const track = index.bands.node(store.nodeOf(node.name));
        expect(nodeBands[track.valueAt(position, 0)]).toBe(bandOf(node));
      }
    }
  });

  test('show who leads, and how many partitions each broker leads', () => {
    for (const position of positions) {
      const state = timeline.stateAt(position);
      const leads = new Map<number, number>();
      for (const name of index.bands.partitions()) {
        const leader = index.bands.leader(name).valueAt(position, -1);
        expect(leader).toBe(state.partitions[name]?.leader ?? -1);
        leads.set(leader, (leads.get(leader) ?? 0) + 1);
      }
      for (const broker of [1, 2, 3]) {
        expect(index.bands.leadCount(broker).valueAt(position, 0)).toBe(leads.get(broker) ?? 0);
      }
    }
  });

  test('show faults from their strike to their end', () => {
    const kinds = index.bands.faults.map((one) => [one.kind, one.family]);
    expect(kinds).toEqual([
      ['cut', 'network'],
      ['power cut', 'process'],
    ]);
    for (const fault of index.bands.faults) {
      expect(fault.endUs).toBeGreaterThan(fault.fromUs);
      expect(fault.endEvent).toBeGreaterThan(fault.fromEvent);
    }
    const cut = defined(index.bands.faults[0], 'the cut');
    expect(timeline.stateAt(cut.fromEvent).faults).toHaveLength(1);
    expect(timeline.stateAt(defined(cut.endEvent, 'its end')).faults).toHaveLength(0);
  });
});

describe('operations', () => {
  const client = store.nodeOf('p1');
  const rows = index.operations.of(client);
  const all = Array.from({ length: rows.count }, (_, row) => rows.at(row));

  test('are every command once, in the order in which they were asked', () => {
    expect(all.map((one) => one.startEvent)).toEqual(
      Array.from({ length: store.byNode(client).count }, (_, place) =>
        store.byNode(client).at(place),
      ).filter((event) => store.kindName(event) === 'input.command'),
    );
  });

  test('are answered as the client counts it', () => {
    const state = timeline.stateAt(store.count).clients['p1'];
    const count = (outcome: string) =>
      all.filter((one) => one.outcome === outcome).reduce((sum, one) => sum + one.count, 0);
    expect(count('ok')).toBe(state?.ok);
    expect(count('failed')).toBe(state?.failed);
    expect(count('unknown')).toBe(state?.unknown);
  });

  test('in flight at a position are those asked before and answered after', () => {
    for (const position of positions) {
      const flying = rows.inFlightAt(position);
      const sends = flying.reduce((sum, one) => sum + one.count, 0);
      expect(sends).toBe(timeline.stateAt(position).clients['p1']?.inFlight);
    }
  });

  test('of a stretch are those that overlap it', () => {
    const fromUs = store.timeUs(powerCut) - 100_000;
    const untilUs = store.timeUs(powerCut) + 100_000;
    const seen: Operation[] = [];
    rows.visit(fromUs, untilUs, (row) => seen.push(rows.at(row)));
    expect(seen).toEqual(all.filter((one) => one.startUs <= untilUs && one.endUs >= fromUs));
    expect(seen.length).toBeGreaterThan(0);
  });

  test('that lie on top of each other lie in different slots', () => {
    for (const one of all.slice(0, 300)) {
      for (const other of all.slice(one.row + 1, one.row + 5)) {
        if (other.startEvent >= one.endEvent) continue;
        expect(other.slot).not.toBe(one.slot);
      }
    }
  });

  test('of a client that is killed have an unknown outcome', () => {
    const killed = vizRun({
      ...quietCluster,
      faults: [{ at: 1_000, kill: 'client:p1' }],
      runFor: 1_500,
    });
    const { operations } = killed.timeline.index;
    const ops = operations.of(killed.store.nodeOf('p1'));
    const outcomes = Array.from({ length: ops.count }, (_, row) => ops.at(row).outcome);
    expect(outcomes).not.toContain('open');
  });
});

describe('replica logs', () => {
  test('hold, at any position, the records that the state tells, by epoch', () => {
    for (const position of positions) {
      const partition = timeline.stateAt(position).partitions['orders-0'];
      if (partition === undefined) continue;
      for (const replica of Object.values(partition.replicas)) {
        const log = index.logs.of('orders-0', replica.broker);
        const batches = log.batchesAt(position, { from: 0, to: Number.POSITIVE_INFINITY });
        const merged: { baseOffset: number; endOffset: number; leaderEpoch: number }[] = [];
        for (const { baseOffset, endOffset, leaderEpoch } of batches) {
          const last = merged.at(-1);
          if (last?.leaderEpoch === leaderEpoch && last.endOffset === baseOffset) {
            last.endOffset = endOffset;
          } else merged.push({ baseOffset, endOffset, leaderEpoch });
        }
        expect(merged).toEqual(replica.extents);
      }
    }
  });

  test('of a window are the batches that reach into it', () => {
    const log = index.logs.of('orders-0', 3);
    const all = log.batchesAt(store.count, { from: 0, to: Number.POSITIVE_INFINITY });
    const window = { from: 395, to: 405 };
    expect(log.batchesAt(store.count, window)).toEqual(
      all.filter((one) => one.baseOffset < window.to && one.endOffset > window.from),
    );
  });

  test('remember what a replica lost, and the event that took it', () => {
    const ghosts = index.logs.of('orders-0', 2).ghostsAt(store.count);
    expect(ghosts.length).toBeGreaterThan(0);
    for (const ghost of ghosts) {
      expect(['log.recovered', 'log.truncated']).toContain(store.kindName(ghost.goneEvent));
    }
    expect(index.logs.of('orders-0', 2).ghostsAt(powerCut)).toEqual([]);
  });
});

describe('CAP', () => {
  test('says "at risk" and "unknown" before "lost", and loses what the report counts', () => {
    const track = index.caps.of('orders-0');
    const states = Array.from({ length: track.count }, (_, place) =>
      decodeCap(track.values[place] as number),
    );
    const firstLost = states.findIndex((one) => one.durability === 'lost');
    const before = states.slice(0, firstLost).map((one) => one.durability);
    expect(before.lastIndexOf('at risk')).toBeGreaterThan(before.lastIndexOf('durable'));
    expect(before.at(-1)).toBe('unknown');
    const state = timeline.stateAt(store.count);
    const partition = defined(state.partitions['orders-0'], 'orders-0');
    expect(capOf(state, partition).lost).toBe(store.identity?.report?.counts.acknowledgedLost);
  });

  test('over time is what it is at each position', () => {
    for (const position of positions) {
      const state = timeline.stateAt(position);
      const partition = state.partitions['orders-0'];
      if (partition === undefined || partition.electedEvent === 0) continue;
      const shown = decodeCap(index.caps.of('orders-0').valueAt(position, 0));
      expect(capOf(state, partition)).toMatchObject(shown);
    }
  });

  test('shows that nobody can write while the leader is down and not replaced', () => {
    const state = timeline.stateAt(powerCut + 1);
    const partition = defined(state.partitions['orders-0'], 'orders-0');
    expect(capOf(state, partition)).toMatchObject({ write: 'no leader', read: 'no leader' });
    const before = timeline.stateAt(powerCut - 1);
    const waiting = defined(before.partitions['orders-0'], 'orders-0');
    expect(capOf(before, waiting)).toMatchObject({ write: 'waits', durability: 'at risk' });
  });

  test('holds for a cluster in which all is well', () => {
    const quiet = vizRun({ ...quietCluster, name: 'well' });
    const state = quiet.timeline.stateAt(quiet.store.count);
    for (const partition of Object.values(state.partitions)) {
      if (partition.electedEvent === 0) continue;
      expect(capOf(state, partition)).toMatchObject({
        write: 'ok',
        read: 'ok',
        durability: 'durable',
        election: 'clean',
        lost: 0,
      });
    }
  });
});

describe('density', () => {
  test('counts every event of a lane once, at any zoom', () => {
    for (let node = 0; node <= store.nodeNames.length; node++) {
      for (const columns of [10, 1_400]) {
        const whole = { fromUs: 0, untilUs: store.endUs + 200_000 };
        const sum = index.density.of(node, whole, columns).reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(store.byNode(node).count, 0);
      }
    }
  });

  test('of a stretch counts what happened in it', () => {
    const node = store.nodeOf('broker-2');
    const stretch = { fromUs: 18_000_000, untilUs: 20_000_000 };
    const list = store.byNode(node);
    const from = list.placeFrom(store.eventAtTime(stretch.fromUs) + 1);
    const to = list.placeFrom(store.eventAtTime(stretch.untilUs) + 1);
    const sum = index.density.of(node, stretch, 500).reduce((a, b) => a + b, 0);
    expect(Math.abs(sum - (to - from))).toBeLessThan(Math.max(5, (to - from) / 50));
  });
});

describe('beads', () => {
  test('hold every event once, in order, and fold only what is routine', () => {
    const folded = new FoldedList(index.routine, null, store.count);
    let next = 1;
    for (let row = 0; row < folded.count; row++) {
      const { first, last, count } = folded.at(row);
      expect(first).toBe(next);
      expect(last - first + 1).toBe(count);
      if (count > 1) {
        for (let event = first; event <= last; event++) {
          expect(legendOf(store.kindName(event)).weight).toBeLessThan(2);
          expect(index.routine.isRoutine(event)).toBe(true);
        }
      }
      next = last + 1;
    }
    expect(next).toBe(store.count + 1);
    expect(folded.count).toBeLessThan(store.count);
    const middle = folded.at(folded.count >> 1);
    expect(folded.rowOf(middle.last)).toBe(folded.count >> 1);
    expect(folded.rowOf(0)).toBe(-1);
  });

  test('leave nothing out that wrote, elected or answered', () => {
    for (const kind of ['log.appended', 'leader.elected', 'hw.advanced', 'log.truncated']) {
      const list = store.listOf(kind);
      for (let place = 0; place < list.count; place++) {
        expect(index.routine.isRoutine(list.at(place))).toBe(false);
      }
    }
  });
});

test('marks stand on the lanes of those that a fault strikes, and weigh as the legend says', () => {
  const lane = index.marks.of(store.nodeOf('broker-2'), 3);
  const events = Array.from({ length: lane.count }, (_, place) => lane.at(place));
  expect(events).toContain(powerCut);
  expect(events).toEqual(events.toSorted((a, b) => a - b));
  for (const event of events) expect(legendOf(store.kindName(event)).weight).toBe(3);
});

describe('messages', () => {
  const stretch = { fromUs: 18_000_000, untilUs: 18_020_000 };

  test('of a stretch are those under way in it', () => {
    const found = defined(index.messages.within(stretch, 10_000), 'few enough');
    expect(found.length).toBeGreaterThan(0);
    for (const message of found) {
      expect(message.sentUs).toBeLessThanOrEqual(stretch.untilUs);
      expect(message.receivedUs).toBeGreaterThanOrEqual(stretch.fromUs);
      expect(store.at(message.receivedEvent).parents).toContain(message.sentEvent);
      // A frame may come in pieces.
      const arrival = defined(index.messages.arrivalOf(message.sentEvent), 'its arrival');
      expect(arrival.receivedEvent).toBeLessThanOrEqual(message.receivedEvent);
      expect(arrival.receivedNode).toBe(message.receivedNode);
    }
  });

  test('are not drawn when there are more than there is room for', () => {
    expect(index.messages.within({ fromUs: 0, untilUs: store.endUs }, 400)).toBeNull();
  });
});

test('lag is how far consumers and replicas are behind the leader', () => {
  const state = timeline.stateAt(powerCut - 1);
  const lags = lagsOf(state);
  const replica = defined(
    lags.find((one) => one.who === 'broker-3' && one.partition === 'orders-0'),
    'broker-3',
  );
  expect(replica.records).toBeGreaterThan(300);
  expect(index.lags.of('broker-3', 'orders-0').valueAt(powerCut - 1, -1)).toBe(replica.records);
  const started = store.listOf('leader.started').at(store.listOf('leader.started').count - 1);
  const parted = lagsOf(timeline.stateAt(started)).find(
    (one) => one.who === 'broker-2' && one.partition === 'orders-0',
  );
  expect(parted).toMatchObject({ records: -1 });
  const reader = defined(
    lags.find((one) => one.kind === 'consumer'),
    'a consumer',
  );
  expect(reader.who).toBe('c1');
});

test('metrics tell was, now and the difference, under names of their own', () => {
  const rows = metricRows(timeline.stateAt(powerCut - 1), timeline.stateAt(store.count));
  const byTitle = new Map(rows.map((row) => [row.metric.title, row]));
  expect(byTitle.get('Leader elections')).toMatchObject({ delta: 1 });
  expect(byTitle.get('Unclean elections')).toMatchObject({ now: 0 });
  expect(byTitle.get('Under-replicated partitions')).toMatchObject({ now: 0 });
  for (const row of rows) expect(row.delta).toBe(row.now - row.was);
  const names = metrics.map((metric) => metric.jmx).filter((name) => name !== '');
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^kafka\.[a-z]+:type=/);
});
