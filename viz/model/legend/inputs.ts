/** What nodes are given and what leaves them: inputs, frames, connections, flushes. */
import { apiName } from '../api-names.ts';
import type { LegendEntry } from '../legend.ts';
import { rules } from '../rules.ts';
import { n, t } from './text.ts';

type Entry = Omit<LegendEntry, 'lane'> & Partial<Pick<LegendEntry, 'lane'>>;
const own = (entry: Entry): LegendEntry => ({ lane: 'own', ...entry });

const message = { colour: 'kind-message', shape: 'dot', weight: 0, doc: null } as const;

export const inputLegend: Readonly<Record<string, LegendEntry>> = {
  'input.started': own({
    title: 'started',
    colour: 'kind-life',
    shape: 'triangle-up',
    weight: 3,
    words: (event, node) =>
      n(event, 0) <= 1 ? `${node} starts` : `${node} starts again (boot ${n(event, 0)})`,
    doc: null,
  }),
  'input.stopping': own({
    title: 'stopping',
    colour: 'kind-life',
    shape: 'triangle-down',
    weight: 3,
    words: (_event, node) => `${node} is asked to stop`,
    doc: rules.controlledShutdown,
  }),
  'input.accepted': own({
    ...message,
    title: 'connection accepted',
    words: (event, node) => `${node} accepts a connection from ${t(event, 0)}`,
  }),
  'input.connected': own({
    ...message,
    title: 'connected',
    words: (event, node) => `${node} is connected to ${t(event, 0)}`,
  }),
  'input.drained': own({
    ...message,
    title: 'drained',
    words: (event, node) => `${node} can send to ${t(event, 0)} again`,
  }),
  'input.received': own({
    ...message,
    title: 'received',
    words: (event, node) => `${node} receives ${n(event, 2)} bytes from ${t(event, 0)}`,
  }),
  'input.disconnected': own({
    ...message,
    title: 'disconnected',
    shape: 'cross',
    weight: 2,
    colour: 'fault-network',
    words: (event, node) => `${node} loses its connection to ${t(event, 0)}: ${t(event, 2)}`,
  }),
  'input.flushed': own({
    ...message,
    title: 'flushed',
    colour: 'kind-log',
    words: (event, node) =>
      t(event, 2) === ''
        ? `${t(event, 0)} is durable on ${node}`
        : `flushing ${t(event, 0)} fails on ${node}: ${t(event, 2)}`,
  }),
  'input.command': own({
    title: 'asked',
    colour: 'kind-client',
    shape: 'tick',
    weight: 1,
    words: (event, node) => {
      const count = n(event, 2);
      return `${node} is asked to ${t(event, 0)}${count > 1 ? ` ${count} times` : ''}`;
    },
    doc: null,
  }),
  'input.woken': own({
    ...message,
    title: 'woken',
    words: (_event, node) => `${node} wakes up: a deadline has come`,
  }),
  'frame.sent': own({
    ...message,
    title: 'sent',
    words: (event, node) => {
      const api = apiName(n(event, 2));
      const what = n(event, 2) < 0 ? 'bytes' : `${api} ${t(event, 1)}`;
      return `${node} sends ${what} to ${t(event, 0)}, ${n(event, 4)} bytes`;
    },
    doc: rules.protocol,
  }),
  'connection.opening': own({
    ...message,
    title: 'connecting',
    words: (event, node) => `${node} opens a connection to ${t(event, 0)}`,
  }),
  'connection.closed': own({
    ...message,
    title: 'closed',
    words: (event, node) => `${node} closes its connection to ${t(event, 0)}`,
  }),
  'flush.started': own({
    ...message,
    title: 'flush',
    colour: 'kind-log',
    words: (event, node) => `${node} begins to flush ${t(event, 0)} (${n(event, 2)} bytes)`,
  }),
  'node.exited': own({
    title: 'exited',
    colour: 'kind-life',
    shape: 'triangle-down',
    weight: 3,
    words: (_event, node) => `${node} has ended after a clean shutdown`,
    doc: rules.controlledShutdown,
  }),
  'node.halted': own({
    title: 'gave up',
    colour: 'fault-process',
    shape: 'cross',
    weight: 3,
    words: (event, node) => `${node} gives up: ${t(event, 0)}`,
    doc: null,
  }),
  'node.crashed': own({
    title: 'crashed',
    colour: 'fault-process',
    shape: 'cross',
    weight: 3,
    words: (event, node) => `${node} crashes ${t(event, 2)} a ${t(event, 0)} of ${t(event, 1)}`,
    doc: null,
  }),
  'node.broken': own({
    title: 'broken',
    colour: 'kind-refusal',
    shape: 'cross',
    weight: 3,
    words: (event, node) => `${node} breaks, a mistake of its own: ${t(event, 0)}`,
    doc: null,
  }),
  'lab.action': own({
    title: 'laboratory',
    colour: 'kind-other',
    shape: 'diamond',
    weight: 2,
    words: (event) => t(event, 0),
    doc: null,
  }),
};
