/**
 * A network partition in a line: which side wrote, and what became of it and of what had been
 * written before; and one for what each client saw of it: available? consistent? as promised? What
 * nobody tried is not said to be impossible, and what could not be lost not to have survived.
 */
import type { CapClient, CapReads, CapReport, CapWrites } from '../../sim/run/report.ts';
import { count } from '../../sim/run/words.ts';
import { counted, latency, nodeNames, seconds } from './words.ts';

export function capWords(cap: CapReport): string {
  const { sides, elsewhere, oneWay } = cap;
  const wrote = (what: typeof elsewhere) => {
    const lost = what.acknowledgedLost === 0 ? 'none' : count(what.acknowledgedLost);
    return `${count(what.acknowledged)} acknowledged, ${lost} lost`;
  };
  const parts = sides.map((side) => {
    const nodes = nodeNames(side.nodes);
    if (!side.brokers) return `${nodes}: no broker`;
    if (side.writable === null) return `${nodes}: not tried`;
    return side.writable ? `${nodes}: writable (${wrote(side)})` : `${nodes}: not writable`;
  });
  if (elsewhere.acknowledged > 0) parts.push(`on neither side: writable (${wrote(elsewhere)})`);
  const unplaced = unplacedOf(cap);
  if (unplaced.acknowledged > 0) parts.push(`nobody tells where: ${wrote(unplaced)}`);
  const until = (ms: number | null): string => (ms === null ? 'the end' : seconds(ms));
  const rest = cap.wholeMs === cap.untilMs ? '' : `, in part to ${until(cap.wholeMs)}`;
  const times = `${seconds(cap.fromMs)} to ${until(cap.untilMs)}${rest}`;
  const when = `${times}${oneWay ? ', one way' : ''}`;
  return `${when} · ${parts.join(' | ')} · ${availableWords(cap)}, ${dataWords(cap)}`;
}

/** What no leader is known to have been told of, as with acks=0. */
function unplacedOf({ sides, elsewhere, meanwhile }: CapReport): CapReport['meanwhile'] {
  const placed = [...sides, elsewhere];
  const rest = (key: keyof CapReport['meanwhile']): number =>
    placed.reduce((left, one) => left - one[key], meanwhile[key]);
  return { acknowledged: rest('acknowledged'), acknowledgedLost: rest('acknowledgedLost') };
}

function dataWords({ meanwhile, earlier, later }: CapReport): string {
  const lost = [...lostWords(earlier, 'earlier'), ...lostWords(later, 'later')];
  const before = earlier.acknowledged;
  if (meanwhile.acknowledged > 0) {
    const own = meanwhile.acknowledgedLost === 0 ? 'survived' : 'was LOST';
    const isPart = own === 'survived' && lost.length > 0;
    const data = isPart ? 'what was acknowledged meanwhile' : 'acknowledged data';
    return [`${data} ${own}`, ...lost].join(', ');
  }
  if (before === 0 && lost.length === 0) return 'nothing had been acknowledged that could be lost';
  const isWhole = before > 0 && earlier.acknowledgedLost === 0;
  const whole = isWhole ? [`none of ${count(before)} acknowledged earlier was lost with it`] : [];
  return ['nothing was acknowledged meanwhile', ...whole, ...lost].join(', ');
}

function lostWords({ acknowledged, acknowledgedLost }: CapReport['meanwhile'], when: string) {
  if (acknowledgedLost === 0) return [];
  const were = acknowledgedLost === 1 ? 'was' : 'were';
  const some = `${count(acknowledgedLost)} of ${count(acknowledged)} acknowledged ${when}`;
  return [`${some} ${were} LOST with it`];
}

