/** Every generated codec with its declaration, for tests that go over all messages. */
import { pathToFileURL } from 'node:url';
import type { MessageCodec } from '../../../../kafka/wire/codec.ts';
import { allMessages } from '../../../../kafka/wire/messages/all.ts';
import type { MessageSchema } from '../../../../kafka/wire/schema.ts';
import { generateWire } from '../../../../scripts/generate-wire.ts';

export interface Declared {
  readonly schema: MessageSchema;
  readonly codec: MessageCodec<unknown>;
  /** The message's factory. */
  readonly create: (init?: object) => object;
  readonly versions: readonly number[];
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

async function load(): Promise<Declared[]> {
  const paths = [...generateWire().keys()];
  const all: Declared[] = [];
  for (const [i, schema] of allMessages.entries()) {
    const url = pathToFileURL(`${process.cwd()}/${paths[i]}`).href;
    const module = (await import(/* @vite-ignore */ url)) as Record<string, unknown>;
    const versions: number[] = [];
    for (let v = schema.versions.min; v <= schema.versions.max; v++) versions.push(v);
    all.push({
      schema,
      codec: module[`${lowerFirst(schema.name)}Codec`] as MessageCodec<unknown>,
      create: module[lowerFirst(schema.name)] as Declared['create'],
      versions,
    });
  }
  return all;
}

export const declared: readonly Declared[] = await load();

export function declaredMessage(name: string): Declared {
  const found = declared.find((one) => one.schema.name === name);
  if (found === undefined) throw new Error(`no message ${name}`);
  return found;
}
