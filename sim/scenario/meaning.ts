/**
 * What a schema cannot say of a scenario: do its targets, topics, clients, events, checks and
 * config keys exist, do its times fit together? Every problem is told, not only the first.
 */

import { listenerSecurityKeys } from '../../kafka/config/broker-security.ts';
import { checkLevel } from '../../kafka/config/levels.ts';
import { nearestName } from '../../kafka/config/nearest.ts';
import { LISTENER_PREFIX, parseConfig } from '../../kafka/config/parse.ts';
import { idempotenceEnabled, producerConfigs } from '../../kafka/config/producer.ts';
import { collisionForm } from '../../kafka/metadata/topic-names.ts';
import { variantProblem } from '../../kafka/protocol/choice.ts';
import { checkCatalog } from '../check/checks.ts';
import { LAB_KEYS } from '../cluster/lab-keys.ts';
import {
  brokerNames,
  clientNames,
  controllerNames,
  declaredTopics,
  partitionNames,
} from '../cluster/names.ts';
import { type TargetNames, targetProblem } from '../faults/targets.ts';
import { type FaultSpec, faultNames, targetsOf, verbOf } from '../faults/verbs.ts';
import { traceTable } from '../trace/table.ts';
import { fieldProblem, isNameProblem, parseExpectationName } from './expectation-name.ts';
import { groupMemberProblems } from './group-problems.ts';
import { operationProblems } from './operation-problems.ts';
import { type Problem, problem } from './problems.ts';
import { reportPathProblem } from './report-paths.ts';
import type { Scenario, WorkloadEntry } from './schema.ts';

export function scenarioProblems(scenario: Scenario): Problem[] {
  return [
    ...clusterProblems(scenario),
    ...workloadProblems(scenario),
    ...faultProblems(scenario),
    ...operationProblems(scenario, {
      timeProblem: (at, path) => timeProblem(scenario, at, path),
      triggerProblems: (when, path) => triggerProblems(scenario, when, path),
    }),
    ...expectationProblems(scenario),
  ];
}

type ConfigLevel = Parameters<typeof checkLevel>[0];
type Path = readonly PropertyKey[];

const SECURITY_KEYS: ReadonlySet<string> = new Set(listenerSecurityKeys);

function configProblems(
  level: ConfigLevel,
  config: Readonly<Record<string, string>>,
  path: Path,
): Problem[] {
  const problems = checkLevel(level, config, '').map((error) =>
    problem([...path, error.key], error.value, withoutHelp(error.message), {
      allowed: error.allowed,
      nearest: error.nearest,
    }),
  );
  for (const key of LAB_KEYS) {
    if (!Object.hasOwn(config, key)) continue;
    const message = 'the laboratory sets this key itself; leave it out';
    problems.push(problem([...path, key], config[key], message));
  }
  for (const key of Object.keys(config)) {
    if (!key.startsWith(LISTENER_PREFIX) && !SECURITY_KEYS.has(key)) continue;
    const message = 'the clients of scenarios come in without SASL and TLS; leave it out';
    problems.push(problem([...path, key], config[key], message));
  }
  return problems;
}

/** The problem's own words; what is allowed and what is near are told beside them. */
function withoutHelp(message: string): string {
  return (message.split('; ')[0] as string).trim();
}

function clusterProblems(scenario: Scenario): Problem[] {
  const { cluster } = scenario;
  const problems: Problem[] = [];
  if (cluster.roles === 'combined' && cluster.controllers > cluster.brokers) {
    const message = `more controllers than brokers (${cluster.brokers}) that could be one`;
    const help = { allowed: `1 to ${cluster.brokers}` };
    problems.push(problem(['cluster', 'controllers'], cluster.controllers, message, help));
  }
  problems.push(...configProblems('broker', cluster.config, ['cluster', 'config']));
  problems.push(...variantProblems(cluster.variants));
  const seen = new Map<string, string>();
  cluster.topics.forEach((topic, index) => {
    const path: Path = ['cluster', 'topics', index];
    const form = collisionForm(topic.name);
    const wrong = nameProblem(topic.name, seen.get(form));
    if (wrong !== null) problems.push(problem([...path, 'name'], topic.name, wrong));
    seen.set(form, topic.name);
    if (topic.replicationFactor > cluster.brokers) {
      const message = `more replicas than the cluster has brokers (${cluster.brokers})`;
      const help = { allowed: `1 to ${cluster.brokers}` };
      const at = [...path, 'replicationFactor'];
      problems.push(problem(at, topic.replicationFactor, message, help));
    }
    problems.push(...configProblems('topic', topic.config, [...path, 'config']));
  });
  return problems;
}

