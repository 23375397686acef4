/** The work of `trial consume`: prints records as they come until enough came, or none does. */
import { setImmediate } from 'node:timers/promises';
import type { ConsumedRecord } from '../../../kafka/client/commands.ts';
import { createConsumerNode } from '../../../kafka/client/consumer/consumer-node.ts';
import { consumerConfigs } from '../../../kafka/config/consumer.ts';
import type { Context } from '../../context.ts';
import { CliError, usageError } from '../../errors.ts';
import {
  type ConnectOptions,
  checkTopicName,
  clientConfig,
  propertiesOf,
} from '../connect-options.ts';
import { JsonLines } from '../json-lines.ts';
import { openSession, type Session } from '../session.ts';
import { Undecodable } from './deserializers.ts';
import { Formatter } from './formatter.ts';
import { recordJson } from './record-json.ts';
import { AssignedSource, GroupSource, type Source } from './sources.ts';

export interface ConsumeOptions extends ConnectOptions {
  readonly topic?: string;
  readonly include?: string;
  readonly partition?: number;
  readonly offset?: number | 'earliest' | 'latest';
  readonly fromBeginning?: true;
  readonly group?: string;
  readonly maxMessages?: number;
  readonly timeoutMs?: number;
  readonly property?: Readonly<Record<string, string>>;
  readonly formatterConfig?: string;
  readonly keyDeserializer?: string;
  readonly valueDeserializer?: string;
  readonly consumerProperty?: Readonly<Record<string, string>>;
  readonly 'consumer.config'?: string;
  readonly isolationLevel?: string;
  readonly json?: true;
  readonly jsonFile?: string;
}

const CLOSE_MS = 10_000;

export async function consume(options: ConsumeOptions, context: Context): Promise<void> {
  checkTogether(options);
  const formatter = new Formatter(outputProperties(options));
  const config = consumerConfig(options);
  const session = await openSession(
    {
      name: 'consumer',
      config,
      create: (host, own, login) => createConsumerNode(host, own, {}, login),
    },
    options.bootstrapServer,
    (text) => context.terminal.err(text),
  );
  const source = sourceOf(session, options, config, context);
  const reading = new Reading(session, source, options, context, formatter);
  const { terminal } = context;
  const deaf = [
    terminal.onInterrupt(() => reading.interrupt()),
    terminal.onReaderGone(() => reading.stop()),
  ];
  try {
    await reading.run();
  } finally {
    for (const stop of deaf) stop();
    source.close();
    session.abandon();
    reading.tellCount();
  }
  if (reading.isInterrupted) context.exitWith(130);
}

function checkTogether(options: ConsumeOptions): void {
  const { topic, include, partition, offset, fromBeginning } = options;
  if ((topic === undefined) === (include === undefined)) {
    throw usageError('exactly one of --topic and --include says what to read');
  }
  if (topic !== undefined) checkTopicName(topic);
  if (partition !== undefined && topic === undefined) {
    throw usageError('--partition needs --topic');
  }
  if (offset !== undefined && partition === undefined) {
    throw usageError('--offset needs --partition');
  }
  if (offset !== undefined && fromBeginning === true) {
    throw usageError('--from-beginning and --offset say different things');
  }
}

function sourceOf(
  session: Session,
  options: ConsumeOptions,
  config: Readonly<Record<string, string>>,
  context: Context,
): Source {
  const wanted = options.topic ?? patternOf(options.include ?? '');
  const warn = (text: string) => context.terminal.err(text);
  const parts = { consumer: session, config, options, wanted, warn };
  if (config['group.id'] === undefined) return new AssignedSource(parts);
  if (options.partition !== undefined) {
    throw usageError('--group shares all partitions among its members: not with --partition');
  }
  return new GroupSource(parts);
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    throw usageError(`--include ${text} is not a regular expression`);
  }
}

function outputProperties(options: ConsumeOptions): Record<string, string> {
  const { keyDeserializer: key, valueDeserializer: value } = options;
  return {
    ...propertiesOf(options.formatterConfig),
    ...(key === undefined ? {} : { 'key.deserializer': key }),
    ...(value === undefined ? {} : { 'value.deserializer': value }),
    ...options.property,
  };
}

