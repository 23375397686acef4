/**
 * Keeps a second process out of a log directory (Kafka: FileLock on `.lock`; Node.js cannot lock
 * files). Whoever wants one puts down a file whose name says who that is, then looks who else is
 * there: of several at the same time the last sees all others, so that two never both have it. A
 * process that is gone, as after a kill, holds nothing, and its file is taken away.
 */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** `.lock.<process>.<when it began>` */
const LOCK_FILE = /^\.lock\.(\d+)\.(\d+)$/;
/** Where the system does not say when a process began. */
const UNKNOWN = '0';

/** It cannot be had, or not be used. */
export class DirectoryProblem extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DirectoryProblem';
  }
}

/** @returns how to let go of all of them. @throws DirectoryProblem, holding none. */
export function lockDirectories(directories: readonly string[]): () => void {
  const held: string[] = [];
  const release = (): void => {
    for (const file of held.splice(0)) rmSync(file, { force: true });
  };
  try {
    for (const directory of directories) lock(resolve(directory), held);
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

function lock(directory: string, held: string[]): void {
  onFolder(directory, () => makeFolder(directory));
  const own = `.lock.${process.pid}.${statOf(process.pid)?.began ?? UNKNOWN}`;
  const file = join(directory, own);
  try {
    closeSync(openSync(file, 'wx'));
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw inUse(directory, process.pid, own);
    throw unusable(directory, error);
  }
  held.push(file);
  for (const name of onFolder(directory, () => readdirSync(directory))) {
    const [, pid, began] = LOCK_FILE.exec(name) ?? [];
    if (pid === undefined || began === undefined || name === own) continue;
    if (isRunning(Number(pid), began)) throw inUse(directory, Number(pid), name);
    rmSync(join(directory, name), { force: true });
  }
}

/** Its number may have gone to another process since; in doubt it has not. */
function isRunning(pid: number, began: string): boolean {
  if (!isAlive(pid)) return false;
  const stat = statOf(pid);
  if (stat === null) return true;
  if (GONE.includes(stat.state)) return false;
  return began === UNKNOWN || began === stat.began;
}

/** Node's own way to make parents does not end where none can be made, as in /proc. */
function makeFolder(directory: string): void {
  if (isFolder(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeFolder(parent);
  try {
    mkdirSync(directory);
  } catch (error) {
    // Another process may have made it just now.
    if (codeOf(error) !== 'EEXIST' || !isFolder(directory)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** It has ended, and nobody has asked yet how. */
const GONE = ['Z', 'X'];

/** What Linux says of a process; null where that cannot be told. */
function statOf(pid: number): { readonly state: string; readonly began: string } | null {
  try {
    // The name in brackets may have blanks; the time of the start is the 20th field behind it.
    const behindName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
    const fields = behindName.split(' ');
    return { state: fields[0] ?? '', began: fields[19] ?? UNKNOWN };
  } catch {
    return null;
  }
}

function onFolder<T>(directory: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw unusable(directory, error);
  }
}

const WHY: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file, not a folder',
  ENOTDIR: 'part of its path is a file, not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOENT: 'it cannot be made',
};

function unusable(directory: string, error: unknown): DirectoryProblem {
  const why = WHY[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
  return new DirectoryProblem(`${directory} cannot be used: ${why}`, error);
}

function inUse(directory: string, pid: number, name: string): DirectoryProblem {
  const remedy = `if that is none of trial, remove ${join(directory, name)}`;
  return new DirectoryProblem(`${directory} is in use by process ${pid} (${remedy})`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
