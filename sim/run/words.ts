/** How numbers are written for people, the same on every machine. */

/** `1234567` → `1,234,567` */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
