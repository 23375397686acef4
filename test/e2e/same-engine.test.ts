import { expect, test } from 'vitest';
import { goldenRuns, identify } from '../determinism/digests.ts';
import { completed, describeInBrowser } from './visit.ts';

describeInBrowser('the engine in the page', (visits) => {
  test.each(goldenRuns)('runs %s with seed %i as Node does, to the bit', async (name, seed) => {
    const page = await visits.open(`?scenario=${name}&seed=${seed}`);

    const { digest, traceHash, events } = await completed(page);

    const here = identify(name, seed);
    expect({ digest, traceHash, events: Number(events) }).toEqual({
      digest: here.digest,
      traceHash: here.traceHash,
      events: here.events,
    });
  });
});
