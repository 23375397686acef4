/**
 * What can be done to a thing in the picture: entries in the words of the fault vocabulary
 * (`sim/faults/verbs.ts`), and after which event they strike. Each makes a branch.
 */

import { apiName } from '../model/api-names.ts';
import type { ClusterState } from '../model/state.ts';
import type { TraceStore } from '../model/trace-store.ts';
import type { ContextTarget } from './context-target.ts';
import type { FaultEntry } from './services.ts';

export interface FaultChoice {
  readonly group: string;
  readonly words: string;
  readonly fault: FaultEntry;
  /** The branch parts after this event. */
  readonly after: number;
  /** Why it would do nothing there; '' = it can be done. */
  readonly refused: string;
}

/** The cluster after an event. */
type StateAt = (event: number) => ClusterState;

const SHORT = '10s';

/**
 * Entries for a target when the page stands at `position`; empty when nothing can be done. What
 * the state of a node forbids is among them, with the reason.
 */
export function faultChoices(
  target: ContextTarget,
  store: TraceStore,
  position: number,
  stateAt: StateAt,
): FaultChoice[] {
  return choicesFor(target, store, position).map((choice) => ({
    ...choice,
    refused: refusal(choice, stateAt),
  }));
}

type Choice = Omit<FaultChoice, 'refused'>;

function choicesFor(target: ContextTarget, store: TraceStore, position: number): Choice[] {
  switch (target.kind) {
    case 'node':
      return at(position, nodeFaults(target.node));
    case 'link':
      return at(position, linkFaults(target.from, target.to));
    case 'partition':
      return at(position, partitionFaults(target.partition));
    case 'message':
      return messageFaults(store, target.event);
    case 'event':
      return eventFaults(store, target.event);
  }
}

type Entry = readonly [group: string, words: string, fault: FaultEntry];

/** Verbs that only a process that runs can suffer. */
const NEED_PROCESS: readonly string[] = ['powerCut', 'kill', 'stop', 'pause', 'slowCpu'];

function refusal({ fault, after }: Choice, stateAt: StateAt): string {
  const [verb = '', target] = Object.entries(fault)[0] ?? [];
  if (verb !== 'start' && !NEED_PROCESS.includes(verb)) return '';
  if (typeof target !== 'string') return '';
  const process = stateAt(after).nodes[target.replace(/^client:/, '')]?.process;
  if (process === undefined) return '';
  if (verb === 'start') return process === 'down' ? '' : 'it is not down';
  if (process === 'down') return 'it is down';
  if (verb === 'pause' && process === 'paused') return 'it is paused already';
  return verb === 'stop' && process === 'stopping' ? 'it is stopping already' : '';
}

function at(after: number, entries: readonly Entry[]): Choice[] {
  return entries.map(([group, words, fault]) => ({ group, words, fault, after }));
}

/** The name that a scenario has for a node. */
export function targetName(node: string): string {
  return /^(broker|controller)-\d+$/.test(node) ? node : `client:${node}`;
}

function nodeFaults(node: string): Entry[] {
  const target = targetName(node);
  const process: Entry[] = [
    ['Process', 'Kill it, start again after 5 s', { kill: target, restartAfter: '5s' }],
    ['Process', 'Kill it for good', { kill: target }],
    ['Process', 'Stop it cleanly', { stop: target }],
    ['Process', 'Start it', { start: target }],
    ['Process', 'Pause it for 10 s', { pause: target, for: SHORT }],
    ['Process', 'Make it 20 times slower for 10 s', { slowCpu: target, times: 20, for: SHORT }],
    ['Network', 'Cut it off from everybody for 10 s', { isolate: target, for: SHORT }],
    ['Clock', 'Jump its clock forward an hour', { jumpClock: target, by: '1h' }],
    ['Clock', 'Jump its clock back an hour', { jumpClock: target, by: '-1h' }],
  ];
  if (target.startsWith('client:')) return process;
  return [
    ['Process', 'Cut its power, start again after 5 s', { powerCut: target, restartAfter: '5s' }],
    ['Process', 'Cut its power for good', { powerCut: target }],
    ...process,
    ['Disk', 'Stall its disk for 10 s', { stallDisk: target, for: SHORT }],
    [
      'Disk',
      'Make its flushes 50 times slower for 10 s',
      { slowDisk: target, times: 50, for: SHORT },
    ],
    ['Disk', 'Fail its disk (EIO)', { failDisk: target }],
    ['Disk', 'Fill its disk for 10 s', { fillDisk: target, for: SHORT }],
    ['Disk', 'Let its flushes lie for 10 s', { loseFlush: target, for: SHORT }],
    ['Disk', 'Drop its disk', { loseDisk: target }],
  ];
}

