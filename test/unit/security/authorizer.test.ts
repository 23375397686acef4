/** ACLs against a model that looks at all of them, one after the other. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Acl,
  type AclFilter,
  AclOperation,
  AclPermission,
  filterMatches,
  PatternType,
  ResourceType,
} from '../../../kafka/security/acl.ts';
import { AclIndex } from '../../../kafka/security/acl-index.ts';
import { StandardAuthorizer } from '../../../kafka/security/authorizer.ts';
import { hostBytes, hostOfBytes, hostText } from '../../../kafka/security/host-text.ts';

const { LITERAL, PREFIXED } = PatternType;
const { ALLOW, DENY } = AclPermission;
const { TOPIC, GROUP } = ResourceType;
const { ALL, READ, WRITE, DESCRIBE, ALTER, DELETE, DESCRIBE_CONFIGS, ALTER_CONFIGS, CREATE } =
  AclOperation;

const name = fc.constantFrom('a', 'ab', 'abc', 'abd', 'b', 'ba', '*');
const principal = fc.constantFrom('User:alice', 'User:bob', 'User:*', 'Group:alice');
const host = fc.constantFrom('10.0.0.1', '10.0.0.2', '*');
const operation = fc.constantFrom(
  ALL,
  READ,
  WRITE,
  DESCRIBE,
  ALTER,
  DELETE,
  DESCRIBE_CONFIGS,
  ALTER_CONFIGS,
  CREATE,
);
const type = fc.constantFrom(TOPIC, GROUP);
const anyAcl: fc.Arbitrary<Acl> = fc.record({
  resourceType: type,
  patternType: fc.constantFrom(LITERAL, PREFIXED),
  resourceName: name,
  principal,
  host,
  operation,
  permissionType: fc.constantFrom(ALLOW, ALLOW, DENY),
});
const acls = fc.array(anyAcl, { maxLength: 12 });

/** Of the documentation: deny before allow, before "no ACL found", before no. */
function model(
  all: readonly Acl[],
  who: { principal: string; host: string },
  asked: Asked,
): boolean {
  const about = all.filter((one) => {
    if (one.resourceType !== asked.type) return false;
    if (one.patternType === PREFIXED) return asked.name.startsWith(one.resourceName);
    return one.resourceName === '*' || one.resourceName === asked.name;
  });
  const mine = about.filter(
    (one) =>
      ['User:*', who.principal].includes(one.principal) && ['*', who.host].includes(one.host),
  );
  const implied: Record<number, number[]> = {
    [DESCRIBE]: [READ, WRITE, DELETE, ALTER],
    [DESCRIBE_CONFIGS]: [ALTER_CONFIGS],
  };
  const says = (one: Acl) => [ALL, asked.operation].includes(one.operation as never);
  if (mine.some((one) => one.permissionType === DENY && says(one))) return false;
  return mine.some(
    (one) =>
      one.permissionType === ALLOW &&
      (says(one) || (implied[asked.operation] ?? []).includes(one.operation)),
  );
}

interface Asked {
  readonly type: ResourceType;
  readonly name: string;
  readonly operation: AclOperation;
}

const asked = fc.record({
  type,
  name: fc.constantFrom('a', 'ab', 'abc', 'abcd', 'b', 'c'),
  operation: fc.constantFrom(
    READ,
    WRITE,
    DESCRIBE,
    ALTER,
    DELETE,
    DESCRIBE_CONFIGS,
    ALTER_CONFIGS,
    CREATE,
  ),
});
const who = fc.record({
  principal: fc.constantFrom('User:alice', 'User:bob', 'User:carol'),
  host: fc.constantFrom('10.0.0.1', '10.0.0.3'),
});

function indexOf(all: readonly Acl[]): AclIndex {
  const index = new AclIndex();
  for (const [i, acl] of all.entries()) index.add(String(i), acl);
  return index;
}

function authorizer(index: AclIndex, allowWithoutAcl = false): StandardAuthorizer {
  return new StandardAuthorizer({ superUsers: ['User:root'], allowWithoutAcl }, index);
}

