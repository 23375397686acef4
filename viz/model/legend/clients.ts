/** What clients answer, and where consumers are. */
import type { LegendEntry } from '../legend.ts';
import { rules } from '../rules.ts';
import { counted, n, t } from './text.ts';

export const clientLegend: Readonly<Record<string, LegendEntry>> = {
  'command.completed': {
    title: 'answered',
    lane: 'own',
    colour: 'kind-client',
    shape: 'square',
    weight: 1,
    words: (event, node) => {
      const count = n(event, 3);
      const error = t(event, 2);
      if (error !== '') {
        const outcome = t(event, 0) === 'unknown' ? 'may or may not be written' : 'failed';
        return `${node}: ${counted(count, 'operation')} ${outcome} (${error})`;
      }
      const partition = t(event, 4);
      if (t(event, 0) !== 'sent' || partition === '') return `${node}: ${t(event, 0)}`;
      const from = n(event, 5);
      // No offset: acks=0, or a leader that had the batch already and knew no more where.
      if (from < 0)
        return `${node}: ${counted(count, 'record')} of ${partition} sent, no offset told`;
      const offsets = count > 1 ? `${from} to ${from + count - 1}` : String(from);
      return `${node}: ${partition} ${offsets} acknowledged`;
    },
    doc: rules.acks,
  },
  'command.dropped': {
    title: 'not running',
    lane: 'own',
    colour: 'kind-client',
    shape: 'cross',
    weight: 2,
    words: (event, node) => `${node} is not running: ${t(event, 0)} is dropped`,
    doc: null,
  },
  'client.retried': {
    title: 'retried',
    lane: 'own',
    colour: 'kind-refusal',
    shape: 'diamond',
    weight: 2,
    words: (event, node) =>
      `${node} will send a batch of ${t(event, 0)} again (${t(event, 1)}, attempt ${n(event, 2)})`,
    doc: rules.retries,
  },
  'consumer.position': {
    title: 'position',
    lane: 'own',
    colour: 'kind-client',
    shape: 'tick',
    weight: 1,
    words: (event, node) => `${node} reads ${t(event, 0)} from ${n(event, 1)} on (${t(event, 2)})`,
    doc: rules.autoOffsetReset,
  },
};
