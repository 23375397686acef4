/**
 * one-leader-per-epoch. In one leader epoch of a partition at most one broker ever acts as its
 * leader, and the controller never names two (unless its own disk lost what it had committed).
 * Source: JV (kraft), KIP-101.
 */
import type { Check, HighWatermarkEvent, LeaderStartedEvent } from '../check.ts';
import { type Finding, type Verdict, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class OneLeaderPerEpoch implements Check {
  static readonly NAME = 'one-leader-per-epoch';
  static readonly DOC = 'a leader epoch of a partition has one leader';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  /** By replica id: the epoch in which it was last seen to lead. */
  private readonly lastLed: number[] = [];
  private readonly leaders = new Map<string, { node: string; event: number }>();

  constructor(witness: Witness) {
    this.witness = witness;
  }

  leaderElected(elected: {
    event: number;
    partition: string;
    leader: string | null;
    leaderEpoch: number;
  }): void {
    const { topicId } = this.witness.partition(elected.partition);
    if (elected.leader !== null) this.leads(elected.leader, { ...elected, topicId });
  }

  leaderStarted(started: LeaderStartedEvent): void {
    this.leads(started.node, started);
  }

  highWatermark({ event, replica, leaderEpoch, role }: HighWatermarkEvent): void {
    if (role !== 'leader' || this.lastLed[replica.id] === leaderEpoch) return;
    this.lastLed[replica.id] = leaderEpoch;
    const { name: partition, topicId } = replica.partition;
    this.leads(replica.node, { event, partition, topicId, leaderEpoch });
  }

  private leads(
    node: string,
    at: { event: number; partition: string; topicId: string | null; leaderEpoch: number },
  ): void {
    const key = `${at.topicId} ${at.partition} ${at.leaderEpoch}`;
    const known = this.leaders.get(key);
    if (known === undefined) {
      this.leaders.set(key, { node, event: at.event });
      return;
    }
    if (known.node === node) return;
    this.findings.push({
      allowedBy: this.witness.blamer.quorumLoss?.fault ?? null,
      at: at.event,
      evidence: [known.event, at.event],
      explanation: `${known.node} and ${node} both lead ${at.partition} in epoch ${at.leaderEpoch}`,
    });
  }

  verdict(): Verdict {
    return verdictOf(OneLeaderPerEpoch.NAME, this.findings, 'every leader epoch had one leader');
  }
}
