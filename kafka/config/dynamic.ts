/**
 * Which broker keys may be changed while brokers run (KIP-226; Kafka: DynamicBrokerConfig): the
 * defaults that topics inherit, by the first of each topic key's synonyms. All others are read
 * once, at the start.
 */
import { topicSynonyms } from './topic.ts';

const dynamic: ReadonlySet<string> = new Set(
  Object.values(topicSynonyms).map(([first]) => first?.key ?? ''),
);

export function isDynamicBrokerKey(name: string): boolean {
  return dynamic.has(name);
}
