/**
 * Keeps a second process out of a log directory (Kafka: FileLock, `.lock`). The file names the
 * process; one that is gone, as after a kill, holds nothing.
 */
import { existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOCK_FILE = '.lock';

export class DirectoryInUse extends Error {
  constructor(directory: string, pid: number) {
    super(`${directory} is in use by process ${pid}`);
    this.name = 'DirectoryInUse';
  }
}

/** @returns how to let go of all of them. @throws DirectoryInUse, holding none. */
export function lockDirectories(directories: readonly string[]): () => void {
  const held: string[] = [];
  const release = (): void => {
    for (const file of held.splice(0)) if (existsSync(file)) unlinkSync(file);
  };
  for (const directory of directories) {
    mkdirSync(directory, { recursive: true });
    const file = join(directory, LOCK_FILE);
    const holder = holderOf(file);
    if (holder !== null) {
      release();
      throw new DirectoryInUse(directory, holder);
    }
    writeFileSync(file, `${process.pid} ${beganAt(process.pid)}\n`);
    held.push(file);
  }
  return release;
}

/** The process that holds it; null when none does. */
function holderOf(file: string): number | null {
  if (!existsSync(file)) return null;
  const [pid = 0, began = ''] = readFileSync(file, 'utf8')
    .trim()
    .split(' ')
    .map((one, i) => (i === 0 ? Number(one) : one)) as [number?, string?];
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  // Its number may have gone to another process since.
  return began === beganAt(pid) ? pid : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When a process began, as Linux counts it; '-' where that cannot be told. */
function beganAt(pid: number): string {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return '-';
  // The name in brackets may have blanks; the time of the start is the 20th field behind it.
  const behindName = readFileSync(file, 'utf8').split(') ').at(-1) ?? '';
  return behindName.split(' ')[19] ?? '-';
}
