/** The voters of the metadata quorum, as `controller.quorum.voters` names them. */
import { assert } from '../base/assert.ts';
import type { Address } from '../host.ts';

export interface Voter {
  readonly id: number;
  readonly address: Address;
}

/** Parses entries like `101@controller-101:9093`; a bad one is our own mistake by then. */
export function parseVoters(entries: readonly string[]): Voter[] {
  return entries.map((entry) => {
    const match = /^(\d+)@(.+):(\d+)$/.exec(entry);
    assert(match !== null, `controller.quorum.voters: '${entry}' is not id@host:port`);
    const [, id, host, port] = match;
    return { id: Number(id), address: { host: host as string, port: Number(port) } };
  });
}
