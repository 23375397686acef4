/**
 * leader-complete. The running leader of a partition's newest epoch holds everything that was
 * committed, from the moment it begins to lead; and a record is acknowledged with acks=all only
 * when it is committed. So the leader holds every value that was acknowledged with acks=all. What
 * permits an incomplete leader is what permits its loss, see `blame.ts`. Source: JV.
 */
import type { Check, LeaderStartedEvent } from '../check.ts';
import { Outcome, type SendHistory } from '../history/history.ts';
import type { ReplicaWatch } from '../replica-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { missing } from './missing.ts';

export class LeaderIsComplete implements Check {
  static readonly NAME = 'leader-complete';
  static readonly DOC = 'the leader of a partition holds everything that was committed';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  leaderStarted({ event, node, partition, legitimate, agreesUpTo }: LeaderStartedEvent): void {
    const replica = this.witness.replica(node, partition);
    if (!legitimate || agreesUpTo >= replica.partition.committed.trueHighWatermark) return;
    this.lacks(replica, agreesUpTo, event);
  }

  logShrank(replica: ReplicaWatch, event: number): void {
    const { partition, node, process } = replica;
    const { current, leading, committed, registration } = partition;
    if (!leading || current?.leader !== node || !process.alive || registration === null) return;
    const agreesUpTo = this.witness.agreesUpTo(replica, committed.trueHighWatermark);
    if (agreesUpTo < committed.trueHighWatermark) this.lacks(replica, agreesUpTo, event);
  }

  private lacks(replica: ReplicaWatch, agreesUpTo: number, event: number): void {
    const { node, partition } = replica;
    this.findings.push(
      missing(this.witness, replica, {
        offset: agreesUpTo,
        event,
        what: `${node} leads ${partition.name} in epoch ${partition.current?.leaderEpoch}`,
      }),
    );
  }

  verdict(): Judged {
    for (const sends of this.witness.history.sends) this.checkAnswers(sends);
    return verdictOf(
      LeaderIsComplete.NAME,
      this.findings,
      'every leader held all that was committed',
    );
  }

  /** Nothing may be acknowledged with acks=all before it is committed. */
  private checkAnswers(sends: SendHistory): void {
    const { name, topic, acks } = sends.producer;
    if (acks !== -1) return;
    for (let row = 0; row < sends.count; row++) {
      const offset = sends.offset.at(row);
      if (sends.outcome.at(row) !== Outcome.ok || offset < 0) continue;
      const partition = `${topic}-${sends.partition.at(row)}`;
      const event = sends.answeredEvent.at(row);
      const reached = this.witness.highWatermarks.reached(partition, event);
      if (offset < reached) continue;
      this.findings.push({
        allowedBy: this.witness.blamer.beyondPromise(partition),
        at: event,
        evidence: [event],
        explanation:
          `${name}-${row} was acknowledged (acks=all) at ${partition} offset ${offset} when no ` +
          `leader's high watermark was above ${reached}`,
      });
    }
  }
}
