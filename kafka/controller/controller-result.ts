/**
 * What an operation of the controller comes to: records to write, and the answer that is owed
 * once they are committed (Kafka: ControllerResult). No records: it only read, or was refused.
 */
import type { ErrorCode } from '../wire/errors.ts';
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

/** Why a part of a request is not done (Kafka: ApiError). */
export interface Refusal {
  readonly errorCode: ErrorCode;
  readonly errorMessage: string | null;
}

export function refusal(errorCode: ErrorCode, errorMessage: string | null = null): Refusal {
  return { errorCode, errorMessage };
}

/** Records that one request may lead to (Kafka: MAX_RECORDS_PER_USER_OP). */
export const MAX_RECORDS_PER_OPERATION = 10_000;
