/** Judges a history given as the lines of a file. */
import { type HistoryJudgement, judgeHistory } from '../../sim/check/history/judge-history.ts';
import { HistoryReader } from '../../sim/check/history/recorded/history-reader.ts';

export function judgeLines(lines: readonly string[]): HistoryJudgement {
  const reader = new HistoryReader();
  for (const line of lines) reader.read(line);
  return judgeHistory(reader.end());
}

/** The names of the anomalies with that verdict. */
export function found(
  { anomalies }: HistoryJudgement,
  verdict: 'violated' | 'allowed' | 'unknown',
): string[] {
  return anomalies.filter((one) => one.verdict === verdict).map((one) => one.name);
}
