/**
 * PEM texts as they stand in properties files, where Kafka takes them on one line (KIP-651,
 * DefaultSslEngineFactory), while OpenSSL wants lines of at most 64 characters.
 */
import { X509Certificate } from 'node:crypto';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g;
const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END [A-Z0-9 ]+-----/g;
const LINE = /.{1,64}/g;

/** The same blocks on lines of their own. What is none is left as it is. */
export function asLines(pem: string): string {
  return pem.replace(BLOCK, (_, label: string, body: string) => {
    const lines = body.replace(/\s+/g, '').match(LINE) ?? [];
    return [`\n-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----\n`].join('\n');
  });
}

/**
 * Node passes over what it cannot read, and then trusts nobody, or shows nothing.
 * @returns null: there are certificates, and each can be read.
 */
export function certificateProblem(
  pem: string,
): { readonly what: string; readonly why: unknown } | null {
  const certificates = pem.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) {
    return { what: 'cannot be used', why: 'there is no certificate in it' };
  }
  for (const certificate of certificates) {
    try {
      new X509Certificate(certificate);
    } catch (error) {
      return { what: 'has a certificate that cannot be read', why: error };
    }
  }
  return null;
}
