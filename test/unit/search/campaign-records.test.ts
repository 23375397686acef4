import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CAMPAIGN_RECORDS, readRecords } from '../../../cli/search/campaign-records.ts';
import { root } from '../../tidy/sources.ts';

test('the campaigns that were recorded can be read, and each thousand has its hash', () => {
  const records = readRecords(join(root, CAMPAIGN_RECORDS));

  expect(records.length).toBeGreaterThan(0);
  for (const { firstSeed, seeds, digests } of records) {
    const thousands = Array.from({ length: Math.ceil(seeds / 1_000) }, (_, i) =>
      String(firstSeed + 1_000 * i),
    );
    expect(Object.keys(digests)).toEqual(thousands);
  }
});
