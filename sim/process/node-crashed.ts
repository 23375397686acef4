/**
 * A simulated crash inside a step, thrown out of a mutating disk call and through the node. No
 * `DiskError`: nothing in `kafka/` may catch it. The node object is never called again.
 */
import type { CrashInStepSpec } from '../disk/faults.ts';

export class NodeCrashed extends Error {
  override readonly name = 'NodeCrashed';
  readonly spec: CrashInStepSpec;
  readonly operation: string;
  readonly path: string;
  constructor(spec: CrashInStepSpec, operation: string, path: string) {
    super(`crashed ${spec.when} ${operation} ${path}`);
    this.spec = spec;
    this.operation = operation;
    this.path = path;
  }
}
