/**
 * What each client saw of a network partition: how much of what it asked was answered, how long it
 * got nothing, whether what it was told stayed true, how stale what it read was. All of it is read
 * from the clients' own histories; only what was promised comes from the settings.
 */
import {
  type ClientHistory,
  Outcome,
  type PollHistory,
  type SendHistory,
} from '../check/history/history.ts';
import type { PartitionPromise } from '../check/settings.ts';
import type { VerdictKind } from '../check/verdict.ts';
import type { Strike } from '../faults/strike.ts';
import type { AdminAnswer } from '../workload/admin-load.ts';
import type { PartedSpell } from './cap.ts';
import type { FateOf } from './cap-losses.ts';
import type { Reading } from './cap-reading.ts';
import { FinalReads, KnownRecords, readsDuring } from './cap-reads.ts';
import type { SendsDuring } from './cap-writes.ts';
import type { LostRows } from './client-report.ts';
import { AcknowledgedRecords, waitsOf } from './reader-waits.ts';
import type { CapClient, CapPromise } from './report.ts';
import { attemptsOf, spellsOf, type UnavailableUs } from './unavailable.ts';

export interface CapSources {
  readonly history: ClientHistory;
  /** Those that assign themselves their partitions, then the members of groups. */
  readonly readings: readonly Reading[];
  readonly admin: readonly AdminAnswer[];
  readonly lost: LostRows;
  readonly fateOf: FateOf;
  /** The lab's reader was given every log to its end. */
  readonly readToTheEnd: boolean;
  readonly endUs: number;
  readonly promise: (partition: string) => PartitionPromise;
  readonly verdict: (check: string) => VerdictKind;
}

export class CapClients {
  private readonly sources: CapSources;
  private known: KnownRecords | null = null;
  private final: FinalReads | null = null;
  private acknowledged: AcknowledgedRecords | null = null;
  /** By a producer's history, or a reading: when it waited in the whole run. */
  private readonly waits = new Map<object, readonly UnavailableUs[]>();

  constructor(sources: CapSources) {
    this.sources = sources;
  }

  /** @returns producers, then who reads, as the scenario has them, then who administrates. */
  during({ strike, untilUs, sends }: PartedSpell): CapClient[] {
    const { history, readings, admin, endUs } = this.sources;
    const spell = { fromUs: strike.timeUs, untilUs: Math.min(untilUs, endUs) };
    const sideOf = (name: string): number | null => {
      const side = strike.sides.findIndex((names) => names.includes(name));
      return side < 0 ? null : side;
    };
    const where = { strike, spell, sideOf };
    return [
      ...history.sends.map((one, index) => this.producer(one, sends[index] as SendsDuring, where)),
      ...readings.map((reading) => this.consumer(reading, where)),
      ...[...new Set(admin.map((one) => one.client))].map((name) =>
        adminClient(name, admin, where),
      ),
    ];
  }

  private producer(
    sends: SendHistory,
    { operations, answered, writes }: SendsDuring,
    { spell, sideOf }: Where,
  ): CapClient {
    const { name, topic, acks } = sends.producer;
    const tally = { operations, answered, answeredMeanwhile: writes.acknowledged };
    const { acknowledged, lost, earlier, earlierLost, laterLost } = writes;
    const promise = writePromise(acks, this.sources.promise(`${topic}-0`));
    return {
      name,
      kind: 'producer',
      group: null,
      topic,
      side: sideOf(name),
      ...availability(
        tally,
        longestGapMs(
          this.waitsOf(sends, () => spellsOf(attemptsOf(sends), 0)),
          spell,
        ),
      ),
      writes,
      reads: null,
      promise,
      kept: this.kept(promise.survives, 'acked-durable', {
        told: acknowledged + earlier + laterLost,
        untrue: lost + earlierLost + laterLost,
        unsure: writes.lostUnsure + writes.earlierLostUnsure + writes.laterLostUnsure,
        otherwise: writes.lostOtherwise + writes.earlierLostOtherwise,
      }),
    };
  }

  private consumer(reading: Reading, { strike, spell, sideOf }: Where): CapClient {
    const { history, lost, endUs } = this.sources;
    const { client: name, group, histories } = reading;
    const { polls } = histories[0] as PollHistory;
    const tally = { operations: 0, answered: 0, answeredMeanwhile: 0 };
    for (let poll = 0; poll < polls.outcome.length; poll++) {
      if (!isWithin(polls.invokedUs.at(poll), spell)) continue;
      tally.operations += 1;
      if (polls.outcome.at(poll) !== Outcome.ok) continue;
      tally.answered += 1;
      if (polls.answeredUs.at(poll) <= spell.untilUs) tally.answeredMeanwhile += 1;
    }
    this.known ??= new KnownRecords(history);
    this.final ??= new FinalReads(history, this.sources.readToTheEnd);
    this.acknowledged ??= new AcknowledgedRecords(history, lost);
    const { known, final, acknowledged } = this;
    const reads = readsDuring(reading, {
      ...spell,
      known,
      final,
      fateOf: (gone) => this.sources.fateOf(strike, gone),
    });
    const promise = this.readPromise(histories);
    const waits = this.waitsOf(reading, () => waitsOf(reading, acknowledged, endUs));
    const { takenBack, earlierTakenBack } = reads;
    const isKnown = takenBack !== null && earlierTakenBack !== null;
    return {
      name,
      kind: 'consumer',
      group,
      topic: histories.length === 1 ? (histories[0] as PollHistory).topic : null,
      side: sideOf(name),
      ...availability(tally, longestGapMs(waits, spell)),
      writes: null,
      reads,
      promise,
      kept: isKnown
        ? this.kept(promise.survives, 'read-stable', {
            told: reads.records + reads.earlier,
            untrue: takenBack + earlierTakenBack,
            unsure: reads.takenBackUnsure + reads.earlierTakenBackUnsure,
            otherwise: reads.takenBackOtherwise + reads.earlierTakenBackOtherwise,
          })
        : null,
    };
  }

