/** A list with its middle left out: the beginning and the end say most. */
export function shortened<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  const last = Math.floor(most / 2);
  return [...all.slice(0, most - last), ...(last === 0 ? [] : all.slice(-last))];
}
