/** A worker process of the command: does what its parent sends it, and ends with it. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ZooJob } from '../sim/search/zoo/zoo.ts';
import { serveJobs } from './search/pool.ts';
import { type SeedJob, type SeedSetup, seedWork } from './search/seed-job.ts';
import { type SweepJob, type SweepSetup, sweepWork } from './search/sweep-job.ts';
import { type ZooSetup, zooWork } from './search/zoo-job.ts';

type Setup = SeedSetup | SweepSetup | ZooSetup;
type Job = SeedJob & SweepJob & ZooJob;

/** Lies beside this file. */
const parentWatch = fileURLToPath(new URL('./parent-watch.js', import.meta.url));
new Worker(parentWatch, { workerData: Number(process.argv[2]) }).unref();

serveJobs((setup: Setup): ((job: Job) => unknown) => {
  switch (setup.task) {
    case 'seeds':
      return seedWork(setup);
    case 'sweep':
      return sweepWork(setup);
    case 'zoo':
      return zooWork(setup);
  }
});
