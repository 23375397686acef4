/** What did not come to rest, as findings: with the event that stopped it, and what permits it. */
import type { Behind, FinalState } from '../final-state.ts';
import type { Finding } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export function behindFindings(
  witness: Witness,
  final: FinalState,
  kinds: readonly Behind['kind'][],
): Finding[] {
  return final.behind
    .filter((one) => kinds.includes(one.kind))
    .map((one) => ({
      // Who lost or spoiled what it had acknowledged may never come back.
      allowedBy: witness.damages[0]?.fault ?? nobodyMayLead(witness, one),
      at: final.event,
      evidence: [stoppedAt(witness, one) ?? final.event],
      explanation: one.words,
    }));
}

export const ELR_CLEARED = 'a change of min.insync.replicas while nobody was in sync';

/** Without a leader no replica catches up, and no reassignment ends. */
function nobodyMayLead(witness: Witness, { partition }: Behind): string | null {
  if (partition === null) return null;
  const { elrClearedAt, registration } = witness.partition(partition);
  return elrClearedAt >= 0 && (registration?.leader ?? 0) < 0 ? ELR_CLEARED : null;
}

/** The fault or the end of its process; when nothing befell it, the last thing that it wrote. */
function stoppedAt(witness: Witness, { node, partition }: Behind): number | null {
  if (node === null) return null;
  const { stoppedAt: stopped } = witness.node(node);
  if (stopped >= 0) return stopped;
  if (partition === null) return null;
  const { log } = witness.replica(node, partition);
  return log.batchCount === 0 ? null : log.writtenAt(log.batchCount - 1) + 1;
}
