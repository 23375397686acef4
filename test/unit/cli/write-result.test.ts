import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder } from '../../../cli/search/campaign-files.ts';
import { writeResult } from '../../../cli/write-json.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a result', () => {
  test('takes the place of the one before, with its permissions, and nothing is left beside it', () => {
    const file = join(folder, 'result.json');
    writeFileSync(file, 'before');
    chmodSync(file, 0o600);

    writeResult(file, 'after');

    expect(readFileSync(file, 'utf8')).toBe('after');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['result.json']);
  });

  test('goes through a link to what it points to', () => {
    const file = join(folder, 'result.json');
    writeFileSync(file, 'before');
    symlinkSync(file, join(folder, 'link'));

    writeResult(join(folder, 'link'), 'after');

    expect(readFileSync(file, 'utf8')).toBe('after');
  });

  test.each([
    ['.', 'it is a directory'],
    ['nowhere/result.json', 'no such file or directory'],
    ['file/result.json', 'part of the path is not a directory'],
    [`${'a'.repeat(300)}`, 'the name is too long'],
  ])('that cannot be written to %s is 74 with the reason, and leaves nothing', (path, why) => {
    writeFileSync(join(folder, 'file'), '');

    const write = () => writeResult(join(folder, path), 'text');

    expect(write).toThrow(expect.objectContaining({ exitCode: 74 }));
    expect(write).toThrow(why);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test.runIf(existsSync('/dev/full'))('is written to a device as to a device', () => {
    expect(() => writeResult('/dev/full', 'text')).toThrow('/dev/full: the disk is full');
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });
});

describe('a folder', () => {
  test('is made with those that it is in, and may be there', () => {
    const inner = join(folder, 'a/b/c');

    makeFolder(inner);
    makeFolder(inner);

    expect(statSync(inner).isDirectory()).toBe(true);
  });

  test('that cannot be made is 74, also where Node would try for ever', () => {
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a/file'), '');

    for (const path of [join(folder, 'a/file/b'), '/proc/x/y', '/dev/null/x']) {
      expect(() => makeFolder(path)).toThrow(expect.objectContaining({ exitCode: 74 }));
    }
  });
});
