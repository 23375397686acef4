/**
 * The text format of Kafka's checkpoint files: a version line, a count line, then one row per
 * line (Kafka: CheckpointFile, OffsetCheckpointFile, LeaderEpochCheckpointFile). Contents that do
 * not parse give null: the reader falls back to what the log itself says.
 */
const VERSION = '0';

function formatRows(rows: readonly string[]): string {
  return [VERSION, String(rows.length), ...rows, ''].join('\n');
}

function parseRows(text: string): string[][] | null {
  const lines = text.split('\n');
  const count = Number(lines[1]);
  if (lines[0] !== VERSION || !Number.isSafeInteger(count) || count < 0) return null;
  if (lines.length < count + 2) return null;
  return lines.slice(2, count + 2).map((line) => line.split(' '));
}

function parseInteger(text: string | undefined): number | null {
  if (text === undefined || !/^-?\d+$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

export function formatEpochs(entries: readonly EpochEntry[]): string {
  return formatRows(entries.map((entry) => `${entry.epoch} ${entry.startOffset}`));
}

export function parseEpochs(text: string): EpochEntry[] | null {
  const rows = parseRows(text);
  if (rows === null) return null;
  const entries: EpochEntry[] = [];
  for (const row of rows) {
    const epoch = parseInteger(row[0]);
    const startOffset = parseInteger(row[1]);
    if (epoch === null || startOffset === null || row.length !== 2) return null;
    entries.push({ epoch, startOffset });
  }
  return entries;
}

/** Keyed by partition directory name, `orders-0`. */
export type OffsetsByPartition = Map<string, number>;

export interface PartitionOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export function formatOffsets(rows: readonly PartitionOffset[]): string {
  return formatRows(rows.map((row) => `${row.topic} ${row.partition} ${row.offset}`));
}

export function parseOffsets(text: string): OffsetsByPartition | null {
  const rows = parseRows(text);
  if (rows === null) return null;
  const offsets: OffsetsByPartition = new Map();
  for (const row of rows) {
    const partition = parseInteger(row[1]);
    const offset = parseInteger(row[2]);
    if (partition === null || offset === null || row.length !== 3) return null;
    offsets.set(`${row[0]}-${partition}`, offset);
  }
  return offsets;
}
