/** How faults strike processes of the operating system: the verbs that both worlds know. */
import { assert } from '../kafka/base/assert.ts';
import { findsNoProcess, isCommonVerb, performCommon } from '../sim/faults/common-verbs.ts';
import type { FaultActs } from '../sim/faults/fault-acts.ts';
import { Lasting } from '../sim/faults/lasting.ts';
import { Processes } from '../sim/faults/processes.ts';
import type { Strike } from '../sim/faults/strike.ts';
import type { FaultSpec } from '../sim/faults/verbs.ts';
import type { RealWorld } from './real-world.ts';

export class OsFaults implements FaultActs {
  private readonly world: RealWorld;
  private readonly processes: Processes;
  private readonly lasting = new Lasting();

  constructor(world: RealWorld) {
    this.world = world;
    this.processes = new Processes(world);
  }

  perform(strike: Strike): void {
    const { world, processes, lasting } = this;
    const { verb } = strike;
    assert(isCommonVerb(verb), `a fault that was to be refused: ${verb}`);
    performCommon(strike, verb, { world, processes, lasting });
  }

  findsNothing(spec: FaultSpec, nodes: readonly string[]): boolean {
    return findsNoProcess(spec, nodes, this.processes);
  }

  healAll(): void {
    this.world.restoreNetwork();
    for (const { name, bootCount } of this.world.nodes) {
      if (bootCount > 0) this.processes.bringBack(name);
    }
  }
}
