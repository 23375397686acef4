/** What the laboratory did to nodes, links, disks and clocks. */
import { ERRORS_END } from '../../../sim/disk/faults.ts';
import { apiName } from '../api-names.ts';
import type { ColourToken, LegendEntry, Shape } from '../legend.ts';
import { durationOf, list, n, t } from './text.ts';

function fault(
  title: string,
  look: { colour: ColourToken; shape?: Shape },
  words: LegendEntry['words'],
): LegendEntry {
  return { lane: 'targets', weight: 3, doc: null, title, shape: 'cross', ...look, words };
}

const process = { colour: 'fault-process' } as const;
const network = { colour: 'fault-network' } as const;
const disk = { colour: 'fault-disk' } as const;
const clock = { colour: 'fault-clock' } as const;
const ends = { shape: 'triangle-up' } as const;

export const faultLegend: Readonly<Record<string, LegendEntry>> = {
  'fault.start': fault('start', { colour: 'kind-life', ...ends }, (e) => `${t(e, 0)} is started`),
  'fault.stop': fault(
    'stop',
    { colour: 'kind-life', shape: 'triangle-down' },
    (e) => `${t(e, 0)} is told to stop`,
  ),
  'fault.kill': fault('kill', process, (e) => `${t(e, 0)} is killed`),
  'fault.powerCut': fault(
    'power cut',
    process,
    (e) => `${t(e, 0)} loses power and ${n(e, 2)} bytes that were not flushed`,
  ),
  'fault.pause': fault('pause', process, (e) => `${t(e, 0)} is paused`),
  'fault.resume': fault('resume', { ...process, ...ends }, (e) => `${t(e, 0)} goes on`),
  'fault.slowCpu': fault('slow CPU', process, (e) =>
    n(e, 1) === 1_000
      ? `${t(e, 0)} runs at its own speed`
      : `${t(e, 0)} runs ${n(e, 1) / 1_000} times slower`,
  ),
  'fault.crashInStep': fault(
    'crash armed',
    { ...process, shape: 'diamond' },
    (e) => `${t(e, 0)} will crash ${t(e, 2)} its disk call number ${n(e, 1)}`,
  ),
  'fault.cut': fault('cut', network, (e) => {
    const [from, to] = sides(e);
    return t(e, 2) === 'yes'
      ? `the network from ${from} to ${to} is cut`
      : `the network between ${from} and ${to} is cut`;
  }),
  'fault.stall': fault(
    'stall',
    network,
    (e) => `bytes from ${sides(e).join(' to ')} stand still for ${durationOf(n(e, 3))}`,
  ),
  'fault.heal': fault('heal', { ...network, ...ends }, (e) => {
    const [from, to] = [everyone(t(e, 0)), everyone(t(e, 1))];
    return t(e, 2) === 'yes'
      ? `the network from ${from} to ${to} is whole again`
      : `the network between ${from} and ${to} is whole again`;
  }),
  'fault.delay': fault('delay', network, (e) =>
    n(e, 3) === 0 && n(e, 4) === 0
      ? `no extra delay between ${sides(e).join(' and ')} any more`
      : `${durationOf(n(e, 3))} more delay between ${sides(e).join(' and ')}`,
  ),
  'fault.slowLink': fault('slow link', network, (e) =>
    n(e, 2) < 0
      ? `the links between ${sides(e).join(' and ')} have their full speed again`
      : `the links between ${sides(e).join(' and ')} carry ${n(e, 2)} bytes a second`,
  ),
  'fault.resetConnections': fault(
    'reset',
    network,
    (e) => `${n(e, 2)} connections between ${sides(e).join(' and ')} are reset`,
  ),
  'fault.hold': fault('hold', network, (e) => {
    const what = n(e, 3) < 0 ? 'messages' : `${apiName(n(e, 3))} messages`;
    return `${what} from ${sides(e).join(' to ')} are held`;
  }),
  'fault.flipInFlight': fault('flip armed', { ...network, shape: 'diamond' }, (e) => {
    const what = n(e, 3) === 1 ? 'the next message' : `the next ${n(e, 3)} messages`;
    return `${what} with records (${apiName(n(e, 2))}) from ${sides(e).join(' to ')} will lose a bit`;
  }),
  'fault.flippedInFlight': fault(
    'bit flip in flight',
    network,
    (e) => `a bit flips in the records of a ${apiName(n(e, 2))} from ${t(e, 0)} to ${t(e, 1)}`,
  ),
  'fault.release': fault('release', { ...network, ...ends }, (e) =>
    n(e, 1) === 1 ? 'a held message is let go' : `${n(e, 1)} held messages are let go`,
  ),
  'fault.restoreNetwork': fault(
    'network restored',
    { ...network, ...ends },
    () => 'every network fault ends',
  ),
  'fault.clockJump': fault(
    'clock jump',
    clock,
    (e) => `the wall clock of ${t(e, 0)} jumps by ${durationOf(n(e, 1) * 1_000)}`,
  ),
  'fault.clockDrift': fault('clock drift', clock, (e) =>
    n(e, 1) === 0
      ? `the clocks of ${t(e, 0)} run true`
      : `the clocks of ${t(e, 0)} run ${n(e, 1)} millionths fast`,
  ),
  'fault.clockOffset': fault(
    'clock offset',
    clock,
    (e) => `the wall clock of ${t(e, 0)} is ${durationOf(n(e, 1) * 1_000)} off`,
  ),
  'fault.disk': fault('disk', disk, diskWords),
};

/** Both ends of a link. A node that stands on both sides has no link to itself. */
function sides(event: Parameters<LegendEntry['words']>[0]): [from: string, to: string] {
  const [from, to] = [t(event, 0), t(event, 1)];
  return [without(from, to), without(to, from)].map(list) as [string, string];
}

/** Each name once, without the one that alone stands on the other side, unless nobody is left. */
function without(names: string, other: string): string {
  const left = [...new Set(names.split(','))].filter((one) => one !== other);
  return left.length === 0 ? names : left.join(',');
}

function everyone(names: string): string {
  return names === '' ? 'everyone' : list(names);
}

function diskWords(event: Parameters<LegendEntry['words']>[0]): string {
  const [target, what, path, value] = [t(event, 0), t(event, 1), t(event, 2), n(event, 3)];
  const where = path === '' ? '' : ` (${path})`;
  switch (what) {
    case 'none':
      return `every disk fault of ${target} ends`;
    case 'slow':
      return value === 1_000
        ? `the disk of ${target} has its speed again`
        : `flushes of ${target} take ${value / 1_000} times as long`;
    case 'stall':
      return `the disk of ${target} stands still for ${durationOf(value)}`;
    case ERRORS_END:
      return value > 0
        ? `one of the faults of the disk of ${target}${where} ends, others last`
        : `calls of the disk of ${target}${where} fail no more`;
    case 'ENOSPC':
      return value < 0
        ? `the disk of ${target} has room again`
        : `the disk of ${target} is full but for ${value} bytes`;
    case 'lost flush':
      return value === 1
        ? `the disk of ${target} lies: flushes make nothing durable`
        : `the disk of ${target} flushes honestly again`;
    case 'lost':
      return `the disk of ${target} is lost`;
    case 'bit flip':
      return `a bit flips in ${path} of ${target}, byte ${value}`;
    case 'misdirected write':
      return `the next write of ${target} lands beside its place${where}`;
    default:
      return `the disk of ${target} fails with ${what}${where}`;
  }
}
