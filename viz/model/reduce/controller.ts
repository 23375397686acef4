/** What the controller's committed decisions change: leaders, in-sync replicas, fences. */
import type { Rule } from '../reducer.ts';
import { brokerOf, type ClusterState, type PartitionState, replicaCount } from '../state.ts';
import { ids, minInSyncOf, nodeOf, num, partitionOf, replicaOf, text } from './fields.ts';

export const controllerRules: Readonly<Record<string, Rule>> = {
  'leader.elected'(state, event, context) {
    const partition = partitionOf(state, text(event, 0), context.facts);
    const leaderEpoch = num(event, 2);
    // A controller that was restarted tells its newest decisions once more.
    if (leaderEpoch <= partition.leaderEpoch) return;
    const how = text(event, 5);
    partition.leader = num(event, 1);
    partition.leaderEpoch = leaderEpoch;
    partition.electedHow = how;
    partition.electedEvent = event.event;
    partition.heldIsr = [];
    setInSync(partition, {
      isr: ids(text(event, 3)),
      elr: ids(text(event, 4)),
      why:
        how === 'created' ? () => 'was not up when the partition was created' : whyDeposed(state),
      event: event.event,
    });
    if (how === 'created' || partition.leader < 0) return;
    state.counters.elections += 1;
    if (how === 'unclean' || how === 'last-known-leader') state.counters.uncleanElections += 1;
  },
  'isr.changed'(state, event, context) {
    const partition = partitionOf(state, text(event, 0), context.facts);
    const partitionEpoch = num(event, 3);
    if (partitionEpoch < partition.partitionEpoch) return;
    partition.partitionEpoch = partitionEpoch;
    const isr = ids(text(event, 1));
    const why = whyOut(text(event, 4));
    const change = setInSync(partition, {
      isr,
      elr: ids(text(event, 2)),
      why: () => why,
      event: event.event,
    });
    // An election told these replicas a moment ago; this event says why.
    for (const out of partition.out) if (out.event === event.event - 1) out.why = why;
    const justElected = partition.electedEvent === event.event - 1;
    if (change < 0 || (justElected && isr.length < replicaCount(partition))) {
      state.counters.isrShrinks += 1;
    } else if (change > 0) state.counters.isrExpands += 1;
  },
  'isr.held'(state, event, context) {
    const partition = partitionOf(state, text(event, 0), context.facts);
    if (num(event, 3) >= partition.leaderEpoch) partition.heldIsr = ids(text(event, 1));
  },
  'replicas.changed'(state, event, context) {
    const partition = partitionOf(state, text(event, 0), context.facts);
    partition.assigned = ids(text(event, 1));
    partition.adding = ids(text(event, 2));
    partition.removing = ids(text(event, 3));
    for (const broker of partition.assigned) replicaOf(partition, broker);
    for (const key of Object.keys(partition.replicas)) {
      const replica = partition.replicas[key];
      const isEmpty = replica === undefined || replica.logEndOffset === 0;
      if (!partition.assigned.includes(Number(key)) && isEmpty) delete partition.replicas[key];
    }
    partition.out = partition.out.filter((one) => partition.assigned.includes(one.broker));
  },
  'replica.deleted'(state, event, context) {
    const node = nodeOf(state, event, context);
    const partition = state.partitions[text(event, 0)];
    if (node !== undefined && partition !== undefined) delete partition.replicas[String(node.id)];
  },
  'topic.deleted'(state, event) {
    const topic = text(event, 0);
    for (const partition of Object.values(state.partitions)) {
      if (partition.topic === topic) delete state.partitions[partition.name];
    }
  },
  'config.changed'(state, event, context) {
    const resource = text(event, 0);
    state.configs[resource] ??= {};
    const ofResource = state.configs[resource];
    ofResource[text(event, 1)] = text(event, 2);
    for (const partition of Object.values(state.partitions)) {
      partition.minInSync = minInSyncOf(state, partition.topic, context.facts);
    }
  },
  'broker.unregistered'(state, event) {
    const node = state.nodes[`broker-${num(event, 0)}`];
    if (node === undefined) return;
    node.brokerEpoch = -1;
    node.fenced = false;
    node.fencedWhy = '';
  },
  'controller.resigned'(state, event, context) {
    const node = nodeOf(state, event, context);
    if (node !== undefined && state.controller.active === node.name) state.controller.active = '';
  },
  'broker.fenced'(state, event) {
    const node = state.nodes[`broker-${num(event, 0)}`];
    if (node === undefined || node.fenced) return;
    node.fenced = true;
    node.fencedWhy = text(event, 1);
    state.counters.fencings += 1;
  },
  'broker.unfenced'(state, event) {
    const node = state.nodes[`broker-${num(event, 0)}`];
    if (node === undefined) return;
    node.fenced = false;
    node.fencedWhy = '';
  },
  'broker.registered'(state, event) {
    const node = state.nodes[`broker-${num(event, 0)}`];
    if (node === undefined) return;
    node.brokerEpoch = num(event, 1);
    node.fenced = true;
    node.fencedWhy = 'registered';
  },
  'controller.activated'(state, event, context) {
    const node = nodeOf(state, event, context);
    if (node === undefined) return;
    const { controller } = state;
    controller.active = node.name;
    controller.epoch = num(event, 0);
    controller.endOffset = num(event, 1);
    state.counters.controllerChanges += 1;
  },
};

/** @returns by how many the in-sync replicas grew. */
function setInSync(
  partition: PartitionState,
  change: { isr: number[]; elr: number[]; why: (broker: number) => string; event: number },
): number {
  const { isr, elr, why, event } = change;
  const before = partition.isr;
  for (const broker of isr) replicaOf(partition, broker);
  const out = partition.out.filter((one) => !isr.includes(one.broker));
  for (const broker of before) {
    if (!isr.includes(broker)) out.push({ broker, why: why(broker), event });
  }
  partition.isr = isr;
  partition.elr = elr;
  partition.out = out;
  return isr.length - before.length;
}

/** The reason follows in the next event; until then it is what the state of the broker says. */
function whyDeposed(state: ClusterState): (broker: number) => string {
  return (broker) => {
    const node = brokerOf(state, broker);
    if (node !== undefined && node.logDirFailed !== '') return 'its log directory failed';
    return whyOut(node?.process === 'stopping' ? 'controlled-shutdown' : 'session-timed-out');
  };
}

const WHY: Readonly<Record<string, string>> = {
  'alter-partition': 'did not keep up with the leader',
  'session-timed-out': 'its session with the controller timed out',
  'controlled-shutdown': 'was shutting down',
  replayed: 'decided before the controller changed',
};

/** `partition.out[].why`: the trace's word for a change of the ISR, told of who left by it. */
function whyOut(why: string): string {
  return WHY[why] ?? why.replaceAll('-', ' ');
}
