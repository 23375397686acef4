/** The assignors by the names that go over the wire and by Kafka's class names. */
import type { Assignor } from './assignor.ts';
import { cooperativeStickyAssignor } from './cooperative-sticky.ts';
import { rangeAssignor } from './range.ts';
import { roundRobinAssignor } from './round-robin.ts';
import { stickyAssignor } from './sticky.ts';

const PACKAGE = 'org.apache.kafka.clients.consumer.';

const byName: Readonly<Record<string, Assignor>> = {
  range: rangeAssignor,
  roundrobin: roundRobinAssignor,
  sticky: stickyAssignor,
  'cooperative-sticky': cooperativeStickyAssignor,
  [`${PACKAGE}RangeAssignor`]: rangeAssignor,
  [`${PACKAGE}RoundRobinAssignor`]: roundRobinAssignor,
  [`${PACKAGE}StickyAssignor`]: stickyAssignor,
  [`${PACKAGE}CooperativeStickyAssignor`]: cooperativeStickyAssignor,
};

/** `name` is one that `partition.assignment.strategy` allows. */
export function assignorNamed(name: string): Assignor | undefined {
  return byName[name];
}
