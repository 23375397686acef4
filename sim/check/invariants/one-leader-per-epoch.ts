/**
 * one-leader-per-epoch. In one leader epoch of a partition at most one broker ever acts as its
 * leader, and the controller never names two; in one epoch of the metadata quorum at most one
 * voter ever leads, and a majority of the voters has written its vote for it to disk before: who
 * forgets one over a restart would vote again. A controller whose disk lost its votes or what it had
 * committed may break it.
 * Source: JV (kraft), Raft (Election Safety), KIP-101.
 */
import type {
  Check,
  HighWatermarkEvent,
  LeaderElectedEvent,
  LeaderStartedEvent,
  QuorumEvent,
} from '../check.ts';
import { METADATA_LOG } from '../replica-logs.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class OneLeaderPerEpoch implements Check {
  static readonly NAME = 'one-leader-per-epoch';
  static readonly DOC = 'a leader epoch of a partition, or of the quorum, has one leader';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  /** By replica id: the epoch in which it was last seen to lead. */
  private readonly lastLed: number[] = [];
  private readonly leaders = new Map<string, { node: string; event: number }>();

  constructor(witness: Witness) {
    this.witness = witness;
  }

  leaderElected(elected: LeaderElectedEvent): void {
    if (elected.leader !== null) this.leads(elected.leader, elected);
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

  quorumLed(led: QuorumEvent): void {
    this.counts(led);
    const { event, replica, epoch } = led;
    this.leads(replica.node, {
      event,
      partition: METADATA_LOG,
      topicId: null,
      leaderEpoch: epoch,
    });
  }

  private counts({ event, replica: { node, log }, epoch }: QuorumEvent): void {
    const { count, of } = this.witness.votesFor(node, log, epoch);
    // Before the first leader nobody has told who the voters are; the only voter acts when its
    // vote is durable, and nobody else could have it.
    if (of <= 1 || count * 2 > of) return;
    this.findings.push({
      allowedBy: this.witness.voterDamage?.fault ?? null,
      at: event,
      evidence: [event],
      explanation:
        `${node} leads ${METADATA_LOG} in epoch ${epoch} with the votes of ${count} of ${of} ` +
        'voters on their disks',
    });
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
    const { blamer, voterDamage } = this.witness;
    const damage = at.partition === METADATA_LOG ? voterDamage : blamer.quorumLoss;
    this.findings.push({
      allowedBy: damage?.fault ?? null,
      at: at.event,
      evidence: [known.event, at.event],
      explanation: `${known.node} and ${node} both lead ${at.partition} in epoch ${at.leaderEpoch}`,
    });
  }

  verdict(): Judged {
    return verdictOf(OneLeaderPerEpoch.NAME, this.findings, 'every leader epoch had one leader');
  }
}
