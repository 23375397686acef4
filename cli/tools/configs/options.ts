/** What `trial configs` is asked about. */
import { usageError } from '../../errors.ts';
import type { ConnectOptions } from '../connect-options.ts';

export interface ConfigsOptions extends ConnectOptions {
  readonly describe?: true;
  readonly alter?: true;
  readonly entityType?: 'topics' | 'brokers';
  readonly entityName?: string;
  readonly entityDefault?: true;
  readonly topic?: string;
  readonly broker?: string;
  readonly brokerDefaults?: true;
  readonly all?: true;
  readonly addConfig?: string;
  readonly addConfigFile?: string;
  readonly deleteConfig?: readonly string[];
  readonly json?: true;
  readonly jsonFile?: string;
}

export interface Entity {
  readonly type: 'topic' | 'broker';
  /** '': what holds for all brokers; null: every entity of the type. */
  readonly name: string | null;
}

export function entityOf(options: ConfigsOptions): Entity {
  const entities: Entity[] = [];
  if (options.topic !== undefined) entities.push({ type: 'topic', name: options.topic });
  if (options.broker !== undefined) entities.push({ type: 'broker', name: options.broker });
  if (options.brokerDefaults === true) entities.push({ type: 'broker', name: '' });
  if (options.entityType !== undefined) entities.push(longForm(options, options.entityType));
  else if (options.entityName !== undefined || options.entityDefault === true) {
    throw usageError('--entity-name and --entity-default need --entity-type');
  }
  const [entity] = entities;
  if (entity === undefined || entities.length > 1) {
    throw usageError('one of --entity-type, --topic, --broker, --broker-defaults says whose');
  }
  const { type, name } = entity;
  if (type === 'broker' && name !== null && name !== '' && !/^\d+$/.test(name)) {
    throw usageError(`a broker’s name is its id, an integer, not ${name}`);
  }
  if (type === 'topic' && name === '') throw usageError('a topic’s name cannot be empty');
  return entity;
}

function longForm(options: ConfigsOptions, entityType: 'topics' | 'brokers'): Entity {
  const type = entityType === 'topics' ? 'topic' : 'broker';
  if (options.entityDefault !== true) return { type, name: options.entityName ?? null };
  if (options.entityName !== undefined) {
    throw usageError('--entity-name and --entity-default say different things');
  }
  if (type === 'topic') throw usageError('--entity-default goes with --entity-type brokers');
  return { type, name: '' };
}
