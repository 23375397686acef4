/** What is wrong with one line of a history file, as `format.ts` declares it. */
import { nearestName } from '../../../../kafka/config/nearest.ts';
import { type Problem, problem } from '../../../scenario/problems.ts';
import { headerFields, isolationLevels, lineTypes, operationFields, timeUnits } from './format.ts';
import { kinds } from './operation-history.ts';

const TYPES: ReadonlySet<unknown> = new Set(lineTypes);
const KINDS: ReadonlySet<unknown> = new Set(kinds);
const OPERATION_FIELDS: ReadonlySet<string> = new Set(operationFields);

export function isHeader(line: unknown): boolean {
  return isObject(line) && 'history' in line;
}

/** @returns null for a line that is as it should be. */
export function headerProblem(line: Readonly<Record<string, unknown>>): Problem | null {
  for (const field of Object.keys(line)) {
    if (!headerFields.includes(field)) return unknownField(field, line[field], headerFields);
  }
  if (line['history'] !== 1) {
    const newer = typeof line['history'] === 'number' && line['history'] > 1;
    const message = newer ? 'made by a newer version of this format' : 'not a version';
    return problem(['history'], line['history'], message, { allowed: '1' });
  }
  return (
    oneOf('timeUnit', line['timeUnit'], timeUnits) ??
    oneOf('isolationLevel', line['isolationLevel'], isolationLevels)
  );
}

function oneOf(field: string, value: unknown, known: readonly string[]): Problem | null {
  if (value === undefined || known.includes(value as string)) return null;
  return notKnown(field, value, known);
}

export function operationProblem(line: unknown): Problem | null {
  if (!isObject(line)) return problem([], line, 'wrong type', { allowed: 'an object' });
  for (const field of Object.keys(line)) {
    if (!OPERATION_FIELDS.has(field)) return unknownField(field, line[field], operationFields);
  }
  const { process, time, type, f, error, id, rebalanced } = line;
  if (!isName(process)) return wrong('process', process, NAME);
  if (typeof time !== 'number' || !(time >= 0)) return wrong('time', time, 'a number from 0 on');
  if (!TYPES.has(type)) return notKnown('type', type, lineTypes);
  if (!KINDS.has(f)) return notKnown('f', f, kinds);
  if (error !== undefined && typeof error !== 'string') return wrong('error', error, 'a string');
  if (id !== undefined && !isName(id)) return wrong('id', id, NAME);
  if (rebalanced !== undefined) {
    const found = namesProblem('rebalanced', rebalanced);
    if (found !== null) return found;
  }
  const seek = line['seekToBeginning'];
  if (seek !== undefined && typeof seek !== 'boolean') {
    return wrong('seekToBeginning', seek, 'true, false');
  }
  if (seek !== undefined && f !== 'assign') {
    return problem(['seekToBeginning'], seek, 'only assign can seek');
  }
  return valueProblem(f as string, line['value']);
}

/** Which values belong to which f. */
function valueProblem(f: string, value: unknown): Problem | null {
  if (value === undefined || value === null) return null;
  if (f === 'assign' || f === 'subscribe') return namesProblem('value', value);
  if (f === 'crash') {
    const isEmpty = Array.isArray(value) && value.length === 0;
    return isEmpty ? null : problem(['value'], value, 'a crash has no value');
  }
  if (!Array.isArray(value)) return wrong('value', value, MICRO);
  for (let i = 0; i < value.length; i++) {
    const found = microProblem(value[i], i);
    if (found !== null) return found;
    const verb = value[i][0] as string;
    if (f !== 'txn' && verb !== f) {
      return problem(['value', i], value[i], `a ${verb} in an operation that is a ${f}`, {
        allowed: `${f}; txn may have both`,
      });
    }
  }
  return null;
}

const NAME = 'a string, a whole number';
const VALUE = 'a string, a whole number up to 2^53';
const MICRO = '["send", key, value], ["poll"], ["poll", {key: [[offset, value]]}]';

