/** The filters that each API is said to have, held against the declared fields of its requests. */
import { expect, test } from 'vitest';
import { apis } from '../../../kafka/wire/apis.ts';
import { allMessages } from '../../../kafka/wire/messages/all.ts';
import type { FieldSchema, StructSchema } from '../../../kafka/wire/schema.ts';
import {
  FILTERS_OF_APIS,
  GROUP_LISTS,
  GROUPS,
  PARTITION_LISTS,
  TOPIC_LISTS,
  WRAPPERS,
} from '../../../server/faults/request-filter.ts';

const structOf = ({ type }: FieldSchema): StructSchema | null =>
  typeof type === 'object' ? type : null;

/** Walks the declaration as the filter walks a request. */
function filtersOf({ fields }: StructSchema): Set<string> {
  const found = new Set<string>();
  for (const [name, field] of Object.entries(fields)) {
    const struct = structOf(field);
    if (GROUPS.includes(name) && field.type === 'string') found.add('group');
    if (GROUP_LISTS.includes(name) && (struct === null || 'groupId' in struct.fields)) {
      found.add('group');
    }
    if (TOPIC_LISTS.includes(name)) {
      found.add('topic');
      const parts = Object.keys(struct?.fields ?? {});
      if (parts.some((part) => PARTITION_LISTS.includes(part))) found.add('partition');
    }
    if (WRAPPERS.includes(name) && struct !== null) {
      for (const one of filtersOf(struct)) found.add(one);
    }
  }
  return found;
}

test('every API takes the filters that its requests have fields for, and no others', () => {
  const declared: Record<string, string[]> = {};
  for (const { key, name } of Object.values(apis)) {
    const schema = allMessages.find((one) => one.kind === 'request' && one.key === key)!;
    const filters = [...filtersOf(schema)].sort();
    if (filters.length > 0) declared[name] = filters;
  }
  const said = Object.entries(FILTERS_OF_APIS).map(([name, list]) => [name, [...list].sort()]);

  expect(Object.fromEntries(said)).toEqual(declared);
});
