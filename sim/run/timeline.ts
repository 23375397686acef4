/** What was done to the cluster and what it decided, in order, in short clauses. */

import { brokerName } from '../cluster/names.ts';
import type { Strike } from '../faults/strike.ts';
import { type FaultVerb, targetsOf } from '../faults/verbs.ts';
import type { RunWorld } from '../run-world.ts';
import type { FieldValue, TraceKind } from '../trace/table.ts';
import type { ProcessEnds } from './process-ends.ts';
import type { TimelineEntry, TimelineKind } from './report.ts';
import { count } from './words.ts';

/** Keeps the story of a run with a thousand partitions readable and small. */
const LIMIT = 2_000;

/** What the trace's names mean where the name alone says little. */
const MEANING: Readonly<Record<string, string>> = {
  'alter-partition': 'asked for by the leader',
  unclean: 'unclean election',
  torn: 'in the middle of',
};

type Words = (node: string, fields: readonly FieldValue[]) => string | null;

const told: readonly (readonly [TraceKind, TimelineKind, Words])[] = [
  [
    'leader.elected',
    'leader',
    (_node, [partition, leader, epoch, isr, elr, how]) =>
      isInternal(partition)
        ? null
        : (leader as number) < 0
          ? `${partition} has no leader (${inSync(isr, elr)})`
          : `${partition}: broker-${leader} leads in epoch ${epoch} (${words(how)}; ${inSync(isr, elr)})`,
  ],
  [
    'isr.changed',
    'isr',
    (_node, [partition, isr, elr, _epoch, why]) =>
      isInternal(partition) ? null : `${partition}: ${inSync(isr, elr)} (${words(why)})`,
  ],
  [
    'replicas.changed',
    'replicas',
    (_node, [partition, replicas, adding, removing, _epoch, why]) =>
      isInternal(partition) || why === 'created'
        ? null
        : `${partition}: replicas ${replicaWords(replicas, adding, removing)} (${words(why)})`,
  ],
  ['topic.deleted', 'topic', (_node, [topic]) => `topic ${topic} was deleted`],
  [
    'config.changed',
    'config',
    (_node, [resource, name, value]) =>
      `${resource}: ${name} ${value === '' ? 'unset' : `= ${value}`}`,
  ],
  ['feature.changed', 'config', (_node, [name, level]) => `${name} is at level ${level}`],
  ['broker.unregistered', 'broker', (_node, [broker]) => `broker-${broker} was unregistered`],
  [
    'log.dir.failed',
    'node',
    (node, [directory, error]) => `${node}: ${directory} failed (${error})`,
  ],
  [
    'broker.fenced',
    'broker',
    (_node, [broker, why]) => `broker-${broker} was fenced (${words(why)})`,
  ],
  ['broker.unfenced', 'broker', (_node, [broker]) => `broker-${broker} was unfenced`],
  [
    'controller.activated',
    'controller',
    (node, [epoch]) => `${node} is the active controller, in epoch ${epoch}`,
  ],
  ['node.exited', 'node', (node) => `${node} ended after a clean shutdown`],
  ['node.halted', 'node', (node, [reason]) => `${node} gave up: ${reason}`],
  [
    'node.crashed',
    'node',
    (node, [operation, path, when]) => `${node} crashed ${words(when)} a ${operation} of ${path}`,
  ],
  ['node.broken', 'node', (node, [message]) => `${node} BROKE: ${message}`],
  [
    'fault.start',
    'node',
    (_node, [target]) => (String(target).startsWith('lab-') ? null : `${target} was started`),
  ],
  [
    'log.cut',
    'log',
    (node, [partition, end, bytes]) =>
      isInternal(partition)
        ? null
        : `${node} recovered ${partition} to ${number(end)}, cut ${number(bytes)} bytes`,
  ],
  [
    'log.truncated',
    'log',
    (node, [partition, end, oldEnd, why]) =>
      isInternal(partition)
        ? null
        : `${node} cut ${partition} from ${number(oldEnd)} to ${number(end)} (${words(why)})`,
  ],
];

export class Timeline {
  readonly entries: TimelineEntry[] = [];
  dropped = 0;
  private readonly world: RunWorld;
  /** Scenario time 0; nothing is told before it is known. */
  private originUs: number | null = null;
  /** When and with which in-sync replicas the last leader was elected. */
  private lastElected = '';
  /** Nodes whose present process leads the quorum. */
  private readonly leading = new Set<string>();
  private readonly ends: ProcessEnds;

  constructor(world: RunWorld, ends: ProcessEnds) {
    this.world = world;
    this.ends = ends;
    for (const [event, kind, wordsOf] of told) {
      world.trace.subscribe(event, (index, timeUs, node, ...fields) => {
        if (this.originUs === null) return;
        if (this.isToldAlready(event, timeUs, fields)) return;
        const text = wordsOf(nameOf(world, node), fields);
        if (text !== null) this.add(kind, text, { event: index, timeUs });
      });
    }
    world.trace.subscribe('broker.registered', (event, timeUs, _node, broker, _epoch, clean) => {
      if (this.originUs === null) return;
      const text = this.ends.registrationWords(brokerName(broker as number), String(clean));
      this.add('broker', text, { event, timeUs });
    });
    this.watchQuorum();
  }

