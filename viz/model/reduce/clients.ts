/** What commands and their answers change on clients. */
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import type { Rule, RunContext } from '../reducer.ts';
import type { ClientState, ClusterState } from '../state.ts';
import { acknowledge } from './acknowledged.ts';
import { num, text } from './fields.ts';

export const clientRules: Readonly<Record<string, Rule>> = {
  'input.command'(state, event, context) {
    const client = clientOf(state, event, context);
    if (client === undefined) return;
    client.asked += num(event, 2);
    client.inFlight += num(event, 2);
  },
  'command.completed'(state, event, context) {
    const client = clientOf(state, event, context);
    if (client === undefined) return;
    const count = num(event, 3);
    const error = text(event, 2);
    client.inFlight = Math.max(0, client.inFlight - count);
    client.lastEvent = event.event;
    if (error === '') client.ok += count;
    else {
      client.lastError = error;
      if (text(event, 0) === 'unknown') client.unknown += count;
      else client.failed += count;
    }
    const partition = text(event, 4);
    if (partition === '') return;
    const offset = num(event, 5);
    client.lastPartition = partition;
    const known = state.partitions[partition];
    if (offset < 0) {
      const waits = context.facts.clients[client.name]?.acks !== '0';
      if (known !== undefined && error === '' && !waits) known.unanswered += count;
      return;
    }
    client.lastOffset = offset + count - 1;
    if (known !== undefined) acknowledge(known, offset, offset + count);
  },
  'command.dropped'(state, event, context) {
    const client = clientOf(state, event, context);
    if (client === undefined) return;
    client.asked += num(event, 2);
    client.failed += num(event, 2);
  },
  'client.retried'(state, event, context) {
    state.counters.retries += 1;
    const client = clientOf(state, event, context);
    if (client !== undefined) client.lastError = text(event, 1);
  },
  'consumer.position'(state, event, context) {
    const client = clientOf(state, event, context);
    if (client !== undefined) client.positions[text(event, 0)] = num(event, 1);
  },
};

function clientOf(
  state: ClusterState,
  event: TraceEvent,
  context: RunContext,
): ClientState | undefined {
  return state.clients[context.nodeNames[event.node - 1] ?? ''];
}
