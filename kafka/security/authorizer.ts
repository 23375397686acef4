/**
 * Who may do what (Kafka: StandardAuthorizer). Super users may do everything. What one ACL denies
 * no other allows; where ACLs are about a resource and none allows, it is denied; where there are
 * none at all, `allow.everyone.if.no.acl.found` decides.
 */
import type { BrokerConfig } from '../config/broker.ts';
import {
  type Acl,
  AclOperation,
  AclPermission,
  ANY_USER,
  CLUSTER_NAME,
  PatternType,
  ResourceType,
  WILDCARD,
} from './acl.ts';
import type { AclIndex } from './acl-index.ts';
import { hostText } from './host-text.ts';
import { type Principal, principalText } from './principal.ts';

export interface Resource {
  readonly type: ResourceType;
  readonly name: string;
}

const { ALLOW, DENY } = AclPermission;
const IMPLIES_DESCRIBE: ReadonlySet<number> = new Set([
  AclOperation.DESCRIBE,
  AclOperation.READ,
  AclOperation.WRITE,
  AclOperation.DELETE,
  AclOperation.ALTER,
]);
const IMPLIES_DESCRIBE_CONFIGS: ReadonlySet<number> = new Set([
  AclOperation.DESCRIBE_CONFIGS,
  AclOperation.ALTER_CONFIGS,
]);

export class StandardAuthorizer {
  private readonly superUsers: ReadonlySet<string>;
  private readonly allowWithoutAcl: boolean;
  private readonly acls: AclIndex;

  /** @param acls of the image, which change as it does. */
  constructor(
    settings: { superUsers: readonly string[]; allowWithoutAcl: boolean },
    acls: AclIndex,
  ) {
    this.superUsers = new Set(settings.superUsers);
    this.allowWithoutAcl = settings.allowWithoutAcl;
    this.acls = acls;
  }

  /** What somebody may do who comes from a host, as an address in any form. */
  permissions(principal: Principal, host: string): Permissions {
    return new Permissions(this, principalText(principal), hostText(host));
  }

  allows(who: { principal: string; host: string }, operation: AclOperation, on: Resource): boolean {
    if (this.superUsers.has(who.principal)) return true;
    let found = false;
    let allowed = false;
    let denied = false;
    this.acls.forResource(on.type, on.name, (acl) => {
      found = true;
      if (!isFor(acl, who)) return;
      if (acl.permissionType === DENY) denied ||= coversDenied(acl, operation);
      else if (acl.permissionType === ALLOW) allowed ||= coversAllowed(acl, operation);
    });
    if (denied) return false;
    return allowed || (!found && this.allowWithoutAcl);
  }

  /** Whether there is any resource of the type on which it may do that (KIP-679). */
  allowsAny(
    who: { principal: string; host: string },
    operation: AclOperation,
    type: ResourceType,
  ): boolean {
    // A name that nobody uses: super users, and everybody where that is the default.
    if (this.allows(who, operation, { type, name: 'hardcode' })) return true;
    const mine = [...this.acls]
      .map(([, acl]) => acl)
      .filter((acl) => acl.resourceType === type && isFor(acl, who) && names(acl, operation));
    const denying = mine.filter((acl) => acl.permissionType === DENY);
    if (denying.some(isOfAll)) return false;
    return mine.some(
      (acl) =>
        acl.permissionType === ALLOW &&
        (isOfAll(acl) || !denying.some((deny) => takesAway(deny, acl))),
    );
  }
}

function isFor(acl: Acl, { principal, host }: { principal: string; host: string }): boolean {
  if (acl.principal !== principal && acl.principal !== ANY_USER) return false;
  return acl.host === WILDCARD || acl.host === host;
}

function coversDenied(acl: Acl, operation: AclOperation): boolean {
  return acl.operation === AclOperation.ALL || acl.operation === operation;
}

const names = coversDenied;

