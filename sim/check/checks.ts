/**
 * All the checks of a run, wired to the world: invariants that see every node while the run goes
 * on, and history checks that judge at the end what the clients saw. `checkCatalog` is the list
 * that `trial list checks`, the scenario schema and the reference are made from.
 */
import type { World } from '../world.ts';
import type { Check, CheckKind, HighWatermarkEvent } from './check.ts';
import { readFinalPartition } from './final-logs.ts';
import type { FinalPartition, FinalState } from './final-state.ts';
import { AcknowledgedIsDurable } from './history/acked-durable.ts';
import type { ClientHistory } from './history/history.ts';
import { NoDuplicates } from './history/no-dup.ts';
import { OffsetsAreUnique } from './history/offset-unique.ts';
import { ProducerOrder } from './history/producer-order.ts';
import { ReadsAreStable } from './history/read-stable.ts';
import { HighWatermarkIsMonotonic } from './invariants/hw-mono.ts';
import { LogsMatch } from './invariants/log-match.ts';
import { OffsetsAreInBounds } from './invariants/offset-bounds.ts';
import { OneLeaderPerEpoch } from './invariants/one-leader-per-epoch.ts';
import { EveryReplicaCatchesUp } from './liveness/follower-progress.ts';
import { EveryWriteIsAnswered } from './liveness/produce-progress.ts';
import type { RunSettings } from './settings.ts';
import { unknownVerdict, type Verdict } from './verdict.ts';
import { Witness } from './witness.ts';

/** In the order of reports. */
const kinds: readonly (CheckKind & (new (witness: Witness) => Check))[] = [
  AcknowledgedIsDurable,
  NoDuplicates,
  ProducerOrder,
  ReadsAreStable,
  OffsetsAreUnique,
  LogsMatch,
  HighWatermarkIsMonotonic,
  OneLeaderPerEpoch,
  OffsetsAreInBounds,
  EveryWriteIsAnswered,
  EveryReplicaCatchesUp,
];

export const checkCatalog: readonly { readonly name: string; readonly doc: string }[] = kinds.map(
  ({ NAME: name, DOC: doc }) => ({ name, doc }),
);

export interface Judgement {
  readonly verdicts: readonly Verdict[];
  /** What was judged: the logs at the end. */
  readonly final: FinalState;
  readonly acknowledgedLost: number;
  readonly duplicated: number;
  readonly reordered: number;
}

export interface EndOfRun {
  readonly unanswered: FinalState['unanswered'];
  readonly behind: FinalState['behind'];
}

export class Checks {
  readonly witness: Witness;
  private readonly world: World;
  private readonly checks: readonly Check[];
  private readonly listening: readonly HighWatermarkListener[];
  private readonly seen: HighWatermarkEvent;

  /** Create it before anything is started: it must see every write. */
  constructor(world: World, options: { history: ClientHistory; settings: RunSettings }) {
    this.world = world;
    this.witness = new Witness({
      history: options.history,
      settings: options.settings,
      disks: {
        paths: (node) => world.node(node).disk.files(),
        contents: (node, path) => world.node(node).disk.contents(path),
      },
    });
    this.checks = kinds.map((Kind) => new Kind(this.witness));
    this.listening = this.checks.filter(listensToHighWatermarks);
    const replica = this.witness.replica('', '');
    this.seen = { event: 0, replica, highWatermark: 0, leaderEpoch: 0, role: '' };
    this.watchDisks();
    this.watchTrace();
  }

  private watchDisks(): void {
    const { logs } = this.witness;
    const { world } = this;
    const isBroker = (node: string): boolean => world.node(node).role === 'broker';
    world.disks.subscribe({
      wrote: (node, path, position, bytes) => {
        logs.wrote(node, path, position, bytes, world.events);
      },
      truncated: (node, path, size) => logs.truncated(node, path, size, world.events),
      renamed: (node, from, to) => logs.renamed(node, from, to, world.events),
      removed: (node, path) => logs.removed(node, path, world.events),
      restored: (node) => {
        if (isBroker(node)) logs.rescan(node, world.events, 'power');
      },
    });
  }

