/**
 * Keys of listeners with TLS (Kafka: SslConfigs). Certificates and keys are PEM (KIP-651), in the
 * configuration or in files; Java's keystores cannot be read here. The laboratory has no TLS.
 */
import { list, oneOf, password, string } from './define.ts';

const KEYSTORES = 'the keystores of Java';

export const brokerTlsKeys = {
  'ssl.keystore.type': oneOf(['JKS', 'PKCS12', 'PEM'], {
    default: 'JKS',
    notYet: KEYSTORES,
    works: ['PEM'],
    doc: 'Format of the broker’s certificate and key; a listener with TLS needs PEM here.',
  }),
  'ssl.keystore.location': string({
    default: null,
    doc: 'File with the broker’s private key and its certificate, with those that vouch for it.',
  }),
  'ssl.keystore.certificate.chain': password({
    default: null,
    doc: 'The broker’s certificate, with those that vouch for it, as PEM text.',
  }),
  'ssl.keystore.key': password({
    default: null,
    doc: 'The broker’s private key, PKCS #8 as PEM text.',
  }),
  'ssl.key.password': password({ default: null, doc: 'What an encrypted private key opens with.' }),
  'ssl.keystore.password': password({
    default: null,
    notYet: KEYSTORES,
    doc: 'Password of a keystore of Java.',
  }),
  'ssl.truststore.type': oneOf(['JKS', 'PKCS12', 'PEM'], {
    default: 'JKS',
    notYet: KEYSTORES,
    works: ['PEM'],
    doc: 'Format of the certificates that clients are trusted by.',
  }),
  'ssl.truststore.location': string({
    default: null,
    doc: 'File with the certificates that clients are trusted by.',
  }),
  'ssl.truststore.certificates': password({
    default: null,
    doc: 'The certificates that clients are trusted by, as PEM text.',
  }),
  'ssl.truststore.password': password({
    default: null,
    notYet: KEYSTORES,
    doc: 'Password of a keystore of Java.',
  }),
  'ssl.client.auth': oneOf(['none', 'requested', 'required'], {
    default: 'none',
    doc: 'Whether clients have to show a certificate; with SASL_SSL only where a listener says so.',
  }),
  'ssl.enabled.protocols': list({
    default: ['TLSv1.2', 'TLSv1.3'],
    allowed: ['TLSv1.2', 'TLSv1.3'],
    doc: 'Versions of TLS that clients may use.',
  }),
  'ssl.principal.mapping.rules': string({
    default: 'DEFAULT',
    notYet: 'rules for names in certificates',
    doc: 'How the name in a client’s certificate becomes its principal; DEFAULT: as it is.',
  }),
};

/** Those that a listener can have for itself. */
export const listenerTlsKeys = Object.keys(brokerTlsKeys) as (keyof typeof brokerTlsKeys)[];