/** @param other a topic before it, whose name is the same where "." and "_" are. */
function nameProblem(name: string, other: string | undefined): string | null {
  if (name === '.' || name === '..') return 'no topic can be called "." or ".."';
  if (other === name) return 'this topic is declared twice';
  if (other === undefined) return null;
  return `it differs from ${other} only in "." and "_", which Kafka refuses`;
}

function variantProblems(choice: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(choice).flatMap(([name, option]) => {
    const wrong = variantProblem(name, option);
    return wrong === null
      ? []
      : [problem(['cluster', 'variants', name], option, wrong.message, wrong)];
  });
}

function workloadProblems(scenario: Scenario): Problem[] {
  const problems: Problem[] = [];
  const names = new Set<string>();
  scenario.workload.forEach((entry, index) => {
    const path: Path = ['workload', index];
    const kind = kindOf(entry);
    const name = nameOf(entry);
    if (names.has(name) && kind !== 'admin') {
      problems.push(problem([...path, kind], name, 'two clients have this name'));
    }
    names.add(name);
    problems.push(...configProblems(kind, entry.config, [...path, 'config']));
    problems.push(...entryProblems(scenario, entry, path));
  });
  return problems;
}

function kindOf(entry: WorkloadEntry): 'producer' | 'consumer' | 'admin' {
  if ('producer' in entry) return 'producer';
  return 'consumer' in entry ? 'consumer' : 'admin';
}

function nameOf(entry: WorkloadEntry): string {
  if ('producer' in entry) return entry.producer;
  return 'consumer' in entry ? entry.consumer : entry.admin;
}

function entryProblems(scenario: Scenario, entry: WorkloadEntry, path: Path): Problem[] {
  if ('admin' in entry) return adminProblems(scenario, entry, path);
  if ('group' in entry) {
    const ofTime = (at: number, place: Path): Problem[] => timeProblem(scenario, at, place);
    return groupMemberProblems(scenario, entry, { path, timeProblem: ofTime });
  }
  const problems: Problem[] = [];
  const topics = declaredTopics(scenario);
  const topic = topics.find((one) => one.name === entry.topic);
  if (topic === undefined) {
    const known = topics.map((one) => one.name);
    const help = { allowed: known.join(', '), nearest: nearestName(entry.topic, known) };
    problems.push(problem([...path, 'topic'], entry.topic, 'no such topic in the cluster', help));
  } else {
    const last = topic.partitions - 1;
    const named = 'producer' in entry ? [entry.partition] : entry.assign;
    for (const partition of named === 'all' ? [] : named) {
      if (typeof partition !== 'number' || partition <= last) continue;
      const at = [...path, 'producer' in entry ? 'partition' : 'assign'];
      const message = `the topic has no partition ${partition}`;
      problems.push(problem(at, partition, message, { allowed: `0 to ${last}` }));
    }
  }
  if ('producer' in entry) {
    const { inFlight, recordsPerSecond, sends } = entry;
    const ways = [inFlight, recordsPerSecond, sends].filter((one) => one !== undefined);
    if (ways.length !== 1) {
      const message = 'a producer has one of recordsPerSecond, inFlight and sends';
      problems.push(problem(path, entry.producer, message));
    }
    problems.push(...sendProblems(scenario, entry, path), ...counterProblems(entry, path));
  }
  problems.push(...timeProblem(scenario, entry.startAt, [...path, 'startAt']));
  if (entry.stopAt !== undefined && entry.stopAt < entry.startAt) {
    problems.push(problem([...path, 'stopAt'], entry.stopAt, 'stops before it starts'));
  }
  return problems;
}

function counterProblems(
  { config, counters }: Extract<WorkloadEntry, { producer: string }>,
  path: Path,
): Problem[] {
  if (counters === undefined) return [];
  // What is wrong with the config itself is told beside it.
  if (checkLevel('producer', config, '').length > 0) return [];
  if (idempotenceEnabled(parseConfig(producerConfigs, config, { at: '' }))) return [];
  const message = 'only an idempotent producer has counters';
  return [problem([...path, 'counters'], counters, message)];
}

