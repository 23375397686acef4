import { expect, test } from 'vitest';
import { eventWords, levelOf } from '../../../cli/server/event-lines.ts';

test('a login that failed is news, on one line, with how many others went untold', () => {
  const why = 'Authentication failed: Invalid username or password';

  expect(levelOf('login.failed')).toBe('info');
  expect(eventWords('broker-1', 'login.failed', ['10.0.0.7', 'CLIENTS', why, 0])).toBe(
    `broker-1: failed authentication with /10.0.0.7 on CLIENTS (${why})`,
  );
  expect(eventWords('broker-1', 'login.failed', ['10.0.0.7', 'CLIENTS', why, 31])).toBe(
    `broker-1: failed authentication with /10.0.0.7 on CLIENTS (${why}), and 31 others before`,
  );
});
