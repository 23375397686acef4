/** The settings of topics and brokers; one broker's can only be asked from itself. */
import type { ConfigDescription, ConfigResource } from '../../../kafka/client/commands.ts';
import { CALL_TIMEOUT_MS } from '../connect-options.ts';
import { refused, type Session } from '../session.ts';

export async function describedConfigs(
  session: Session,
  resources: readonly ConfigResource[],
  options: { readonly synonyms: boolean },
): Promise<readonly ConfigDescription[]> {
  const isOwn = ({ type, name }: ConfigResource) => type === 'broker' && name !== '';
  const anywhere = resources.filter((one) => !isOwn(one));
  const asked = [...(anywhere.length > 0 ? [anywhere] : [])];
  for (const one of resources) if (isOwn(one)) asked.push([one]);
  const described: ConfigDescription[] = [];
  for (const group of asked) {
    const result = await session.expect('configsDescribed', {
      kind: 'describeConfigs',
      resources: group,
      synonyms: options.synonyms,
      timeoutMs: CALL_TIMEOUT_MS,
    });
    described.push(...result.resources);
  }
  const wrong = described.find(({ error }) => error !== 'NONE');
  if (wrong !== undefined) throw refused(wrong.error, wrong.message);
  const nameOf = ({ type, name }: ConfigResource) => `${type} ${name}`;
  const byName = new Map(described.map((one) => [nameOf(one.resource), one]));
  return resources.flatMap((one) => byName.get(nameOf(one)) ?? []);
}
