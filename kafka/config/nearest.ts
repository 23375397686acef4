/**
 * "Did you mean …?": the known name nearest to a mistyped one. Used by config errors, scenario
 * errors and the command line. A word that sits inside a name (`retention.ms` in
 * `log.retention.ms`) or abbreviates it (`min.isr` for `min.insync.replicas`) counts as near.
 */
export function nearestName(word: string, candidates: Iterable<string>): string | null {
  const wanted = word.toLowerCase();
  let best: string | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const cost = distance(wanted, candidate.toLowerCase());
    const smaller = best === null || candidate.length < best.length;
    if (cost < bestCost || (cost === bestCost && smaller)) {
      best = candidate;
      bestCost = cost;
    }
  }
  const limit = Math.max(1, Math.floor(wanted.length / 2));
  return bestCost <= limit && bestCost < wanted.length ? best : null;
}

/** The question for an error message; empty when nothing is near. */
export function didYouMean(nearest: string | null): string {
  return nearest === null ? '' : `did you mean ${nearest}?`;
}

function distance(word: string, candidate: string): number {
  if (word.length === 0) return Number.POSITIVE_INFINITY;
  const edits = editDistance(word, candidate);
  if (word.length < 3) return edits;
  if (candidate.includes(word)) return Math.min(edits, 1 + wordsBeside(word, candidate));
  const gaps = word[0] === candidate[0] ? abbreviationGaps(word, candidate) : null;
  return gaps === null ? edits : Math.min(edits, gaps);
}

/** Dotted words of `candidate` that stand before and after `word`. */
function wordsBeside(word: string, candidate: string): number {
  const words = (text: string) => text.split('.').filter((part) => part !== '').length;
  const start = candidate.indexOf(word);
  return words(candidate.slice(0, start)) + words(candidate.slice(start + word.length));
}

/** How many stretches were left out of `candidate` to get `word`; null if it is none of those. */
function abbreviationGaps(word: string, candidate: string): number | null {
  let gaps = 0;
  let taken = 0;
  let skipping = false;
  for (let index = 0; index < candidate.length; index += 1) {
    if (candidate[index] === word[taken]) {
      taken += 1;
      skipping = false;
    } else if (!skipping) {
      gaps += 1;
      skipping = true;
    }
  }
  return taken === word.length ? gaps : null;
}

/** Optimal string alignment: insert, delete, replace, swap of neighbours; each costs 1. */
export function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (same ? 0 : 1),
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) {
        cost = Math.min(cost, (beforeLast[column - 2] as number) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] as number;
}