  /** Of several topics that of the weakest. */
  private readPromise(histories: readonly PollHistory[]): CapPromise {
    const all = histories.map(({ topic }) => readPromise(this.sources.promise(`${topic}-0`)));
    return all.find(({ survives }) => !survives) ?? (all[0] as CapPromise);
  }

  private waitsOf(client: object, find: () => readonly UnavailableUs[]): readonly UnavailableUs[] {
    let waits = this.waits.get(client);
    if (waits === undefined) {
      waits = find();
      this.waits.set(client, waits);
    }
    return waits;
  }

  /** What something else took does not break a promise here, nor is it then said to be kept. */
  private kept(
    isPromised: boolean,
    check: string,
    { told, untrue, unsure, otherwise }: Told,
  ): boolean | null {
    if (!isPromised || told === 0) return null;
    if (untrue + otherwise === 0) return true;
    if (untrue === unsure) return null;
    return this.sources.verdict(check) === 'violated' ? false : null;
  }
}

/** Answered is a request of which every part was done. */
function adminClient(
  name: string,
  answers: readonly AdminAnswer[],
  { spell, sideOf }: Where,
): CapClient {
  const own = answers.filter((one) => one.client === name);
  const isDone = ({ answeredUs, results }: AdminAnswer): boolean =>
    answeredUs !== null && results.every((one) => one.error === 'NONE');
  const meanwhile = own.filter((one) => isWithin(one.invokedUs, spell));
  const done = meanwhile.filter(isDone);
  const tally = {
    operations: meanwhile.length,
    answered: done.length,
    answeredMeanwhile: done.filter((one) => (one.answeredUs as number) <= spell.untilUs).length,
  };
  const attempts = own.map((one) => ({
    ok: isDone(one),
    invokedUs: one.invokedUs,
    endUs: one.answeredUs ?? Number.POSITIVE_INFINITY,
  }));
  return {
    name,
    kind: 'admin',
    group: null,
    topic: null,
    side: sideOf(name),
    ...availability(tally, longestGapMs(spellsOf(attempts, 0), spell)),
    writes: null,
    reads: null,
    promise: {
      survives: true,
      because: 'a majority of the controllers has what is decided',
      answered: 'where a majority of the controllers is',
    },
    // What became of a decision, no client is told.
    kept: null,
  };
}

interface Told {
  readonly told: number;
  /** Lost with the partition, surely or not. */
  readonly untrue: number;
  /** Of those, perhaps with another fault. */
  readonly unsure: number;
  readonly otherwise: number;
}

interface Spell {
  readonly fromUs: number;
  readonly untilUs: number;
}

interface Where {
  readonly strike: Strike;
  readonly spell: Spell;
  readonly sideOf: (name: string) => number | null;
}

function isWithin(timeUs: number, { fromUs, untilUs }: Spell): boolean {
  return timeUs >= fromUs && timeUs <= untilUs;
}

function availability(
  tally: { operations: number; answered: number; answeredMeanwhile: number },
  gapMs: number,
): Pick<CapClient, 'operations' | 'answered' | 'answeredMeanwhile' | 'share' | 'longestGapMs'> {
  const { operations, answered, answeredMeanwhile } = tally;
  const share = operations === 0 ? null : answered / operations;
  return { operations, answered, answeredMeanwhile, share, longestGapMs: gapMs };
}

/** The part of it that lies within the partition. */
function longestGapMs(waits: readonly UnavailableUs[], { fromUs, untilUs }: Spell): number {
  let longestUs = 0;
  for (const one of waits) {
    longestUs = Math.max(longestUs, Math.min(one.untilUs, untilUs) - Math.max(one.fromUs, fromUs));
  }
  return longestUs / 1_000;
}

function writePromise(acks: number, settings: PartitionPromise): CapPromise {
  const { minInSyncReplicas, uncleanLeaderElection } = settings;
  if (acks !== -1) {
    const answered = acks === 0 ? 'at once, whatever becomes of it' : 'by a leader alone';
    const because = `acks=${acks}: what only a leader has may be lost`;
    return { survives: false, because, answered };
  }
  const together =
    minInSyncReplicas === 1
      ? 'where all in-sync replicas are together'
      : `where ${minInSyncReplicas} replicas, and all that are in sync, are together`;
  if (uncleanLeaderElection) {
    const because = 'an unclean election may lose what is acknowledged';
    return { survives: false, because, answered: together };
  }
  const because = `acks=all, min.insync.replicas=${minInSyncReplicas}, no unclean election`;
  return { survives: true, because, answered: together };
}

function readPromise({ uncleanLeaderElection }: PartitionPromise): CapPromise {
  const answered = 'by a leader, even by one that is deposed and does not know it';
  const because = uncleanLeaderElection
    ? 'an unclean election may take back what was read'
    : 'only what is committed is given, and no unclean election';
  return { survives: !uncleanLeaderElection, because, answered };
}