  /** A process that starts where it led before resigns from what it does not lead any more. */
  private watchQuorum(): void {
    const { world, leading } = this;
    world.trace.subscribe('quorum.state', (event, timeUs, node, state, epoch) => {
      const name = nameOf(world, node);
      if (state === 'leader') leading.add(name);
      else if (leading.delete(name) && state === 'resigned' && this.originUs !== null) {
        const text = `${name} gives up leading the controllers, in epoch ${epoch}`;
        this.add('controller', text, { event, timeUs });
      }
    });
    world.trace.subscribe('fault.start', (_event, _timeUs, _node, target) => {
      leading.delete(String(target));
    });
  }

  /** An election tells the in-sync replicas; the change of these need not be told once more. */
  private isToldAlready(event: TraceKind, timeUs: number, fields: readonly FieldValue[]): boolean {
    if (event !== 'leader.elected' && event !== 'isr.changed') return false;
    const [partition, isr, elr] =
      event === 'isr.changed' ? fields : [fields[0], fields[3], fields[4]];
    const said = `${timeUs} ${partition} ${isr} ${elr}`;
    const known = event === 'isr.changed' && said === this.lastElected;
    this.lastElected = event === 'isr.changed' ? '' : said;
    return known;
  }

  begin(originUs: number): void {
    this.originUs = originUs;
  }

  struck(strike: Strike): void {
    const at = { event: strike.event, timeUs: strike.timeUs };
    this.add('fault', strikeWords(strike), at);
  }

  votersChanged(name: string, votes: boolean, event: number): void {
    const text = votes ? `${name} votes from now on` : `${name} votes no more`;
    this.add('controller', text, { event, timeUs: this.world.nowUs });
  }

  phase(text: string): void {
    this.add('phase', text, { event: this.world.events, timeUs: this.world.nowUs });
  }

  add(kind: TimelineKind, text: string, at: { event: number; timeUs: number }): void {
    if (this.entries.length >= LIMIT) {
      this.dropped += 1;
      return;
    }
    const timeMs = (at.timeUs - (this.originUs ?? 0)) / 1_000;
    this.entries.push({ timeMs, event: at.event, kind, text });
  }
}

/** `cut: broker-1 | broker-2, broker-3 (leader:orders-0 | followers:orders-0)` */
function strikeWords(strike: Strike): string {
  const name = `${verbWords(strike.verb)}${placeWords(strike)}`;
  const targets = sideTargets(strike);
  if (targets.length === 0) return `${name}: all`;
  const nodes = strike.sides.map((side) => side.join(', ') || 'nobody');
  const shown = nodes.slice(0, targets.length).join(' | ');
  const asked = targets.join(' | ');
  const unresolved = strike.unresolved ? ' — matched nothing, did not strike' : '';
  return `${name}: ${shown}${asked === shown ? '' : ` (${asked})`}${unresolved}`;
}

/** ` in /data/b`, ` of orders-0/`: the part of a disk that is struck, if it is not all of it. */
function placeWords({ spec }: Strike): string {
  if ('path' in spec && spec.path !== undefined) return ` in ${spec.path}`;
  return 'file' in spec ? ` of ${spec.file}` : '';
}

/** The targets as written, one text per side. */
export function sideTargets(strike: Strike): string[] {
  const sides: string[] = [];
  for (const { target, side } of targetsOf(strike.spec)) {
    const before = sides[side];
    sides[side] = before === undefined ? target : `${before}, ${target}`;
  }
  return sides;
}

export function verbWords(verb: FaultVerb): string {
  return VERB_WORDS[verb] ?? verb;
}

const VERB_WORDS: Readonly<Partial<Record<FaultVerb, string>>> = {
  powerCut: 'power cut',
  slowCpu: 'slow CPU',
  crashInStep: 'crash armed',
  slowLink: 'slow link',
  reset: 'connections reset',
  jumpClock: 'clock jump',
  driftClock: 'clock drift',
  stallDisk: 'disk stall',
  slowDisk: 'slow disk',
  failDisk: 'disk errors',
  fillDisk: 'disk full',
  flipBit: 'bit flip',
  flipInFlight: 'bit flip in flight',
  misdirectWrite: 'misdirected write',
  loseFlush: 'lying flushes',
  loseDisk: 'disk lost',
};

function nameOf(world: RunWorld, node: number): string {
  return world.nodes[node - 1]?.name ?? 'lab';
}

function isInternal(partition: FieldValue): boolean {
  return String(partition).startsWith('__');
}

/** `in sync 3, 1`; of KIP-966: `in sync none, eligible 2, 3` */
function inSync(isr: FieldValue, elr: FieldValue): string {
  const list = (ids: FieldValue) => String(ids).replaceAll(',', ', ');
  const eligible = elr === '' || elr === undefined ? '' : `, eligible ${list(elr)}`;
  return `in sync ${list(isr) || 'none'}${eligible}`;
}

/** `4, 5, 1 (adding 4, 5; removing 1)` */
function replicaWords(replicas: FieldValue, adding: FieldValue, removing: FieldValue): string {
  const list = (ids: FieldValue) => String(ids).replaceAll(',', ', ');
  const moves = [
    adding === '' ? '' : `adding ${list(adding)}`,
    removing === '' ? '' : `removing ${list(removing)}`,
  ].filter((one) => one !== '');
  return moves.length === 0 ? list(replicas) : `${list(replicas)}, ${moves.join(', ')}`;
}

function words(name: FieldValue): string {
  return MEANING[String(name)] ?? String(name).replaceAll('-', ' ');
}

function number(value: FieldValue): string {
  return count(Number(value));
}
