import { scenario } from '../../sim/scenario/builder.ts';
import figure8 from '../figure-8-commits-nothing-old.ts';

export default scenario({
  ...figure8,
  name: 'at-epoch-start-an-older-entry-commits',
  claim: 'Z67',
  story:
    'Figure 8 of the Raft paper: a leader commits an entry of an older epoch that a majority ' +
    'has, before its own first entry is with a majority. The next leader has another entry in ' +
    'its place, and what was committed is cut off.',
  cluster: { ...figure8.cluster, variants: { 'raft-commit': 'at-epoch-start' } },
  expect: {
    'raft-leader-complete': 'violated',
    'raft-durable': 'violated',
    'metadata-match': 'violated',
    // Of a decision that was taken back, brokers may have led already.
    'one-leader-per-epoch': ['holds', 'violated'],
  },
});
