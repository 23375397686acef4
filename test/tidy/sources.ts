/** Reads the project's own sources with their imports, for the tidy rules. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blankNonCode } from './blank.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ImportOf {
  /** A path from the project's root for own files, else the bare specifier. */
  readonly target: string;
  readonly own: boolean;
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface Source {
  /** From the project's root, with '/'. */
  readonly path: string;
  readonly text: string;
  /** `text` without comments and the insides of strings; same offsets. */
  readonly code: string;
  readonly imports: readonly ImportOf[];
  readonly generated: boolean;
}

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', 'failures']);

export function readSources(): Source[] {
  return walk(root).map((path) => parse(path, readFileSync(join(root, path), 'utf8')));
}

export function parse(path: string, text: string): Source {
  const code = blankNonCode(text);
  const generated = path.includes('/generated/');
  return { path, text, code, imports: importsIn(path, text, code), generated };
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function walk(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...walk(path));
    else if (/\.(ts|mts|mjs|js)$/.test(entry.name)) {
      found.push(relative(root, path).split(sep).join('/'));
    }
  }
  return found.sort();
}

const STATEMENT = /\b(import|export)\b(?![.(])([^;'"`]*?)\bfrom\s*['"]|\bimport\s*\(?\s*['"]/g;

function importsIn(path: string, text: string, code: string): ImportOf[] {
  const imports: ImportOf[] = [];
  for (const match of code.matchAll(STATEMENT)) {
    const start = match.index + match[0].length;
    const quote = text[start - 1] as string;
    const specifier = text.slice(start, text.indexOf(quote, start));
    const own = specifier.startsWith('.');
    imports.push({
      target: own
        ? normalize(join(dirname(path), specifier))
            .split(sep)
            .join('/')
        : specifier,
      own,
      typeOnly: /^\s*type\b/.test(match[2] ?? ''),
      line: lineOf(text, match.index),
    });
  }
  return imports;
}
