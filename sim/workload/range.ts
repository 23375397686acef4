/** The numbers of the partitions of a topic that has so many. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
