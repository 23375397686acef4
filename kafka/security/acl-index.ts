/**
 * The ACLs of a cluster by id, and by the resources that they are about: those of one resource are
 * found by its name, by each of its beginnings, and by the wildcard.
 */
import type { Uuid } from '../base/uuid.ts';
import { type Acl, PatternType, sameAcl, WILDCARD } from './acl.ts';

export class AclIndex {
  private readonly byId = new Map<Uuid, Acl>();
  /** By `key`; a list is dropped with its last ACL. */
  private readonly byResource = new Map<string, Acl[]>();
  /** How long prefixes are, by type of resource: each length with how many ACLs have it. */
  private readonly prefixLengths = new Map<number, Map<number, number>>();

  get size(): number {
    return this.byId.size;
  }

  [Symbol.iterator](): Iterator<[Uuid, Acl]> {
    return this.byId.entries();
  }

  has(id: Uuid): boolean {
    return this.byId.has(id);
  }

  /** Whether there is one that says the same. */
  includes(acl: Acl): boolean {
    const same = this.byResource.get(key(acl.resourceType, acl.patternType, acl.resourceName));
    return same?.some((one) => sameAcl(one, acl)) === true;
  }

  add(id: Uuid, acl: Acl): void {
    this.remove(id);
    this.byId.set(id, acl);
    const { resourceType, patternType, resourceName } = acl;
    const at = key(resourceType, patternType, resourceName);
    const list = this.byResource.get(at);
    if (list === undefined) this.byResource.set(at, [acl]);
    else list.push(acl);
    if (patternType === PatternType.PREFIXED) this.countPrefix(acl, 1);
  }

  /** @returns whether there was one of that id. */
  remove(id: Uuid): boolean {
    const acl = this.byId.get(id);
    if (acl === undefined) return false;
    this.byId.delete(id);
    const at = key(acl.resourceType, acl.patternType, acl.resourceName);
    const left = (this.byResource.get(at) ?? []).filter((one) => one !== acl);
    if (left.length === 0) this.byResource.delete(at);
    else this.byResource.set(at, left);
    if (acl.patternType === PatternType.PREFIXED) this.countPrefix(acl, -1);
    return true;
  }

  clear(): void {
    this.byId.clear();
    this.byResource.clear();
    this.prefixLengths.clear();
  }

  private countPrefix({ resourceType, resourceName }: Acl, by: 1 | -1): void {
    const counts = this.prefixLengths.get(resourceType) ?? new Map<number, number>();
    this.prefixLengths.set(resourceType, counts);
    const count = (counts.get(resourceName.length) ?? 0) + by;
    if (count === 0) counts.delete(resourceName.length);
    else counts.set(resourceName.length, count);
  }

  /** Calls `visit` with every ACL about this resource, whoever it is for. */
  forResource(resourceType: number, name: string, visit: (acl: Acl) => void): void {
    const { LITERAL, PREFIXED } = PatternType;
    this.visit(key(resourceType, LITERAL, name), visit);
    if (name !== WILDCARD) this.visit(key(resourceType, LITERAL, WILDCARD), visit);
    for (const length of this.prefixLengths.get(resourceType)?.keys() ?? []) {
      if (length > name.length) continue;
      this.visit(key(resourceType, PREFIXED, name.slice(0, length)), visit);
    }
  }

  private visit(at: string, visit: (acl: Acl) => void): void {
    for (const acl of this.byResource.get(at) ?? []) visit(acl);
  }
}

function key(resourceType: number, patternType: number, name: string): string {
  return `${resourceType}/${patternType}/${name}`;
}