function sendProblems(
  scenario: Scenario,
  { sends = [], topic }: Extract<WorkloadEntry, { producer: string }>,
  path: Path,
): Problem[] {
  const partitions = declaredTopics(scenario).find((one) => one.name === topic)?.partitions ?? 0;
  return sends.flatMap((send, index) => {
    const place: Path = [...path, 'sends', index];
    const { at, afterEvent, partition } = send;
    const problems = at === undefined ? [] : timeProblem(scenario, at, [...place, 'at']);
    if ((at === undefined) === (afterEvent === undefined)) {
      const message = at === undefined ? 'says not when it is sent' : 'says twice when it is sent';
      problems.push(problem(place, send, message, { allowed: 'either "at" or "afterEvent"' }));
    }
    if (partition !== undefined && partition >= partitions) {
      const message = `the topic has no partition ${partition}`;
      const help = { allowed: `0 to ${partitions - 1}` };
      problems.push(problem([...place, 'partition'], partition, message, help));
    }
    return problems;
  });
}

function adminProblems(
  scenario: Scenario,
  entry: Extract<WorkloadEntry, { admin: string }>,
  path: Path,
): Problem[] {
  const problems = timeProblem(scenario, entry.at, [...path, 'at']);
  if (entry.createTopic !== undefined && entry.describe !== undefined) {
    const help = { allowed: 'createTopic, describe, or neither: operations may name it' };
    problems.push(problem(path, entry.admin, 'an admin entry asks for one thing', help));
  }
  return problems;
}

function timeProblem(scenario: Scenario, at: number, path: Path): Problem[] {
  if (at <= scenario.runFor) return [];
  const help = { allowed: `0 to ${scenario.runFor}` };
  return [problem(path, at, 'is after the end of the run (runFor)', help)];
}

function faultProblems(scenario: Scenario): Problem[] {
  const problems: Problem[] = [];
  const names = targetNames(scenario);
  const seen = new Set<string>();
  scenario.faults.forEach((spec, index) => {
    const path: Path = ['faults', index];
    problems.push(...timingProblems(scenario, spec, path));
    problems.push(...targetProblems(spec, path, { ...names, faultNames: [...seen] }));
    problems.push(...holdProblems(scenario, spec, path));
    problems.push(...flipProblems(spec, path));
    if (spec.name !== undefined && seen.has(spec.name)) {
      problems.push(problem([...path, 'name'], spec.name, 'two faults have this name'));
    }
    if (spec.name !== undefined) seen.add(spec.name);
  });
  return problems;
}

export function targetNames(scenario: Scenario): TargetNames {
  return {
    brokers: brokerNames(scenario),
    controllers: controllerNames(scenario),
    clients: clientNames(scenario),
    partitions: partitionNames(scenario),
    faultNames: faultNames(scenario.faults),
  };
}

function timingProblems(scenario: Scenario, spec: FaultSpec, path: Path): Problem[] {
  const { at, when, afterEvent, after } = spec;
  const said = [at, when, afterEvent].filter((one) => one !== undefined).length;
  if (said !== 1) {
    const message = said === 0 ? 'says not when it strikes' : 'says more than once when it strikes';
    return [problem(path, spec, message, { allowed: 'one of "at", "when", "afterEvent"' })];
  }
  if (when !== undefined) return triggerProblems(scenario, when, [...path, 'when']);
  const problems = at === undefined ? [] : timeProblem(scenario, at, [...path, 'at']);
  if (after === undefined) return problems;
  return [...problems, problem([...path, 'after'], after, 'goes with "when" only')];
}

function triggerProblems(
  scenario: Scenario,
  when: NonNullable<FaultSpec['when']>,
  path: Path,
): Problem[] {
  const kinds = Object.keys(traceTable);
  if (!Object.hasOwn(traceTable, when.event)) {
    const help = { nearest: nearestName(when.event, kinds) };
    return [problem([...path, 'event'], when.event, 'there is no such trace event', help)];
  }
  const event = when.event as keyof typeof traceTable;
  const problems: Problem[] = [];
  for (const [field, value] of Object.entries(when)) {
    if (field === 'event' || field === 'count') continue;
    const wrong = fieldProblem(event, field);
    if (wrong !== null) problems.push(problem([...path, field], value, wrong.message, wrong));
    else problems.push(...fieldValueProblems(scenario, event, [field, value], [...path, field]));
  }
  return problems;
}

