/** Columns as Kafka's tools print them: one blank apart, each as wide as it has to be. */

export interface TableColumn {
  readonly head: string;
  /** At least. */
  readonly width: number;
  readonly of: readonly string[];
}

/** The heads, then a line for each row. */
export function table(columns: readonly TableColumn[]): string[] {
  const widths = columns.map(({ width, of }) => Math.max(width, ...of.map((one) => one.length)));
  const rows = Math.max(0, ...columns.map(({ of }) => of.length));
  const line = (cell: (column: TableColumn) => string) =>
    columns
      .map((column, i) => cell(column).padEnd(widths[i] ?? 0))
      .join(' ')
      .trimEnd();
  const lines = [line(({ head }) => head)];
  for (let row = 0; row < rows; row++) lines.push(line(({ of }) => of[row] ?? ''));
  return lines;
}
