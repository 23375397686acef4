/**
 * How the processes of brokers ended, to say why a clean stop did not count: the controller takes
 * the word of the marks that it leaves in every log directory (KIP-966), not of the stop.
 */
import { brokerName } from '../cluster/names.ts';
import type { RunWorld } from '../run-world.ts';

interface Process {
  endedCleanly: boolean;
  failed: string[];
}

export class ProcessEnds {
  /** The process before the present one, by node. */
  private readonly before = new Map<string, Process>();
  private readonly now = new Map<string, Process>();
  /** Brokers that stopped in order and were registered as if they had not. */
  readonly uncounted = new Set<string>();

  constructor(world: RunWorld) {
    const present = (node: number): Process => this.present(world.nodes[node - 1]?.name ?? '');
    world.trace.subscribe('node.exited', (_event, _timeUs, node) => {
      present(node).endedCleanly = true;
    });
    world.trace.subscribe('log.dir.failed', (_event, _timeUs, node, directory) => {
      present(node).failed.push(String(directory));
    });
    world.trace.subscribe('broker.registered', (_event, _timeUs, _node, id, _epoch, clean) => {
      const broker = brokerName(id as number);
      const isOrderly = this.before.get(broker)?.endedCleanly === true;
      if (clean === 'unclean' && isOrderly) this.uncounted.add(broker);
    });
    world.trace.subscribe('fault.start', (_event, _timeUs, _node, name) => {
      const target = String(name);
      this.before.set(target, this.present(target));
      this.now.delete(target);
    });
  }

  private present(name: string): Process {
    let process = this.now.get(name);
    if (process === undefined) {
      process = { endedCleanly: false, failed: [] };
      this.now.set(name, process);
    }
    return process;
  }

  /** @param clean what the controller found: `clean`, `unclean`, `first` or `unknown`. */
  registrationWords(broker: string, clean: string): string {
    if (clean === 'first') return `${broker} registered`;
    if (clean === 'unknown') return `${broker} registered anew`;
    if (clean === 'clean') return `${broker} registered anew after a clean stop`;
    const before = this.before.get(broker);
    if (before?.endedCleanly !== true) return `${broker} registered anew after an unclean stop`;
    const failed = [...new Set([...before.failed, ...this.present(broker).failed])];
    const why = failed.length === 0 ? 'its disk has no mark of it' : `${failed.join(', ')} failed`;
    return `${broker} registered anew, and its clean stop counts as unclean: ${why}`;
  }
}
