/**
 * DescribeUserScramCredentials (key 50): which users can authenticate by which SCRAM mechanisms
 * (KIP-554; Kafka: ScramImage.describe).
 */

import type { MetadataImage } from '../../metadata/image.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type {
  DescribeUserScramCredentialsRequest,
  UserName,
} from '../../wire/generated/describe-user-scram-credentials-request.ts';
import {
  credentialInfo,
  type DescribeUserScramCredentialsResult,
  describeUserScramCredentialsResponse,
  describeUserScramCredentialsResult,
} from '../../wire/generated/describe-user-scram-credentials-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function describeUserScramCredentials({ metadata: { image } }: BrokerServices) {
  return (context: RequestContext, { users }: DescribeUserScramCredentialsRequest): void => {
    const asked = users === null || users.length === 0 ? everybody(image) : users.map(nameOf);
    const results = [...new Set(asked)].map((user) => {
      const twice = asked.indexOf(user) !== asked.lastIndexOf(user);
      return twice ? askedTwice(user) : describe(image, user);
    });
    context.respond(describeUserScramCredentialsResponse({ errorMessage: null, results }));
  };
}

function nameOf({ name }: UserName): string {
  return name;
}

function everybody(image: MetadataImage): string[] {
  const users = [...image.scramCredentials.values()].flatMap((ofOne) => [...ofOne.keys()]);
  return [...new Set(users)];
}

function askedTwice(user: string): DescribeUserScramCredentialsResult {
  const what = 'Cannot describe SCRAM credentials for the same user twice in a single request';
  const errorMessage = `${what}: ${user}`;
  const errorCode = ErrorCode.DUPLICATE_RESOURCE;
  return describeUserScramCredentialsResult({ user, errorCode, errorMessage });
}

function describe(image: MetadataImage, user: string): DescribeUserScramCredentialsResult {
  const credentialInfos = [...image.scramCredentials]
    .sort(([a], [b]) => a - b)
    .flatMap(([mechanism, users]) => {
      const credential = users.get(user);
      return credential === undefined
        ? []
        : [credentialInfo({ mechanism, iterations: credential.iterations })];
    });
  if (credentialInfos.length === 0) {
    const errorMessage = `Attempt to describe a user credential that does not exist: ${user}`;
    const errorCode = ErrorCode.RESOURCE_NOT_FOUND;
    return describeUserScramCredentialsResult({ user, errorCode, errorMessage });
  }
  return describeUserScramCredentialsResult({ user, errorMessage: null, credentialInfos });
}
