/**
 * One entry of a JAAS configuration, as `sasl.jaas.config` holds it (Kafka: JaasConfig):
 * `<login module> <control flag> key="value" key=value …;`
 */
export interface JaasEntry {
  readonly module: string;
  readonly options: ReadonlyMap<string, string>;
}

const FLAGS: ReadonlySet<string> = new Set(['required', 'requisite', 'sufficient', 'optional']);
/** A word, a quoted text with backslashes, `=` or `;`. */
const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([=;])|([^\s=;"']+))/y;

interface Token {
  readonly text: string;
  /** `=` and `;` that are not inside quotes. */
  readonly isMark: boolean;
}

/** null: not of this form. */
export function parseJaas(text: string): JaasEntry | null {
  const tokens = tokensOf(text.trim());
  if (tokens === null) return null;
  const [module, flag, ...rest] = tokens;
  const last = rest.pop();
  if (module === undefined || module.isMark || !FLAGS.has(flag?.text.toLowerCase() ?? '')) {
    return null;
  }
  if (last === undefined || !last.isMark || last.text !== ';' || rest.length % 3 !== 0) return null;
  const options = new Map<string, string>();
  for (let i = 0; i < rest.length; i += 3) {
    const [key, equals, value] = rest.slice(i, i + 3) as [Token, Token, Token];
    if (key.isMark || !equals.isMark || equals.text !== '=' || value.isMark) return null;
    options.set(key.text, value.text);
  }
  return { module: module.text, options };
}

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(text);
    if (match === null) return null;
    const [, double, single, mark, word] = match;
    const quoted = double ?? single;
    if (quoted !== undefined) tokens.push({ text: unescaped(quoted), isMark: false });
    else tokens.push({ text: mark ?? (word as string), isMark: mark !== undefined });
  }
  return tokens;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
