/** Opens the bytes of a `.trial` file in the worker and hands its rows over as a run does. */
import type { RunReport } from '../../sim/run/report.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { describeProblem } from '../../sim/scenario/problems.ts';
import { readTraceFile, TraceFileError } from '../../sim/trace/file.ts';
import type { Post } from './live-run.ts';
import { RowFeed } from './row-feed.ts';
import { RequestError } from './run-request.ts';

/** @throws a RequestError that says what is wrong with the file. */
export function readTrace(bytes: Uint8Array, post: Post): void {
  const file = readSound(bytes);
  const { scenario, problems } = parseScenario(file.scenario);
  if (scenario === undefined) {
    const title = 'the scenario inside the trace is not one that this version knows';
    throw new RequestError({ title, details: problems.map(describeProblem) });
  }
  const { seed, digest, traceHash, rows, engine } = file;
  const report = reportOf(file.report);
  const facts = { digest, traceHash, events: rows.count, engine, report };
  post({ kind: 'head', head: { scenario, seed, kinds: rows.kinds, file: facts } }, []);
  const feed = new RowFeed(rows);
  const originUs = report === null ? 0 : report.story.warmUpMs * 1_000;
  for (let piece = feed.next(true); piece !== null; piece = feed.next(true)) {
    post({ kind: 'rows', chunk: piece.chunk, added: piece.added, originUs }, piece.buffers);
  }
  post({ kind: 'done', report, originUs }, []);
}

function readSound(bytes: Uint8Array): ReturnType<typeof readTraceFile> {
  try {
    return readTraceFile(bytes);
  } catch (error) {
    if (!(error instanceof TraceFileError)) throw error;
    throw new RequestError({ title: error.message, details: [] });
  }
}

/** A file is anybody's: what does not look like a report is none. */
function reportOf(json: unknown): RunReport | null {
  const report = json as Partial<RunReport> | null | undefined;
  const isReport =
    report?.schema === 1 &&
    Array.isArray(report.verdicts) &&
    Array.isArray(report.story?.timeline) &&
    typeof report.story?.warmUpMs === 'number';
  return isReport ? (report as RunReport) : null;
}
