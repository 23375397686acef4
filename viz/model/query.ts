/**
 * The part of an address behind `?`, read strictly: what is unknown, given twice or not written
 * as it has to be is refused with its place, never dropped.
 */
import type { LinkProblem } from './link.ts';
import { isWholeSeed, SEED_RULE } from './seed.ts';

/** A file of the server that the page came from, or a list of such files. */
export type FileQuery =
  | { readonly kind: 'open'; readonly path: string; readonly at: number }
  | { readonly kind: 'list'; readonly path: string }
  /** It asks for no file. */
  | { readonly kind: 'none' }
  | { readonly kind: 'problem'; readonly problem: LinkProblem };

/** What each key must look like, besides being there once. */
const FORMS: Readonly<Record<string, { readonly fits: (value: string) => boolean; why: string }>> =
  {
    seed: { fits: isWholeSeed, why: SEED_RULE },
    at: {
      fits: (value) => /^\d{1,12}$/.test(value),
      why: 'at must be an event number (a whole number from 0)',
    },
  };

/** @param query without its `?`. @returns the values by key, or what is wrong. */
export function readParts(
  query: string,
  keys: readonly string[],
): ReadonlyMap<string, string> | LinkProblem {
  const values = new Map<string, string>();
  for (const part of query.split('&')) {
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    const value = decoded(equals < 0 ? '' : part.slice(equals + 1));
    if (value === null) return { message: `${key} is no percent-encoded text`, offending: part };
    if (!keys.includes(key)) {
      return { message: `only ${listed(keys)} can be asked for`, offending: part };
    }
    if (values.has(key)) return { message: `${key}= is given twice`, offending: part };
    if (value === '') return { message: `${key}= has no value`, offending: part };
    const form = FORMS[key];
    if (form !== undefined && !form.fits(value)) return { message: form.why, offending: part };
    values.set(key, value);
  }
  return values;
}

/** @param query without its `?`. */
export function readFileQuery(query: string): FileQuery {
  const asked = query.split('&').map((part) => part.split('=', 1)[0]);
  const kind = asked.includes('open') ? 'open' : asked.includes('list') ? 'list' : null;
  if (kind === null) return { kind: 'none' };
  const parts = readParts(query, kind === 'open' ? ['open', 'at'] : ['list']);
  if ('message' in parts) return { kind: 'problem', problem: parts };
  const path = parts.get(kind) ?? '';
  return kind === 'open' ? { kind, path, at: Number(parts.get('at') ?? 0) } : { kind, path };
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** `scenario=, seed= and at=` */
function listed(keys: readonly string[]): string {
  const written = keys.map((key) => `${key}=`);
  const last = written.pop() ?? '';
  return written.length === 0 ? last : `${written.join(', ')} and ${last}`;
}
