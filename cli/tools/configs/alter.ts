/** `trial configs --alter` */
import { usageError } from '../../errors.ts';
import type { Terminal } from '../../terminal.ts';
import { printJson } from '../../write-json.ts';
import { CALL_TIMEOUT_MS, propertiesOf } from '../connect-options.ts';
import { refused, type Session } from '../session.ts';
import { changedOf } from './describe.ts';
import { describedConfigs } from './described-configs.ts';
import type { ConfigsOptions, Entity } from './options.ts';

export async function alterConfigs(
  session: Session,
  { type, name }: Entity,
  options: ConfigsOptions,
  terminal: Terminal,
): Promise<void> {
  if (name === null) throw usageError('--alter needs the name of what is changed');
  const set = { ...propertiesOf(options.addConfigFile), ...parseAdded(options.addConfig) };
  const gone = (options.deleteConfig ?? []).flatMap((one) => one.split(',')).map((k) => k.trim());
  if (Object.keys(set).length === 0 && gone.length === 0) {
    throw usageError('--alter needs --add-config, --add-config-file or --delete-config');
  }
  const resource = { type, name };
  const described = await describedConfigs(session, [resource], { synonyms: false });
  const present = described.flatMap(changedOf).map((one) => one.name);
  const absent = gone.filter((key) => !present.includes(key));
  if (absent.length > 0) throw refused('Invalid config(s)', absent.join(','));
  const change = { resource, set, delete: gone, append: {}, subtract: {} };
  const { results } = await session.expect('operated', {
    kind: 'alterConfigs',
    changes: [change],
    timeoutMs: CALL_TIMEOUT_MS,
  });
  const wrong = results.find(({ error }) => error !== 'NONE');
  if (wrong !== undefined) throw refused(wrong.error, wrong.message);
  if (options.json === true || options.jsonFile !== undefined) {
    const altered = { type, name: name === '' ? null : name, set, deleted: gone };
    printJson({ schema: 1, altered }, options.jsonFile, terminal);
  }
  if (options.json === true) return;
  const whose =
    name === '' ? `default config for ${type}s in the cluster` : `config for ${type} ${name}`;
  terminal.out(`Completed updating ${whose}.\n`);
}

/** `a=1,b=[x,y]`: commas inside brackets belong to the value, the brackets do not. */
export function parseAdded(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  const config: Record<string, string> = {};
  for (const pair of text.split(/,(?=[^\]]*(?:\[|$))/)) {
    const at = pair.indexOf('=');
    const key = pair.slice(0, at).trim();
    if (at <= 0 || !/^[a-zA-Z0-9._-]+$/.test(key)) {
      throw usageError(`--add-config ${pair}: expected key=value`);
    }
    config[key] = pair
      .slice(at + 1)
      .replace(/[[\]]/g, '')
      .trim();
  }
  return config;
}