/** Sides are compared only where both could serve. */
function availableWords({ sides, elsewhere, attempted, meanwhile }: CapReport): string {
  if (attempted === 0) {
    if (meanwhile.acknowledged === 0) return 'nobody tried to write';
    return 'nobody who wrote waited for an answer';
  }
  const available = sides.filter((side) => side.writable === true).length;
  if (sides.every((side) => side.brokers)) {
    if (available > 0) return available === 2 ? 'both sides available' : 'one side available';
    if (elsewhere.acknowledged > 0) return 'neither side available';
    const isTried = sides.every((side) => side.writable !== null);
    return isTried ? 'none available' : 'not available where it was tried';
  }
  return meanwhile.acknowledged > 0 ? 'writes went on' : 'no write went through';
}

export function capClientWords(client: CapClient): string {
  const { group } = client;
  const parts = [...(group === null ? [] : [`of group ${group}`]), availabilityWords(client)];
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

function writeWords(writes: CapWrites): string {
  const { acknowledged, lost, earlier, earlierLost, later, laterLost } = writes;
  const became = lost === 0 ? 'all of them survived' : `${count(lost)} of them LOST`;
  const parts = [`${count(acknowledged)} acknowledged${acknowledged === 0 ? '' : `, ${became}`}`];
  if (earlierLost > 0) parts.push(`${count(earlierLost)} of ${count(earlier)} earlier LOST`);
  else if (acknowledged === 0 && earlier > 0) parts.push(`none of ${count(earlier)} earlier lost`);
  if (laterLost > 0) parts.push(`${count(laterLost)} of ${count(later)} later LOST`);
  return parts.join(', ');
}

function readWords(reads: CapReads): string[] {
  const { records, takenBack, leftOut, again, prefix } = reads;
  const wrong = [
    ...(takenBack !== null && takenBack > 0 ? [`${count(takenBack)} TAKEN BACK later`] : []),
    ...(leftOut !== null && leftOut > 0 ? [`${count(leftOut)} left out`] : []),
    ...(again > 0 ? [`${count(again)} given again`] : []),
  ];
  const isOne = prefix === null ? 'not read again at the end' : 'all of one log';
  const consistent = wrong.length > 0 ? wrong.join(', ') : isOne;
  const given = counted(records, 'record');
  const found = records === 0 ? given : `${given}, ${consistent}`;
  const told = `${found}${earlierWords(reads)}`;
  return records + reads.stalePolls === 0 ? [told] : [told, staleWords(reads)];
}

/** Of what was read before the partition; nothing where its own records tell enough. */
function earlierWords({ records, earlier, earlierTakenBack }: CapReads): string {
  if (earlierTakenBack === null || earlier === 0) return '';
  const read = `${count(earlier)} read earlier`;
  if (earlierTakenBack > 0) return `, ${count(earlierTakenBack)} of ${read} TAKEN BACK`;
  return records === 0 ? `, none of ${read} taken back` : '';
}

function staleWords({ stalePolls, stalestMs, linearizable }: CapReads): string {
  const not = '(not linearizable, which is not promised)';
  if (stalePolls > 0) return `stale by up to ${latency(stalestMs)} ${not}`;
  if (linearizable === false) return `no poll behind what was acknowledged ${not}`;
  return 'never stale';
}

function promiseWords({ promise, kept, kind, writes, reads }: CapClient): string {
  const { survives, because, answered } = promise;
  const answers = `may be answered ${answered}`;
  if (kind === 'admin') return answers;
  const isWriter = kind === 'producer';
  if (!survives) {
    const what = isWriter ? 'acknowledged writes stay' : 'what was read stays';
    return `${answers}; not promised that ${what} (${because})`;
  }
  const stays = isWriter ? 'that acknowledged writes stay' : 'that what was read stays';
  const told = writes === null ? (reads?.records ?? 0) : writes.acknowledged + writes.laterLost;
  const isBare = told + (writes?.earlier ?? reads?.earlier ?? 0) === 0;
  const unknown = isBare ? 'nothing to judge it by' : 'void or not to be told';
  const outcome = kept === null ? unknown : kept ? 'kept' : 'BROKEN';
  return `${answers}; promised ${stays} (${because}): ${outcome}`;
}
