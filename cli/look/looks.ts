/** What `trial replay --print` shows of a run at an event. */
import { count } from '../../sim/run/words.ts';
import type { ClusterState } from '../../viz/model/state.ts';
import { columns } from '../report/columns.ts';
import type { Colors } from '../terminal.ts';
import { clusterLines } from './cluster-lines.ts';
import type { LiveRun } from './live-run.ts';
import { nodeLines } from './node-lines.ts';
import { logLines, nodeLogs } from './node-logs.ts';
import { type RunModel, timeAt, wordsAt } from './run-model.ts';
import { treeLines } from './tree-lines.ts';
import { explanationAt, whyLines } from './why-lines.ts';

export const LOOKS = ['events', 'state', 'log', 'why'] as const;
export type Look = (typeof LOOKS)[number];

export interface Looked {
  readonly run: RunModel;
  readonly live: LiveRun;
  /** Name of a node; null: all. */
  readonly node: string | null;
  readonly width: number;
  readonly colors: Colors;
  /** Leave nothing out. */
  readonly whole: boolean;
}

/** Events before the one that was asked for. */
const EVENTS_BEFORE = 20;

/** @param event 1 … the last. */
export function lookLines(look: Look, event: number, looked: Looked): string[] {
  const { run, live, node, width, colors, whole } = looked;
  switch (look) {
    case 'events':
      return eventLines(event, looked);
    case 'state':
      if (node === null) {
        return [...endedAt(event, run), ...clusterLines(stateAt(event, run), width)];
      }
      return [...endedAt(event, run), ...stateLines(event, node, looked)];
    case 'log': {
      const { world } = live.at(event);
      const brokers = world.nodes.filter((one) => one.role !== 'client').map((one) => one.name);
      const nodes = node === null ? brokers : [node];
      const logs = nodes.flatMap((name) => nodeLogs(world, name, null));
      const lines = logs.length === 0 ? ['no log on any disk'] : logLines(logs, width, whole);
      return [...endedAt(event, run), ...lines];
    }
    case 'why':
      return whyLines(run, explanationAt(run, event), { width, colors, maxSteps: 8 });
  }
}

function stateLines(event: number, node: string, { run, live, width, whole }: Looked): string[] {
  const state = stateAt(event, run);
  const lines = nodeLines(node, { state, inFlight: live.inFlight(event, node), width });
  if (!whole) return [...lines, 'all of its memory: -v'];
  return [...lines, 'memory', ...treeLines(live.nodeState(event, node), 2)];
}

/**
 * The cluster after the whole step that an event belongs to: what a node does in a step is done at
 * once, and told in several events. Memories and disks of nodes are shown there, too.
 */
export function stateAt(event: number, { store, timeline }: RunModel): ClusterState {
  return timeline.stateAt(store.stepEnd(event));
}

function endedAt(event: number, { store }: RunModel): string[] {
  const end = store.stepEnd(event);
  return end === event ? [] : [`at the end of the step, event ${count(end)}`];
}

function eventLines(event: number, { run, node, width, whole }: Looked): string[] {
  const shown = [];
  const ofNode = node === null ? null : run.store.nodeNames.indexOf(node) + 1;
  const most = whole ? Number.POSITIVE_INFINITY : EVENTS_BEFORE + 1;
  for (let at = event; at >= 1 && shown.length < most; at -= 1) {
    if (ofNode === null || run.store.node(at) === ofNode) shown.push(at);
  }
  const rows = shown.reverse().map((at) => [count(at), timeAt(run, at), wordsAt(run, at)]);
  if (rows.length === 0) return [`${node} has told nothing up to event ${count(event)}`];
  return columns(rows, width).split('\n');
}
