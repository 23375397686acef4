/**
 * What a line means as a record: `headers TAB key TAB value`, of which headers and key must be
 * asked for (Kafka: LineMessageReader, with the names and defaults of its properties).
 */

import type { ProducerRecord, RecordHeader } from '../../../kafka/client/commands.ts';
import { didYouMean, nearestName } from '../../../kafka/config/nearest.ts';
import { inputError, usageError } from '../../errors.ts';
import { binary, bytesOf, textOf } from './byte-lines.ts';

const DEFAULTS = {
  'parse.key': 'false',
  'parse.headers': 'false',
  'ignore.error': 'false',
  'key.separator': '\t',
  'headers.delimiter': '\t',
  'headers.separator': ',',
  'headers.key.separator': ':',
  'null.marker': '',
};
type Name = keyof typeof DEFAULTS;

/** These must be told apart. */
const DIFFERENT: readonly (readonly [Name, Name])[] = [
  ['headers.delimiter', 'headers.separator'],
  ['headers.delimiter', 'headers.key.separator'],
  ['headers.separator', 'headers.key.separator'],
  ['null.marker', 'key.separator'],
  ['null.marker', 'headers.separator'],
  ['null.marker', 'headers.delimiter'],
  ['null.marker', 'headers.key.separator'],
];

export class LineReader {
  private readonly topic: string;
  private readonly parsesKey: boolean;
  private readonly parsesHeaders: boolean;
  private readonly ignoresErrors: boolean;
  private readonly keySeparator: string;
  private readonly headersDelimiter: string;
  private readonly headersSeparator: string;
  private readonly headersKeySeparator: string;
  /** null: nothing stands for null. */
  private readonly nullMarker: string | null;
  private line = 0;

  /** Refuses unknown properties and separators that are the same. */
  constructor(topic: string, given: Readonly<Record<string, string>>) {
    for (const name of Object.keys(given)) {
      if (name in DEFAULTS) continue;
      const nearest = didYouMean(nearestName(name, Object.keys(DEFAULTS)));
      throw usageError(`${name} is not a property of lines${nearest && `; ${nearest}`}`);
    }
    const values: Record<Name, string> = { ...DEFAULTS, ...given };
    for (const [one, other] of DIFFERENT) {
      if (values[one] !== values[other]) continue;
      throw usageError(`${one} and ${other} may not be equal`);
    }
    for (const name of ['key.separator', 'headers.delimiter'] as const) {
      if (values[name] === '') throw usageError(`${name} is empty`);
    }
    const isOn = (name: Name) => values[name].trim().toLowerCase() === 'true';
    this.topic = topic;
    this.parsesKey = isOn('parse.key');
    this.parsesHeaders = isOn('parse.headers');
    this.ignoresErrors = isOn('ignore.error');
    this.keySeparator = binary(values['key.separator']);
    this.headersDelimiter = binary(values['headers.delimiter']);
    this.headersSeparator = binary(values['headers.separator']);
    this.headersKeySeparator = binary(values['headers.key.separator']);
    this.nullMarker = given['null.marker'] === undefined ? null : binary(values['null.marker']);
  }

  /** Lines are counted from 1 on, for complaints. */
  record(line: string): ProducerRecord {
    this.line += 1;
    const { headersDelimiter, keySeparator } = this;
    const headers = this.parsesHeaders
      ? this.cut(line, headersDelimiter, 'headers delimiter')
      : null;
    const afterHeaders =
      headers === null ? line : line.slice(headers.length + headersDelimiter.length);
    const key = this.parsesKey ? this.cut(afterHeaders, keySeparator, 'key separator') : null;
    const value =
      key === null ? afterHeaders : afterHeaders.slice(key.length + keySeparator.length);
    return {
      topic: this.topic,
      partition: null,
      key: key === null ? null : this.bytes(key),
      value: this.bytes(value),
      headers: headers === null || headers === this.nullMarker ? [] : this.headers(headers),
      timestampMs: null,
    };
  }

  /** What stands before the separator; null: there is none, and that is no error. */
  private cut(line: string, separator: string, name: string): string | null {
    const at = line.indexOf(separator);
    if (at >= 0) return line.slice(0, at);
    if (this.ignoresErrors) return null;
    throw inputError(`no ${name} found on line number ${this.line}: '${textOf(line)}'`);
  }

  private headers(text: string): RecordHeader[] {
    return text.split(this.headersSeparator).map((pair) => {
      const at = pair.indexOf(this.headersKeySeparator);
      if (at < 0) {
        if (this.ignoresErrors) return { key: textOf(pair), value: null };
        const where = `'${textOf(pair)}' on line number ${this.line}`;
        throw inputError(`no header key separator found in pair ${where}`);
      }
      const key = pair.slice(0, at);
      if (key === this.nullMarker) {
        throw inputError(`a header key cannot be null: line number ${this.line}`);
      }
      const value = this.bytes(pair.slice(at + this.headersKeySeparator.length));
      return { key: textOf(key), value };
    });
  }

  private bytes(text: string): Uint8Array | null {
    return text === this.nullMarker ? null : bytesOf(text);
  }
}
