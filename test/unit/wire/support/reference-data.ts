/**
 * Facts about Kafka's protocol that lie beside the project, not in it: its message schemas as JSON
 * and byte vectors of real clients. Where they are missing, their tests are skipped and say so.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SCHEMAS = '../shared/kafka-schemas';
const VECTORS = '../shared/kafka-vectors/kafkajs.json';

export interface SchemaField {
  name: string;
  type: string;
  versions: string;
  nullableVersions?: string;
  taggedVersions?: string;
  tag?: number;
  default?: unknown;
  ignorable?: boolean;
  mapKey?: boolean;
  flexibleVersions?: string;
  fields?: SchemaField[];
}

export interface SchemaFile {
  apiKey?: number;
  type: string;
  name: string;
  validVersions: string;
  flexibleVersions: string;
  fields: SchemaField[];
  commonStructs?: { name: string; fields: SchemaField[] }[];
}

export interface Vector {
  source: string;
  hex: string;
  kind?: string;
  apiKey?: number;
  version?: number;
  headerTagByte?: boolean;
  schemaCheck?: string;
}

/** Kafka's schemas by message name, or null when they are not there. */
export function readSchemas(): Map<string, SchemaFile> | null {
  if (!existsSync(SCHEMAS)) return missing(SCHEMAS);
  const byName = new Map<string, SchemaFile>();
  for (const folder of ['rpc', 'metadata', 'raft', 'storage', 'group']) {
    for (const file of readdirSync(join(SCHEMAS, folder))) {
      const schema = JSON.parse(readFileSync(join(SCHEMAS, folder, file), 'utf8')) as SchemaFile;
      byName.set(schema.name, schema);
    }
  }
  return byName;
}

/** Bodies that match the schemas, or null when they are not there. */
export function readVectors(): Vector[] | null {
  if (!existsSync(VECTORS)) return missing(VECTORS);
  const { vectors } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { vectors: Vector[] };
  return vectors.filter((vector) => vector.schemaCheck === 'ok');
}

function missing(path: string): null {
  console.warn(`SKIPPED: ${path} is not there, so the codecs are not compared with it`);
  return null;
}
