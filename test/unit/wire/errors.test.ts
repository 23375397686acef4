import { describe, expect, test } from 'vitest';
import { ErrorCode, errorMessage, errorName, isRetriable } from '../../../kafka/wire/errors.ts';

describe('error codes', () => {
  test('are numbered without gaps from -1 on, each with a name and a text', () => {
    const codes = Object.values(ErrorCode);

    expect(codes.toSorted((a, b) => a - b)).toEqual(codes.map((_, i) => i - 1));
    for (const [name, code] of Object.entries(ErrorCode)) {
      expect(errorName(code)).toBe(name);
      expect(errorMessage(code)).not.toBe('');
    }
  });

  test('that a peer made up still have a name', () => {
    expect(errorName(999)).toBe('ERROR_999');
    expect(errorMessage(999)).toContain('999');
    expect(isRetriable(999)).toBe(false);
  });

  test('after which the outcome is unknown are retriable, fencing is not', () => {
    for (const code of [7, 13, 20, 56, 6, 3, 75, 74, 100]) expect(isRetriable(code)).toBe(true);
    for (const code of [0, -1, 45, 47, 90, 82, 77, 107, 10]) expect(isRetriable(code)).toBe(false);
  });
});