function consumerConfig(options: ConsumeOptions): Record<string, string> {
  const own = {
    ...propertiesOf(options.commandConfig),
    ...propertiesOf(options['consumer.config']),
    ...options.consumerProperty,
  };
  const reset = own['auto.offset.reset'];
  if (options.fromBeginning === true && reset !== undefined && reset !== 'earliest') {
    throw usageError(`--from-beginning and auto.offset.reset=${reset} say different things`);
  }
  const { group, offset } = options;
  if (group !== undefined && own['group.id'] !== undefined && own['group.id'] !== group) {
    throw usageError(`--group ${group} and group.id=${own['group.id']} say different things`);
  }
  const isFromStart = options.fromBeginning === true || offset === 'earliest';
  const isolation = options.isolationLevel;
  return clientConfig(
    consumerConfigs,
    options.bootstrapServer,
    { 'client.id': 'console-consumer', 'auto.offset.reset': isFromStart ? 'earliest' : 'latest' },
    own,
    group === undefined ? {} : { 'group.id': group },
    isolation === undefined ? {} : { 'isolation.level': isolation },
  );
}

class Reading {
  isInterrupted = false;
  private readonly session: Session;
  private readonly source: Source;
  private readonly options: ConsumeOptions;
  private readonly context: Context;
  private readonly formatter: Formatter;
  private readonly told: JsonLines | null;
  private count = 0;
  private closing: Promise<void> | null = null;

  constructor(
    session: Session,
    source: Source,
    options: ConsumeOptions,
    context: Context,
    formatter: Formatter,
  ) {
    this.session = session;
    this.source = source;
    this.options = options;
    this.context = context;
    this.formatter = formatter;
    const tells = options.json === true || options.jsonFile !== undefined;
    this.told = tells ? new JsonLines(context.terminal, options.jsonFile) : null;
  }

  interrupt(): void {
    this.isInterrupted = true;
    this.stop();
  }

  /** A poll that waits comes back empty-handed; a group is left. */
  stop(): void {
    this.closing ??= this.session.close(CLOSE_MS);
  }

  async run(): Promise<void> {
    const { maxMessages = Number.POSITIVE_INFINITY, timeoutMs = Number.POSITIVE_INFINITY } =
      this.options;
    let lastAtMs = performance.now();
    while (this.count < maxMessages && this.closing === null) {
      const pollMs = await this.source.prepare();
      if (this.closing !== null) break;
      const leftMs = lastAtMs + timeoutMs - performance.now();
      const waitMs = Math.max(0, Math.min(pollMs, Math.ceil(leftMs)));
      const { records } = await this.session.expect('polled', { kind: 'poll', timeoutMs: waitMs });
      const shown = records.slice(0, maxMessages - this.count);
      if (shown.length > 0) lastAtMs = performance.now();
      this.show(shown);
      if (shown.length < records.length) await this.giveBack(records.slice(shown.length));
      // Lets signals and a reader that went away be heard while there is always more to read.
      await setImmediate();
      if (records.length === 0 && performance.now() - lastAtMs >= timeoutMs) break;
    }
    this.closing ??= this.session.close(CLOSE_MS);
    await this.closing;
  }

  tellCount(): void {
    this.told?.close();
    const noun = this.count === 1 ? 'message' : 'messages';
    this.context.terminal.err(`Processed a total of ${this.count} ${noun}\n`);
  }

  private show(records: readonly ConsumedRecord[]): void {
    const pieces: Uint8Array[] = [];
    for (const record of records) {
      if (this.told !== null) this.told.write(recordJson(record));
      if (this.options.json !== true) pieces.push(...this.pieces(record));
    }
    this.count += records.length;
    if (pieces.length > 0) this.context.terminal.outBytes(Buffer.concat(pieces));
  }

  private pieces(record: ConsumedRecord): Uint8Array[] {
    try {
      return this.formatter.pieces(record);
    } catch (error) {
      if (!(error instanceof Undecodable)) throw error;
      const { topic, partition, offset } = record;
      const where = `${topic}-${partition} offset ${offset}`;
      throw new CliError(1, `the record at ${where} cannot be shown: ${error.message}`);
    }
  }

  /** What was read and not shown is not committed. */
  private async giveBack(records: readonly ConsumedRecord[]): Promise<void> {
    const first = new Map<string, ConsumedRecord>();
    for (const record of records) {
      const name = `${record.topic}-${record.partition}`;
      if (!first.has(name)) first.set(name, record);
    }
    for (const { topic, partition, offset } of first.values()) {
      await this.session.ask({ kind: 'seek', to: { topic, partition }, offset });
    }
  }
}
