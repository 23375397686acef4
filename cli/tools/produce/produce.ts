/** The work of `trial produce`: reads lines, sends them, tells what went wrong. */
import type { CommandResult, ProducerRecord } from '../../../kafka/client/commands.ts';
import { createProducerNode } from '../../../kafka/client/producer/producer-node.ts';
import { producerConfigs } from '../../../kafka/config/producer.ts';
import type { Context } from '../../context.ts';
import {
  type ConnectOptions,
  checkTopicName,
  clientConfig,
  propertiesOf,
} from '../connect-options.ts';
import { JsonLines } from '../json-lines.ts';
import { openSession, type Session } from '../session.ts';
import { byteLines, textOf } from './byte-lines.ts';
import { LineReader } from './line-reader.ts';

export interface ProduceOptions extends ConnectOptions {
  readonly topic: string;
  readonly property?: Readonly<Record<string, string>>;
  readonly readerConfig?: string;
  readonly producerProperty?: Readonly<Record<string, string>>;
  readonly 'producer.config'?: string;
  readonly sync?: true;
  /** `true`: the option without a name. */
  readonly compressionCodec?: string | true;
  readonly requestRequiredAcks?: string;
  readonly requestTimeoutMs?: number;
  readonly messageSendMaxRetries?: number;
  readonly retryBackoffMs?: number;
  readonly timeout?: number;
  readonly batchSize?: number;
  readonly maxPartitionMemoryBytes?: number;
  readonly maxMemoryBytes?: number;
  readonly maxBlockMs?: number;
  readonly metadataExpiryMs?: number;
  readonly json?: true;
  readonly jsonFile?: string;
}

/** What may be under way; beyond it, reading waits. */
const MAX_RECORDS_UNDER_WAY = 10_000;
const MAX_BYTES_UNDER_WAY = 16 * 1024 * 1024;
/** Of a record that failed, in a complaint. */
const MAX_SHOWN = 60;

export async function produce(options: ProduceOptions, { terminal, exitWith }: Context) {
  checkTopicName(options.topic);
  const reader = new LineReader(options.topic, {
    ...propertiesOf(options.readerConfig),
    ...options.property,
  });
  const config = producerConfig(options);
  const session = await openSession(
    {
      name: 'producer',
      config,
      create: (host, own, login) => createProducerNode(host, own, { login }),
    },
    options.bootstrapServer,
    (text) => terminal.err(text),
  );
  const tells = options.json === true || options.jsonFile !== undefined;
  const told = tells ? new JsonLines(terminal, options.jsonFile) : null;
  let failed = 0;
  let isGivenUp = false;
  const sending = new Sending(session, (line, record, result) => {
    if (isGivenUp) return;
    if (result.kind === 'sent') {
      const { partition, offset, timestampMs } = result;
      told?.write({ line, topic: options.topic, partition, offset, timestampMs });
    } else if (result.kind === 'failed') {
      failed += 1;
      const { error, message } = result;
      told?.write({ line, topic: options.topic, error, message });
      terminal.err(`error: line ${line} ${shown(record)} was not sent: ${error}: ${message}\n`);
    }
  });
  const done = new AbortController();
  const lines = byteLines(terminal.input(done.signal));
  let endedBy: 'end' | 'interrupt' = 'end';
  const interrupted = new Promise<'interrupt'>((resolve) => {
    terminal.onInterrupt(() => resolve('interrupt'));
  });
  try {
    for (;;) {
      if (terminal.inIsTty === true) terminal.err('>');
      const next = await Promise.race([session.whileReachable(lines.next()), interrupted]);
      if (next === 'interrupt') endedBy = next;
      if (next === 'interrupt' || next.done === true) break;
      const record = await readOrFinish(() => reader.record(next.value), sending);
      await sending.send(record, options.sync === true);
    }
    await sending.finish();
  } catch (error) {
    // What is not sent then was not sent for this one reason.
    isGivenUp = true;
    throw error;
  } finally {
    done.abort();
    told?.close();
    session.abandon();
  }
  if (endedBy === 'interrupt') exitWith(130);
  else if (failed > 0) exitWith(1);
}

/** What stands before a bad line is sent all the same. */
async function readOrFinish<T>(read: () => T, sending: Sending): Promise<T> {
  try {
    return read();
  } catch (error) {
    await sending.finish();
    throw error;
  }
}

function shown({ value }: ProducerRecord): string {
  if (value === null) return '(null)';
  const text = textOf(Buffer.from(value).toString('latin1'));
  return `'${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}'`;
}

/** An option beats a property, a property beats a file, as in Kafka's tool. */
function producerConfig(options: ProduceOptions): Record<string, string> {
  const { compressionCodec: codec } = options;
  const given: Readonly<Record<string, string | number | undefined>> = {
    acks: options.requestRequiredAcks,
    'compression.type': codec === true ? 'gzip' : codec,
    'request.timeout.ms': options.requestTimeoutMs,
    retries: options.messageSendMaxRetries,
    'retry.backoff.ms': options.retryBackoffMs,
    'linger.ms': options.timeout,
    'batch.size': options.maxPartitionMemoryBytes ?? options.batchSize,
    'buffer.memory': options.maxMemoryBytes,
    'max.block.ms': options.maxBlockMs,
    'metadata.max.age.ms': options.metadataExpiryMs,
  };
  const asked = Object.entries(given).filter(([, value]) => value !== undefined);
  return clientConfig(
    producerConfigs,
    options.bootstrapServer,
    { 'client.id': 'console-producer' },
    propertiesOf(options.commandConfig),
    propertiesOf(options['producer.config']),
    options.producerProperty ?? {},
    Object.fromEntries(asked.map(([key, value]) => [key, String(value)])),
  );
}

type Answered = (line: number, record: ProducerRecord, result: CommandResult) => void;

/** Sends as fast as the cluster takes it, with bounds on what is under way. */
class Sending {
  private readonly session: Session;
  private readonly answered: Answered;
  private line = 0;
  private records = 0;
  private bytes = 0;
  private wake: (() => void) | null = null;

  constructor(session: Session, answered: Answered) {
    this.session = session;
    this.answered = answered;
  }

  /** Resolves when the next may follow. */
  async send(record: ProducerRecord, waits: boolean): Promise<void> {
    this.line += 1;
    const { line } = this;
    const size = (record.key?.length ?? 0) + (record.value?.length ?? 0);
    this.records += 1;
    this.bytes += size;
    this.session.client.start({ kind: 'send', records: [record] }, (result) => {
      this.records -= 1;
      this.bytes -= size;
      this.answered(line, record, result);
      this.wake?.();
    });
    const isFull = () => this.records > MAX_RECORDS_UNDER_WAY || this.bytes > MAX_BYTES_UNDER_WAY;
    while (waits ? this.records > 0 : isFull()) await this.oneMoreAnswer();
  }

  /** Resolves when everything is answered. */
  async finish(): Promise<void> {
    if (this.records === 0) return;
    await this.session.whileReachable(this.session.client.ask({ kind: 'flush' }));
    while (this.records > 0) await this.oneMoreAnswer();
  }

  private async oneMoreAnswer(): Promise<void> {
    const answer = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    await this.session.whileReachable(answer);
  }
}
