/** What all tools are told about their client: where the cluster is, and the client's own keys. */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { parseBootstrapServers } from '../../kafka/client/bootstrap.ts';
import { adminConfigs } from '../../kafka/config/admin.ts';
import { withSecurity } from '../../kafka/config/client-security.ts';
import type { ConfigKeys, ConfigTable } from '../../kafka/config/define.ts';
import { type ConfigError, checkConfig } from '../../kafka/config/parse.ts';
import { topicNameProblem } from '../../kafka/metadata/topic-names.ts';
import { readProperties } from '../../server/properties/read-properties.ts';
import { inputError, reasonOf, usageError } from '../errors.ts';
import { whyWithoutEffect } from './kafkas-client-keys.ts';

export interface ConnectOptions {
  /** `host:port` of each. */
  readonly bootstrapServer: readonly string[];
  /** A properties file. */
  readonly commandConfig?: string;
  /** For the whole of each call. */
  readonly timeout?: number;
}

/** As long as Kafka's clients wait before they say that a broker does not answer. */
export const CALL_TIMEOUT_MS = 30_000;

const ADMIN = { 'client.id': 'trial', 'default.api.timeout.ms': String(CALL_TIMEOUT_MS) };

export function addConnectOptions(command: Command): Command {
  return command
    .requiredOption(
      '--bootstrap-server <addresses>',
      'where the cluster is: host:port, or several with commas',
      parseAddresses,
    )
    .option(
      '--command-config <file>',
      'a properties file with keys of the client, such as security.protocol',
    );
}

function parseAddresses(text: string): string[] {
  const addresses = text.split(',').map((one) => one.trim());
  try {
    parseBootstrapServers(addresses);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidArgumentError('Expected host:port, or several of them with commas.');
  }
  return addresses;
}

export function adminConfig(options: ConnectOptions): Record<string, string> {
  const file = propertiesOf(options.commandConfig);
  return clientConfig(adminConfigs, options.bootstrapServer, ADMIN, file);
}

/** For an admin client beside another client, as far as that one's keys are an admin client's. */
export function adminConfigOf(other: Readonly<Record<string, string>>): Record<string, string> {
  const { keys } = withSecurity(adminConfigs);
  const shared = Object.entries(other).filter(([key]) => Object.hasOwn(keys, key));
  return { ...ADMIN, ...Object.fromEntries(shared) };
}

/** Of a file that was named; none was: empty. */
export function propertiesOf(path: string | undefined): Record<string, string> {
  if (path === undefined) return {};
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw inputError(`cannot read ${path}: ${reasonOf(error)}`);
  }
  if (text.includes('\0')) throw inputError(`${path} is not a properties file: it is not text`);
  const properties = [...readProperties(text)];
  return Object.fromEntries(properties.map(([key, { value }]) => [key, value]));
}

/** The last of `layers` that has a key decides. Every mistake is told at once. */
export function clientConfig<Keys extends ConfigKeys>(
  table: ConfigTable<Keys>,
  bootstrap: readonly string[],
  ...layers: readonly Readonly<Record<string, string>>[]
): Record<string, string> {
  const config = Object.assign({}, ...layers, { 'bootstrap.servers': bootstrap.join(',') });
  const errors = checkConfig(withSecurity(table), config, { at: `${table.level} config` });
  if (errors.length > 0) throw usageError(complaint(errors).join('\n  '));
  return config;
}

/** A file that is something else altogether has many mistakes, and long ones. */
const MISTAKES_SHOWN = 10;
const MOST_CHARACTERS = 300;

function complaint(errors: readonly ConfigError[]): string[] {
  const lines = errors.slice(0, MISTAKES_SHOWN).map((error) => shown(wordsOf(error)));
  if (errors.length > MISTAKES_SHOWN) lines.push(`… ${errors.length - MISTAKES_SHOWN} more`);
  return lines;
}

/** On a terminal, control characters do more than they show. */
function shown(text: string): string {
  const harmless = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return harmless.length > MOST_CHARACTERS ? `${harmless.slice(0, MOST_CHARACTERS)}…` : harmless;
}

function wordsOf({ key, kind, message }: ConfigError): string {
  const why = kind === 'unknown-key' ? whyWithoutEffect(key) : null;
  return why === null ? message : `${key} would have no effect here: ${why}; leave it out`;
}

/** No cluster has a topic of such a name. */
export function checkTopicName(name: string): void {
  const problem = topicNameProblem(name);
  if (problem !== null) throw usageError(`--topic: ${problem}`);
}

/** For options that are repeated: `--property key=value`. The value may be empty. */
export function collectPair(
  text: string,
  pairs: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('Expected key=value.');
  return { ...pairs, [text.slice(0, at).trim()]: text.slice(at + 1) };
}

/** For options that are repeated and may list several with commas in one. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

export function parseWhole(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < min) {
      throw new InvalidArgumentError(`Expected an integer from ${min} on.`);
    }
    return value;
  };
}

/** Exactly one of these must be there. */
export function oneAction<Name extends string>(
  options: Readonly<Partial<Record<Name, unknown>>>,
  names: readonly Name[],
): Name {
  const given = names.filter((name) => options[name] !== undefined && options[name] !== false);
  const [only] = given;
  if (only !== undefined && given.length === 1) return only;
  const flags = names.map(flagOf).join(', ');
  throw usageError(`exactly one of ${flags} says what to do${given.length > 1 ? '; not two' : ''}`);
}

/** Options that mean something with certain actions only. */
export function refuseOthers(
  action: string,
  options: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [option, actions] of Object.entries(known)) {
    const given = options[option] !== undefined && options[option] !== false;
    if (!given || actions.includes(action)) continue;
    const goes = actions.map(flagOf).join(' or ');
    throw usageError(`${flagOf(option)} goes with ${goes}, not with ${flagOf(action)}`);
  }
}

/** `ifNotExists` → `--if-not-exists` */
function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
