/**
 * A network partition in a line: which side wrote, and what became of it; and one for what each
 * client saw of it: available? consistent? as promised?
 */
import type { CapClient, CapReads, CapReport, CapWrites } from '../../sim/run/report.ts';
import { count } from '../../sim/run/words.ts';
import { counted, latency, nodeNames, seconds } from './words.ts';

export function capWords(cap: CapReport): string {
  const { sides, elsewhere, oneWay, survived } = cap;
  const wrote = (what: typeof elsewhere) => {
    const lost = what.acknowledgedLost === 0 ? 'none' : count(what.acknowledgedLost);
    return `${count(what.acknowledged)} acknowledged, ${lost} lost`;
  };
  const parts = sides.map((side) => {
    const nodes = nodeNames(side.nodes);
    if (!side.brokers) return `${nodes}: no broker`;
    return side.writable ? `${nodes}: writable (${wrote(side)})` : `${nodes}: not writable`;
  });
  if (elsewhere.acknowledged > 0) parts.push(`on neither side: writable (${wrote(elsewhere)})`);
  const data = survived ? 'acknowledged data survived' : 'acknowledged data was LOST';
  const until = cap.untilMs === null ? 'the end' : seconds(cap.untilMs);
  const when = `${seconds(cap.fromMs)} to ${until}${oneWay ? ', one way' : ''}`;
  return `${when} · ${parts.join(' | ')} · ${availableWords(cap)}, ${data}`;
}

/** Sides are compared only where both could serve. */
function availableWords({ sides, elsewhere }: CapReport): string {
  const available = sides.filter((side) => side.writable).length;
  if (sides.every((side) => side.brokers)) {
    if (available > 0) return available === 2 ? 'both sides available' : 'one side available';
    return elsewhere.acknowledged > 0 ? 'neither side available' : 'none available';
  }
  return available > 0 || elsewhere.acknowledged > 0 ? 'writes went on' : 'no write went through';
}

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