function microProblem(micro: unknown, i: number): Problem | null {
  if (!Array.isArray(micro)) return wrongAt(['value', i], micro, MICRO);
  if (micro[0] === 'send') return sendProblem(micro, i);
  if (micro[0] !== 'poll') {
    const known = ['send', 'poll'];
    const nearest = typeof micro[0] === 'string' ? nearestName(micro[0], known) : null;
    const help = { allowed: 'send, poll', nearest };
    return problem(['value', i, 0], micro[0], 'not one of the known values', help);
  }
  if (micro.length === 1) return null;
  const byKey: unknown = micro[1];
  if (micro.length > 2 || !isObject(byKey)) return wrongAt(['value', i], micro, MICRO);
  for (const key of Object.keys(byKey)) {
    const found = recordsProblem(byKey[key], ['value', i, 1, key]);
    if (found !== null) return found;
    if (key === '') return problem(['value', i, 1, key], byKey[key], 'a key has no name');
  }
  return null;
}

function sendProblem(micro: readonly unknown[], i: number): Problem | null {
  if (micro.length !== 3) return wrongAt(['value', i], micro, MICRO);
  if (!isName(micro[1])) return wrongAt(['value', i, 1], micro[1], NAME);
  const sent = micro[2];
  if (isValue(sent)) return null;
  if (!Array.isArray(sent)) return wrongAt(['value', i, 2], sent, `${VALUE}, [offset, value]`);
  return placedProblem(sent, ['value', i, 2]);
}

function recordsProblem(records: unknown, path: readonly PropertyKey[]): Problem | null {
  if (!Array.isArray(records)) return wrongAt(path, records, '[[offset, value], …]');
  for (let i = 0; i < records.length; i++) {
    if (isPlaced(records[i])) continue;
    return placedProblem(records[i], [...path, i]);
  }
  return null;
}

function isPlaced(pair: unknown): boolean {
  return Array.isArray(pair) && pair.length === 2 && isOffset(pair[0]) && isValue(pair[1]);
}

function placedProblem(pair: unknown, path: readonly PropertyKey[]): Problem | null {
  if (isPlaced(pair)) return null;
  if (!Array.isArray(pair) || pair.length !== 2) return wrongAt(path, pair, '[offset, value]');
  if (isOffset(pair[0])) return wrongAt([...path, 1], pair[1], VALUE);
  return wrongAt([...path, 0], pair[0], 'a whole number from 0 on, null');
}

function namesProblem(field: string, names: unknown): Problem | null {
  if (!Array.isArray(names)) return wrong(field, names, 'a list of keys');
  const bad = names.findIndex((one) => !isName(one));
  return bad < 0 ? null : wrongAt([field, bad], names[bad], NAME);
}

function isName(name: unknown): boolean {
  return typeof name === 'string' ? name !== '' : Number.isSafeInteger(name);
}
function isValue(value: unknown): boolean {
  return typeof value === 'string' || Number.isSafeInteger(value);
}
function isOffset(offset: unknown): boolean {
  return offset === null || (Number.isSafeInteger(offset) && (offset as number) >= 0);
}

function wrong(field: string, value: unknown, allowed: string): Problem {
  return wrongAt([field], value, allowed);
}

function wrongAt(path: readonly PropertyKey[], value: unknown, allowed: string): Problem {
  return problem(path, value, value === undefined ? 'missing' : 'not of an allowed form', {
    allowed,
  });
}

function notKnown(field: string, value: unknown, known: readonly string[]): Problem {
  const nearest = typeof value === 'string' ? nearestName(value, known) : null;
  const message = value === undefined ? 'missing' : 'not one of the known values';
  return problem([field], value, message, { allowed: known.join(', '), nearest });
}

function unknownField(field: string, value: unknown, known: readonly string[]): Problem {
  const help = { nearest: nearestName(field, known), allowed: known.join(', ') };
  return problem([field], value, 'unknown field', help);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
