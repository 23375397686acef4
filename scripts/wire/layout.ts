/** Small helpers that keep generated source readable: indentation and line breaks. */

const LINE_LENGTH = 100;

/** `code` two spaces deeper, without its blank lines, ending in a line break. */
export function indent(code: string): string {
  const lines = code.split('\n').filter((line) => line !== '');
  return lines.map((line) => `  ${line}\n`).join('');
}

/** An `if` around one statement, with `else` for the other when there is one. */
export function ifElse(test: string, inside: string, outside: string): string {
  const whole = `if (${test}) {\n${indent(inside)}}`;
  if (outside === '') return whole;
  return outside.startsWith('if (')
    ? `${whole} else ${outside}`
    : `${whole} else {\n${indent(outside)}}`;
}

/** A function's first line; one parameter a line when it would be too long. */
export function functionHead(name: string, parameters: string[], result: string): string {
  const line = `function ${name}(${parameters.join(', ')}): ${result} {\n`;
  if (line.length + 'export '.length <= LINE_LENGTH) return line;
  return `function ${name}(\n${parameters.map((p) => `  ${p},\n`).join('')}): ${result} {\n`;
}

/** `start = expression;`, the expression on a line of its own when it would be too long. */
export function assignment(start: string, expression: string): string {
  const line = `${start} = ${expression};`;
  if (line.length + 2 <= LINE_LENGTH) return line;
  const broken = `${start} =\n  ${expression};`;
  return expression.length + 6 <= LINE_LENGTH ? broken : broken.replace(' ?? ', ' ??\n    ');
}

/** Whether code uses a name other than as a property. */
export function mentions(code: string, name: string): boolean {
  return new RegExp(`(?<![.\\w])${name}\\b`).test(code);
}
