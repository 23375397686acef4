/** A record as bytes for people (Kafka: DefaultMessageFormatter, with its properties). */
import type { ConsumedRecord } from '../../../kafka/client/commands.ts';
import { didYouMean, nearestName } from '../../../kafka/config/nearest.ts';
import { usageError } from '../../errors.ts';
import { type Deserializer, deserializerNamed } from './deserializers.ts';

const DEFAULTS = {
  'print.timestamp': 'false',
  'print.partition': 'false',
  'print.offset': 'false',
  'print.epoch': 'false',
  'print.headers': 'false',
  'print.key': 'false',
  'print.value': 'true',
  'key.separator': '\t',
  'line.separator': '\n',
  'headers.separator': ',',
  'null.literal': 'null',
  'key.deserializer': 'String',
  'value.deserializer': 'String',
  'headers.deserializer': 'String',
};
type Name = keyof typeof DEFAULTS;

type Part = (record: ConsumedRecord) => Uint8Array[];

export class Formatter {
  private readonly parts: readonly Part[];
  private readonly separator: Uint8Array;
  private readonly end: Uint8Array;

  /** Refuses unknown properties. */
  constructor(given: Readonly<Record<string, string>>) {
    for (const name of Object.keys(given)) {
      if (name in DEFAULTS) continue;
      const nearest = didYouMean(nearestName(name, Object.keys(DEFAULTS)));
      throw usageError(`${name} is not a property of the output${nearest && `; ${nearest}`}`);
    }
    const values: Record<Name, string> = { ...DEFAULTS, ...given };
    this.separator = utf8(values['key.separator']);
    this.end = utf8(values['line.separator']);
    const isOn = (name: Name) => values[name].trim().toLowerCase() === 'true';
    const nothing = utf8(values['null.literal']);
    const read = (name: Name): ((bytes: Uint8Array | null) => Uint8Array) => {
      const deserializer: Deserializer = deserializerNamed(values[name]);
      return (bytes) => (bytes === null ? nothing : deserializer(bytes));
    };
    const key = read('key.deserializer');
    const value = read('value.deserializer');
    const headers = headersPart(read('headers.deserializer'), utf8(values['headers.separator']));
    const parts: readonly [Name, Part][] = [
      ['print.timestamp', timestampPart],
      ['print.partition', ({ partition }) => [utf8(`Partition:${partition}`)]],
      ['print.offset', ({ offset }) => [utf8(`Offset:${offset}`)]],
      ['print.epoch', ({ leaderEpoch }) => [utf8(`Epoch:${leaderEpoch}`)]],
      ['print.headers', headers],
      ['print.key', (record) => [key(record.key)]],
      ['print.value', (record) => [value(record.value)]],
    ];
    this.parts = parts.filter(([name]) => isOn(name)).map(([, part]) => part);
  }

  /** Throws `Undecodable` when bytes do not fit their deserializer. */
  pieces(record: ConsumedRecord): Uint8Array[] {
    const pieces = this.parts.flatMap((part, i) => [
      ...(i > 0 ? [this.separator] : []),
      ...part(record),
    ]);
    if (pieces.length > 0) pieces.push(this.end);
    return pieces;
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function timestampPart({ timestampMs, timestampType }: ConsumedRecord): Uint8Array[] {
  return [utf8(timestampMs < 0 ? 'NO_TIMESTAMP' : `${timestampType}:${timestampMs}`)];
}

function headersPart(read: (bytes: Uint8Array | null) => Uint8Array, between: Uint8Array): Part {
  return ({ headers }) => {
    if (headers.length === 0) return [utf8('NO_HEADERS')];
    return headers.flatMap((one, i) => [
      ...(i > 0 ? [between] : []),
      utf8(`${one.key}:`),
      read(one.value),
    ]);
  };
}
