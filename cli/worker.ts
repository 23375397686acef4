/** A worker process of the command: does what its parent sends it. */
import { serveJobs } from './search/pool.ts';
import { seedWork } from './search/seed-job.ts';

serveJobs(seedWork);
