/** What a figure of a benchmark has to reach, what it should, and how both are said. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** Worse than this, the benchmark has failed. */
  readonly floor: number;
  readonly aim: number;
}

export function reaches({ value, better }: Figure, bound: number): boolean {
  return better === 'more' ? value >= bound : value <= bound;
}

/** One line, padded to `width`: `what  136,555 requests/s  (at least 30,000, aim 80,000: reached)` */
export function figureLine(figure: Figure, width: number): string {
  const { what, value, unit, better, floor, aim } = figure;
  const least = `${better === 'more' ? 'at least' : 'at most'} ${whole(floor)}`;
  const outcome = reaches(figure, aim) ? 'reached' : 'not reached';
  const end = reaches(figure, floor) ? `aim ${whole(aim)}: ${outcome}` : 'FAILED';
  return `${what.padEnd(width)}  ${whole(value)} ${unit} (${least}, ${end})`;
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
