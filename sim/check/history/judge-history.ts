/**
 * Judges what clients saw, and nothing else, by the anomalies of Jepsen's Kafka workload. It is
 * the same for a history recorded anywhere and for a simulated run.
 */
import type { VerdictKind } from '../verdict.ts';
import { abortedRead } from './anomalies/aborted-read.ts';
import { acrossPolls } from './anomalies/across-polls.ts';
import { acrossSends } from './anomalies/across-sends.ts';
import {
  type AnomalyKind,
  type AnomalyVerdict,
  anomalyVerdict,
  Cases,
  type Pass,
} from './anomalies/anomaly.ts';
import { type ConsumedTwice, consumedTwice } from './anomalies/consume-counts.ts';
import { cycles } from './anomalies/cycles.ts';
import { duplicate } from './anomalies/duplicate.ts';
import { HistoryView } from './anomalies/history-view.ts';
import { inconsistentOffsets } from './anomalies/inconsistent-offsets.ts';
import { lostWrite } from './anomalies/lost-write.ts';
import { precommittedRead } from './anomalies/precommitted-read.ts';
import { type RealtimeLag, worstRealtimeLag } from './anomalies/realtime-lag.ts';
import { unseen } from './anomalies/unseen.ts';
import { withinOperation } from './anomalies/within-operation.ts';
import { endings, type OperationHistory } from './recorded/operation-history.ts';

const PASSES: readonly Pass[] = [
  inconsistentOffsets,
  duplicate,
  lostWrite,
  abortedRead,
  precommittedRead,
  withinOperation,
  acrossPolls,
  acrossSends,
  unseen,
  cycles,
];

/** In the order of reports. */
export const anomalyCatalog: readonly AnomalyKind[] = PASSES.flatMap((pass) => pass.kinds);

export interface HistoryFacts {
  /** Sends, polls and transactions of unknown end, by what was said of them. */
  readonly unknownCauses: Readonly<Record<string, number>>;
  /** Operations that were called failed although their error leaves it open. */
  readonly softened: number;
  /** Values that were polled and that nobody sent, as far as this history tells. */
  readonly foreignValues: number;
  readonly worstRealtimeLag: RealtimeLag | null;
  readonly consumedTwice: ConsumedTwice | null;
}

export interface HistoryJudgement {
  readonly operations: Readonly<Record<'ok' | 'fail' | 'info', number>>;
  readonly processes: number;
  readonly keys: number;
  readonly sent: number;
  readonly polled: number;
  /** The worst of all anomalies: violated, unknown, allowed, holds. */
  readonly verdict: VerdictKind;
  readonly anomalies: readonly AnomalyVerdict[];
  readonly facts: HistoryFacts;
}

export function judgeHistory(history: OperationHistory): HistoryJudgement {
  const view = new HistoryView(history);
  const cases = new Map(anomalyCatalog.map((kind) => [kind.name, new Cases(kind)]));
  for (const pass of PASSES) pass.find(view, (name) => cases.get(name) as Cases);
  const missing = whatIsMissing(view);
  const anomalies = anomalyCatalog.map((kind) => {
    const why = missing.all ?? (kind.needsPolls === true ? missing.polls : null);
    return anomalyVerdict(kind, cases.get(kind.name) as Cases, why);
  });
  return {
    operations: countEndings(history),
    processes: history.processes.length,
    keys: history.keys.length,
    sent: history.sends.key.length,
    polled: history.reads.key.length,
    verdict: worstOf(anomalies),
    anomalies,
    facts: {
      ...unknownCauses(history),
      foreignValues: foreignValues(view),
      worstRealtimeLag: worstRealtimeLag(view),
      consumedTwice: consumedTwice(view),
    },
  };
}

/** Why something cannot be judged; null where it can. */
function whatIsMissing(view: HistoryView): { all: string | null; polls: string | null } {
  const { history } = view;
  let work = 0;
  for (let operation = 0; operation < history.count; operation++) {
    const kind = history.kindOf(operation);
    if (kind === 'send' || kind === 'poll' || kind === 'txn') work += 1;
  }
  return {
    all: work === 0 ? 'nothing was sent or polled' : null,
    polls: view.wasPolled ? null : 'nobody polled',
  };
}

function countEndings(history: OperationHistory): HistoryJudgement['operations'] {
  const counts = { ok: 0, fail: 0, info: 0 };
  for (let operation = 0; operation < history.count; operation++) {
    counts[endings[history.ending.at(operation)] as 'ok'] += 1;
  }
  return counts;
}

function unknownCauses(
  history: OperationHistory,
): Pick<HistoryFacts, 'unknownCauses' | 'softened'> {
  const causes = new Map<string, number>();
  for (let operation = 0; operation < history.count; operation++) {
    if (history.endingOf(operation) !== 'info') continue;
    const kind = history.kindOf(operation);
    if (kind !== 'send' && kind !== 'poll' && kind !== 'txn') continue;
    const cause = history.errors.get(operation) ?? 'no answer';
    causes.set(cause, (causes.get(cause) ?? 0) + 1);
  }
  return {
    unknownCauses: Object.fromEntries([...causes].sort(([, a], [, b]) => b - a)),
    softened: history.softened.size,
  };
}

function foreignValues(view: HistoryView): number {
  const { history } = view;
  let count = 0;
  for (let value = 0; value < history.values.length; value++) {
    if (view.writerOf(value) < 0) count += 1;
  }
  return count;
}

const WORST_FIRST: readonly VerdictKind[] = ['violated', 'unknown', 'allowed', 'holds'];

function worstOf(anomalies: readonly AnomalyVerdict[]): VerdictKind {
  return WORST_FIRST.find((kind) => anomalies.some((one) => one.verdict === kind)) ?? 'holds';
}
