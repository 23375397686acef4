/** What a client saw of a network partition, in a line: available? consistent? as promised? */
import type { CapClient, CapReads, CapWrites } from '../../sim/run/report.ts';
import { count } from '../../sim/run/words.ts';
import { counted, latency } from './words.ts';

export function capClientWords(client: CapClient): string {
  const parts = [availabilityWords(client)];
  if (client.writes !== null) parts.push(writeWords(client.writes));
  if (client.reads !== null) parts.push(...readWords(client.reads));
  parts.push(promiseWords(client));
  return parts.join(' · ');
}

function availabilityWords(client: CapClient): string {
  const { kind, operations, answered, answeredMeanwhile, longestGapMs } = client;
  const what = { producer: 'send', consumer: 'poll', admin: 'request' }[kind];
  if (operations === 0) return `no ${what} was begun`;
  const share = `${percent(answered, operations)} of ${counted(operations, what)} answered`;
  const meanwhile = `${percent(answeredMeanwhile, operations)} before it ended`;
  const waited = longestGapMs === 0 ? '' : `, waited up to ${latency(longestGapMs)}`;
  return `${share}${answered === answeredMeanwhile ? '' : `, ${meanwhile}`}${waited}`;
}

/** Never 100 % where something is missing, never 0 % where something is there. */
function percent(part: number, whole: number): string {
  const rounded = Math.round((part * 100) / whole);
  if (rounded === 100 && part < whole) return '> 99 %';
  if (rounded === 0 && part > 0) return '< 1 %';
  return `${rounded} %`;
}

function writeWords({ acknowledged, lost }: CapWrites): string {
  const became = lost === 0 ? 'all of them survived' : `${count(lost)} of them LOST`;
  return `${count(acknowledged)} acknowledged${acknowledged === 0 ? '' : `, ${became}`}`;
}

function readWords(reads: CapReads): string[] {
  const { records, takenBack, leftOut, again, prefix, stalePolls, stalestMs } = reads;
  const wrong = [
    ...(takenBack !== null && takenBack > 0 ? [`${count(takenBack)} TAKEN BACK later`] : []),
    ...(leftOut !== null && leftOut > 0 ? [`${count(leftOut)} left out`] : []),
    ...(again > 0 ? [`${count(again)} given again`] : []),
  ];
  const isOne = prefix === null ? 'not read again at the end' : 'all of one log';
  const consistent = wrong.length > 0 ? wrong.join(', ') : isOne;
  const given = counted(records, 'record');
  return [
    records === 0 ? given : `${given}, ${consistent}`,
    stalePolls === 0
      ? 'never stale'
      : `stale by up to ${latency(stalestMs)} (not linearizable, which is not promised)`,
  ];
}

function promiseWords({ promise, kept, kind }: CapClient): string {
  const { survives, because, answered } = promise;
  const answers = `may be answered ${answered}`;
  if (kind === 'admin') return answers;
  const isWriter = kind === 'producer';
  if (!survives) {
    const what = isWriter ? 'acknowledged writes stay' : 'what was read stays';
    return `${answers}; not promised that ${what} (${because})`;
  }
  const stays = isWriter ? 'that acknowledged writes stay' : 'that what was read stays';
  const outcome = kept === null ? 'void or not to be told' : kept ? 'kept' : 'BROKEN';
  return `${answers}; promised ${stays} (${because}): ${outcome}`;
}
