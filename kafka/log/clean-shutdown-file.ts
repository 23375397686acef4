/**
 * `.kafka_cleanshutdown`: says that a log directory was closed in good order, and in which broker
 * epoch, so that the next start may skip recovery and the controller learns that nothing was lost
 * (Kafka: CleanShutdownFileHandler; KIP-966).
 */

import { readTextFile, writeTextFile } from './checkpoint-file.ts';
import { type LogEnvironment, startFlush } from './environment.ts';
import { CLEAN_SHUTDOWN_FILE } from './file-names.ts';
import type { LogDirectory } from './log-directory.ts';

/** The broker epoch in the file; -1 when it has none that is readable, null without a file. */
export function readCleanShutdown(
  environment: LogEnvironment,
  directory: LogDirectory,
): number | null {
  const text = readTextFile(environment, pathIn(directory));
  if (text === null) return null;
  const match = /"brokerEpoch"\s*:\s*(-?\d{1,15})\b/.exec(text);
  return match === null ? -1 : Number(match[1]);
}

/** Durably: a crash from here on counts as unclean. */
export function removeCleanShutdown(environment: LogEnvironment, directory: LogDirectory): void {
  if (!environment.disk.exists(pathIn(directory))) return;
  environment.disk.remove(pathIn(directory));
  environment.disk.syncDirectory(directory.path);
}

/** Calls back once the file is durable. */
export function writeCleanShutdown(
  environment: LogEnvironment,
  directory: LogDirectory,
  brokerEpoch: number,
  done: () => void,
): void {
  const text = JSON.stringify({ version: 0, brokerEpoch });
  const file = writeTextFile(environment, pathIn(directory), text);
  startFlush(
    environment,
    directory,
    file,
    () => true,
    (error) => {
      if (error !== null) return;
      directory.guard(() => {
        environment.disk.close(file);
        environment.disk.syncDirectory(directory.path);
      }, undefined);
      done();
    },
  );
}

function pathIn(directory: LogDirectory): string {
  return `${directory.path}/${CLEAN_SHUTDOWN_FILE}`;
}
