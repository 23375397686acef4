/** From a run on the page to what the worker is asked for. */
import type { RunSpec } from '../app/services.ts';
import type { RunRequest } from './protocol.ts';

export function requestOf({ scenario, seed, actions = [] }: RunSpec): RunRequest {
  return { scenario, seed, actions };
}
