/**
 * What authorization makes of a request before it is served: all of it is, or nothing, or a part,
 * and then the answer says of the rest that it was refused. Rooms that serve requests know nothing
 * of it; where no authorizer is configured there are no guards at all.
 */
import type { Permissions } from './authorizer.ts';

export type Split<Req, Res> =
  /** The client may have all of it. */
  | { readonly kind: 'all' }
  /** `silent`: of a request that gets no answer; its connection is closed. */
  | { readonly kind: 'refused'; readonly response: Res; readonly silent?: boolean }
  | {
      readonly kind: 'part';
      readonly request: Req;
      /** The answer to the whole, of the answer to the part. */
      readonly complete: (response: Res) => Res;
      /** As above, once the part is done. */
      readonly silent?: boolean;
    };

export const ALL = { kind: 'all' } as const;

export function refused<Res>(response: Res) {
  return { kind: 'refused', response } as const;
}

/** @param state what the guard looks at: the metadata, the settings. */
export type Guard<Req, Res, State> = (
  may: Permissions,
  request: Req,
  state: State & { readonly apiVersion: number },
) => Split<Req, Res>;

/** Those that pass, and the others. */
export function divided<T>(items: readonly T[], passes: (item: T) => boolean): [T[], T[]] {
  const allowed: T[] = [];
  const others: T[] = [];
  for (const item of items) (passes(item) ? allowed : others).push(item);
  return [allowed, others];
}
