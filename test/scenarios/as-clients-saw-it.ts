/**
 * Compares what the clients of a run saw, judged by nothing else, with the checks that look into
 * its nodes. Each of the two has a part that the other cannot see; the rest must agree.
 */
import type { ClientHistory } from '../../sim/check/history/history.ts';
import { Outcome } from '../../sim/check/history/history.ts';
import { judgeHistory } from '../../sim/check/history/judge-history.ts';
import { historyOfRun } from '../../sim/check/history/recorded/of-run.ts';
import { LAB_READER } from '../../sim/cluster/names.ts';
import type { RunReport } from '../../sim/run/report.ts';

/** What clients may see only where one of these checks does not hold. */
const SEEN_INSIDE: Readonly<Record<string, readonly string[]>> = {
  'inconsistent-offsets': ['offset-unique', 'read-stable'],
  duplicate: ['no-dup'],
  'lost-write': ['acked-durable'],
  unseen: ['acked-durable', 'consume-progress'],
  'int-poll-skip': ['read-stable'],
  'int-nonmonotonic-poll': ['read-stable'],
  'poll-skip': ['read-stable'],
  'nonmonotonic-poll': ['read-stable'],
  'int-nonmonotonic-send': ['producer-order'],
  // The offsets that a producer was told go back when what it had been told of was lost.
  'nonmonotonic-send': ['producer-order', 'acked-durable'],
};

/** What clients must see one of, where this check does not hold. */
const SEEN_OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  'no-dup': ['duplicate'],
  'producer-order': ['nonmonotonic-send'],
  'offset-unique': ['inconsistent-offsets'],
};

/** What is deleted on purpose is missed by clients, and by no check. */
const DELETED = ['retention', 'topic deletion'];

/** @returns where the two do not agree, in sentences. */
export function disagreements(report: RunReport, history: ClientHistory): string[] {
  const judgement = judgeHistory(historyOfRun(history));
  const seen = new Set(
    judgement.anomalies.filter((one) => one.verdict === 'violated').map((one) => one.name),
  );
  const notHeld = new Set(
    report.verdicts.filter((one) => one.verdict !== 'holds').map((one) => one.name),
  );
  const said: string[] = [];
  if (report.verdicts.some((one) => DELETED.includes(one.allowedBy ?? ''))) return said;
  for (const name of seen) {
    if (SEEN_INSIDE[name]?.some((check) => notHeld.has(check)) === true) continue;
    const told = judgement.anomalies.find((one) => one.name === name)?.cases[0]?.explanation;
    said.push(`clients saw ${name}, no check did: ${told}`);
  }
  // Only a cluster that came to rest is read to its end.
  const { convergedAtMs } = report.story;
  if (convergedAtMs === null || notHeld.has('consume-progress')) return said;
  for (const [check, names] of Object.entries(SEEN_OUTSIDE)) {
    if (!notHeld.has(check) || names.some((name) => seen.has(name))) continue;
    said.push(`${check} does not hold, and clients saw no ${names.join(' or ')}`);
  }
  const lost = missingInTheEnd(history);
  if (lost !== report.counts.acknowledgedLost) {
    const counted = report.counts.acknowledgedLost;
    said.push(`the last reader misses ${lost} acknowledged records, the logs ${counted}`);
  }
  return said;
}

/** Acknowledged records that the lab's reader was not given. */
function missingInTheEnd(history: ClientHistory): number {
  const given = new Set<number>();
  for (const polls of history.polls) {
    if (polls.consumer !== LAB_READER) continue;
    for (let row = 0; row < polls.record.length; row++) given.add(polls.record.at(row));
  }
  let missing = 0;
  history.sends.forEach((sends, index) => {
    for (let row = 0; row < sends.count; row++) {
      const isOk = sends.outcome.at(row) === Outcome.ok;
      if (isOk && !given.has(index * 2 ** 32 + row)) missing += 1;
    }
  });
  return missing;
}
