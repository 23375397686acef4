/** The report's numbers under the dotted names that expectations use (`scenario/report-paths`). */
import { type AdminAnswer, operationNumbers } from '../workload/admin-load.ts';
import { unavailability } from './client-report.ts';
import type { CapReport, ClientReport, Counts, GroupReport } from './report.ts';

export interface NumberParts {
  readonly counts: Counts;
  readonly clients: readonly ClientReport[];
  readonly groups: readonly GroupReport[];
  readonly cap: readonly CapReport[];
  readonly admin: readonly AdminAnswer[];
  readonly run: {
    readonly simulatedMs: number;
    readonly healedAtMs: number | null;
    readonly convergedAtMs: number | null;
    /** Scenario time of the end. */
    readonly endMs: number;
    readonly unresolvedFaults: number;
  };
}

export function reportNumbers({
  counts,
  clients,
  groups,
  cap,
  admin,
  run,
}: NumberParts): Record<string, unknown> {
  const { healedAtMs, convergedAtMs } = run;
  const converged = healedAtMs !== null && convergedAtMs !== null;
  return {
    counts,
    clients: Object.fromEntries(clients.map((one) => [one.name, clientNumbers(one, run.endMs)])),
    groups: Object.fromEntries(groups.map(({ group, members: _, ...one }) => [group, one])),
    operations: operationNumbers(admin),
    cap: Object.fromEntries(cap.map((one) => [one.fault, capNumbers(one)])),
    run: {
      simulatedMs: run.simulatedMs,
      converged,
      convergedMs: converged ? convergedAtMs - healedAtMs : null,
      unresolvedFaults: run.unresolvedFaults,
    },
  };
}

/** Clients by name: of several with one name (a topic each) the last. */
function capNumbers(one: CapReport): Record<string, unknown> {
  const clients = one.clients.map(({ writes, reads, ...client }) => [
    client.name,
    { ...client, ...writes, ...reads },
  ]);
  return { ...one, clients: Object.fromEntries(clients) };
}

function clientNumbers(client: ClientReport, endMs: number): Record<string, unknown> {
  const { totalMs, longestMs, spells } = unavailability(client, endMs);
  return {
    ...client,
    unavailableMs: totalMs,
    longestUnavailableMs: longestMs,
    unavailableSpells: spells,
  };
}
