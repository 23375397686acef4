/** Which names a topic may have (Kafka: org.apache.kafka.common.internals.Topic). */
const MAX_LENGTH = 249;
const START = 'Topic name is invalid:';
const LEGAL = /^[a-zA-Z0-9._-]+$/;

/** @returns why the name is not allowed, null when it is. */
export function topicNameProblem(name: string): string | null {
  if (name === '') return `${START} the empty string is not allowed`;
  if (name === '.' || name === '..') return `${START} '${name}' is not allowed`;
  if (name.length > MAX_LENGTH) {
    return `${START} the length of '${name}' is longer than the max allowed length ${MAX_LENGTH}`;
  }
  if (!LEGAL.test(name)) {
    const other = "characters other than ASCII alphanumerics, '.', '_' and '-'";
    return `${START} '${name}' contains one or more ${other}`;
  }
  return null;
}

/** Names that differ only in '.' and '_' would collide in metric names. */
export function collisionForm(name: string): string {
  return name.replaceAll('.', '_');
}
