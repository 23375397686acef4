/**
 * `npm run bench:server`: how fast real brokers are. A raw client that pipelines 1 KiB records with
 * acks=1; kafkajs against a broker and against one that does nothing, turn by turn in one run; from
 * the start to the first acknowledged record; what an idle cluster of three takes. Ends with 1 when a
 * figure is worse than its floor.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { startCluster } from '../library/server.ts';
import { startServerCluster } from '../server/cluster/cluster.ts';
import { type Figure, figureLine, reaches, whole } from './bench-server/bounds.ts';
import { doNothingBroker } from './bench-server/do-nothing-broker.ts';
import { pipelined } from './bench-server/raw-client.ts';

const ROUNDS = 5;
const RAW_REQUESTS = 60_000;
const KAFKAJS_SENDS = 1_500;
const PAYLOAD_BYTES = 1024;
const LABEL_COLUMNS = 43;

type Role = 'broker' | 'nothing';

/** In the child: serves until its parent goes, and says where. */
async function serve(role: Role): Promise<void> {
  let address: string;
  if (role === 'nothing') address = await doNothingBroker('bench');
  else {
    const shape = { brokers: 1, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };
    const topics = [{ name: 'bench', partitions: 1, replicationFactor: 1 }];
    const cluster = await startServerCluster({ ...shape, port: 0, data: null, config: {} }, topics);
    address = cluster.bootstrap[0] as string;
  }
  process.send?.(address);
  process.on('disconnect', () => process.exit());
}

interface Child {
  readonly address: string;
  end(): void;
}

function start(role: Role): Promise<Child> {
  const child = fork(fileURLToPath(import.meta.url), [role]);
  return new Promise((resolve) => {
    child.once('message', (address) => {
      resolve({ address: String(address), end: () => child.kill() });
    });
  });
}

async function kafkajsSends(address: string): Promise<number> {
  const producer = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const value = Buffer.alloc(PAYLOAD_BYTES, 7);
  const send = () => producer.send({ topic: 'bench', acks: 1, messages: [{ value }] });
  for (let i = 0; i < 200; i++) await send();
  const beganMs = performance.now();
  for (let i = 0; i < KAFKAJS_SENDS; i++) await send();
  const seconds = (performance.now() - beganMs) / 1000;
  await producer.disconnect();
  return KAFKAJS_SENDS / seconds;
}

async function startToFirstRecord(): Promise<number> {
  const beganMs = performance.now();
  const cluster = await startCluster({ topics: { bench: {} } });
  const kafka = new Kafka({ brokers: cluster.bootstrap, logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 'bench', acks: -1, messages: [{ value: 'x' }] });
  const tookMs = performance.now() - beganMs;
  await producer.disconnect();
  await cluster.close();
  return tookMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function measure(): Promise<void> {
  const cold = await startToFirstRecord();
  const warm: number[] = [];
  for (let i = 0; i < ROUNDS; i++) warm.push(await startToFirstRecord());
  const shape = { brokers: 3, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };
  const idle = await startServerCluster({ ...shape, port: 0, data: null, config: {} });
  const residentMib = process.memoryUsage().rss / 1_048_576;
  idle.kill();
  const broker = await start('broker');
  const nothing = await start('nothing');
  const raw: number[] = [];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    raw.push(await pipelined(broker.address, 'bench', RAW_REQUESTS, PAYLOAD_BYTES));
    theirs.push(await kafkajsSends(nothing.address));
    ours.push(await kafkajsSends(broker.address));
  }
  broker.end();
  nothing.end();
  const ratios = ours.map((one, i) => one / (theirs[i] ?? 1));
  const figures: readonly Figure[] = [
    {
      what: '1 KiB, acks=1, pipelined raw client',
      value: median(raw),
      unit: 'requests/s',
      ...{ better: 'more', floor: 30_000, aim: 80_000 },
    },
    {
      what: 'kafkajs, of what a do-nothing broker allows',
      value: median(ratios) * 100,
      unit: '%',
      ...{ better: 'more', floor: 80, aim: 95 },
    },
    {
      what: 'cold start to first acknowledged record',
      value: cold,
      unit: 'ms',
      ...{ better: 'less', floor: 500, aim: 200 },
    },
    {
      what: 'a later start to first acknowledged record',
      value: median(warm),
      unit: 'ms',
      ...{ better: 'less', floor: 500, aim: 200 },
    },
    {
      what: 'process with three idle brokers, resident',
      value: residentMib,
      unit: 'MiB',
      ...{ better: 'less', floor: 150, aim: 100 },
    },
  ];
  for (const figure of figures) process.stdout.write(`${figureLine(figure, LABEL_COLUMNS)}\n`);
  process.stdout.write(`(kafkajs, one send at a time: ${whole(median(ours))} requests/s)\n`);
  process.exitCode = figures.every((one) => reaches(one, one.floor)) ? 0 : 1;
}

const role = process.argv[2];
if (role === 'broker' || role === 'nothing') await serve(role);
else {
  await measure();
  process.exit(process.exitCode);
}
