/**
 * What the keys of `expect` may name:
 * - a check: `acked-durable`, with the verdict that must come out;
 * - a number of the report: `counts.acknowledgedLost`, `clients.p1.errors.NOT_ENOUGH_REPLICAS`,
 *   `cap.split.sides.0.acknowledged`, `operations.move.error`, `groups.billing.again`;
 * - trace events: `events.isr.changed[why=shrink,partition=orders-0].count`, `.firstAt`, `.lastAt`
 *   (scenario ms) or `.afterFault.NAME` (ms from that fault to the first match after it).
 */
import { nearestName } from '../../kafka/config/nearest.ts';
import { type TraceKind, traceTable } from '../trace/table.ts';

export type EventMeasure =
  | { readonly kind: 'count' | 'firstAt' | 'lastAt' }
  | { readonly kind: 'afterFault'; readonly fault: string };

export interface EventExpectation {
  readonly kind: 'events';
  readonly event: TraceKind;
  /** Fields that must be equal, as text; `node` is the name of the node that tells it. */
  readonly filters: readonly (readonly [field: string, value: string])[];
  readonly measure: EventMeasure;
}

export type ExpectationName =
  | { readonly kind: 'check'; readonly check: string }
  | { readonly kind: 'report'; readonly path: readonly string[] }
  | EventExpectation;

export interface NameProblem {
  readonly message: string;
  readonly allowed?: string;
  readonly nearest?: string | null;
}

const EVENT_FORM =
  /^events\.([a-zA-Z.]+?)(?:\[([^\]]*)\])?\.(count|firstAt|lastAt|afterFault\.(.+))$/;

export function parseExpectationName(name: string): ExpectationName | NameProblem {
  if (name.startsWith('events.')) return parseEvents(name);
  if (/^(counts|clients|groups|cap|run|operations)\./.test(name))
    return { kind: 'report', path: name.split('.') };
  return { kind: 'check', check: name };
}

export function isNameProblem(parsed: ExpectationName | NameProblem): parsed is NameProblem {
  return 'message' in parsed;
}

function parseEvents(name: string): EventExpectation | NameProblem {
  const match = EVENT_FORM.exec(name);
  if (match === null) {
    return {
      message: 'not an expectation about events',
      allowed: 'events.KIND[field=value,…].(count | firstAt | lastAt | afterFault.NAME)',
    };
  }
  const kind = match[1] as string;
  if (!Object.hasOwn(traceTable, kind)) {
    const nearest = nearestName(kind, Object.keys(traceTable));
    return { message: `there is no trace event "${kind}"`, nearest };
  }
  const event = kind as TraceKind;
  const filters = filtersOf(match[2]);
  for (const [field] of filters) {
    const problem = fieldProblem(event, field);
    if (problem !== null) return problem;
  }
  const fault = match[4];
  const measure: EventMeasure =
    fault === undefined
      ? { kind: match[3] as 'count' | 'firstAt' | 'lastAt' }
      : { kind: 'afterFault', fault };
  return { kind: 'events', event, filters, measure };
}

/** A comma inside a value, as in `isr=1,2`, belongs to the value. */
function filtersOf(text: string | undefined): (readonly [string, string])[] {
  if (text === undefined || text === '') return [];
  return text.split(/,(?=[a-zA-Z]+=)/).map((part) => {
    const equals = part.indexOf('=');
    return equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
  });
}

/** Why an event has no such field, or null when it has. `node` is on every event. */
export function fieldProblem(event: TraceKind, field: string): NameProblem | null {
  const fields = [...traceTable[event].fields.map(([name]) => name as string), 'node'];
  if (fields.includes(field)) return null;
  return {
    message: `the event ${event} has no field "${field}"`,
    allowed: fields.join(', '),
    nearest: nearestName(field, fields),
  };
}
