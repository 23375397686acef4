/** A worker process of the command: does what its parent sends it. */
import { serveJobs } from './search/pool.ts';
import { type SeedJob, type SeedSetup, seedWork } from './search/seed-job.ts';
import { type SweepJob, type SweepSetup, sweepWork } from './search/sweep-job.ts';

serveJobs((setup: SeedSetup | SweepSetup): ((job: SeedJob & SweepJob) => unknown) =>
  setup.task === 'sweep' ? sweepWork(setup) : seedWork(setup),
);
