/**
 * Blanks comments and the insides of strings, templates and regular expressions out of a source
 * text, keeping every offset and line, so that rules can be written as plain patterns over code.
 */

/** Words after which a slash begins a regular expression, not a division. */
const BEFORE_REGEX =
  /(?:^|[=(,:;[!&|?{}+\-*%~^<>]|\b(?:return|typeof|case|in|of|void|throw|else))$/;

export function blankNonCode(source: string): string {
  const out: string[] = [];
  /** One entry for each open `${`: how many braces are open inside it. */
  const templates: number[] = [];
  let position = 0;

  const keep = (count: number) => {
    out.push(source.slice(position, position + count));
    position += count;
  };
  const blankTo = (end: number) => {
    out.push(source.slice(position, end).replace(/[^\n]/g, ' '));
    position = end;
  };
  const templateText = () => {
    const { end, hole } = endOfTemplateText(source, position);
    blankTo(end);
    if (hole) templates.push(0);
    keep(hole ? 2 : 1);
  };

  while (position < source.length) {
    const char = source[position] as string;
    const two = source.slice(position, position + 2);
    if (two === '//') blankTo(lineEnd(source, position));
    else if (two === '/*') blankTo(after(source, '*/', position + 2));
    else if (char === "'" || char === '"') {
      keep(1);
      blankTo(endOfString(source, position, char));
      keep(1);
    } else if (char === '`') {
      keep(1);
      templateText();
    } else if (char === '}' && templates.at(-1) === 0) {
      templates.pop();
      keep(1);
      templateText();
    } else if (char === '/' && BEFORE_REGEX.test(lastCode(out))) {
      keep(1);
      blankTo(endOfRegex(source, position));
      keep(1);
    } else {
      countBrace(templates, char);
      keep(1);
    }
  }
  return out.join('');
}

function countBrace(templates: number[], char: string): void {
  const last = templates.length - 1;
  if (last < 0) return;
  if (char === '{') templates[last] = (templates[last] as number) + 1;
  if (char === '}') templates[last] = (templates[last] as number) - 1;
}

function lastCode(out: readonly string[]): string {
  return out.slice(-200).join('').trimEnd();
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end === -1 ? source.length : end;
}

function after(source: string, text: string, from: number): number {
  const start = source.indexOf(text, from);
  return start === -1 ? source.length : start + text.length;
}

function endOfString(source: string, from: number, quote: string): number {
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === quote || source[at] === '\n') return at;
  }
  return source.length;
}

function endOfTemplateText(source: string, from: number): { end: number; hole: boolean } {
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === '`') return { end: at, hole: false };
    else if (source.startsWith('${', at)) return { end: at, hole: true };
  }
  return { end: source.length, hole: false };
}

function endOfRegex(source: string, from: number): number {
  let inClass = false;
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if ((char === '/' && !inClass) || char === '\n') return at;
  }
  return source.length;
}
