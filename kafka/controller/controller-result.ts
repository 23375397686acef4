/**
 * What an operation of the controller comes to: records to write, and the answer that is owed
 * once they are committed (Kafka: ControllerResult). No records: it only read, or was refused.
 */
import type { MetadataRecord } from '../wire/metadata-records.ts';

export interface ControllerResult<Response> {
  /** Written as one atomic batch. */
  readonly records: readonly MetadataRecord[];
  readonly response: Response;
  /** For the trace: why leaders and ISRs change by this. */
  readonly why: string;
}

export function readOnly<Response>(response: Response): ControllerResult<Response> {
  return { records: [], response, why: '' };
}
