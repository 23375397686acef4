/**
 * Keys of a client about who it is and whom it trusts (Kafka: CommonClientConfigs, SaslConfigs,
 * SslConfigs), for clients of the real world. Those of the laboratory come in over PLAINTEXT and do
 * not have them. What would have no effect is refused, not passed over.
 */
import {
  type ConfigKeys,
  type ConfigRule,
  type ConfigTable,
  list,
  oneOf,
  password,
  string,
} from './define.ts';
import { type JaasEntry, parseJaas } from './jaas.ts';
import {
  isMechanism,
  type SaslMechanismName,
  saslMechanisms,
  usesSasl,
  usesTls,
} from './listener-security.ts';
import { type ParsedConfig, parseConfig } from './parse.ts';

const KEYSTORES = 'the keystores of Java';

export const clientSecurityKeys = {
  'security.protocol': oneOf(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'], {
    default: 'PLAINTEXT',
    doc: 'How to talk to brokers: with TLS (SSL), with authentication (SASL), with both.',
  }),
  'sasl.mechanism': string({
    default: 'GSSAPI',
    doc: 'How to authenticate; PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 are there.',
  }),
  'sasl.jaas.config': password({
    default: null,
    doc: 'The login module of the mechanism, with username="…" password="…";',
  }),
  'ssl.truststore.type': oneOf(['JKS', 'PKCS12', 'PEM'], {
    default: 'JKS',
    notYet: KEYSTORES,
    works: ['PEM'],
    doc: 'Format of the certificates that brokers are trusted by.',
  }),
  'ssl.truststore.location': string({
    default: null,
    doc: 'File with the certificates that brokers are trusted by; unset: those Node comes with.',
  }),
  'ssl.truststore.certificates': password({
    default: null,
    doc: 'The certificates that brokers are trusted by, as PEM text.',
  }),
  'ssl.truststore.password': password({
    default: null,
    notYet: KEYSTORES,
    doc: 'Password of a keystore of Java.',
  }),
  'ssl.keystore.type': oneOf(['JKS', 'PKCS12', 'PEM'], {
    default: 'JKS',
    notYet: KEYSTORES,
    works: ['PEM'],
    doc: 'Format of the client’s certificate and key.',
  }),
  'ssl.keystore.location': string({
    default: null,
    doc: 'File with the client’s private key and its certificate, with those that vouch for it.',
  }),
  'ssl.keystore.certificate.chain': password({
    default: null,
    doc: 'The client’s certificate, with those that vouch for it, as PEM text.',
  }),
  'ssl.keystore.key': password({
    default: null,
    doc: 'The client’s private key, PKCS #8 as PEM text.',
  }),
  'ssl.key.password': password({ default: null, doc: 'What an encrypted private key opens with.' }),
  'ssl.keystore.password': password({
    default: null,
    notYet: KEYSTORES,
    doc: 'Password of a keystore of Java.',
  }),
  'ssl.enabled.protocols': list({
    default: ['TLSv1.2', 'TLSv1.3'],
    allowed: ['TLSv1.2', 'TLSv1.3'],
    doc: 'Versions of TLS that may be used.',
  }),
  'ssl.endpoint.identification.algorithm': oneOf(['https', ''], {
    default: 'https',
    doc: 'https: a broker’s certificate has to name the host it is reached at; empty: it need not.',
  }),
};

export type ClientSecurityConfig = ParsedConfig<typeof clientSecurityKeys>;
type Rule = ConfigRule<typeof clientSecurityKeys>;
type Key = keyof typeof clientSecurityKeys;

const SASL_KEYS: readonly Key[] = ['sasl.mechanism', 'sasl.jaas.config'];
const TLS_KEYS = (Object.keys(clientSecurityKeys) as Key[]).filter((key) => key.startsWith('ssl.'));
const MODULES = {
  PLAIN: 'org.apache.kafka.common.security.plain.PlainLoginModule',
  'SCRAM-SHA-256': 'org.apache.kafka.common.security.scram.ScramLoginModule',
  'SCRAM-SHA-512': 'org.apache.kafka.common.security.scram.ScramLoginModule',
} as const;

/** The table of a kind of clients with these keys and their rules. */
export function withSecurity<Keys extends ConfigKeys>({
  level,
  keys,
  rules,
  perListener,
}: ConfigTable<Keys>): ConfigTable<Keys & typeof clientSecurityKeys> {
  return {
    level,
    keys: { ...keys, ...clientSecurityKeys },
    rules: [...rules, ...securityRules] as unknown as ConfigRule<
      Keys & typeof clientSecurityKeys
    >[],
    perListener,
  };
}

