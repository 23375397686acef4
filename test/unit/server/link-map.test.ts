import { describe, expect, test } from 'vitest';
import { InvalidLinkMap, readLinkMap } from '../../../server/network/link-map.ts';

describe('a map of links', () => {
  test('names another way to an address, and leaves others alone', () => {
    const map = readLinkMap('{"127.0.0.1:9092": "127.0.0.1:40001", "[::1]:9093": "[::1]:40002"}');

    expect(map.way({ host: '127.0.0.1', port: 9092 })).toEqual({ host: '127.0.0.1', port: 40001 });
    expect(map.way({ host: '::1', port: 9093 })).toEqual({ host: '::1', port: 40002 });
    expect(map.way({ host: '127.0.0.1', port: 9094 })).toEqual({ host: '127.0.0.1', port: 9094 });
  });

  test.each([
    '',
    '[]',
    'null',
    '{"a": "b:1"}',
    '{"a:1": 5}',
    '{"a:1": "b"}',
    '{"a:1": "b:0"}',
    '{"a:1": "b:99999"}',
  ])('%j is refused', (text) => {
    expect(() => readLinkMap(text)).toThrow(InvalidLinkMap);
  });
});
