/**
 * The first moments of a small run that nobody sees. They make the engine compile what every run
 * needs, so that the first run somebody asks for shows itself sooner.
 */
import { RunSession } from '../../sim/run/session.ts';
import { scenarioOf } from './run-request.ts';

/** Into the warm-up of the cluster: brokers register, and the first records are written. */
const EVENTS = 600;

const small = {
  name: 'heat',
  cluster: { topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }] },
  workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 10 }],
  runFor: '1s',
};

export function heat(): void {
  const scenario = scenarioOf({ scenario: small, seed: 1, actions: [] });
  new RunSession(scenario, { seed: 1, store: 'rows' }).advanceTo(EVENTS);
}
