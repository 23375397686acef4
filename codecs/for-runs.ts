/** Codecs for the laboratory, loaded only when something that will run asks for compression. */
import { installCodecs } from '../sim/process/codecs.ts';

/** Any setting of this name, in a scenario or in what holds scenarios, needs them. */
const KEY = '"compression.type"';

/** To be awaited before `what` runs: scenarios, or plain data with scenarios in it. */
export async function readyCodecs(what: unknown): Promise<void> {
  if (JSON.stringify(what)?.includes(KEY)) await loadCodecsForRuns();
}

export async function loadCodecsForRuns(): Promise<void> {
  const { loadCodecs } = await import('./load.ts');
  installCodecs(await loadCodecs());
}
