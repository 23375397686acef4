/** Requests in hand, against a count that follows single messages instead of streams. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PeakTrack } from '../../../viz/model/peak-track.ts';
import { inHandWords, RequestQueues } from '../../../viz/model/request-queues.ts';
import { storyRun, type VizRun, vizRun } from '../../support/viz-runs.ts';

const loss = storyRun('acks-1-loses-an-acknowledged-record');

/** By connection of the accepting side: when each request arrived whole, and was answered. */
function requestsOf({ store }: VizRun) {
  const sends = store.listOf('frame.sent');
  const arrivals = new Map<number, number[]>();
  const received = store.listOf('input.received');
  for (let place = 0; place < received.count; place++) {
    const event = received.at(place);
    for (const parent of [store.parentA(event), store.parentB(event)]) {
      if (parent > 0) arrivals.set(parent, [...(arrivals.get(parent) ?? []), event]);
    }
  }
  const answers = new Map<string, number>();
  const found: { node: number; connection: number; from: number; to: number }[] = [];
  for (let place = sends.count - 1; place >= 0; place--) {
    const event = sends.at(place);
    const [, role, , correlationId, , connection] = store.at(event).fields;
    if (role === 'response') answers.set(`${connection} ${correlationId}`, event);
    if (role !== 'request') continue;
    const from = arrivals.get(event)?.at(-1) ?? 0;
    if (from === 0) continue;
    const there = Number(connection) + 1;
    const to = answers.get(`${there} ${correlationId}`) ?? Number.POSITIVE_INFINITY;
    found.push({ node: store.node(from), connection: there, from, to });
  }
  return found;
}

/** When a node was gone, or an end of a connection was told on the accepting side. */
function endsOf({ store }: VizRun) {
  const ends = new Map<number, number>();
  for (const kind of ['input.disconnected', 'connection.closed']) {
    const list = store.listOf(kind);
    for (let place = 0; place < list.count; place++) {
      const event = list.at(place);
      const connection = Number(store.at(event).fields[1]);
      if (!ends.has(connection)) ends.set(connection, event);
    }
  }
  const deaths: { node: number; event: number }[] = [];
  for (const kind of ['fault.kill', 'fault.powerCut']) {
    const list = store.listOf(kind);
    for (let place = 0; place < list.count; place++) {
      const event = list.at(place);
      deaths.push({ event, node: store.nodeOf(String(store.at(event).fields[0])) });
    }
  }
  return { ends, deaths };
}

describe('requests in hand', () => {
  test('are those that came in whole and were not answered, at any event', () => {
    const { store } = loss;
    const queues = new RequestQueues(store);
    while (!queues.extend(5_000));
    const requests = requestsOf(loss);
    const { ends, deaths } = endsOf(loss);
    const until = requests.map(({ node, connection, from, to }) =>
      Math.min(
        to,
        ends.get(connection) ?? Number.POSITIVE_INFINITY,
        ...deaths.filter((one) => one.node === node && one.event > from).map(({ event }) => event),
      ),
    );

    for (let position = 1; position <= store.count; position += 1_201) {
      for (const name of ['broker-1', 'broker-2', 'broker-3', 'controller-101']) {
        const node = store.nodeOf(name);
        const expected = requests.filter(
          (one, i) => one.node === node && one.from <= position && position < (until[i] ?? 0),
        ).length;
        expect([position, name, queues.at(node, position)?.requests]).toEqual([
          position,
          name,
          expected,
        ]);
      }
    }
  });

  test('are gone with the process that had them', () => {
    const { store } = loss;
    const queues = new RequestQueues(store);
    while (!queues.extend());
    const cut = store.listOf('fault.powerCut').at(0);
    const node = store.nodeOf(String(store.at(cut).fields[0]));

    expect(queues.at(node, cut - 1)?.requests).toBeGreaterThan(0);
    expect(queues.at(node, cut)).toEqual({ requests: 0, fetches: 0 });
  });

  test('do not count what a producer with acks=0 sends: nobody answers it', () => {
    const { store } = vizRun({
      name: 'fire-and-forget',
      cluster: { brokers: 1, topics: [{ name: 'orders', partitions: 1, replicationFactor: 1 }] },
      workload: [
        {
          producer: 'p1',
          topic: 'orders',
          recordsPerSecond: 50,
          config: { acks: '0', 'enable.idempotence': 'false' },
        },
      ],
      runFor: 2_000,
    });
    const queues = new RequestQueues(store);
    while (!queues.extend());

    expect(queues.most).toBeLessThan(5);
    expect(store.listOf('log.appended').count).toBeGreaterThan(50);
  });

  test('say nothing of what they have not counted yet', () => {
    const queues = new RequestQueues(loss.store);
    queues.extend(10);

    const last = queues.at(loss.store.nodeOf('broker-1'), loss.store.count);
    expect(last === null || last.requests >= 0).toBe(true);
    expect(inHandWords({ requests: 5, fetches: 2 })).toBe('5 requests in hand, 2 of them fetches');
    expect(inHandWords({ requests: 1, fetches: 1 })).toBe('1 request in hand, a fetch');
  });
});

test('the peak of a stretch is the highest of the values that held in it', () => {
  const change = fc.record({ step: fc.integer({ min: 0, max: 3 }), value: fc.nat(9) });
  const changes = fc.array(change, { minLength: 1, maxLength: 600 });
  fc.assert(
    fc.property(changes, fc.nat(900), fc.nat(900), (list, a, b) => {
      const track = new PeakTrack();
      const held: number[] = [0];
      let event = 0;
      for (const { step, value } of list) {
        for (let i = 0; i < step; i++) held.push(held[event++]!);
        if (event === 0) continue;
        held[event] = value;
        track.set(event, value);
      }
      const [from, to] = [Math.min(a, b, event), Math.min(Math.max(a, b), event)];
      expect(track.peak(from, to)).toBe(Math.max(...held.slice(from, to + 1)));
      expect(track.valueAt(to)).toBe(held[to]);
    }),
    { numRuns: 60 },
  );
});
