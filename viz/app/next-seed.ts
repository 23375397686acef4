/** The neighbour of a seed: what a story is tried with next. */

/** `42` → `43`, `storm` → `storm-2`, `storm-2` → `storm-3` */
export function nextSeed(seed: string | number): string {
  const text = String(seed);
  if (/^\d{1,15}$/.test(text)) return String(Number(text) + 1);
  const parts = /^(.*)-(\d{1,9})$/.exec(text);
  return parts === null ? `${text}-2` : `${parts[1]}-${Number(parts[2]) + 1}`;
}
