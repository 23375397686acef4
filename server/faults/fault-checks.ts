/** What faults of links and leaders may be told. */
import type { Machine } from '../cluster/machine.ts';
import { checkInteger, checkNames, checkObject, checkText, shown } from '../input-checks.ts';
import { checkPartition, LONGEST_WAIT_MS } from './answer-checks.ts';
import type { LinkOptions, PartitionName } from './cluster-faults.ts';

/** @throws TypeError or RangeError, as every check here. */
export function checkLink(what: string, from: string, to: string, options: LinkOptions): void {
  if (from === to) throw new RangeError(`${what}: there is no link between ${from} and itself`);
  checkObject(`${what}: options`, options);
  checkNames(what, options, ['oneWay']);
  const { oneWay = false } = options;
  if (typeof oneWay === 'boolean') return;
  throw new TypeError(`${what}: oneWay: ${shown(oneWay)} is neither true nor false`);
}

export function checkDelay(delayMs: number): void {
  checkInteger('delay: delayMs', delayMs, 0, LONGEST_WAIT_MS);
}

/** @param to where the leader shall go. */
export function checkPlace(place: PartitionName, to: Machine): void {
  checkObject('moveLeader: partition', place);
  checkNames('moveLeader', place, ['topic', 'partition']);
  checkText('moveLeader: topic', place.topic);
  checkPartition('moveLeader: partition', place.partition);
  if (to.parts.role !== 'broker') throw new RangeError(`moveLeader: ${to.name} is no broker`);
}
