/** Kafka's configuration keys with their documentation, fetched when they are first wanted. */
import type { ConfigKey } from '../../kafka/config/define.ts';

type Keys = ReadonlyMap<string, ConfigKey<unknown>>;

let known: Keys | null = null;
let loading: Promise<Keys> | null = null;

export function loadConfigDocs(): Promise<Keys> {
  loading ??= import('../../kafka/config/levels.ts').then(({ configLevels, keysOfLevel }) => {
    const keys = new Map<string, ConfigKey<unknown>>();
    for (const level of configLevels) {
      for (const [name, key] of Object.entries(keysOfLevel(level))) {
        if (!keys.has(name)) keys.set(name, key);
      }
    }
    known = keys;
    return keys;
  });
  return loading;
}

/** undefined for an unknown key, and before the table has come. */
export function configDoc(name: string): ConfigKey<unknown> | undefined {
  return known?.get(name);
}
