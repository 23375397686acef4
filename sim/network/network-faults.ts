/** Faults of links and connections: each changes the network and returns its trace event. */
import { apis } from '../../kafka/wire/apis.ts';
import type { Timeline } from '../engine/timeline.ts';
import { Due } from '../engine/timeline.ts';
import type { Process } from '../process/process.ts';
import type { DelaySpec, HoldId, HoldRule } from './faults.ts';
import type { FlipRule } from './flips.ts';
import type { Link } from './link.ts';
import type { Network } from './network.ts';

interface Ends {
  readonly from: readonly Process[];
  readonly to: readonly Process[];
  readonly oneWay: boolean;
}

export class NetworkFaults {
  private readonly network: Network;
  private readonly timeline: Timeline;
  private readonly processes: readonly Process[];

  constructor(network: Network, timeline: Timeline, processes: readonly Process[]) {
    this.network = network;
    this.timeline = timeline;
    this.processes = processes;
  }

  cut(from: readonly Process[], to: readonly Process[], oneWay: boolean): number {
    for (const link of this.links(from, to, oneWay)) {
      link.cut = true;
      this.network.linkChanged(link);
    }
    const { trace } = this.timeline;
    return trace.emit('fault.cut', 0, names(from), names(to), yesNo(oneWay));
  }

  heal(from: readonly Process[], to: readonly Process[], oneWay: boolean): number {
    const { trace } = this.timeline;
    const event = trace.emit('fault.heal', 0, names(from), names(to), yesNo(oneWay));
    for (const link of this.links(from, to, oneWay)) this.healLink(link);
    return event;
  }

  private healLink(link: Link): void {
    if (!this.network.isBlocked(link)) return;
    link.cut = false;
    link.stalledUntilUs = 0;
    this.network.linkChanged(link);
  }

  stall(from: readonly Process[], to: readonly Process[], forUs: number, oneWay: boolean): number {
    const { timeline, network } = this;
    const untilUs = timeline.nowUs + forUs;
    const links = this.links(from, to, oneWay);
    for (const link of links) {
      if (untilUs > link.stalledUntilUs) link.stalledUntilUs = untilUs;
      network.linkChanged(link);
    }
    const run = () => {
      for (const link of links) if (!network.isBlocked(link)) network.linkChanged(link);
    };
    timeline.queue.push(untilUs, Due.action, { run }, 0);
    return timeline.trace.emit('fault.stall', 0, names(from), names(to), yesNo(oneWay), forUs);
  }

  delay(from: readonly Process[], to: readonly Process[], delay: DelaySpec): number {
    const { addUs, jitterUs = 0, oneWay = false } = delay;
    for (const link of this.links(from, to, oneWay)) {
      link.addUs = addUs;
      link.jitterUs = jitterUs;
    }
    const { trace } = this.timeline;
    return trace.emit('fault.delay', 0, names(from), names(to), yesNo(oneWay), addUs, jitterUs);
  }

  slow({ from, to, oneWay }: Ends, bytesPerSecond: number | null): number {
    for (const link of this.links(from, to, oneWay)) {
      this.setBandwidth(link, bytesPerSecond ?? this.network.settings.bytesPerSecond);
    }
    const { trace } = this.timeline;
    const rate = bytesPerSecond ?? -1;
    return trace.emit('fault.slowLink', 0, names(from), names(to), rate, yesNo(oneWay));
  }

  private setBandwidth(link: Link, bytesPerSecond: number): void {
    const isFaster = bytesPerSecond > link.bytesPerSecond;
    link.setBandwidth(bytesPerSecond);
    if (isFaster) this.network.hasten(link);
  }

  reset(a: readonly Process[], b: readonly Process[]): number {
    let count = 0;
    for (const [one, other] of pairs(a, b)) count += this.network.resetBetween(one, other);
    return this.timeline.trace.emit('fault.resetConnections', 0, names(a), names(b), count);
  }

  hold(rule: HoldRule): HoldId {
    const id = this.network.holds.add(rule);
    this.timeline.trace.emit(
      'fault.hold',
      0,
      (rule.from ?? ['*']).join(),
      (rule.to ?? ['*']).join(),
      rule.direction ?? '*',
      rule.apiKey ?? -1,
      id,
    );
    return id;
  }

  flip(rule: FlipRule): number {
    this.network.flips.add(rule);
    const { from, to, api, left } = rule;
    const { trace } = this.timeline;
    return trace.emit('fault.flipInFlight', 0, from.join(), to.join(), apis[api].key, left);
  }

  release(hold: HoldId): number {
    return this.timeline.trace.emit('fault.release', 0, hold, this.network.release(hold));
  }

  restore(): number {
    const { network } = this;
    const event = this.timeline.trace.emit('fault.restoreNetwork', 0);
    for (const hold of network.holds.ids()) network.release(hold);
    network.flips.clear();
    for (const link of this.links(this.processes, this.processes, false)) {
      link.addUs = 0;
      link.jitterUs = 0;
      if (link.bytesPerSecond !== network.settings.bytesPerSecond) {
        this.setBandwidth(link, network.settings.bytesPerSecond);
      }
      this.healLink(link);
    }
    return event;
  }

  /** Never a machine to itself. */
  private links(from: readonly Process[], to: readonly Process[], oneWay: boolean): Link[] {
    const links = new Set<Link>();
    for (const a of from) {
      for (const b of to) {
        if (a === b) continue;
        links.add(this.network.link(a, b));
        if (!oneWay) links.add(this.network.link(b, a));
      }
    }
    return [...links];
  }
}

/** Unordered pairs, each once, a machine with itself included. */
function pairs(a: readonly Process[], b: readonly Process[]): [Process, Process][] {
  const seen = new Set<string>();
  const result: [Process, Process][] = [];
  for (const one of a) {
    for (const other of b) {
      const [low, high] = one.index < other.index ? [one, other] : [other, one];
      const key = `${low.index} ${high.index}`;
      if (seen.has(key)) continue;
      seen.add(key);
      result.push([low, high]);
    }
  }
  return result;
}

function names(processes: readonly Process[]): string {
  return processes.map((process) => process.name).join();
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
