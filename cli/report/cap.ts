/**
 * A network partition in a line: which side wrote, and what became of it and of what had been
 * written before; and one for what each client saw of it: available? consistent? as promised? What
 * nobody tried is not said to be impossible, and what could not be lost not to have survived.
 */
import type {
  CapClient,
  CapFault,
  CapReads,
  CapReport,
  CapTally,
  CapWrites,
} from '../../sim/run/report.ts';
import { verbWords } from '../../sim/run/timeline.ts';
import { count } from '../../sim/run/words.ts';
import { counted, latency, nodeNames, seconds } from './words.ts';

export function capWords(cap: CapReport): string {
  const { sides, elsewhere, oneWay } = cap;
  const wrote = (what: CapTally) => {
    const lost = what.acknowledgedLost + what.lostOtherwise;
    return `${count(what.acknowledged)} acknowledged, ${lost === 0 ? 'none' : count(lost)} lost`;
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
function unplacedOf({ sides, elsewhere, meanwhile }: CapReport): CapTally {
  const placed = [...sides, elsewhere];
  const rest = (key: keyof CapTally): number =>
    placed.reduce((left, one) => left - one[key], meanwhile[key]);
  return {
    acknowledged: rest('acknowledged'),
    acknowledgedLost: rest('acknowledgedLost'),
    lostUnsure: rest('lostUnsure'),
    lostOtherwise: rest('lostOtherwise'),
  };
}

/** What is gone and was not lost with the partition is told, too: it may be looked for here. */
function dataWords({ meanwhile, earlier, later, others }: CapReport): string {
  const lost = [
    ...goneWords(meanwhile, 'meanwhile', others),
    ...lostWords(earlier, 'earlier', others),
    ...lostWords(later, 'later', others),
  ];
  const before = earlier.acknowledged;
  if (meanwhile.acknowledged > 0) {
    if (meanwhile.acknowledgedLost > meanwhile.lostUnsure) {
      return ['acknowledged data was LOST', ...lost].join(', ');
    }
    if (meanwhile.acknowledgedLost + meanwhile.lostOtherwise > 0) return lost.join(', ');
    const data = lost.length > 0 ? 'what was acknowledged meanwhile' : 'acknowledged data';
    return [`${data} survived`, ...lost].join(', ');
  }
  if (before === 0 && lost.length === 0) return 'nothing had been acknowledged that could be lost';
  const isWhole = before > 0 && earlier.acknowledgedLost + earlier.lostOtherwise === 0;
  const whole = isWhole ? [`none of ${count(before)} acknowledged earlier was lost with it`] : [];
  return ['nothing was acknowledged meanwhile', ...whole, ...lost].join(', ');
}

function lostWords(tally: CapTally, when: string, others: readonly CapFault[]): string[] {
  const sure = tally.acknowledgedLost - tally.lostUnsure;
  const lost = sure === 0 ? [] : [`${someWere(sure, tally, when)} LOST with it`];
  return [...lost, ...goneWords(tally, when, others)];
}

/** What may have another cause. */
function goneWords(tally: CapTally, when: string, others: readonly CapFault[]): string[] {
  const { lostUnsure: unsure, lostOtherwise: otherwise } = tally;
  return [
    ...(unsure === 0 ? [] : [`${someWere(unsure, tally, when)} LOST ${orWith(others)}`]),
    ...(otherwise === 0 ? [] : [`${someWere(otherwise, tally, when)} lost, ${NOT_WITH_IT}`]),
  ];
}

function someWere(some: number, { acknowledged }: CapTally, when: string): string {
  return `${count(some)} of ${count(acknowledged)} acknowledged ${when} ${some === 1 ? 'was' : 'were'}`;
}

const NOT_WITH_IT = 'not known to be with it';

/** `with it or with fault 0 (cut)`, `with it or with fault 0 (cut) or split (isolate)` */
function orWith(others: readonly CapFault[]): string {
  const names = others.map(({ fault, verb }) => `${fault} (${verbWords(verb)})`);
  return `with it or with fault ${names.join(' or ')}`;
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
  const { acknowledged, earlier, earlierLost, earlierLostOtherwise, later } = writes;
  const lost = lossWords('of them', {
    lost: writes.lost,
    unsure: writes.lostUnsure,
    otherwise: writes.lostOtherwise,
    others: writes.others,
  });
  const became = lost.length === 0 ? ['all of them survived'] : lost;
  const parts = [`${count(acknowledged)} acknowledged`, ...(acknowledged === 0 ? [] : became)];
  const before = lossWords(`of ${count(earlier)} earlier`, {
    lost: earlierLost,
    unsure: writes.earlierLostUnsure,
    otherwise: earlierLostOtherwise,
    others: writes.others,
  });
  const isWhole = before.length === 0 && acknowledged === 0 && earlier > 0;
  parts.push(...(isWhole ? [`none of ${count(earlier)} earlier lost`] : before));
  const after = lossWords(`of ${count(later)} later`, {
    lost: writes.laterLost,
    unsure: writes.laterLostUnsure,
    otherwise: writes.laterLostOtherwise,
    others: writes.others,
  });
  return [...parts, ...after].join(', ');
}

interface Gone {
  readonly lost: number;
  readonly unsure: number;
  readonly otherwise: number;
  readonly others: readonly CapFault[];
}

/** `5 of them LOST`, and what may have another cause. */
function lossWords(of: string, { lost, unsure, otherwise, others }: Gone, verb = 'lost'): string[] {
  const sure = lost - unsure;
  return [
    ...(sure === 0 ? [] : [`${count(sure)} ${of} ${verb.toUpperCase()}`]),
    ...(unsure === 0 ? [] : [`${count(unsure)} ${of} ${verb.toUpperCase()} ${orWith(others)}`]),
    ...(otherwise === 0 ? [] : [`${count(otherwise)} ${of} ${verb}, ${NOT_WITH_IT}`]),
  ];
}

function readWords(reads: CapReads): string[] {
  const { records, takenBack, leftOut, again, prefix, others } = reads;
  const unsure = reads.takenBackUnsure;
  const otherwise = reads.takenBackOtherwise;
  const wrong = [
    ...(takenBack === null ? [] : backWords({ lost: takenBack, unsure, otherwise, others })),
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

function backWords({ lost, unsure, otherwise, others }: Gone): string[] {
  const sure = lost - unsure;
  return [
    ...(sure === 0 ? [] : [`${count(sure)} TAKEN BACK later`]),
    ...(unsure === 0 ? [] : [`${count(unsure)} TAKEN BACK later ${orWith(others)}`]),
    ...(otherwise === 0 ? [] : [`${count(otherwise)} taken back later, ${NOT_WITH_IT}`]),
  ];
}

/** Of what was read before the partition; nothing where its own records tell enough. */
function earlierWords(reads: CapReads): string {
  const { records, earlier, earlierTakenBack: lost, others } = reads;
  if (lost === null || earlier === 0) return '';
  const unsure = reads.earlierTakenBackUnsure;
  const otherwise = reads.earlierTakenBackOtherwise;
  const read = `of ${count(earlier)} read earlier`;
  const gone = lossWords(read, { lost, unsure, otherwise, others }, 'taken back');
  if (gone.length > 0) return `, ${gone.join(', ')}`;
  return records === 0 ? `, none ${read} taken back` : '';
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
