/**
 * Targets: words for nodes that are looked up when a fault strikes, such as `leader:orders-0`.
 * The same table serves validation (could it ever match?) and resolution.
 */
import { nearestName } from '../../kafka/config/nearest.ts';

/** What a target is resolved against: the cluster as its controller last committed it. */
export interface TargetView {
  readonly brokers: readonly string[];
  readonly controllers: readonly string[];
  readonly clients: readonly string[];
  /** Node name of the active controller; null when there is none. */
  activeController(): string | null;
  /** null: no leader now. */
  leader(partition: string): string | null;
  replicas(partition: string): readonly string[];
  inSyncReplicas(partition: string): readonly string[];
  /** The nodes that the named fault struck; empty before it strikes. */
  struckBy(fault: string): readonly string[];
}

/** What may be named in a scenario, for validation. */
export interface TargetNames {
  readonly brokers: readonly string[];
  readonly controllers: readonly string[];
  readonly clients: readonly string[];
  readonly partitions: readonly string[];
  readonly faultNames: readonly string[];
}

export interface TargetProblem {
  readonly message: string;
  readonly allowed: string;
  readonly nearest: string | null;
}

type PartitionRole = 'leader' | 'followers' | 'follower' | 'isr' | 'replicas';

export const targetForms: readonly { readonly form: string; readonly doc: string }[] = [
  { form: 'broker-N', doc: 'One broker.' },
  { form: 'controller-N', doc: 'One controller, from 101.' },
  { form: 'controller:leader', doc: 'The active controller.' },
  { form: 'controller:followers', doc: 'All controllers but the active one.' },
  { form: 'controller:follower', doc: 'The lowest-numbered controller that is not active.' },
  { form: 'leader:TOPIC-P', doc: 'The leader of a partition.' },
  { form: 'followers:TOPIC-P', doc: 'All replicas of a partition but its leader.' },
  { form: 'follower:TOPIC-P', doc: 'The lowest-numbered replica that is not the leader.' },
  { form: 'isr:TOPIC-P', doc: 'The in-sync replicas of a partition.' },
  { form: 'replicas:TOPIC-P', doc: 'All replicas of a partition.' },
  { form: 'client:NAME', doc: 'One client of the workload.' },
  { form: 'struck:NAME', doc: 'The nodes that an earlier fault of that name struck.' },
  { form: 'all:brokers', doc: 'Every broker.' },
  { form: 'all:controllers', doc: 'Every controller.' },
  { form: 'all:clients', doc: 'Every client of the workload.' },
  { form: 'all', doc: 'Every node.' },
];

const CONTROLLER_ROLES = ['leader', 'followers', 'follower'];
const PARTITION_ROLES: readonly string[] = ['leader', 'followers', 'follower', 'isr', 'replicas'];

/** Why a target can never match anything, or null when it could. */
export function targetProblem(target: string, names: TargetNames): TargetProblem | null {
  const colon = target.indexOf(':');
  if (colon < 0) {
    const nodes = [...names.brokers, ...names.controllers, 'all'];
    return oneOf(target, nodes, 'no node has this name', target);
  }
  const kind = target.slice(0, colon);
  const rest = target.slice(colon + 1);
  if (kind === 'all') {
    return oneOf(rest, ['brokers', 'controllers', 'clients'], 'not a group of nodes', target);
  }
  if (kind === 'controller') {
    return oneOf(rest, CONTROLLER_ROLES, 'not a role of a controller', target);
  }
  if (kind === 'client') return oneOf(rest, names.clients, 'no client has this name', target);
  if (kind === 'struck') return oneOf(rest, names.faultNames, 'no fault has this name', target);
  if (PARTITION_ROLES.includes(kind)) {
    return oneOf(rest, names.partitions, 'no topic of the cluster has this partition', target);
  }
  const kinds = [...PARTITION_ROLES, 'client', 'struck', 'controller', 'all'];
  const nearest = nearestName(kind, kinds);
  return {
    message: `"${target}" is not a target`,
    allowed: targetForms.map((one) => one.form).join(', '),
    nearest: nearest === null ? null : `${nearest}:${rest}`,
  };
}

/** The nodes that a target means now, without repeats; empty when it matches nothing. */
export function resolveTarget(target: string, view: TargetView): string[] {
  const colon = target.indexOf(':');
  if (colon < 0) {
    const all = [...view.brokers, ...view.controllers, ...view.clients];
    return target === 'all' ? all : all.filter((name) => name === target);
  }
  const kind = target.slice(0, colon);
  const rest = target.slice(colon + 1);
  switch (kind) {
    case 'all':
      return [...groupOf(rest, view)];
    case 'controller':
      return ofQuorum(rest, view);
    case 'client':
      return view.clients.filter((name) => name === rest);
    case 'struck':
      return [...view.struckBy(rest)];
    default:
      return ofPartition(kind as PartitionRole, rest, view);
  }
}

function ofQuorum(role: string, view: TargetView): string[] {
  const leader = view.activeController();
  if (role === 'leader') return known(leader);
  const others = view.controllers.filter((name) => name !== leader);
  return role === 'followers' ? others : others.slice(0, 1);
}

function ofPartition(role: PartitionRole, partition: string, view: TargetView): string[] {
  const leader = view.leader(partition);
  switch (role) {
    case 'leader':
      return known(leader);
    case 'followers':
      return view.replicas(partition).filter((name) => name !== leader);
    case 'follower':
      return view
        .replicas(partition)
        .filter((name) => name !== leader)
        .slice(0, 1);
    case 'isr':
      return [...view.inSyncReplicas(partition)];
    case 'replicas':
      return [...view.replicas(partition)];
    default:
      return [];
  }
}

function groupOf(group: string, view: TargetView): readonly string[] {
  if (group === 'brokers') return view.brokers;
  if (group === 'controllers') return view.controllers;
  return view.clients;
}

function known(name: string | null): string[] {
  return name === null ? [] : [name];
}

function oneOf(
  word: string,
  names: readonly string[],
  message: string,
  target: string,
): TargetProblem | null {
  if (names.includes(word)) return null;
  const shown = names.length <= 12 ? names : [...names.slice(0, 12), '…'];
  const near = nearestName(word, names);
  return {
    message: `"${target}": ${message}`,
    allowed: shown.length === 0 ? '(there is none)' : shown.join(', '),
    nearest: near === null ? null : target.slice(0, target.length - word.length) + near,
  };
}
