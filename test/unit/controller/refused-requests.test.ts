import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Reader } from '../../../kafka/base/reader.ts';
import { Writer } from '../../../kafka/base/writer.ts';
import { operatorApi } from '../../../kafka/controller/operator-apis.ts';
import { type ApiSpec, apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { declaredMessage } from '../wire/support/codecs.ts';
import { arbitraryStruct } from '../wire/support/values.ts';

const operators = (Object.values(apis) as ApiSpec<unknown, unknown>[]).filter(
  ({ key }) => operatorApi(key) !== undefined,
);

test.each(operators)('a refusal of $name can be told in each of its versions', (api) => {
  const { schema } = declaredMessage(`${api.name}Request`);
  const operator = operatorApi(api.key)!;
  const writer = new Writer();
  for (let version = api.minVersion; version <= api.maxVersion; version++) {
    fc.assert(
      fc.property(arbitraryStruct(schema, version), (request) => {
        const refused = operator.refuse(request, ErrorCode.REQUEST_TIMED_OUT, version);
        writer.begin();
        api.response.encode(writer, refused, version);

        const reader = new Reader(writer.finish());
        api.response.decode(reader, version);
        expect(reader.remaining).toBe(0);
      }),
      { numRuns: 20 },
    );
  }
});