/** What a client's configuration says of this, and the rest of it, which its node reads. */
export function splitSecurity(raw: Readonly<Record<string, string>>): {
  readonly security: ClientSecurityConfig;
  readonly rest: Record<string, string>;
} {
  const isOurs = ([key]: readonly [string, string]): boolean =>
    Object.hasOwn(clientSecurityKeys, key);
  const entries = Object.entries(raw);
  const table = {
    level: 'admin',
    keys: clientSecurityKeys,
    rules: securityRules,
    perListener: [],
  } as const;
  return {
    security: parseConfig(table, Object.fromEntries(entries.filter(isOurs)), {
      at: 'client config',
    }),
    rest: Object.fromEntries(entries.filter((entry) => !isOurs(entry))),
  };
}

/** null: the client does not authenticate. The configuration has been checked. */
export function loginOf(config: ClientSecurityConfig): {
  readonly mechanism: SaslMechanismName;
  readonly user: string;
  readonly password: string;
} | null {
  const mechanism = config.get('sasl.mechanism');
  const entry = parseJaas(config.get('sasl.jaas.config') ?? '');
  if (!usesSasl(config.get('security.protocol')) || !isMechanism(mechanism) || entry === null)
    return null;
  const { options } = entry;
  return {
    mechanism,
    user: options.get('username') ?? '',
    password: options.get('password') ?? '',
  };
}

const protocolRule: Rule = (config) => {
  const protocol = config.get('security.protocol');
  const idle = [
    ...(usesSasl(protocol)
      ? []
      : SASL_KEYS.map((key) => ({ key, by: 'SASL_PLAINTEXT or SASL_SSL' }))),
    ...(usesTls(protocol) ? [] : TLS_KEYS.map((key) => ({ key, by: 'SSL or SASL_SSL' }))),
  ].find(({ key }) => config.isGiven(key));
  if (idle === undefined) return null;
  const problem = `has no effect with security.protocol=${protocol}`;
  return { key: idle.key, problem, allowed: `security.protocol=${idle.by}` };
};

const mechanismRule: Rule = (config) => {
  if (!usesSasl(config.get('security.protocol'))) return null;
  const key = 'sasl.mechanism';
  if (isMechanism(config.get(key))) return null;
  return { key, problem: 'is not there', allowed: saslMechanisms.join(', ') };
};

const jaasRule: Rule = (config) => {
  const mechanism = config.get('sasl.mechanism');
  if (!usesSasl(config.get('security.protocol')) || !isMechanism(mechanism)) return null;
  const key = 'sasl.jaas.config';
  const text = config.get(key);
  const problem =
    text === null ? 'says nobody to log in as' : jaasProblem(parseJaas(text), mechanism);
  const form = `${MODULES[mechanism]} required username="NAME" password="PASSWORD";`;
  return problem === null ? null : { key, problem, allowed: form };
};

function jaasProblem(entry: JaasEntry | null, mechanism: SaslMechanismName): string | null {
  if (entry === null) return 'cannot be read';
  const module = MODULES[mechanism].replace(/^.*(?=\.)/, '');
  if (!entry.module.endsWith(module)) return `is not for ${mechanism}`;
  for (const option of ['username', 'password']) {
    if ((entry.options.get(option) ?? '') === '') return `has no ${option}`;
  }
  const other = [...entry.options.keys()].find((one) => one !== 'username' && one !== 'password');
  return other === undefined ? null : `has an option that means nothing here: ${other}`;
}

const keystoreRule: Rule = (config) => {
  const chain = config.get('ssl.keystore.certificate.chain') !== null;
  const secret = config.get('ssl.keystore.key') !== null;
  const inFile = config.get('ssl.keystore.location') !== null;
  const key = 'ssl.keystore.type';
  if ((chain || secret || inFile) && config.get(key) !== 'PEM') {
    return { key, problem: 'cannot be read', allowed: 'PEM' };
  }
  const whole = inFile ? !chain && !secret : chain === secret;
  if (!whole) {
    const allowed = 'ssl.keystore.location, or ssl.keystore.certificate.chain and ssl.keystore.key';
    return { key, problem: 'goes with one certificate and the key to it', allowed };
  }
  if (config.isGiven('ssl.key.password') && !inFile && !secret) {
    const problem = 'has no effect without a key';
    return {
      key: 'ssl.key.password',
      problem,
      allowed: 'with ssl.keystore.location or ssl.keystore.key',
    };
  }
  return null;
};

const truststoreRule: Rule = (config) => {
  const texts = config.get('ssl.truststore.certificates') !== null;
  const inFile = config.get('ssl.truststore.location') !== null;
  const key = 'ssl.truststore.type';
  if ((texts || inFile) && config.get(key) !== 'PEM') {
    return { key, problem: 'cannot be read', allowed: 'PEM' };
  }
  if (!texts || !inFile) return null;
  const problem = 'goes with certificates from one place';
  return { key, problem, allowed: 'ssl.truststore.location or ssl.truststore.certificates' };
};

const securityRules: readonly Rule[] = [
  protocolRule,
  mechanismRule,
  jaasRule,
  keystoreRule,
  truststoreRule,
];
