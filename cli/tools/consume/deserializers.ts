/** What bytes mean: Kafka's own deserializers, by their class names or the words before them. */
import { nearestName } from '../../../kafka/config/nearest.ts';
import { usageError } from '../../errors.ts';

export type Deserializer = (bytes: Uint8Array) => Uint8Array;

const TEXT_OF: Readonly<Record<string, (view: DataView) => string>> = {
  Short: (view) => String(sized(view, 2).getInt16(0)),
  Integer: (view) => String(sized(view, 4).getInt32(0)),
  Long: (view) => String(sized(view, 8).getBigInt64(0)),
  Float: (view) => javaNumber(sized(view, 4).getFloat32(0), Math.fround),
  Double: (view) => javaNumber(sized(view, 8).getFloat64(0), (value) => value),
  UUID: (view) => new TextDecoder().decode(view),
  Boolean: (view) => String(sized(view, 1).getInt8(0) !== 0),
};
/** The bytes as they are. */
const AS_THEY_ARE = ['String', 'ByteArray', 'Bytes', 'ByteBuffer'];

/** `org.apache.kafka.common.serialization.LongDeserializer`, `LongDeserializer` or `Long`. */
export function deserializerNamed(name: string): Deserializer {
  const word = name.replace(/^.*\./, '').replace(/Deserializer$/, '');
  if (AS_THEY_ARE.includes(word)) return (bytes) => bytes;
  const textOf = Object.hasOwn(TEXT_OF, word) ? TEXT_OF[word] : undefined;
  if (textOf === undefined) {
    const known = [...AS_THEY_ARE, ...Object.keys(TEXT_OF)];
    const nearest = nearestName(word, known);
    const meant = nearest === null ? '' : `; did you mean ${nearest}Deserializer?`;
    throw usageError(`${name} is not a deserializer that trial has${meant}`);
  }
  const encoder = new TextEncoder();
  return (bytes) => {
    return encoder.encode(textOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  };
}

/** Bytes that do not fit the type. */
export class Undecodable extends Error {}

function sized(view: DataView, size: number): DataView {
  if (view.byteLength === size) return view;
  throw new Undecodable(`${view.byteLength} bytes where ${size} are expected`);
}

/** As Java prints it as far as that is common: `1.0`, not `1`; the shortest digits. */
function javaNumber(value: number, rounded: (value: number) => number): string {
  if (!Number.isFinite(value)) return String(value);
  let text = String(value);
  for (let digits = 1; digits <= 17; digits++) {
    const shorter = value.toPrecision(digits);
    if (rounded(Number(shorter)) !== value) continue;
    text = String(Number(shorter));
    break;
  }
  return /[.e]/.test(text) ? text : `${text}.0`;
}
