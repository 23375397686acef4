/**
 * Which keys of a `server.properties` mean something here. Those of Kafka's that do not are told or
 * refused, never passed over in silence (`absent-keys.ts`); what is no key of Kafka's at all is an
 * error, and so is security that cannot be had.
 */
import { brokerConfigs } from '../../kafka/config/broker.ts';
import { didYouMean, nearestName } from '../../kafka/config/nearest.ts';
import { checkConfig, declared } from '../../kafka/config/parse.ts';
import { type AbsentKey, absentKey, absentNames } from './absent-keys.ts';
import { type Property, placeOf } from './read-properties.ts';

/** Whoever asks for these must not get less. */
const SECURITY = /^(authorizer|principal|sasl|security|ssl|listener\.security)\.|^super\.users$/;
/** Instead of compacted, topics would be deleted by age. */
const WOULD_KEEP_LESS = 'log.cleanup.policy';

/** Other names of keys (Kafka: LogConfig's `log.dirs`, KafkaConfig's `node.id`). */
const SYNONYMS: Readonly<Record<string, string>> = {
  'log.dir': 'log.dirs',
  'broker.id': 'node.id',
};

/** Keys that are read here and not by the node. */
const OWN_KEYS: readonly string[] = Object.keys(SYNONYMS);

export interface CheckedKeys {
  readonly config: Record<string, string>;
  /** What has no effect, and why. */
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

/** @param label of the file, for the words. */
export function checkKeys(label: string, properties: ReadonlyMap<string, Property>): CheckedKeys {
  const config: Record<string, string> = {};
  const notes: string[] = [];
  const problems: string[] = [];
  for (const [key, property] of properties) {
    const { value } = property;
    const at = placeOf(label, property);
    const absent = absentKey(key);
    const name = SYNONYMS[key] ?? key;
    const known = declared(brokerConfigs, name);
    // As in Kafka, no class is as if nothing was said.
    if (known?.type === 'CLASS' && value.trim() === '') continue;
    if (known !== undefined) {
      const [wrong] = checkConfig(brokerConfigs, { [name]: value }, { at });
      if (wrong === undefined || wrong.kind === 'conflict') config[key] = value;
      else if (wrong.kind === 'not-yet' && !SECURITY.test(key) && key !== WOULD_KEEP_LESS) {
        notes.push(`${at}: ${key} has no effect: ${wrong.message}`);
      } else problems.push(`${at}: ${wrong.message}`);
    } else if (absent === null) problems.push(`${at}: ${unknownWords(key)}`);
    else if (absent.harmless === null) notes.push(`${at}: ${key} has no effect: ${absent.why}`);
    else if (!absent.harmless.includes(value.trim())) {
      problems.push(`${at}: ${absentWords(key, absent)}`);
    }
  }
  return { config: withoutSynonyms(config, problems, label), notes, problems };
}

function unknownWords(key: string): string {
  const known = [...Object.keys(brokerConfigs.keys), ...OWN_KEYS, ...absentNames];
  const help = didYouMean(nearestName(key, known));
  return `${key} is no broker key${help === '' ? '' : `; ${help}`}`;
}

/** Of a key that cannot be passed over. */
export function absentWords(key: string, { why, harmless }: AbsentKey): string {
  const allowed = (harmless ?? []).filter((value) => value !== '');
  const remedy = ['leave it out', ...allowed.map((value) => `${key}=${value}`)].join(', or ');
  return `${key} is a key of Kafka’s that trial does not have: ${why}; ${remedy}`;
}

/** As Kafka: of the directories the plural counts, while the two names of an id must agree. */
function withoutSynonyms(
  config: Readonly<Record<string, string>>,
  problems: string[],
  label: string,
): Record<string, string> {
  const { 'log.dir': directory, 'broker.id': id, ...others } = config;
  const said = others['node.id'];
  if (id !== undefined && said !== undefined && Number(id) !== Number(said)) {
    problems.push(`${label}: broker.id=${id} is another name of node.id, which is ${said}`);
  }
  return {
    ...(directory === undefined ? {} : { 'log.dirs': directory }),
    ...(id === undefined ? {} : { 'node.id': id }),
    ...others,
  };
}
