/** One node of a `server.properties` in this process, on the files that it names. */
import { loadCodecs } from '../../codecs/load.ts';
import { BrokerNode } from '../../kafka/broker/broker.ts';
import { createControllerNode } from '../../kafka/controller/controller-node.ts';
import { lockDirectories } from '../disk/directory-lock.ts';
import { FileDisk } from '../disk/file-disk.ts';
import type { Ended } from '../node-process.ts';
import type { NodePlan } from '../properties/node-plan.ts';
import { type ClusterEvents, partsOf, watcherOf } from './cluster.ts';
import { Machine, type MachineParts } from './machine.ts';

export class SingleNode {
  readonly machine: Machine;
  readonly plan: NodePlan;
  /** Resolves when the process of the node is over, however that came. */
  readonly ended: Promise<Ended>;

  /** Use `startSingleNode`. */
  constructor(machine: Machine, plan: NodePlan, ended: Promise<Ended>) {
    this.machine = machine;
    this.plan = plan;
    this.ended = ended;
  }

  /** A broker is unfenced and its listeners are open; a controller takes part in the quorum. */
  get serves(): boolean {
    if (this.machine.process === null) return false;
    return this.plan.role === 'controller' || partsOf(this.machine)?.lifecycle.state === 'RUNNING';
  }

  /** Controlled shutdown. */
  stop(): Promise<Ended> {
    return this.machine.stop();
  }
}

/** What no `server.properties` says. */
export type NodeExtras = Pick<MachineParts, 'links' | 'journal'>;

/** @throws DirectoryProblem when its directories cannot be had. */
export async function startSingleNode(
  plan: NodePlan,
  events: ClusterEvents = {},
  beside: NodeExtras = {},
): Promise<SingleNode> {
  const release = lockDirectories(plan.directories);
  const codecs = await loadCodecs();
  let over: (ended: Ended) => void = () => {};
  const ended = new Promise<Ended>((resolve) => {
    over = resolve;
  });
  const watcher = watcherOf({
    ...events,
    ended: (node, how) => {
      release();
      events.ended?.(node, how);
      over(how);
    },
  });
  const create: Machine['parts']['create'] = (host, config) =>
    plan.role === 'broker' ? new BrokerNode(host, config) : createControllerNode(host, config);
  const machine = new Machine(
    { ...plan, disk: new FileDisk(), ...beside, codecs, create },
    watcher,
  );
  await machine.start();
  return new SingleNode(machine, plan, ended);
}