  private watchTrace(): void {
    const { trace, nodes } = this.world;
    const nameOf = (node: number): string => nodes[node - 1]?.name ?? 'lab';
    trace.subscribe(
      'leader.elected',
      (event, timeUs, _node, partition, leader, epoch, _i, _e, how) => {
        const elected = {
          event,
          partition: partition as string,
          leader: (leader as number) < 0 ? null : `broker-${leader}`,
          leaderEpoch: epoch as number,
        };
        const election = { ...elected, timeUs, how: how as string };
        this.witness.elections.add(elected.partition, election);
        this.witness.partition(elected.partition).current = election;
        for (const check of this.checks) check.leaderElected?.(elected);
      },
    );
    trace.subscribe('leader.started', (event, _timeUs, node, partition, epoch, startOffset) => {
      const started = {
        event,
        node: nameOf(node),
        partition: partition as string,
        leaderEpoch: epoch as number,
        epochStartOffset: startOffset as number,
      };
      this.witness.elections.started(started.partition, started.leaderEpoch);
      for (const check of this.checks) check.leaderStarted?.(started);
      if (this.witness.legitimate(started.node, started.partition, started.leaderEpoch)) {
        this.witness.committed(started.partition).cut(started.epochStartOffset);
      }
    });
    trace.subscribe('hw.advanced', (event, _timeUs, node, partition, offset, epoch, role) => {
      const replica = this.witness.replica(nameOf(node), partition as string);
      const { seen } = this;
      seen.event = event;
      seen.replica = replica;
      seen.highWatermark = offset as number;
      seen.leaderEpoch = epoch as number;
      seen.role = role as string;
      this.highWatermark(seen);
    });
    trace.subscribe('log.started', (_event, _timeUs, node, partition, offset) => {
      this.witness.replica(nameOf(node), partition as string).logStartOffset = offset as number;
      const { logStartOffsets } = this.witness.blamer;
      const highest = logStartOffsets.get(partition as string) ?? 0;
      logStartOffsets.set(partition as string, Math.max(highest, offset as number));
    });
  }

  private highWatermark(seen: HighWatermarkEvent): void {
    const { replica, highWatermark } = seen;
    replica.highWatermark = highWatermark;
    const { current, committed } = replica.partition;
    const legitimate =
      seen.role === 'leader' &&
      current !== null &&
      current.leader === replica.node &&
      current.leaderEpoch === seen.leaderEpoch;
    // First what the leader adds to the committed log, then everybody against it.
    if (legitimate) committed.extend(replica.log, highWatermark);
    for (const check of this.listening) check.highWatermark(seen);
  }

  /** Judges the run; call once, when it has ended. */
  judge(end: EndOfRun): Judgement {
    const final: FinalState = {
      partitions: this.finalPartitions(),
      unanswered: end.unanswered,
      behind: end.behind,
      event: this.world.events,
    };
    const verdicts = this.checks.map((check, i) =>
      verdictSafely((kinds[i] as CheckKind).NAME, () => check.verdict(final)),
    );
    const one = <T extends Check>(kind: abstract new (witness: Witness) => T): T =>
      this.checks.find((check) => check instanceof kind) as T;
    return {
      verdicts,
      final,
      acknowledgedLost: one(AcknowledgedIsDurable).lostCount,
      duplicated: one(NoDuplicates).duplicateCount,
      reordered: one(ProducerOrder).reorderedCount,
    };
  }

  private finalPartitions(): Map<string, FinalPartition> {
    const partitions = new Map<string, FinalPartition>();
    for (const partition of this.witness.partitions()) {
      const leader = this.witness.elections.current(partition)?.leader ?? null;
      if (leader === null) continue;
      const replica = this.witness.replica(leader, partition);
      const read = readFinalPartition(this.witness.disks, this.witness.history, {
        node: leader,
        partition,
        highWatermark: replica.highWatermark,
        logStartOffset: replica.logStartOffset,
      });
      partitions.set(partition, read);
    }
    return partitions;
  }
}

type HighWatermarkListener = Check & Required<Pick<Check, 'highWatermark'>>;

function listensToHighWatermarks(check: Check): check is HighWatermarkListener {
  return check.highWatermark !== undefined;
}

/** A check that crashes knows nothing: `unknown`, never `holds`. */
function verdictSafely(name: string, judge: () => Verdict): Verdict {
  try {
    return judge();
  } catch (problem) {
    const said = problem instanceof Error ? problem.message : String(problem);
    return unknownVerdict(name, `the check itself broke: ${said}`);
  }
}
