/**
 * Which dotted names of report numbers an expectation may use. `*` stands for any name there.
 * `sim/run/report.ts` builds the numbers under exactly these names.
 */
import { nearestName } from '../../kafka/config/nearest.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { clientNames, groupNames } from '../cluster/names.ts';
import { faultNames } from '../faults/verbs.ts';
import { operationNames } from '../workload/operation-verbs.ts';
import type { NameProblem } from './expectation-name.ts';
import type { Scenario } from './schema.ts';

export const COUNTS = [
  'sent',
  'acknowledged',
  'acknowledgedLost',
  'duplicated',
  'reordered',
  'consumed',
] as const;

const CLIENT_NUMBERS = [
  'sent',
  'acknowledged',
  'acknowledgedLost',
  'duplicated',
  'reordered',
  'failed',
  'unknown',
  'unanswered',
  'consumed',
  'polls',
  'reorderedAcrossPartitions',
  'unavailableMs',
  'longestUnavailableMs',
  'unavailableSpells',
];
const LATENCIES = ['p50', 'p95', 'p99', 'max'];
const TALLY_NUMBERS = ['acknowledged', 'acknowledgedLost', 'lostUnsure', 'lostOtherwise'];
const SIDE_NUMBERS = [...TALLY_NUMBERS, 'writable'];
const CAP_TALLIES = ['elsewhere', 'meanwhile', 'earlier', 'later'];
const CAP_NUMBERS = ['survived', 'attempted', 'sides', 'clients', ...CAP_TALLIES];
const CAP_CLIENT_NUMBERS = [
  ...['operations', 'answered', 'answeredMeanwhile', 'share', 'longestGapMs', 'kept'],
  ...['acknowledged', 'lost', 'lostUnsure', 'lostOtherwise'],
  ...['earlier', 'earlierLost', 'earlierLostUnsure', 'earlierLostOtherwise'],
  ...['later', 'laterLost', 'laterLostUnsure', 'laterLostOtherwise'],
  ...['takenBackUnsure', 'takenBackOtherwise'],
  ...['earlierTakenBack', 'earlierTakenBackUnsure', 'earlierTakenBackOtherwise'],
  ...['records', 'takenBack', 'leftOut', 'again', 'prefix', 'stalePolls', 'stalestMs'],
  'linearizable',
];
const GROUP_NUMBERS = [
  ...['processed', 'distinct', 'again', 'missed', 'rebalances', 'idle'],
  ...['commits', 'commitsRefused', 'lag', 'maxLag'],
];
const OPERATION_NUMBERS = ['error', 'tookMs', 'said'];
const RUN_NUMBERS = ['convergedMs', 'converged', 'simulatedMs', 'unresolvedFaults'];

/** Why the report has no such number, or null when it has. */
export function reportPathProblem(path: readonly string[], scenario: Scenario): NameProblem | null {
  const [room, ...rest] = path;
  switch (room) {
    case 'counts':
      return oneOf(rest, 0, COUNTS);
    case 'run':
      return oneOf(rest, 0, RUN_NUMBERS);
    case 'operations':
      return operationProblem(rest, scenario);
    case 'clients':
      return clientProblem(rest, scenario);
    case 'groups':
      return word(rest, 0, groupNames(scenario)) ?? oneOf(rest, 1, GROUP_NUMBERS);
    default:
      return capProblem(rest, scenario);
  }
}

function operationProblem(rest: readonly string[], scenario: Scenario): NameProblem | null {
  const operation = word(rest, 0, operationNames(scenario.operations));
  return operation ?? oneOf(rest, 1, OPERATION_NUMBERS);
}

function clientProblem(rest: readonly string[], scenario: Scenario): NameProblem | null {
  const client = word(rest, 0, clientNames(scenario));
  if (client !== null) return client;
  if (rest[1] === 'latencyMs') return oneOf(rest, 2, LATENCIES);
  if (rest[1] !== 'errors') return oneOf(rest, 1, [...CLIENT_NUMBERS, 'latencyMs', 'errors']);
  const error = rest[2] ?? '';
  if (Object.hasOwn(ErrorCode, error) || /^[A-Z]\w+Exception$/.test(error)) return null;
  return oneOf(rest, 2, Object.keys(ErrorCode));
}

function capProblem(rest: readonly string[], scenario: Scenario): NameProblem | null {
  const cuts = scenario.faults.filter((one) => 'cut' in one || 'isolate' in one);
  const fault = word(rest, 0, faultNames(cuts));
  if (fault !== null) return fault;
  if (rest[1] === 'clients') {
    return word(rest, 2, clientNames(scenario)) ?? oneOf(rest, 3, CAP_CLIENT_NUMBERS);
  }
  if (CAP_TALLIES.includes(rest[1] ?? '')) return oneOf(rest, 2, TALLY_NUMBERS);
  if (rest[1] !== 'sides') return oneOf(rest, 1, CAP_NUMBERS);
  return word(rest, 2, ['0', '1']) ?? oneOf(rest, 3, SIDE_NUMBERS);
}

function oneOf(
  path: readonly string[],
  index: number,
  names: readonly string[],
): NameProblem | null {
  if (path.length > index + 1) return { message: `nothing stands below "${path[index]}"` };
  return word(path, index, names);
}

function word(
  path: readonly string[],
  index: number,
  names: readonly string[],
): NameProblem | null {
  const name = path[index] ?? '';
  if (names.includes(name)) return null;
  const message = name === '' ? 'this name stops too early' : `the report has no "${name}" here`;
  const shown = names.length <= 16 ? { allowed: names.join(', ') } : {};
  return { message, ...shown, nearest: name === '' ? null : nearestName(name, names) };
}
