/**
 * SCRAM credentials in the metadata log (KIP-900, KIP-554; Kafka: ScramControlManager). What
 * clients send is the salted password; what is kept cannot be turned back into it.
 */
import { parseScramCredentials } from '../config/scram-credentials.ts';
import type { Crypto, RandomStream } from '../host.ts';
import type { MetadataImage } from '../metadata/image.ts';
import {
  MAX_ITERATIONS,
  MIN_ITERATIONS,
  type ScramCredential,
  ScramFormatter,
  type ScramMechanism,
  scramMechanisms,
} from '../security/scram.ts';
import { ErrorCode } from '../wire/errors.ts';
import type {
  AlterUserScramCredentialsRequest,
  ScramCredentialDeletion,
  ScramCredentialUpsertion,
} from '../wire/generated/alter-user-scram-credentials-request.ts';
import {
  type AlterUserScramCredentialsResponse,
  alterUserScramCredentialsResponse,
  alterUserScramCredentialsResult,
} from '../wire/generated/alter-user-scram-credentials-response.ts';
import { type MetadataRecord, metadataRecord } from '../wire/metadata-records.ts';
import { type ControllerResult, type Refusal, refusal } from './controller-result.ts';

const SALT_BYTES = 20;

/** Each user may have one change in a request; users with one that is wrong have none. */
export function alterScramCredentials(
  image: MetadataImage,
  crypto: Crypto,
  request: AlterUserScramCredentialsRequest,
): ControllerResult<AlterUserScramCredentialsResponse> {
  const refused = new Map<string, Refusal>();
  const made = new Map<string, MetadataRecord>();
  const take = (user: string, change: MetadataRecord | Refusal): void => {
    if (refused.has(user)) return;
    if (made.delete(user)) refused.set(user, refusal(ErrorCode.DUPLICATE_RESOURCE, TWICE));
    else if ('errorCode' in change) refused.set(user, change);
    else made.set(user, change);
  };
  for (const deletion of request.deletions) take(deletion.name, deletionRecord(image, deletion));
  for (const upsertion of request.upsertions) take(upsertion.name, upsertRecord(crypto, upsertion));
  const results = [
    ...[...made.keys()].map((user) =>
      alterUserScramCredentialsResult({ user, errorMessage: null }),
    ),
    ...[...refused].map(([user, why]) => alterUserScramCredentialsResult({ user, ...why })),
  ];
  const response = alterUserScramCredentialsResponse({ results });
  return { records: [...made.values()], response, why: '' };
}

const TWICE = 'A user credential cannot be altered twice in the same request';

function deletionRecord(
  image: MetadataImage,
  { name, mechanism }: ScramCredentialDeletion,
): MetadataRecord | Refusal {
  const known = mechanismOf(name, mechanism);
  if ('errorCode' in known) return known;
  if (image.scramCredential(name, mechanism) === undefined) {
    const message = 'Attempt to delete a user credential that does not exist';
    return refusal(ErrorCode.RESOURCE_NOT_FOUND, message);
  }
  return metadataRecord('RemoveUserScramCredentialRecord', { name, mechanism });
}

function upsertRecord(
  crypto: Crypto,
  { name, mechanism, iterations, salt, saltedPassword }: ScramCredentialUpsertion,
): MetadataRecord | Refusal {
  const known = mechanismOf(name, mechanism);
  if ('errorCode' in known) return known;
  if (iterations < MIN_ITERATIONS) return unacceptable('Too few iterations');
  if (iterations > MAX_ITERATIONS) return unacceptable('Too many iterations');
  const formatter = new ScramFormatter(crypto, known);
  return credentialRecord(name, known, formatter.credential(saltedPassword, salt, iterations));
}

function mechanismOf(user: string, id: number): ScramMechanism | Refusal {
  if (user === '') return unacceptable('Username must not be empty');
  const known = scramMechanisms.find((one) => one.id === id);
  return known ?? refusal(ErrorCode.UNSUPPORTED_SASL_MECHANISM, 'Unknown SCRAM mechanism');
}

function unacceptable(message: string): Refusal {
  return refusal(ErrorCode.UNACCEPTABLE_CREDENTIAL, message);
}

function credentialRecord(
  name: string,
  { id: mechanism }: ScramMechanism,
  { salt, storedKey, serverKey, iterations }: ScramCredential,
): MetadataRecord {
  // Of a request these are views of a frame, which is not kept.
  const bytes = { salt: salt.slice(), storedKey, serverKey };
  return metadataRecord('UserScramCredentialRecord', { name, mechanism, iterations, ...bytes });
}

/** What `initial.scram.credentials` asks for at the birth of a cluster. */
export function initialScramRecords(
  text: string | null,
  crypto: Crypto,
  random: () => RandomStream,
): MetadataRecord[] {
  const credentials = text === null ? [] : (parseScramCredentials(text) ?? []);
  return credentials.map(({ mechanism, name, password, iterations }) => {
    const known = scramMechanisms.find((one) => one.name === mechanism) as ScramMechanism;
    const salt = random().bytes(SALT_BYTES);
    const formatter = new ScramFormatter(crypto, known);
    const salted = formatter.saltedPassword(password, salt, iterations);
    return credentialRecord(name, known, formatter.credential(salted, salt, iterations));
  });
}