function fieldValueProblems(
  scenario: Scenario,
  event: keyof typeof traceTable,
  [field, value]: readonly [string, unknown],
  path: Path,
): Problem[] {
  const names = targetNames(scenario);
  if (field === 'node' || field === 'partition') {
    const known =
      field === 'partition'
        ? names.partitions
        : [...names.brokers, ...names.controllers, ...names.clients];
    if (known.includes(String(value))) return [];
    const help = { allowed: known.join(', '), nearest: nearestName(String(value), known) };
    return [problem(path, value, `there is no such ${field}`, help)];
  }
  const type = traceTable[event].fields.find(([name]) => name === field)?.[1];
  const actual = typeof value === 'string' ? 'text' : 'number';
  if (type === undefined || type === actual) return [];
  return [problem(path, value, `${event} has a ${type} here`)];
}

function targetProblems(spec: FaultSpec, path: Path, names: TargetNames): Problem[] {
  const problems: Problem[] = [];
  for (const { path: at, target } of targetsOf(spec)) {
    const wrong = targetProblem(target, names);
    if (wrong !== null) problems.push(problem([...path, ...at], target, wrong.message, wrong));
  }
  const sides = [targetsOn(spec, 0), targetsOn(spec, 1)];
  if (sides[0] !== '' && sides[0] === sides[1]) {
    const message = 'both sides are the same, so there is nothing between them';
    problems.push(problem([...path, verbOf(spec) ?? ''], sides, message));
  }
  return problems;
}

function targetsOn(spec: FaultSpec, side: number): string {
  const targets = targetsOf(spec).filter((one) => one.side === side);
  return targets.map((one) => one.target).join(', ');
}

/** Kafka's consumer gives a damaged batch to its application as an error until somebody seeks. */
function flipProblems(spec: FaultSpec, path: Path): Problem[] {
  if (!('flipInFlight' in spec)) return [];
  const bad = [spec.flipInFlight[1]]
    .flat()
    .filter((target) => /^(all$|all:clients|client:)/.test(target));
  const help = { allowed: 'brokers as the second side' };
  return bad.map((target) =>
    problem([...path, 'flipInFlight', 1], target, 'a client would stop there for good', help),
  );
}

function holdProblems(scenario: Scenario, spec: FaultSpec, path: Path): Problem[] {
  if (!('release' in spec) || spec.release === 'all') return [];
  const holds: string[] = [];
  for (const one of scenario.faults)
    if ('hold' in one && one.name !== undefined) holds.push(one.name);
  if (holds.includes(spec.release)) return [];
  const help = { allowed: ['all', ...holds].join(', '), nearest: nearestName(spec.release, holds) };
  return [problem([...path, 'release'], spec.release, 'no hold has this name', help)];
}

function expectationProblems(scenario: Scenario): Problem[] {
  const problems: Problem[] = [];
  for (const [name, expected] of Object.entries(scenario.expect)) {
    const path: Path = ['expect', name];
    const parsed = parseExpectationName(name);
    if (isNameProblem(parsed)) {
      problems.push(problem(path, expected, parsed.message, parsed));
    } else if (parsed.kind === 'check') {
      problems.push(...checkProblems(parsed.check, expected, path));
    } else if (parsed.kind === 'report') {
      const wrong = reportPathProblem(parsed.path, scenario);
      if (wrong !== null) problems.push(problem(path, expected, wrong.message, wrong));
    } else if (parsed.measure.kind === 'afterFault') {
      const known = faultNames(scenario.faults);
      const { fault } = parsed.measure;
      if (known.includes(fault)) continue;
      const help = { allowed: known.join(', '), nearest: nearestName(fault, known) };
      problems.push(problem(path, fault, 'no fault has this name', help));
    }
  }
  return problems;
}

const checkNames = checkCatalog.map((one) => one.name);
const VERDICTS = ['holds', 'allowed', 'violated', 'unknown'];

function checkProblems(check: string, expected: unknown, path: Path): Problem[] {
  if (!checkNames.includes(check)) {
    const known = [...checkNames, 'counts.acknowledgedLost', 'counts.duplicated'];
    const help = { allowed: checkNames.join(', '), nearest: nearestName(check, known) };
    return [problem(path, expected, `"${check}" is no check and no number of the report`, help)];
  }
  const words = Array.isArray(expected) ? expected : [expected];
  if (words.every((word) => VERDICTS.includes(word as string))) return [];
  const nearest = typeof expected === 'string' ? nearestName(expected, VERDICTS) : null;
  const help = { allowed: VERDICTS.join(', '), nearest };
  return [problem(path, expected, 'a check comes out as a verdict', help)];
}