/** Who may do more may also look. */
function coversAllowed(acl: Acl, operation: AclOperation): boolean {
  if (acl.operation === AclOperation.ALL) return true;
  if (operation === AclOperation.DESCRIBE) return IMPLIES_DESCRIBE.has(acl.operation);
  if (operation === AclOperation.DESCRIBE_CONFIGS) {
    return IMPLIES_DESCRIBE_CONFIGS.has(acl.operation);
  }
  return acl.operation === operation;
}

function isOfAll({ patternType, resourceName }: Acl): boolean {
  return patternType === PatternType.LITERAL && resourceName === WILDCARD;
}

/** Whether a denial covers everything that the other allows. */
function takesAway(deny: Acl, allow: Acl): boolean {
  if (deny.patternType === PatternType.PREFIXED) {
    return deny.resourceName !== '' && allow.resourceName.startsWith(deny.resourceName);
  }
  const isLiteral = allow.patternType === PatternType.LITERAL;
  return isLiteral && deny.resourceName === allow.resourceName;
}

/** Of one client. */
export class Permissions {
  private readonly authorizer: StandardAuthorizer;
  private readonly who: { readonly principal: string; readonly host: string };

  constructor(authorizer: StandardAuthorizer, principal: string, host: string) {
    this.authorizer = authorizer;
    this.who = { principal, host };
  }

  on(type: ResourceType, name: string, operation: AclOperation): boolean {
    return this.authorizer.allows(this.who, operation, { type, name });
  }

  topic(name: string, operation: AclOperation): boolean {
    return this.on(ResourceType.TOPIC, name, operation);
  }

  group(name: string, operation: AclOperation): boolean {
    return this.on(ResourceType.GROUP, name, operation);
  }

  transactionalId(name: string, operation: AclOperation): boolean {
    return this.on(ResourceType.TRANSACTIONAL_ID, name, operation);
  }

  cluster(operation: AclOperation): boolean {
    return this.on(ResourceType.CLUSTER, CLUSTER_NAME, operation);
  }

  anyTopic(operation: AclOperation): boolean {
    return this.authorizer.allowsAny(this.who, operation, ResourceType.TOPIC);
  }

  /** As bits by the ids of the operations (KIP-430). */
  operationsOn(type: keyof typeof OPERATIONS, name: string): number {
    let bits = 0;
    for (const operation of OPERATIONS[type]) {
      if (this.on(ResourceType[type], name, operation)) bits |= 1 << operation;
    }
    return bits;
  }
}

/** What can be done to a resource of a type (Kafka: AclEntry.supportedOperations). */
const OPERATIONS = {
  TOPIC: [
    AclOperation.READ,
    AclOperation.WRITE,
    AclOperation.CREATE,
    AclOperation.DESCRIBE,
    AclOperation.DELETE,
    AclOperation.ALTER,
    AclOperation.DESCRIBE_CONFIGS,
    AclOperation.ALTER_CONFIGS,
  ],
  GROUP: [
    AclOperation.READ,
    AclOperation.DESCRIBE,
    AclOperation.DELETE,
    AclOperation.DESCRIBE_CONFIGS,
    AclOperation.ALTER_CONFIGS,
  ],
  CLUSTER: [
    AclOperation.CREATE,
    AclOperation.CLUSTER_ACTION,
    AclOperation.DESCRIBE_CONFIGS,
    AclOperation.ALTER_CONFIGS,
    AclOperation.IDEMPOTENT_WRITE,
    AclOperation.ALTER,
    AclOperation.DESCRIBE,
  ],
} as const;

/** null: everybody may do everything. */
export function createAuthorizer(config: BrokerConfig, acls: AclIndex): StandardAuthorizer | null {
  if (config.get('authorizer.class.name') === null) return null;
  const superUsers = (config.get('super.users') ?? '').split(';').map((one) => one.trim());
  const allowWithoutAcl = config.get('allow.everyone.if.no.acl.found');
  return new StandardAuthorizer({ superUsers, allowWithoutAcl }, acls);
}
