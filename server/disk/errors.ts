/** What the operating system says about a file, as the node's disk says it. */
import { DiskError, type DiskErrorCode } from '../../kafka/host.ts';

const CODES: Readonly<Record<string, DiskErrorCode>> = {
  ENOSPC: 'ENOSPC',
  EDQUOT: 'ENOSPC',
  EFBIG: 'ENOSPC',
  ENOENT: 'ENOENT',
  ENOTDIR: 'ENOENT',
  EEXIST: 'EEXIST',
  EISDIR: 'EEXIST',
  ENOTEMPTY: 'ENOTEMPTY',
  EROFS: 'EROFS',
  EACCES: 'EROFS',
  EPERM: 'EROFS',
};

/** Whatever is not known better (EIO, EMFILE, …) is an error of the device. */
export function diskErrorCode(error: unknown): DiskErrorCode {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return CODES[code] ?? 'EIO';
}

/** Runs one call; its failure becomes a `DiskError` that names the path. */
export function onDisk<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new DiskError(diskErrorCode(error), path);
  }
}
