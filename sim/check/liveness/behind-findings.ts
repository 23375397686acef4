/** What did not come to rest, as findings: with the event that stopped it, and what permits it. */
import { brokerIdOf, brokerName, topicOf } from '../../cluster/names.ts';
import type { Behind, FinalState } from '../final-state.ts';
import { Outcome } from '../history/history.ts';
import type { ReplicaLog } from '../replica-log.ts';
import type { Finding } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { standstillOf } from './quorum-standstill.ts';

export function behindFindings(
  witness: Witness,
  final: FinalState,
  kinds: readonly Behind['kind'][],
): Finding[] {
  const standstill = standstillOf(witness);
  return final.behind
    .filter((one) => kinds.includes(one.kind))
    .map((one) => {
      const unreadable = one.kind === 'consumer' ? unreadableBefore(witness, one) : null;
      return {
        allowedBy:
          damageBehind(witness, one) ??
          standstill ??
          nobodyMayLead(witness, one) ??
          unregistered(witness, one) ??
          unreadable?.allowedBy ??
          null,
        at: final.event,
        evidence: [stoppedAt(witness, one) ?? final.event],
        explanation: one.words + (unreadable?.words ?? ''),
      };
    });
}

/**
 * A batch that does not match its CRC ends every poll that comes upon it with an error, until
 * somebody seeks past it (Kafka: CompletedFetch): what else the consumer reads waits, too.
 */
function unreadableBefore(
  witness: Witness,
  { partition, node }: Behind,
): { readonly allowedBy: string | null; readonly words: string } | null {
  if (partition === null) return null;
  const topic = topicOf(partition);
  for (const name of witness.partitions()) {
    if (name === partition || topicOf(name) !== topic) continue;
    const leader = brokerName(witness.partition(name).registration?.leader ?? -1);
    const log = witness.logs.replicas(name).find((one) => one.node === leader);
    const damage = witness.damages.find((one) => one.silently && one.node === leader);
    if (log !== undefined && (damage !== undefined || isCorrupt(witness, log))) {
      const words = `; what it reads of ${name} from ${leader} may be damaged`;
      return { allowedBy: damage?.fault ?? witness.blamer.beyondPromise(name), words };
    }
    // What a former leader gave it stays where it is, whoever has mended its log since.
    const spoiled = getsErrors(witness, node, topic) ? witness.spoiledBy(name) : null;
    if (spoiled === null) continue;
    const words = `; what it was given of ${name} by ${spoiled.node} may be damaged`;
    return { allowedBy: spoiled.fault, words };
  }
  return null;
}

/** Its last poll that was answered failed. */
function getsErrors({ history }: Witness, consumer: string | null, topic: string): boolean {
  const own = history.polls.find((one) => one.consumer === consumer && one.topic === topic);
  const outcome = own?.polls.outcome;
  for (let poll = (outcome?.length ?? 0) - 1; poll >= 0; poll--) {
    if (outcome?.at(poll) !== Outcome.pending) return outcome?.at(poll) === Outcome.failed;
  }
  return false;
}

function isCorrupt(witness: Witness, log: ReplicaLog): boolean {
  return witness.logs.corruptBatches(log, { durable: false }).length > 0;
}

/**
 * Who lost or spoiled what it had acknowledged may never come back, nor may a partition of which
 * it has a replica, nor anything when it votes.
 */
function damageBehind(witness: Witness, { node, partition }: Behind): string | null {
  const nodes = node === null ? [] : [node];
  if (partition !== null) {
    const { registration } = witness.partition(partition);
    nodes.push(...(registration?.replicas ?? []).map(brokerName));
    nodes.push(...witness.logs.replicas(partition).map((log) => log.node));
  }
  const damage = witness.damages.find((one) => nodes.includes(one.node)) ?? witness.voterDamage;
  return damage?.fault ?? null;
}

const BROKER = brokerName(0).slice(0, -1);

export const ELR_CLEARED = 'a change of min.insync.replicas while nobody was in sync';

/** Without a leader no replica catches up, and no reassignment ends. */
function nobodyMayLead(witness: Witness, { partition }: Behind): string | null {
  if (partition === null) return null;
  const { elrClearedAt, registration } = witness.partition(partition);
  return elrClearedAt >= 0 && (registration?.leader ?? 0) < 0 ? ELR_CLEARED : null;
}

export const UNREGISTERED = 'the unregistration of a broker that runs';

/**
 * A broker whose registration an operator took away does not register again before it is started
 * anew: it only logs that its heartbeats are refused (Kafka: BrokerLifecycleManager).
 */
function unregistered(witness: Witness, { node, partition }: Behind): string | null {
  const { brokers } = witness.control.image;
  const isIt = (id: number): boolean => !brokers.has(id) && witness.node(brokerName(id)).alive;
  const replicas = partition === null ? [] : witness.partition(partition).registration?.replicas;
  const concerned = [...(replicas ?? [])];
  if (node?.startsWith(BROKER) === true) concerned.push(brokerIdOf(node));
  return witness.control.sound && concerned.some(isIt) ? UNREGISTERED : null;
}

/** The fault or the end of its process; when nothing befell it, the last thing that it wrote. */
function stoppedAt(witness: Witness, { node, partition }: Behind): number | null {
  if (node === null) return null;
  const { stoppedAt: stopped } = witness.node(node);
  if (stopped >= 0) return stopped;
  if (partition === null) return null;
  const log = witness.logs.replicas(partition).find((one) => one.node === node);
  if (log === undefined || log.batchCount === 0) return null;
  return log.writtenAt(log.batchCount - 1) + 1;
}
