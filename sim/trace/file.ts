/**
 * The `.trial` file: magic, version, then sections (length, CRC-32C, bytes): the header as JSON
 * (scenario, seed, hashes, the trace table, node names), the interned texts, the chunks of rows.
 * It carries its own table, so a later table can still read it. All numbers are big-endian.
 */

import { crc32c } from '../../kafka/base/crc32c.ts';
import { Reader, WireError } from '../../kafka/base/reader.ts';
import { decodeText, encodeText } from '../../kafka/base/text.ts';
import { Writer } from '../../kafka/base/writer.ts';
import { z } from '../scenario/zod.ts';
import { decodeChunk, encodeChunk } from './columns.ts';
import { ROWS_PER_CHUNK, TraceRows } from './rows.ts';
import { type KindInfo, MAX_FIELDS, TRACE_TABLE_VERSION } from './table.ts';

/** As PNG's: a byte above 127, a name, CR LF and ^Z, so that text conversions are noticed. */
const MAGIC = Uint8Array.of(0x8b, 0x54, 0x52, 0x49, 0x41, 0x4c, 0x0d, 0x0a, 0x1a, 0x0a);
export const TRACE_FILE_VERSION = 1;

export type TraceFileProblem =
  | 'not-a-trace'
  /** Made by a newer version. */
  | 'unknown-version'
  | 'truncated'
  | 'corrupt';

export class TraceFileError extends Error {
  override readonly name = 'TraceFileError';
  readonly problem: TraceFileProblem;
  constructor(problem: TraceFileProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

export interface TraceFileHeader {
  /** The whole scenario, as JSON. */
  readonly scenario: unknown;
  readonly seed: string;
  readonly digest: string;
  readonly traceHash: string;
  /** The version of the program that made it. */
  readonly engine?: string;
  /** What the run came out as, as JSON, so that a reader need not run it again. */
  readonly report?: unknown;
}

export interface TraceFile extends TraceFileHeader {
  /** '' in files that do not say. */
  readonly engine: string;
  readonly tableVersion: number;
  readonly rows: TraceRows;
}

const hash = z.string().regex(/^[0-9a-f]{32}$/);
const headerSchema = z.object({
  scenario: z.unknown(),
  seed: z.string(),
  digest: hash,
  traceHash: hash,
  engine: z.string().default(''),
  report: z.unknown().optional(),
  tableVersion: z.int().min(1),
  table: z.array(
    z.tuple([
      z.string(),
      z.array(z.tuple([z.string(), z.enum(['number', 'text'])])).max(MAX_FIELDS),
    ]),
  ),
  nodes: z.array(z.string()),
  texts: z.int().min(0),
  events: z.int().min(0),
});

/** The file in pieces, to be written one after the other. */
export function writeTraceFile(header: TraceFileHeader, rows: TraceRows): Uint8Array[] {
  const w = new Writer();
  w.begin();
  w.raw(MAGIC);
  w.uint32(TRACE_FILE_VERSION);
  const pieces = [w.finish()];
  const json: z.infer<typeof headerSchema> = {
    scenario: header.scenario,
    seed: header.seed,
    digest: header.digest,
    traceHash: header.traceHash,
    engine: header.engine ?? '',
    report: header.report,
    tableVersion: TRACE_TABLE_VERSION,
    table: rows.kinds.map((kind) => [
      kind.name,
      kind.fieldNames.map((name, i): [string, 'number' | 'text'] => [
        name,
        kind.fieldTypes[i] ?? 'number',
      ]),
    ]),
    nodes: rows.nodeNames,
    texts: rows.texts.length,
    events: rows.count,
  };
  addSection(pieces, encodeText(JSON.stringify(json)));
  w.begin();
  for (const text of rows.texts) w.compactString(text);
  addSection(pieces, w.finish());
  for (let i = 0; i < rows.chunks.length; i++) {
    const chunk = rows.chunks[i];
    if (chunk !== undefined) addSection(pieces, encodeChunk(chunk, i * ROWS_PER_CHUNK + 1));
  }
  return pieces;
}

function addSection(pieces: Uint8Array[], bytes: Uint8Array): void {
  const w = new Writer();
  w.begin();
  w.uint32(bytes.length);
  w.uint32(crc32c(bytes, 0, bytes.length));
  pieces.push(w.finish(), bytes);
}

/** Throws a TraceFileError for anything that is not a whole, sound trace file. */
export function readTraceFile(bytes: Uint8Array): TraceFile {
  for (let i = 0; i < MAGIC.length; i++) {
    if (bytes[i] !== MAGIC[i]) throw new TraceFileError('not-a-trace', 'not a .trial file');
  }
  const reader = new Reader(bytes, MAGIC.length);
  try {
    return readSections(reader);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (error.kind === 'truncated') {
      const where = `it has ${bytes.length} bytes, and what begins at byte ${reader.position} is longer`;
      throw new TraceFileError('truncated', `the .trial file ends too early: ${where}`);
    }
    throw new TraceFileError('corrupt', `the .trial file is damaged: ${error.message}`);
  }
}

function readSections(r: Reader): TraceFile {
  const version = r.uint32();
  if (version !== TRACE_FILE_VERSION) {
    throw new TraceFileError(
      'unknown-version',
      `.trial format version ${version}; this program reads version ${TRACE_FILE_VERSION}`,
    );
  }
  const header = readHeader(section(r, 'header'));
  const texts = readTexts(section(r, 'texts'), header.texts);
  const kinds = header.table.map(
    ([name, fields], id): KindInfo => ({
      id,
      name,
      fieldNames: fields.map((field) => field[0]),
      fieldTypes: fields.map((field) => field[1]),
    }),
  );
  const rows = new TraceRows(kinds, texts, header.nodes);
  while (rows.count < header.events) {
    const firstEvent = rows.count + 1;
    const left = header.events - rows.count;
    const chunk = decodeChunk(section(r, `chunk ${rows.chunks.length}`), {
      firstEvent,
      maxRows: ROWS_PER_CHUNK,
      kinds: kinds.length,
      nodes: header.nodes.length,
      texts: texts.length,
    });
    if (chunk.rows !== (left < ROWS_PER_CHUNK ? left : ROWS_PER_CHUNK)) {
      throw new WireError('invalid-value', `chunk ${rows.chunks.length} has ${chunk.rows} rows`);
    }
    rows.chunks.push(chunk);
  }
  if (r.remaining > 0) throw new WireError('trailing-bytes', `${r.remaining} bytes after the end`);
  const { scenario, seed, digest, traceHash, engine, report, tableVersion } = header;
  return { scenario, seed, digest, traceHash, engine, report, tableVersion, rows };
}

function section(r: Reader, name: string): Uint8Array {
  const length = r.uint32();
  const crc = r.uint32();
  const at = r.take(length);
  if (crc32c(r.bytes, at, at + length) !== crc) {
    throw new WireError('invalid-value', `${name} does not match its checksum`);
  }
  return r.bytes.subarray(at, at + length);
}

function readHeader(bytes: Uint8Array): z.infer<typeof headerSchema> {
  const parsed = headerSchema.safeParse(parseJson(decodeText(bytes, 0, bytes.length)));
  if (!parsed.success) throw new WireError('invalid-value', 'the header lacks a field');
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new WireError('invalid-value', 'the header is not JSON');
  }
}

function readTexts(bytes: Uint8Array, count: number): string[] {
  const r = new Reader(bytes);
  const texts: string[] = [];
  while (texts.length < count) texts.push(r.compactString());
  return texts;
}
