/** `trial consume`: prints the records of topics of a running cluster as they come. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Context } from '../context.ts';
import { addConnectOptions, collectPair, parseWhole } from '../tools/connect-options.ts';
import { type ConsumeOptions, consume } from '../tools/consume/consume.ts';

const PROPERTIES = `
Properties of the output (--property key=value), with their defaults:
  print.timestamp=false  print.partition=false  print.offset=false  print.epoch=false
  print.headers=false    print.key=false        print.value=true
  key.separator=TAB      line.separator=NEWLINE headers.separator=,    null.literal=null
  key.deserializer, value.deserializer, headers.deserializer: String (the bytes as they are),
    Short, Integer, Long, Float, Double, UUID or Boolean, also with Kafka’s class names

Without --group no group is made: every partition is read from the end of what is there when the
command starts, or from the beginning. With --group the members share the partitions and go on
where the group stands.
`;

export function addConsume(command: Command, context: Context): Command {
  return addConnectOptions(
    command
      .name('consume')
      .description('print records as they come, as kafka-console-consumer.sh does'),
  )
    .option('--topic <name>', 'what to read')
    .option('--include <regex>', 'read all topics whose whole name fits')
    .option('--partition <n>', 'read only this partition', parseWhole(0))
    .option('--offset <offset>', 'where to begin in it: a number, earliest or latest', parseOffset)
    .option('--from-beginning', 'begin with the first record that is there')
    .option('--group <name>', 'share the partitions with the members of this group')
    .option('--max-messages <n>', 'end after so many', parseWhole(1))
    .option('--timeout-ms <ms>', 'end when none came for so long', parseWhole(0))
    .option(
      '--property <key=value>',
      'how records are shown, see below; may be repeated',
      collectPair,
    )
    .option('--formatter-config <file>', 'such properties in a file')
    .option('--key-deserializer <name>', 'the same as key.deserializer')
    .option('--value-deserializer <name>', 'the same as value.deserializer')
    .option(
      '--consumer-property <key=value>',
      'a key of the consumer; may be repeated',
      collectPair,
    )
    .option('--consumer.config <file>', 'such keys in a file')
    .option('--isolation-level <level>', 'read_uncommitted or read_committed')
    .option('--json', 'each record as JSON, a line each (docs/reference/consume.schema.json)')
    .option('--json-file <file>', 'the same into a file')
    .addHelpText('after', PROPERTIES)
    .action((options: ConsumeOptions) => consume(options, context));
}

function parseOffset(text: string): number | 'earliest' | 'latest' {
  const word = text.toLowerCase();
  if (word === 'earliest' || word === 'latest') return word;
  const offset = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(offset)) return offset;
  throw new InvalidArgumentError('Expected an offset from 0 on, earliest or latest.');
}
