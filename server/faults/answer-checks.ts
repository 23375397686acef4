/** What `answer` and `hit` may be told: what could never strike is refused. */
import { APIS_WITH_ERRORS } from '../../kafka/rpc/error-answers.ts';
import { apis } from '../../kafka/wire/apis.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import {
  checkInteger,
  checkNames,
  checkObject,
  checkText,
  nearestOr,
  shown,
} from '../input-checks.ts';
import type { AnswerOptions, HitOptions } from './answer-faults.ts';
import { FILTERS_OF_APIS, type RequestField } from './request-filter.ts';

/** What Node's timers can wait at most. */
export const LONGEST_WAIT_MS = 2_147_483_647;
const MOST_TIMES = 2 ** 31 - 1;
const MOST_PARTITIONS = 2 ** 31 - 1;

const OPTIONS = ['error', 'delayMs', 'times', 'broker', 'topic', 'partition', 'group', 'client'];
const FIELDS: readonly RequestField[] = ['topic', 'partition', 'group'];

/** What an answer can be for. */
export interface Answering {
  readonly brokers: readonly string[];
  /** Keys of the APIs that brokers serve. */
  readonly served: ReadonlySet<number>;
}

/** @throws TypeError or RangeError, which name what was said and what is allowed. */
export function checkAnswer(api: string, options: AnswerOptions, { brokers, served }: Answering) {
  checkApi(api, served);
  checkObject(`answer: ${api}: options`, options);
  checkNames(`answer: ${api}`, options, OPTIONS);
  checkWhat(api, options);
  const { times = 1, broker, client, group, topic } = options;
  if (times !== Number.POSITIVE_INFINITY) checkInteger('answer: times', times, 1, MOST_TIMES);
  if (broker !== undefined && !brokers.includes(broker)) {
    const there = `(there are: ${brokers.join(', ')})`;
    throw new RangeError(`answer: broker: there is no broker ${shown(broker)} ${there}`);
  }
  for (const [name, value] of Object.entries({ client, group, topic })) {
    if (value !== undefined) checkText(`answer: ${name}`, value);
  }
  checkPartition('answer: partition', options.partition);
  for (const field of FIELDS) {
    if (options[field] !== undefined) checkField(api, field);
  }
}

export function checkPartition(place: string, partition: unknown): void {
  if (partition !== undefined) checkInteger(place, partition, 0, MOST_PARTITIONS);
}

/** @param struckAtMost requests that the fault is for. */
export function checkHit(options: HitOptions, struckAtMost: number): void {
  checkObject('hit: options', options);
  checkNames('hit', options, ['timeoutMs', 'times']);
  const { timeoutMs = 0, times = 1 } = options;
  checkInteger('hit: timeoutMs', timeoutMs, 0, LONGEST_WAIT_MS);
  checkInteger('hit: times', times, 1, Math.min(struckAtMost, MOST_TIMES));
}

function checkApi(api: string, served: ReadonlySet<number>): void {
  const known = Object.values(apis);
  const found = known.find((one) => one.name === api);
  if (found === undefined) {
    const names = known.filter(({ key }) => served.has(key)).map(({ name }) => name);
    const help = nearestOr(api, names, 'for instance Produce, Fetch, Metadata');
    throw new RangeError(`answer: there is no API ${shown(api)}; ${help}`);
  }
  if (served.has(found.key)) return;
  throw new RangeError(`answer: ${api}: no broker serves it, so it would never strike`);
}

function checkWhat(api: string, { error, delayMs = 0 }: AnswerOptions): void {
  if (error !== undefined && !Object.hasOwn(ErrorCode, error)) {
    const help = nearestOr(error, Object.keys(ErrorCode), 'for instance NOT_ENOUGH_REPLICAS');
    throw new RangeError(`answer: there is no error ${shown(error)}; ${help}`);
  }
  if ((error as string) === 'NONE') {
    throw new RangeError('answer: error: NONE is no error; without one the request is served');
  }
  if (error !== undefined && !APIS_WITH_ERRORS.includes(api)) {
    const known = APIS_WITH_ERRORS.join(', ');
    throw new RangeError(`${api} can only be delayed; errors can be answered to ${known}`);
  }
  checkInteger('answer: delayMs', delayMs, 0, LONGEST_WAIT_MS);
  if (error === undefined && delayMs === 0) {
    throw new RangeError('answer: say an error, a delayMs, or both');
  }
}

function checkField(api: string, field: RequestField): void {
  const has = FILTERS_OF_APIS[api] ?? [];
  if (has.includes(field)) return;
  const filters = [...has, 'client', 'broker'].join(', ');
  throw new RangeError(
    `answer: ${field}: requests of ${api} name none, so it would never strike; allowed: ${filters}`,
  );
}
