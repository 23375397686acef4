/** Which faults are on: network faults by pairs of nodes, the others by node. */
import { ERRORS_END } from '../../../sim/disk/faults.ts';
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import type { Rule } from '../reducer.ts';
import type { ActiveFault, ClusterState } from '../state.ts';
import { names, num, text } from './fields.ts';

export const faultRules: Readonly<Record<string, Rule>> = {
  'fault.cut': (state, event) =>
    begin(state, event, { kind: 'cut', ...sides(event), oneWay: text(event, 2) === 'yes' }),
  'fault.stall': (state, event) =>
    begin(state, event, {
      kind: 'stall',
      ...sides(event),
      oneWay: text(event, 2) === 'yes',
      untilUs: event.timeUs + num(event, 3),
    }),
  'fault.heal'(state, event) {
    mend(state, ['cut', 'stall'], { ...sides(event), oneWay: text(event, 2) === 'yes' });
  },
  'fault.delay'(state, event) {
    const oneWay = text(event, 2) === 'yes';
    mend(state, ['delay'], { ...sides(event), oneWay });
    if (num(event, 3) === 0 && num(event, 4) === 0) return;
    begin(state, event, { kind: 'delay', ...sides(event), oneWay, value: num(event, 3) });
  },
  'fault.slowLink'(state, event) {
    const oneWay = text(event, 3) === 'yes';
    mend(state, ['slow link'], { ...sides(event), oneWay });
    if (num(event, 2) < 0) return;
    begin(state, event, { kind: 'slow link', ...sides(event), oneWay, value: num(event, 2) });
  },
  'fault.hold': (state, event) =>
    begin(state, event, { kind: 'hold', ...sides(event), value: num(event, 4) }),
  'fault.release'(state, event) {
    end(state, (one) => one.kind === 'hold' && one.value === num(event, 0));
  },
  'fault.restoreNetwork'(state) {
    end(state, (one) => NETWORK.has(one.kind));
  },
  'fault.slowCpu': (state, event) => lasting(state, event, 'slow CPU', num(event, 1) !== 1_000),
  'fault.clockDrift': (state, event) => lasting(state, event, 'clock drift', num(event, 1) !== 0),
  'fault.clockOffset': (state, event) => lasting(state, event, 'clock offset', num(event, 1) !== 0),
  'fault.disk'(state, event) {
    const what = text(event, 1);
    const value = num(event, 3);
    const target = text(event, 0);
    switch (what) {
      case 'none':
        return end(state, (one) => one.from[0] === target && CLEARED.has(one.kind));
      case 'slow':
        return lasting(state, event, 'disk slow', value !== 1_000, value);
      case 'stall':
        return begin(state, event, {
          kind: 'disk stall',
          from: [target],
          untilUs: event.timeUs + value,
        });
      case 'ENOSPC':
        return lasting(state, event, 'disk full', value >= 0, value);
      case 'lost flush':
        return lasting(state, event, 'lost flush', value === 1);
      case 'lost':
        return lasting(state, event, 'disk lost', true);
      case ERRORS_END:
        if (value > 0) return;
        return end(state, (one) => one.kind === 'disk error' && one.from[0] === target);
      case 'bit flip':
      case 'misdirected write':
        return;
      default:
        return lasting(state, event, 'disk error', true, value);
    }
  },
};

const NETWORK: ReadonlySet<string> = new Set(['cut', 'stall', 'delay', 'slow link', 'hold']);
const CLEARED: ReadonlySet<string> = new Set([
  'disk slow',
  'disk stall',
  'disk full',
  'lost flush',
  'disk error',
]);

/** True between nodes, false on one. */
export function isNetworkFault(fault: ActiveFault): boolean {
  return NETWORK.has(fault.kind);
}

/** Those that are on at a time; the state keeps one that ended by itself until the next strike. */
export function faultsOn(state: ClusterState, timeUs: number): ActiveFault[] {
  return state.faults.filter((one) => one.untilUs < 0 || one.untilUs > timeUs);
}

function sides(event: TraceEvent): { from: string[]; to: string[] } {
  return { from: names(text(event, 0)), to: names(text(event, 1)) };
}

function begin(
  state: ClusterState,
  event: TraceEvent,
  fault: Partial<ActiveFault> & Pick<ActiveFault, 'kind' | 'from'>,
): void {
  state.faults = faultsOn(state, event.timeUs);
  const rest = { to: [], oneWay: false, value: 0, untilUs: -1 };
  state.faults.push({ event: event.event, ...rest, ...fault });
}

function end(state: ClusterState, isOver: (fault: ActiveFault) => boolean): void {
  if (state.faults.some(isOver)) state.faults = state.faults.filter((one) => !isOver(one));
}

/** A fault of one node that replaces an earlier one of its kind, or only ends it. */
function lasting(
  state: ClusterState,
  event: TraceEvent,
  kind: string,
  on: boolean,
  value = num(event, 1),
): void {
  const target = text(event, 0);
  end(state, (one) => one.kind === kind && one.from[0] === target);
  if (on) begin(state, event, { kind, from: [target], value });
}

/** Takes ways out of network faults; one that loses only some of its ways goes on for the rest. */
function mend(
  state: ClusterState,
  kinds: readonly string[],
  links: { from: string[]; to: string[]; oneWay: boolean },
): void {
  const everything = links.from.length === 0 && links.to.length === 0;
  const isMended = (from: string, to: string) =>
    everything ||
    (links.from.includes(from) && links.to.includes(to)) ||
    (!links.oneWay && links.from.includes(to) && links.to.includes(from));
  const touched = (fault: ActiveFault) =>
    kinds.includes(fault.kind) &&
    fault.from.some((from) =>
      fault.to.some((to) => isMended(from, to) || (!fault.oneWay && isMended(to, from))),
    );
  if (!state.faults.some(touched)) return;
  state.faults = state.faults.flatMap((fault) =>
    touched(fault) ? rest(fault, isMended) : [fault],
  );
}

/** What is left of a fault, by the nodes on its first side. */
function rest(fault: ActiveFault, isMended: (from: string, to: string) => boolean): ActiveFault[] {
  const parts = fault.from.flatMap((from): ActiveFault[] => {
    const others = fault.to.filter((to) => to !== from);
    const there = others.filter((to) => !isMended(from, to));
    const back = fault.oneWay ? there : others.filter((to) => !isMended(to, from));
    const both = there.filter((to) => back.includes(to));
    return [
      { ...fault, from: [from], to: both },
      { ...fault, from: [from], to: there.filter((to) => !both.includes(to)), oneWay: true },
      { ...fault, from: back.filter((to) => !both.includes(to)), to: [from], oneWay: true },
    ];
  });
  return parts.filter((one) => one.from.length > 0 && one.to.length > 0);
}