describe('the authorizer', () => {
  test('decides as the model does, however its ACLs came to be', () => {
    fc.assert(
      fc.property(acls, acls, who, fc.array(asked, { minLength: 5 }), (before, after, one, all) => {
        const index = indexOf(before);
        for (const i of before.keys()) expect(index.remove(String(i))).toBe(true);
        for (const [i, acl] of after.entries()) index.add(`new ${i}`, acl);
        const decides = authorizer(index);

        for (const ask of all) {
          expect(decides.allows(one, ask.operation, ask)).toBe(model(after, one, ask));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('lets super users do everything', () => {
    fc.assert(
      fc.property(acls, asked, (all, ask) => {
        const root = { principal: 'User:root', host: '10.0.0.1' };
        expect(authorizer(indexOf(all)).allows(root, ask.operation, ask)).toBe(true);
      }),
    );
  });

  test('with allow.everyone.if.no.acl.found differs only where no ACL is about the resource', () => {
    fc.assert(
      fc.property(acls, who, asked, (all, one, ask) => {
        const index = indexOf(all);
        let isAbout = false;
        index.forResource(ask.type, ask.name, () => {
          isAbout = true;
        });
        const lenient = authorizer(index, true).allows(one, ask.operation, ask);

        expect(lenient).toBe(isAbout ? model(all, one, ask) : true);
      }),
    );
  });

  test('allows something of a type whenever it allows any resource of it', () => {
    fc.assert(
      fc.property(acls, who, asked, (all, one, ask) => {
        const decides = authorizer(indexOf(all));
        const { operation: wanted } = ask;
        // What is implied does not count here, as in Kafka.
        fc.pre(wanted !== DESCRIBE && wanted !== DESCRIBE_CONFIGS);
        if (!model(all, one, ask)) return;
        expect(decides.allowsAny(one, wanted, ask.type)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('allows nothing of a type where a denial covers all that is allowed', () => {
    const alice = { principal: 'User:alice', host: '10.0.0.1' };
    const acl = (over: Partial<Acl>): Acl => ({
      resourceType: TOPIC,
      patternType: LITERAL,
      resourceName: 'abc',
      principal: 'User:alice',
      host: '*',
      operation: WRITE,
      permissionType: ALLOW,
      ...over,
    });
    const any = (...all: Acl[]) => authorizer(indexOf(all)).allowsAny(alice, WRITE, TOPIC);
    const deny = { permissionType: DENY };

    expect(any(acl({}))).toBe(true);
    expect(any(acl({ operation: READ }))).toBe(false);
    expect(any(acl({}), acl({ ...deny }))).toBe(false);
    expect(any(acl({}), acl({ ...deny, patternType: PREFIXED, resourceName: 'ab' }))).toBe(false);
    expect(any(acl({}), acl({ ...deny, patternType: PREFIXED, resourceName: 'abcd' }))).toBe(true);
    expect(any(acl({ patternType: PREFIXED }), acl({ ...deny }))).toBe(true);
    expect(any(acl({}), acl({ ...deny, resourceName: '*' }))).toBe(false);
    expect(any(acl({ resourceName: '*' }), acl({ ...deny, patternType: PREFIXED }))).toBe(true);
  });
});

describe('a filter', () => {
  const filter = (over: Partial<AclFilter>): AclFilter => ({
    resourceType: ResourceType.ANY,
    patternType: PatternType.ANY,
    resourceName: null,
    principal: null,
    host: null,
    operation: AclOperation.ANY,
    permissionType: AclPermission.ANY,
    ...over,
  });

  test('of nothing matches everything, and of everything only what says the same', () => {
    fc.assert(
      fc.property(anyAcl, anyAcl, (one, other) => {
        expect(filterMatches(filter({}), one)).toBe(true);
        expect(filterMatches(filter(one), one)).toBe(true);
        const same = Object.entries(one).every(([key, value]) => other[key as keyof Acl] === value);
        expect(filterMatches(filter(one), other)).toBe(same);
      }),
    );
  });

  test('by MATCH finds what a resource of that name falls under', () => {
    fc.assert(
      fc.property(acls, fc.constantFrom('a', 'abc', 'abcd', 'c'), (all, resourceName) => {
        const about = new Set<Acl>();
        indexOf(all).forResource(TOPIC, resourceName, (acl) => about.add(acl));
        const asks = filter({ resourceType: TOPIC, patternType: PatternType.MATCH, resourceName });

        expect(all.filter((acl) => filterMatches(asks, acl))).toEqual(
          all.filter((acl) => about.has(acl)),
        );
      }),
    );
  });
});

describe('an address', () => {
  test.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['2001:db8::a:0:1', '2001:db8:0:0:0:a:0:1'],
    ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['client-p1', 'client-p1'],
    [':', ':'],
    ['1::2::3', '1::2::3'],
  ])('%s is called %s', (host, text) => {
    expect(hostText(host)).toBe(text);
  });

  test.each(['10.1.2.255', '0:0:0:0:0:0:0:1', '2001:db8:0:0:0:a:0:ffff'])(
    '%s goes through bytes',
    (host) => {
      expect(hostOfBytes(hostBytes(host))).toBe(host);
    },
  );
});
