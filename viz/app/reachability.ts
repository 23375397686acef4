/** Who can reach whom while links are cut: derived from the faults at work. */
import type { ActiveFault, ClusterState } from '../model/state.ts';

export interface Reachability {
  readonly nodes: readonly string[];
  isCut(from: string, to: string): boolean;
}

export function reachability(cluster: ClusterState): Reachability {
  const cuts = cluster.faults.filter((one) => one.kind === 'cut' || one.kind === 'isolate');
  const nodes = Object.keys(cluster.nodes).filter((name) => !name.startsWith('lab-'));
  return { nodes, isCut: (from, to) => cuts.some((one) => cutBy(one, from, to)) };
}

function cutBy(fault: ActiveFault, from: string, to: string): boolean {
  if (joins(fault, from, to)) return true;
  return !fault.oneWay && joins(fault, to, from);
}

function joins(fault: ActiveFault, from: string, to: string): boolean {
  return fault.from.includes(from) && (fault.to.length === 0 || fault.to.includes(to));
}
