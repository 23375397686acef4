/**
 * offset-mono. In one life of a consumer its position in a partition never falls, unless it seeks
 * or is told: by a truncation (KIP-320) or by being out of range, after which it resets. And the
 * end of a partition as one client is told of it, in whatever lives and by whatever leaders, never
 * falls: who begins at the latest offset begins no earlier than where it was before (KIP-207). What
 * permits that the end falls is what permits the loss of the record there, see `blame.ts`; and a
 * former leader that has not noticed may tell of the past, as it may to every reader.
 * Source: KIP-207, KIP-320, Jepsen (nonmonotonic poll).
 */
import type { Check, ConsumerMoved } from '../check.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

/** What one client knows of one partition. */
interface Known {
  /** Of its present life; -1: none yet. */
  position: number;
  positionAt: number;
  /** When its present life began. */
  bornAt: number;
  /** The partition had records up to here, as far as it was told. */
  end: number;
  endAt: number;
  /** When the life began in which it was told that: what it held was fetched since. */
  endSince: number;
}

interface Fall {
  readonly moved: ConsumerMoved;
  readonly known: Known;
}

export class OffsetsAreMonotonic implements Check {
  static readonly NAME = 'offset-mono';
  static readonly DOC = 'neither a consumer’s position nor the end that it is told ever goes back';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  /** Ends that fell: judged when it is known what became of the records. */
  private readonly falls: Fall[] = [];
  private readonly byClient = new Map<string, Map<string, Known>>();

  constructor(witness: Witness) {
    this.witness = witness;
  }

  clientStarted(client: string, event: number): void {
    for (const known of this.byClient.get(client)?.values() ?? []) {
      known.position = -1;
      known.bornAt = event;
    }
  }

  consumerMoved(moved: ConsumerMoved): void {
    const { event, offset, how } = moved;
    const known = this.known(moved);
    if (how === 'polled' && offset < known.position) this.wentBack(moved, known);
    const isLatest = how === 'reset' && moved.reset === 'latest';
    if (isLatest && offset < known.end && !this.isOfThePast(moved)) {
      this.falls.push({ moved, known: { ...known } });
    }
    // To be out of range is a notice, too; to begin a life at the start of the log is none.
    const isTold = how === 'truncated' || isLatest || (how === 'reset' && known.position >= 0);
    known.position = offset;
    known.positionAt = event;
    if (offset < known.end && !isTold) return;
    known.end = offset;
    known.endAt = event;
    known.endSince = known.bornAt;
  }

  /** The one that it asked leads no more, by what the quorum has decided. */
  private isOfThePast({ partition, leaderEpoch }: ConsumerMoved): boolean {
    const current = this.witness.elections.current(partition);
    return leaderEpoch >= 0 && leaderEpoch < (current?.leaderEpoch ?? -1);
  }

  private known({ client, partition }: ConsumerMoved): Known {
    let byPartition = this.byClient.get(client);
    if (byPartition === undefined) {
      byPartition = new Map();
      this.byClient.set(client, byPartition);
    }
    const known = byPartition.get(partition);
    if (known !== undefined) return known;
    const none = { position: -1, positionAt: -1, bornAt: 0 };
    const fresh = { ...none, end: -1, endAt: -1, endSince: 0 };
    byPartition.set(partition, fresh);
    return fresh;
  }

  private wentBack({ event, client, partition, offset }: ConsumerMoved, known: Known): void {
    this.findings.push({
      allowedBy: null,
      at: event,
      evidence: [known.positionAt, event],
      explanation:
        `${client} was at ${partition} offset ${known.position} and is at ${offset}, and ` +
        'nobody had told it to go back',
    });
  }

  verdict(): Judged {
    for (const fall of this.falls) this.findings.push(this.fell(fall));
    return verdictOf(
      OffsetsAreMonotonic.NAME,
      this.findings,
      'no position and no end of a partition ever went back',
    );
  }

  private fell({ moved: { event, client, partition, offset }, known }: Fall): Finding {
    const { blamer } = this.witness;
    const said = `${client} knew ${partition} up to ${known.end} and was told that it ends at ${offset}`;
    const deleted = blamer.deletionSince(partition, known.endSince);
    const told = { event: known.endAt, committed: true };
    const batch = deleted === null ? blamer.lostBatchAt(partition, offset, told) : null;
    const evidence = [known.endAt, event];
    if (batch === null) {
      const allowedBy = deleted ?? blamer.beyondPromise(partition);
      return { allowedBy, at: event, evidence, explanation: said };
    }
    const blame = blamer.blame(partition, batch, true, event);
    const all = [...blame.evidence, ...evidence].filter((one) => one <= event);
    const { allowedBy } = blame;
    return { allowedBy, at: event, evidence: all, explanation: `${said}: ${blame.explanation}` };
  }
}
