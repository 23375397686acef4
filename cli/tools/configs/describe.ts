/** `trial configs --describe`, with the lines of Kafka's own. */
import type {
  ConfigDescription,
  ConfigResource,
  ConfigSetting,
} from '../../../kafka/client/commands.ts';
import type { Terminal } from '../../terminal.ts';
import { printJson } from '../../write-json.ts';
import { CALL_TIMEOUT_MS } from '../connect-options.ts';
import type { Session } from '../session.ts';
import { knownTopics } from '../topics/known-topics.ts';
import { describedConfigs } from './described-configs.ts';
import type { ConfigsOptions, Entity } from './options.ts';

export async function describeConfigs(
  session: Session,
  entity: Entity,
  options: ConfigsOptions,
  terminal: Terminal,
): Promise<void> {
  const resources = await resourcesOf(session, entity);
  const described = await describedConfigs(session, resources, { synonyms: true });
  const shown = described.map((one) => ({
    ...one,
    configs: options.all === true ? sorted(one.configs) : sorted(changedOf(one)),
  }));
  if (options.json === true || options.jsonFile !== undefined) {
    const entities = shown.map(({ resource, configs }) => ({
      type: resource.type,
      name: resource.type === 'broker' && resource.name === '' ? null : resource.name,
      configs,
    }));
    printJson({ schema: 1, entities }, options.jsonFile, terminal);
  }
  if (options.json === true) return;
  for (const { resource, configs } of shown) {
    terminal.out(`${headLine(resource, options.all === true)}\n`);
    for (const one of configs) terminal.out(`${settingLine(one)}\n`);
  }
}

async function resourcesOf(session: Session, { type, name }: Entity): Promise<ConfigResource[]> {
  if (name !== null) return [{ type, name }];
  if (type === 'topic') {
    return (await knownTopics(session)).map((one) => ({ type, name: one.name }));
  }
  const { brokers } = await session.expect('clusterDescribed', {
    kind: 'describeCluster',
    timeoutMs: CALL_TIMEOUT_MS,
  });
  return [...brokers.map(({ id }) => ({ type, name: String(id) })), { type, name: '' }];
}

/** What was set for this very entity while the cluster runs. */
export function changedOf({ resource, configs }: ConfigDescription): readonly ConfigSetting[] {
  const source =
    resource.type === 'topic'
      ? 'DYNAMIC_TOPIC_CONFIG'
      : resource.name === ''
        ? 'DYNAMIC_DEFAULT_BROKER_CONFIG'
        : 'DYNAMIC_BROKER_CONFIG';
  return configs.filter((one) => one.source === source);
}

function sorted(configs: readonly ConfigSetting[]): ConfigSetting[] {
  return [...configs].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function headLine({ type, name }: ConfigResource, all: boolean): string {
  if (name === '') return 'Default configs for brokers in the cluster are:';
  return `${all ? 'All' : 'Dynamic'} configs for ${type} ${name} are:`;
}

function settingLine({ name, value, isSensitive, synonyms }: ConfigSetting): string {
  const others = synonyms.map((one) => `${one.source}:${one.name}=${one.value}`);
  return `  ${name}=${value} sensitive=${isSensitive} synonyms={${others.join(', ')}}`;
}
