/** A filter's tree into a test on event numbers, over one run. */
import type { FilterProblem } from '../filter.ts';
import type { TraceStore } from '../trace-store.ts';
import type { FilterNode, FilterTerm } from './parse.ts';
import { type FilterTest, termOf, terms } from './terms.ts';

type Compiled =
  | { readonly test: FilterTest; readonly problem?: undefined }
  | { readonly problem: FilterProblem; readonly test?: undefined };

export function compile(node: FilterNode | null, store: TraceStore): Compiled {
  if (node === null) return { test: () => true };
  if (node.kind === 'term') return compileTerm(node, store);
  if (node.kind === 'not') {
    const inner = compile(node.of, store);
    if (inner.test === undefined) return inner;
    const { test } = inner;
    return { test: (event) => !test(event) };
  }
  const left = compile(node.left, store);
  if (left.test === undefined) return left;
  const right = compile(node.right, store);
  if (right.test === undefined) return right;
  const [a, b] = [left.test, right.test];
  return node.kind === 'and'
    ? { test: (event) => a(event) && b(event) }
    : { test: (event) => a(event) || b(event) };
}

function compileTerm(term: FilterTerm, store: TraceStore): Compiled {
  const known = termOf(term.key);
  const { from, to } = term;
  if (known === undefined) {
    const keys = terms.map((one) => one.key).join(', ');
    const message = `"${term.key}" is no filter; there are ${keys}. A text with such a sign stands in quotes`;
    return { problem: { from, to, message } };
  }
  if (term.operator !== ':' && known.compares !== true) {
    return { problem: { from, to, message: `${term.key} takes ":", not "${term.operator}"` } };
  }
  const made = known.make(term, store);
  return typeof made === 'string' ? { problem: { from, to, message: made } } : { test: made };
}
