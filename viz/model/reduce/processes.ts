/** What the lives of processes change: starts, ends, pauses, a broker's own life cycle. */
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import type { Rule, RunContext } from '../reducer.ts';
import type { ClusterState, NodeState } from '../state.ts';
import { nodeOf, num, text } from './fields.ts';

const METADATA = '__cluster_metadata-0';

export const processRules: Readonly<Record<string, Rule>> = {
  'input.started'(state, event, context) {
    const node = nodeOf(state, event, context);
    if (node === undefined) return;
    node.process = 'up';
    node.why = 'start';
    node.since = event.event;
    node.boots += 1;
    node.lifecycle = '';
    node.logDirFailed = '';
    node.crashCutsPower = false;
    const lost = (kind: string, from: readonly string[]) =>
      kind === 'disk lost' && from[0] === node.name;
    if (state.faults.some((one) => lost(one.kind, one.from))) {
      state.faults = state.faults.filter((one) => !lost(one.kind, one.from));
    }
  },
  'input.stopping'(state, event, context) {
    const node = nodeOf(state, event, context);
    if (node !== undefined) moveTo(node, 'stopping', { why: 'stop', event });
  },
  'fault.pause'(state, event) {
    const node = state.nodes[text(event, 0)];
    if (node === undefined || node.process === 'down') return;
    // `why` is kept: it tells, at the end of the pause, what went on before.
    node.process = 'paused';
    node.since = event.event;
  },
  'fault.resume'(state, event) {
    const node = state.nodes[text(event, 0)];
    if (node?.process !== 'paused') return;
    node.process = node.why === 'stop' ? 'stopping' : 'up';
    node.since = event.event;
  },
  'fault.kill': (state, event) => ended(state, event, { name: text(event, 0), why: 'kill' }),
  'fault.powerCut'(state, event) {
    const name = text(event, 0);
    ended(state, event, { name, why: 'power cut' });
    if (num(event, 2) > 0) unprove(state, state.nodes[name]);
  },
  'fault.crashInStep'(state, event) {
    const node = state.nodes[text(event, 0)];
    if (node !== undefined) node.crashCutsPower = text(event, 3) !== '';
  },
  'node.exited': (state, event, context) => ownEnd(state, event, context, 'exit'),
  'node.halted': (state, event, context) => ownEnd(state, event, context, 'halt'),
  'node.crashed'(state, event, context) {
    ownEnd(state, event, context, 'crash');
    const node = nodeOf(state, event, context);
    if (node?.crashCutsPower === true) unprove(state, node);
  },
  'node.broken': (state, event, context) => ownEnd(state, event, context, 'mistake'),

  'broker.state'(state, event, context) {
    const node = nodeOf(state, event, context);
    if (node !== undefined) node.lifecycle = text(event, 0);
  },
  'log.dir.failed'(state, event, context) {
    const node = nodeOf(state, event, context);
    if (node === undefined) return;
    node.logDirFailed = text(event, 1);
    state.counters.offlineDirectories += 1;
  },
  'quorum.state'(state, event, context) {
    const node = nodeOf(state, event, context);
    if (node === undefined) return;
    node.quorumRole = text(event, 0);
    node.quorumEpoch = num(event, 1);
    node.quorumLeader = num(event, 2);
    node.quorumVoted = event.fields.length > 3 ? num(event, 3) : -1;
  },
  'quorum.committed'(state, event, context) {
    const node = nodeOf(state, event, context);
    if (node === undefined) return;
    node.metadataOffset = num(event, 0);
    node.quorumEpoch = num(event, 1);
    const replica = state.partitions[METADATA]?.replicas[String(node.id)];
    if (replica !== undefined) replica.highWatermark = num(event, 0);
  },
};

function ownEnd(state: ClusterState, event: TraceEvent, context: RunContext, why: string): void {
  ended(state, event, { name: context.nodeNames[event.node - 1] ?? '', why });
}

/** What its logs hold is not known before they are recovered. */
function unprove(state: ClusterState, node: NodeState | undefined): void {
  if (node === undefined || node.id < 0) return;
  for (const partition of Object.values(state.partitions)) {
    const replica = partition.replicas[String(node.id)];
    if (replica !== undefined && replica.logEndOffset > 0) replica.isUnproven = true;
  }
}

/** A process is gone, and with it everything that was not on its disk. */
function ended(
  state: ClusterState,
  event: TraceEvent,
  { name, why }: { name: string; why: string },
): void {
  const node = state.nodes[name];
  if (node === undefined) return;
  // Losing power after a crash is one more thing that happened to a node that is down.
  if (node.process === 'down' && why !== 'power cut') return;
  moveTo(node, 'down', { why, event });
  node.lifecycle = '';
  node.quorumRole = '';
  node.quorumLeader = -1;
  node.quorumVoted = -1;
  node.metadataOffset = -1;
  if (state.controller.active === name) state.controller.active = '';
  const client = state.clients[name];
  if (client !== undefined) {
    client.unknown += client.inFlight;
    client.inFlight = 0;
  }
  if (node.id < 0) return;
  for (const partition of Object.values(state.partitions)) {
    const replica = partition.replicas[String(node.id)];
    if (replica === undefined) continue;
    replica.role = 'none';
    replica.leaderEpoch = -1;
  }
}

function moveTo(
  node: NodeState,
  process: NodeState['process'],
  { why, event }: { why: string; event: TraceEvent },
): void {
  node.process = process;
  node.why = why;
  node.since = event.event;
}
