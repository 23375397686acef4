/** The topics of a cluster as its metadata tells them, by name. */
import type { TopicDescription } from '../../../kafka/client/commands.ts';
import type { Session } from '../session.ts';

export async function knownTopics(session: Session): Promise<TopicDescription[]> {
  const { topics } = await session.expect('topicsDescribed', {
    kind: 'describeTopics',
    topics: null,
  });
  return [...topics].sort((a, b) => (a.name < b.name ? -1 : 1));
}
