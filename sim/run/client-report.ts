/** What each client saw, counted: from the history and from the final logs. */
import type { FinalState } from '../check/final-state.ts';
import {
  type ClientHistory,
  Outcome,
  type PollHistory,
  type SendHistory,
} from '../check/history/history.ts';
import type { ConsumerLoad } from '../workload/consumer-load.ts';
import type { GroupLoad } from '../workload/group-load.ts';
import type { Workload } from '../workload/workload.ts';
import { deliveriesOf } from './deliveries.ts';
import { disorderOfLogs, disorderOfReads } from './disorder.ts';
import { latencyOf } from './latency.ts';
import type { ClientReport, Spell } from './report.ts';
import { unavailableSpells } from './unavailable.ts';

export interface ReportTimes {
  readonly originUs: number;
  readonly endUs: number;
}

/** By producer: one byte per send, 1 = acknowledged and in no log at the end. */
export type LostRows = readonly Uint8Array[];

export function clientReports(
  parts: { workload: Workload; history: ClientHistory; lost: LostRows; final: FinalState },
  times: ReportTimes,
): ClientReport[] {
  const { workload, history, lost } = parts;
  const disorder = disorderOfLogs(history, parts.final);
  const producers = workload.producers.map(({ history: sends }) => {
    const index = history.sends.indexOf(sends);
    const report = producerReport(sends, lost[index] as Uint8Array, times);
    return { ...report, ...disorder[index] };
  });
  const consumers = workload.consumers.map((load) => consumerReport(load, history, times));
  const members = workload.members.map((load) => memberReport(load, history, times));
  const admins = new Map<string, ClientReport>();
  for (const answer of workload.admin.answers) {
    const report = admins.get(answer.client) ?? { ...EMPTY, name: answer.client, kind: 'admin' };
    const errors: Record<string, number> = { ...report.errors };
    for (const { error } of answer.results) if (error !== 'NONE') count(errors, error);
    const waiting = answer.answeredUs === null ? 1 : 0;
    admins.set(answer.client, { ...report, errors, unanswered: report.unanswered + waiting });
  }
  return [...producers, ...consumers, ...members, ...admins.values()];
}

const EMPTY: ClientReport = {
  name: '',
  kind: 'admin',
  topic: null,
  sent: 0,
  acknowledged: 0,
  acknowledgedLost: 0,
  duplicated: 0,
  reordered: 0,
  failed: 0,
  unknown: 0,
  unanswered: 0,
  consumed: 0,
  polls: 0,
  reorderedAcrossPartitions: 0,
  errors: {},
  latencyMs: null,
  unavailable: [],
};

function producerReport(sends: SendHistory, lost: Uint8Array, times: ReportTimes): ClientReport {
  const byOutcome = [0, 0, 0, 0];
  for (let row = 0; row < sends.count; row++) {
    const outcome = sends.outcome.at(row);
    byOutcome[outcome] = (byOutcome[outcome] as number) + 1;
  }
  const errors: Record<string, number> = {};
  for (const error of sends.errors.values()) count(errors, error);
  let lostCount = 0;
  for (const one of lost) lostCount += one;
  return {
    ...EMPTY,
    name: sends.producer.name,
    kind: 'producer',
    topic: sends.producer.topic,
    sent: sends.count,
    acknowledged: byOutcome[Outcome.ok] as number,
    acknowledgedLost: lostCount,
    failed: byOutcome[Outcome.failed] as number,
    unknown: byOutcome[Outcome.unknown] as number,
    unanswered: byOutcome[Outcome.pending] as number,
    errors,
    latencyMs: latencyOf(sends),
    unavailable: unavailableSpells(sends).map((spell) => spellOf(spell, times)),
  };
}

function spellOf(spell: { fromUs: number; untilUs: number }, times: ReportTimes): Spell {
  const lasting = spell.untilUs >= times.endUs;
  return {
    fromMs: (spell.fromUs - times.originUs) / 1_000,
    untilMs: lasting ? null : (spell.untilUs - times.originUs) / 1_000,
  };
}

function consumerReport(
  load: ConsumerLoad,
  history: ClientHistory,
  times: ReportTimes,
): ClientReport {
  const { latency, unavailable } = deliveriesOf(load.history, history, load.startUs);
  const errors: Record<string, number> = {};
  for (const { error } of load.history.failures) count(errors, error);
  return {
    ...EMPTY,
    name: load.history.consumer,
    kind: 'consumer',
    topic: load.history.topic,
    consumed: load.records,
    polls: load.polls,
    ...disorderOfReads(history, load.history),
    reorderedAcrossPartitions: acrossPartitions(load.history, history),
    errors,
    latencyMs: latency,
    unavailable: unavailable.map((spell) => spellOf(spell, times)),
  };
}

/** Of a member of several topics, what it saw of all of them together. */
function memberReport(load: GroupLoad, history: ClientHistory, times: ReportTimes): ClientReport {
  const errors: Record<string, number> = {};
  for (const error of load.errors) count(errors, error);
  const seen = [...load.histories.values()];
  const [only] = seen;
  const single = seen.length === 1 && only !== undefined ? only : null;
  const delivered = single === null ? null : deliveriesOf(single, history, load.startUs);
  return {
    ...EMPTY,
    name: load.client,
    kind: 'consumer',
    topic: load.entry.topics.join(', '),
    consumed: load.records,
    polls: load.polls,
    ...(single === null ? {} : disorderOfReads(history, single)),
    reorderedAcrossPartitions: single === null ? 0 : acrossPartitions(single, history),
    errors,
    latencyMs: delivered?.latency ?? null,
    unavailable: (delivered?.unavailable ?? []).map((spell) => spellOf(spell, times)),
  };
}

/** Records that were given after a later record of the same producer from another partition. */
function acrossPartitions(polls: PollHistory, history: ClientHistory): number {
  const newest = new Map<SendHistory, { number: number; partition: number }>();
  let inversions = 0;
  for (let i = 0; i < polls.record.length; i++) {
    const record = polls.record.at(i);
    if (record < 0) continue;
    const producer = history.producerOf(record);
    const number = history.numberOf(record);
    const partition = polls.partition.at(i);
    const before = newest.get(producer);
    if (before === undefined || number > before.number) newest.set(producer, { number, partition });
    else if (partition !== before.partition) inversions += 1;
  }
  return inversions;
}

function count(errors: Record<string, number>, error: string): void {
  errors[error] = (errors[error] ?? 0) + 1;
}

/** Total, longest and number of the spells; an open one lasts until the end of the run. */
export function unavailability(
  client: ClientReport,
  endMs: number,
): { totalMs: number; longestMs: number; spells: number } {
  const lengths = client.unavailable.map((spell) => (spell.untilMs ?? endMs) - spell.fromMs);
  return {
    totalMs: lengths.reduce((sum, one) => sum + one, 0),
    longestMs: lengths.reduce((longest, one) => Math.max(longest, one), 0),
    spells: lengths.length,
  };
}