function linkFaults(from: string, to: string): Entry[] {
  const pair = [targetName(from), targetName(to)];
  return [
    ['Network', `Cut ${from} and ${to} for 10 s`, { cut: pair, for: SHORT }],
    ['Network', `Cut only ${from} → ${to} for 10 s`, { cut: pair, oneWay: true, for: SHORT }],
    ['Network', 'Add 500 ms of latency for 10 s', { delay: pair, by: '500ms', for: SHORT }],
    [
      'Network',
      'Slow it to 10 kB/s for 10 s',
      { slowLink: pair, bytesPerSecond: 10_000, for: SHORT },
    ],
    ['Network', `Hold everything ${from} → ${to} for 10 s`, { hold: pair, for: SHORT }],
    ['Network', 'Reset its connections', { reset: pair }],
    ['Network', 'Heal it', { heal: pair }],
  ];
}

function partitionFaults(partition: string): Entry[] {
  const leader = `leader:${partition}`;
  const followers = `followers:${partition}`;
  return [
    [
      'Leader',
      `Cut the power of the leader of ${partition}`,
      { powerCut: leader, restartAfter: '5s' },
    ],
    ['Leader', 'Kill the leader, start again after 5 s', { kill: leader, restartAfter: '5s' }],
    ['Leader', 'Pause the leader for 10 s', { pause: leader, for: SHORT }],
    [
      'Leader',
      'Cut the leader off from its followers for 10 s',
      { cut: [leader, followers], for: SHORT },
    ],
    [
      'Followers',
      'Kill the followers, start again after 5 s',
      { kill: followers, restartAfter: '5s' },
    ],
    ['Followers', 'Pause the followers for 10 s', { pause: followers, for: SHORT }],
  ];
}

/** Holding must begin before the message leaves: the branch parts before its step. */
function messageFaults(store: TraceStore, event: number): Choice[] {
  const row = store.at(event);
  if (row.kind !== 'frame.sent') return eventFaults(store, event);
  const from = store.nodeName(row.node);
  const [to, role, api] = row.fields;
  if (typeof to !== 'string' || from === 'lab') return [];
  const pair = [targetName(from), targetName(to)];
  const name = Number(api) < 0 ? null : apiName(Number(api));
  const before = store.stepStart(event) - 1;
  const what = name === null ? {} : { api: name, direction: role };
  const said = name === null ? 'these bytes' : `this ${name} ${role}`;
  return [
    ...at(before, [
      ['Message', `Hold ${said} (and all behind it) for 10 s`, { hold: pair, ...what, for: SHORT }],
      ['Message', `Delay ${from} → ${to} by 500 ms from here`, delay(pair)],
    ]),
    ...at(event, [['Message', `Reset its connection: ${said} is lost`, { reset: pair }]]),
    ...at(event, linkFaults(from, to)),
  ];
}

function delay(pair: readonly string[]): FaultEntry {
  return { delay: pair, by: '500ms', oneWay: true, for: SHORT };
}

function eventFaults(store: TraceStore, event: number): Choice[] {
  const row = store.at(event);
  if (row.kind === 'frame.sent') return messageFaults(store, event);
  return row.node === 0 ? [] : at(event, nodeFaults(store.nodeName(row.node)));
}
