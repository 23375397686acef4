import { beforeEach, describe, expect, test } from 'vitest';
import { ZERO_UUID } from '../../../kafka/base/uuid.ts';
import { FetchSessionHandler } from '../../../kafka/rpc/fetch-session-handler.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { fetchRequest } from '../../../kafka/wire/generated/fetch-request.ts';
import { fetchResponse } from '../../../kafka/wire/generated/fetch-response.ts';

const ORDERS = 'AAAAAAAAAAAAAAAAAAAABQ';
let handler: FetchSessionHandler<string>;

beforeEach(() => {
  handler = new FetchSessionHandler();
});

/** What the next request says, when these offsets are wanted by partition index. */
function ask(wanted: Record<number, number>, topicId = ORDERS) {
  const request = fetchRequest();
  handler.begin();
  for (const [index, offset] of Object.entries(wanted)) {
    handler.want(handler.partition('orders', topicId, Number(index)), 4, offset, -1, 0, 1000);
  }
  const isAny = handler.finish(request);
  const { sessionId, sessionEpoch, topics, forgottenTopicsData } = request;
  return {
    isAny,
    session: [sessionId, sessionEpoch],
    asked: topics.flatMap((one) => one.partitions.map((p) => [p.partition, p.fetchOffset])),
    forgotten: forgottenTopicsData.flatMap((one) => one.partitions),
  };
}

function answer(errorCode: ErrorCode, sessionId: number): boolean {
  return handler.answered(fetchResponse({ errorCode, sessionId }));
}

const NOTHING = { isAny: true, asked: [], forgotten: [] };

test('the first request names all, the next ones what is new, changed or not wanted any more', () => {
  const all = [
    [0, 10],
    [1, 20],
  ];
  expect(ask({ 0: 10, 1: 20 })).toEqual({ ...NOTHING, session: [0, 0], asked: all });
  expect(answer(ErrorCode.NONE, 9)).toBe(true);

  expect(ask({ 0: 10, 1: 20 })).toEqual({ ...NOTHING, session: [9, 1] });
  answer(ErrorCode.NONE, 9);
  const changed = { ...NOTHING, session: [9, 2], asked: [[1, 21]] };
  expect(ask({ 0: 10, 1: 21 })).toEqual(changed);
  answer(ErrorCode.NONE, 9);
  const moved = { ...NOTHING, session: [9, 3], asked: [[2, 5]], forgotten: [0] };
  expect(ask({ 1: 21, 2: 5 })).toEqual(moved);
  answer(ErrorCode.NONE, 9);
  expect(ask({})).toEqual({ ...NOTHING, session: [9, 4], forgotten: [1, 2] });
  answer(ErrorCode.NONE, 0);
  expect(ask({})).toEqual({ ...NOTHING, isAny: false, session: [0, 0] });
});

describe('a full request follows', () => {
  beforeEach(() => {
    ask({ 0: 10, 1: 20 });
    answer(ErrorCode.NONE, 9);
    ask({ 0: 11, 1: 20 });
  });

  test.each([
    ['a session that is not there any more', () => answer(70, 0), 0],
    ['a wrong epoch', () => answer(71, 0), 9],
    ['names where ids were', () => answer(106, 0), 9],
    ['an error of the broker', () => answer(ErrorCode.UNKNOWN_SERVER_ERROR, 0), 9],
    ['a session that the broker ended', () => answer(ErrorCode.NONE, 0), 0],
    ['no answer', () => handler.failed(), 9],
  ] as [string, () => unknown, number][])('%s', (_, happens, closes) => {
    happens();
    expect(ask({ 0: 11, 1: 20 })).toEqual({
      ...NOTHING,
      session: [closes, 0],
      asked: [
        [0, 11],
        [1, 20],
      ],
    });
  });
});

test('an answer is matched with what was asked, by id or by name', () => {
  ask({ 0: 10, 1: 20 });
  answer(ErrorCode.NONE, 9);
  ask({ 1: 20 });
  const one = handler.partition('orders', ORDERS, 1);
  expect(handler.find('', ORDERS, 1)).toBe(one);
  expect(handler.find('orders', ZERO_UUID, 1)).toBe(one);
  expect(handler.find('', ORDERS, 0)).toBeUndefined();
  expect(handler.find('', ORDERS, 7)).toBeUndefined();
  expect(handler.find('', 'AAAAAAAAAAAAAAAAAAAABg', 1)).toBeUndefined();
});

test('a topic that was made anew is another one: the old is forgotten', () => {
  ask({ 0: 10 });
  answer(ErrorCode.NONE, 9);
  const anew = ask({ 0: 0 }, 'AAAAAAAAAAAAAAAAAAAABg');
  expect(anew).toEqual({ ...NOTHING, session: [9, 1], asked: [[0, 0]], forgotten: [0] });
});

test('the last request closes the session once', () => {
  const request = fetchRequest();
  expect(handler.finishLast(request)).toBe(false);
  ask({ 0: 10 });
  answer(ErrorCode.NONE, 9);
  expect(handler.finishLast(request)).toBe(true);
  expect(request).toMatchObject({ sessionId: 9, sessionEpoch: -1, topics: [] });
  expect(handler.finishLast(request)).toBe(false);
});
