/** Who gets a log directory, and what the lock of a process that is gone is worth. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lockDirectories } from '../../../server/disk/directory-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'trial-locks-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Larger than any that Linux gives. */
const NOBODY = 4_194_304 + 1;

function directory(...files: string[]): string {
  const made = mkdtempSync(join(folder, 'd-'));
  for (const file of files) writeFileSync(join(made, file), '');
  return made;
}

describe('a log directory', () => {
  test('is had by one at a time', () => {
    const one = directory();
    const release = lockDirectories([one]);

    expect(() => lockDirectories([one])).toThrow(`${one} is in use by process ${process.pid} (`);
    release();
    lockDirectories([one])();
    expect(readdirSync(one)).toEqual([]);
  });

  test('is not had beside a process that was there first', () => {
    const first = `.lock.${process.ppid}.0`;
    const one = directory(first);

    expect(() => lockDirectories([one])).toThrow(`in use by process ${process.ppid}`);
    expect(readdirSync(one)).toEqual([first]);
  });

  test('is had after a process that is gone', () => {
    const one = directory(`.lock.${NOBODY}.12`);
    const release = lockDirectories([one]);

    expect(existsSync(join(one, `.lock.${NOBODY}.12`))).toBe(false);
    release();
  });

  // Only Linux says when a process began.
  test.skipIf(!existsSync('/proc/self/stat'))('is had after one whose number came again', () => {
    const one = directory(`.lock.${process.ppid}.1`);
    const release = lockDirectories([one]);

    expect(existsSync(join(one, `.lock.${process.ppid}.1`))).toBe(false);
    release();
  });

  test('that cannot be had leaves the others free', () => {
    const free = directory();
    const taken = directory(`.lock.${process.ppid}.0`);

    expect(() => lockDirectories([free, taken])).toThrow('in use');
    expect(readdirSync(free)).toEqual([]);
  });
});
