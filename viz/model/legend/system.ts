/** What brokers and controllers tell: logs, watermarks, leaders, in-sync replicas, fences. */
import type { LegendEntry } from '../legend.ts';
import { rules } from '../rules.ts';
import { counted, idList, n, producerWords, spoken, t } from './text.ts';

const own = (entry: Omit<LegendEntry, 'lane'>): LegendEntry => ({ lane: 'own', ...entry });

export const systemLegend: Readonly<Record<string, LegendEntry>> = {
  'broker.state': own({
    title: 'life cycle',
    colour: 'kind-life',
    shape: 'diamond',
    weight: 2,
    words: (event, node) => `${node} is now ${t(event, 0)}`,
    doc: rules.quorumController,
  }),
  'log.appended': own({
    title: 'appended',
    colour: 'kind-log',
    shape: 'square',
    weight: 1,
    words: (event, node) => {
      const [from, end] = [n(event, 1), n(event, 2)];
      const what = end - from === 1 ? `offset ${from}` : `offsets ${from} to ${end - 1}`;
      const words = `${node} writes ${what} of ${t(event, 0)} as ${t(event, 4)}`;
      return `${words} (epoch ${n(event, 3)}${producerWords(event)})`;
    },
    doc: rules.replicatedLog,
  }),
  'log.truncated': own({
    title: 'truncated',
    colour: 'kind-refusal',
    shape: 'triangle-down',
    weight: 3,
    words: (event, node) => {
      const [end, old] = [n(event, 1), n(event, 2)];
      const lost = counted(old - end, 'record');
      return `${node} cuts ${t(event, 0)} from ${old} back to ${end}: ${lost} gone (${spoken(t(event, 3))})`;
    },
    doc: rules.leaderEpochs,
  }),
  'log.recovered': own({
    title: 'recovered',
    colour: 'kind-log',
    shape: 'triangle-up',
    weight: 2,
    words: (event, node) =>
      `${node} loads ${t(event, 0)} after ${article(t(event, 3))} stop: offsets ${n(event, 1)} to ${n(event, 2)}`,
    doc: rules.flushMessages,
  }),
  'log.cut': own({
    title: 'cut by recovery',
    colour: 'kind-refusal',
    shape: 'triangle-down',
    weight: 3,
    words: (event, node) =>
      `${node} finds no good batch of ${t(event, 0)} from ${n(event, 1)} on and cuts ${n(event, 2)} bytes`,
    doc: rules.flushMessages,
  }),
  'log.started': own({
    title: 'log start',
    colour: 'kind-log',
    shape: 'tick',
    weight: 1,
    words: (event, node) => `${node}: ${t(event, 0)} begins at ${n(event, 1)} now`,
    doc: rules.retention,
  }),
  'segment.rolled': own({
    title: 'new segment',
    colour: 'kind-log',
    shape: 'tick',
    weight: 1,
    words: (event, node) =>
      `${node} closes a segment of ${t(event, 0)} at ${n(event, 2)} bytes; the next begins at ${n(event, 1)}`,
    doc: rules.retention,
  }),
  'segment.deleted': own({
    title: 'segment deleted',
    colour: 'kind-log',
    shape: 'triangle-down',
    weight: 2,
    words: (event, node) =>
      `${node} deletes the segment ${n(event, 1)} to ${n(event, 2) - 1} of ${t(event, 0)} (${t(event, 3)})`,
    doc: rules.retention,
  }),
  'log.dir.failed': own({
    title: 'log directory failed',
    colour: 'fault-disk',
    shape: 'cross',
    weight: 3,
    words: (event, node) => `${node} gives up log directory ${t(event, 0)}: ${t(event, 1)}`,
    doc: null,
  }),
  'hw.advanced': own({
    title: 'high watermark',
    colour: 'kind-replication',
    shape: 'tick',
    weight: 1,
    words: (event, node) =>
      `${node}: high watermark of ${t(event, 0)} is ${n(event, 1)} (${t(event, 3)}, epoch ${n(event, 2)})`,
    doc: rules.replication,
  }),
  'leader.started': own({
    title: 'leads',
    colour: 'kind-leader',
    shape: 'triangle-up',
    weight: 3,
    words: (event, node) =>
      `${node} begins to lead ${t(event, 0)} in epoch ${n(event, 1)}, from offset ${n(event, 2)} on`,
    doc: rules.replication,
  }),
  'follower.started': own({
    title: 'follows',
    colour: 'kind-replication',
    shape: 'diamond',
    weight: 2,
    words: (event, node) => {
      const of = `${t(event, 0)} in epoch ${n(event, 1)}`;
      if (n(event, 2) < 0) return `${node} follows nobody for ${of}: it has no leader`;
      return `${node} begins to follow broker-${n(event, 2)} for ${of}`;
    },
    doc: rules.replication,
  }),
  'leader.elected': own({
    title: 'election',
    colour: 'kind-leader',
    shape: 'diamond',
    weight: 3,
    words: (event) => {
      const isr = `in sync: ${idList(t(event, 3))}`;
      if (n(event, 1) < 0) return `${t(event, 0)} has no leader (${isr})`;
      return `${t(event, 0)}: broker-${n(event, 1)} leads in epoch ${n(event, 2)} (${spoken(t(event, 5))}, ${isr})`;
    },
    doc: rules.uncleanElection,
  }),
  'isr.changed': own({
    title: 'in-sync replicas',
    colour: 'kind-isr',
    shape: 'diamond',
    weight: 3,
    words: (event) => {
      const elr = t(event, 2) === '' ? '' : `, eligible ${idList(t(event, 2))}`;
      return `${t(event, 0)}: in sync are ${idList(t(event, 1))}${elr} (${spoken(t(event, 4))})`;
    },
    doc: rules.replicaLagTime,
  }),
  'isr.held': own({
    title: 'ISR of the leader',
    colour: 'kind-isr',
    shape: 'tick',
    weight: 1,
    words: (event, node) => {
      const more = t(event, 2) === t(event, 1) ? '' : `, at most ${idList(t(event, 2))}`;
      return `${node} counts ${idList(t(event, 1))} as in sync for ${t(event, 0)}${more}`;
    },
    doc: rules.alterPartition,
  }),
  'isr.proposed': own({
    title: 'ISR proposed',
    colour: 'kind-isr',
    shape: 'tick',
    weight: 2,
    words: (event, node) =>
      `${node} asks to ${t(event, 2)} the ISR of ${t(event, 0)} to ${idList(t(event, 1))}`,
    doc: rules.alterPartition,
  }),
  'broker.fenced': own({
    title: 'fenced',
    colour: 'kind-life',
    shape: 'cross',
    weight: 3,
    words: (event, node) => `${node} fences broker-${n(event, 0)} (${spoken(t(event, 1))})`,
    doc: rules.sessionTimeout,
  }),
  'broker.unfenced': own({
    title: 'unfenced',
    colour: 'kind-life',
    shape: 'triangle-up',
    weight: 3,
    words: (event, node) => `${node} unfences broker-${n(event, 0)}`,
    doc: rules.quorumController,
  }),
  'broker.leaving': own({
    title: 'leaving',
    colour: 'kind-life',
    shape: 'triangle-down',
    weight: 2,
    words: (event) => `broker-${n(event, 0)} is leaving: its leaderships are handed over`,
    doc: rules.controlledShutdown,
  }),
  'broker.registered': own({
    title: 'registered',
    colour: 'kind-life',
    shape: 'diamond',
    weight: 2,
    words: (event, node) =>
      `${node} registers broker-${n(event, 0)} in broker epoch ${n(event, 1)} (${spoken(t(event, 2))})`,
    doc: rules.quorumController,
  }),
  'quorum.state': own({
    title: 'quorum',
    colour: 'kind-leader',
    shape: 'diamond',
    weight: 2,
    words: (event, node) => {
      const leader = n(event, 2) < 0 ? 'no leader known' : `leader ${n(event, 2)}`;
      const [, , , voted] = event.fields;
      const vote = typeof voted === 'number' && voted >= 0 ? `, its vote went to ${voted}` : '';
      return `${node} is ${t(event, 0)} of the quorum in epoch ${n(event, 1)}, ${leader}${vote}`;
    },
    doc: rules.quorum,
  }),
  'quorum.committed': own({
    title: 'metadata committed',
    colour: 'kind-replication',
    shape: 'tick',
    weight: 0,
    words: (event, node) => `${node} knows the metadata below ${n(event, 0)} to be committed`,
    doc: rules.quorum,
  }),
  'controller.activated': own({
    title: 'active controller',
    colour: 'kind-leader',
    shape: 'triangle-up',
    weight: 3,
    words: (event, node) => `${node} is the active controller in epoch ${n(event, 0)}`,
    doc: rules.quorumController,
  }),
  'controller.resigned': own({
    title: 'controller stepped down',
    colour: 'kind-leader',
    shape: 'triangle-down',
    weight: 3,
    words: (event, node) =>
      `${node} is the active controller of epoch ${n(event, 0)} no more; uncommitted changes ` +
      `forgotten: ${n(event, 1)}`,
    doc: rules.quorumController,
  }),
  'metadata.snapshot': own({
    title: 'metadata snapshot',
    colour: 'kind-log',
    shape: 'square',
    weight: 1,
    words: (event, node) => `${node} has written a snapshot of the metadata up to ${n(event, 0)}`,
    doc: rules.snapshots,
  }),
  'broker.unregistered': own({
    title: 'unregistered',
    colour: 'kind-life',
    shape: 'cross',
    weight: 3,
    words: (event, node) => `${node} forgets broker-${n(event, 0)} for good`,
    doc: rules.quorumController,
  }),
  'topic.created': own({
    title: 'topic created',
    colour: 'kind-leader',
    shape: 'diamond',
    weight: 2,
    words: (event) => `topic ${t(event, 0)} is created`,
    doc: null,
  }),
  'topic.deleted': own({
    title: 'topic deleted',
    colour: 'kind-refusal',
    shape: 'cross',
    weight: 3,
    words: (event) => `topic ${t(event, 0)} is deleted`,
    doc: null,
  }),
  'replicas.changed': own({
    title: 'replicas',
    colour: 'kind-replication',
    shape: 'diamond',
    weight: 2,
    words: (event) => {
      const adding = t(event, 2) === '' ? '' : `, adding ${idList(t(event, 2))}`;
      const removing = t(event, 3) === '' ? '' : `, removing ${idList(t(event, 3))}`;
      return `${t(event, 0)} is assigned to ${idList(t(event, 1))}${adding}${removing}`;
    },
    doc: rules.reassignment,
  }),
  'replica.deleted': own({
    title: 'replica deleted',
    colour: 'kind-log',
    shape: 'cross',
    weight: 2,
    words: (event, node) => `${node} gives up its ${t(event, 0)} (${spoken(t(event, 2))})`,
    doc: null,
  }),
  'directory.assigned': own({
    title: 'directory',
    colour: 'kind-log',
    shape: 'tick',
    weight: 1,
    words: (event) => `${t(event, 0)} of broker-${n(event, 1)} lies in ${t(event, 2)}`,
    doc: rules.directories,
  }),
  'config.changed': own({
    title: 'setting changed',
    colour: 'kind-isr',
    shape: 'diamond',
    weight: 3,
    words: (event) =>
      t(event, 2) === ''
        ? `${t(event, 1)} of ${t(event, 0)} is taken back`
        : `${t(event, 1)}=${t(event, 2)} for ${t(event, 0)}`,
    doc: null,
  }),
  'feature.changed': own({
    title: 'feature',
    colour: 'kind-isr',
    shape: 'diamond',
    weight: 2,
    words: (event) => `feature ${t(event, 0)} is at level ${n(event, 1)} now`,
    doc: rules.features,
  }),
  'fetch.diverged': own({
    title: 'diverged',
    colour: 'kind-replication',
    shape: 'diamond',
    weight: 3,
    words: (event, node) =>
      `${node} tells broker-${n(event, 1)} that its ${t(event, 0)} parts from epoch ${n(event, 2)} at ${n(event, 3)}`,
    doc: rules.divergence,
  }),
  'decision.changed': own({
    title: 'historic rule',
    colour: 'kind-refusal',
    shape: 'diamond',
    weight: 2,
    words: (event, node) =>
      `${node} decides as Kafka once did: ${t(event, 0)} is ${t(event, 1)} (${t(event, 2)})`,
    doc: null,
  }),
  'produce.refused': own({
    title: 'produce refused',
    colour: 'kind-refusal',
    shape: 'cross',
    weight: 2,
    words: (event, node) => `${node} refuses a batch of ${t(event, 0)}: ${t(event, 1)}`,
    doc: rules.minInSync,
  }),
  'produce.duplicate': own({
    title: 'duplicate',
    colour: 'kind-replication',
    shape: 'diamond',
    weight: 2,
    words: (event, node) =>
      `${node} knows this batch of ${t(event, 0)} already: offset ${n(event, 2)}, producer ${n(event, 1)}`,
    doc: rules.exactlyOnce,
  }),
  'login.failed': own({
    title: 'login failed',
    colour: 'kind-client',
    shape: 'cross',
    weight: 2,
    words: (event, node) => {
      const untold = Number(event.fields[3]);
      const others = untold === 0 ? '' : `, and ${untold} others before`;
      return `${node}: failed authentication with /${t(event, 0)} on ${t(event, 1)} (${t(event, 2)})${others}`;
    },
    doc: null,
  }),
};

function article(how: string): string {
  return /^[aeiou]/.test(how) ? `an ${how}` : `a ${how}`;
}
