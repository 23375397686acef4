/**
 * Who an earlier cluster left behind in a folder. Brokers may join it: they begin with nothing, as
 * new ones of Kafka do. None may be missing: it may have what nobody else has. Which
 * controllers there are cannot change: the quorum is static, and new voters with empty logs could
 * elect one of them and forget what was committed.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { storedIdentity } from '../disk/meta-properties.ts';
import { FIRST_CONTROLLER_ID } from './layout.ts';

type Role = 'broker' | 'controller';

export class LeftBehind extends Error {
  /** What should be otherwise. */
  readonly option: 'brokers' | 'controllers';
  /** What would be right. */
  readonly wanted: number;
  constructor(message: string, role: Role, wanted: number) {
    super(message);
    this.name = 'LeftBehind';
    this.option = `${role}s`;
    this.wanted = wanted;
  }
}

/**
 * @returns the brokers that are new to a cluster of the folder.
 * @throws LeftBehind when that cluster has other nodes than are asked for.
 */
export function checkLeftBehind(
  data: string,
  asked: { readonly brokers: number; readonly controllers: number },
): string[] {
  const brokers = leftBehind(data, 'broker');
  const last = Math.max(0, ...brokers);
  if (last > asked.brokers) {
    const missing = brokers.filter((id) => id > asked.brokers).map((id) => `broker-${id}`);
    const words = `${data} has data of ${missing.join(', ')}, which would be missing`;
    throw new LeftBehind(words, 'broker', last);
  }
  const lastController = leftBehind(data, 'controller').at(-1);
  const voters = lastController === undefined ? 0 : lastController - FIRST_CONTROLLER_ID + 1;
  if (voters > 0 && voters !== asked.controllers) {
    const words = `${data} has data of a quorum of ${voters}, which stays as it is`;
    throw new LeftBehind(words, 'controller', voters);
  }
  if (brokers.length === 0) return [];
  return Array.from({ length: asked.brokers }, (_, i) => i + 1)
    .filter((id) => !brokers.includes(id))
    .map((id) => `broker-${id}`);
}

/** The ids, smallest first. */
function leftBehind(data: string, role: Role): number[] {
  return readdirSync(data)
    .flatMap((name) => {
      const isOne = name.startsWith(`${role}-`) && /-\d+$/.test(name);
      const stored = isOne ? storedIdentity(join(data, name)) : null;
      return stored === null ? [] : [stored.nodeId];
    })
    .sort((left, right) => left - right);
}
