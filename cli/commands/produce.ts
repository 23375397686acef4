/** `trial produce`: sends what comes in, a record a line, to a topic of a running cluster. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Context } from '../context.ts';
import { addConnectOptions, collectPair, parseWhole } from '../tools/connect-options.ts';
import { type ProduceOptions, produce } from '../tools/produce/produce.ts';

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

const PROPERTIES = `
Properties of lines (--property key=value), with their defaults:
  parse.key=false            key, key.separator, value
  parse.headers=false        h1:v1,h2:v2, headers.delimiter, then the rest
  key.separator=TAB          headers.delimiter=TAB
  headers.separator=,        headers.key.separator=:
  null.marker                what is equal to it is null
  ignore.error=false         a line without a separator is all value
`;

export function addProduce(command: Command, context: Context): Command {
  return addConnectOptions(
    command
      .name('produce')
      .description('send each line of stdin as a record, as kafka-console-producer.sh does'),
  )
    .requiredOption('--topic <name>', 'where to')
    .option('--property <key=value>', 'how lines are read, see below; may be repeated', collectPair)
    .option('--reader-config <file>', 'such properties in a file')
    .option(
      '--producer-property <key=value>',
      'a key of the producer; may be repeated',
      collectPair,
    )
    .option('--producer.config <file>', 'such keys in a file')
    .option('--sync', 'send one record at a time')
    .option(
      '--compression-codec [codec]',
      `${CODECS.join(', ')} (without a name: gzip)`,
      parseCodec,
    )
    .option('--request-required-acks <acks>', 'acks: 0, 1, all (the default)')
    .option('--request-timeout-ms <ms>', 'request.timeout.ms', parseWhole(1))
    .option('--message-send-max-retries <n>', 'retries', parseWhole(0))
    .option('--retry-backoff-ms <ms>', 'retry.backoff.ms', parseWhole(0))
    .option('--timeout <ms>', 'linger.ms: how long a batch waits for more records', parseWhole(0))
    .option('--batch-size <bytes>', 'batch.size', parseWhole(0))
    .option('--max-partition-memory-bytes <bytes>', 'batch.size, too', parseWhole(0))
    .option('--max-memory-bytes <bytes>', 'buffer.memory', parseWhole(0))
    .option('--max-block-ms <ms>', 'max.block.ms', parseWhole(0))
    .option('--metadata-expiry-ms <ms>', 'metadata.max.age.ms', parseWhole(0))
    .option('--json', 'what became of each record as JSON, a line each (…/produce.schema.json)')
    .option('--json-file <file>', 'the same into a file')
    .addHelpText('after', PROPERTIES)
    .action((options: ProduceOptions) => produce(options, context));
}

function parseCodec(text: string): string {
  if (CODECS.includes(text)) return text;
  throw new InvalidArgumentError(`Allowed choices are ${CODECS.join(', ')}.`);
}
