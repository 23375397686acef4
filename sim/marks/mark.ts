/**
 * Coverage marks: things that should happen sometimes in a campaign, because a search that never
 * sees them searches in the wrong place. A mark is seen in the trace, in the frames or in the
 * verdicts of a run; the code under test knows nothing of it.
 */
import type { SystemEvents } from '../../kafka/trace.ts';
import { apis } from '../../kafka/wire/apis.ts';
import type { labEvents } from '../trace/lab-events.ts';
import type { FieldValue, TraceKind } from '../trace/table.ts';

/** What a campaign must have so that the mark can be reached; without it, it is unreachable. */
export type Needs =
  | 'process'
  | 'network'
  | 'disk'
  | 'clock'
  /** What operators ask for. */
  | 'operations'
  /** Settings of the cluster, its topics or its clients. */
  | 'settings'
  /** Any fault that makes nodes change their parts, or operators that do. */
  | 'any fault'
  /** Or settings that bring about the same: voters that stand at once, time-outs too short. */
  | 'any fault or tight settings';

export type Sight =
  | {
      readonly kind: TraceKind;
      /** By field: its value, or what it must be. */
      readonly fields: Readonly<Record<string, string | number | ((value: FieldValue) => boolean)>>;
    }
  | { readonly api: number }
  /** What permits a loss, as a verdict says it. */
  | { readonly allowedBy: RegExp };

export interface Mark {
  /** Kebab case. */
  readonly name: string;
  /** A sentence without a full stop. */
  readonly doc: string;
  readonly needs: Needs;
  readonly sight: Sight;
}

type Table = SystemEvents & typeof labEvents;
type FieldName<K extends TraceKind> = Table[K]['fields'][number] extends readonly [infer N, unknown]
  ? N & string
  : never;
type Wanted = string | number | ((value: FieldValue) => boolean);

export interface Naming {
  readonly name: string;
  readonly needs: Needs;
  readonly doc: string;
}

/** An event of a kind, with these fields, was told. */
export function told<K extends TraceKind>(
  naming: Naming,
  kind: K,
  fields: Partial<Record<FieldName<K>, Wanted>> = {},
): Mark {
  return { ...naming, sight: { kind, fields: fields as Record<string, Wanted> } };
}

/** A request of this API was sent. */
export function asked(naming: Naming, api: keyof typeof apis): Mark {
  return { ...naming, sight: { api: apis[api].key } };
}

/** A check called something allowed, by this. */
export function allowed(naming: Naming, allowedBy: RegExp): Mark {
  return { ...naming, sight: { allowedBy } };
}

export const isNotEmpty = (value: FieldValue): boolean => value !== '';
export const isOneName = (value: FieldValue): boolean =>
  typeof value === 'string' && value !== '' && !value.includes(',');
export const atLeast =
  (least: number) =>
  (value: FieldValue): boolean =>
    typeof value === 'number' && value >= least;
