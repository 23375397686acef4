/** Where things stand in a JSON text, by its syntax tree. */
import { syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';

type SyntaxNode = ReturnType<typeof syntaxTree>['topNode'];

export interface TextPlace {
  readonly from: number;
  readonly to: number;
}

/** The value at a path; the nearest thing around it when there is no such value. */
export function placeOf(state: EditorState, path: readonly (string | number)[]): TextPlace {
  let node: SyntaxNode | null = syntaxTree(state).topNode.firstChild;
  let place: TextPlace = node === null ? { from: 0, to: 0 } : firstLine(state, node);
  for (const part of path) {
    if (node === null) return place;
    const next: SyntaxNode | null =
      typeof part === 'number' ? item(node, part) : property(state, node, part);
    if (next === null) return place;
    node = next;
    place = firstLine(state, node);
  }
  return place;
}

/** The key of the property that a position lies in the name of. */
export function keyAt(
  state: EditorState,
  at: number,
): (TextPlace & { readonly name: string }) | null {
  const node = syntaxTree(state).resolveInner(at, -1);
  if (node.name !== 'PropertyName') return null;
  return { from: node.from, to: node.to, name: nameOf(state, node) };
}

/** Long values are marked by their first line only. */
function firstLine(state: EditorState, { from, to }: SyntaxNode): TextPlace {
  return { from, to: Math.min(to, state.doc.lineAt(from).to) };
}

function item(array: SyntaxNode, place: number): SyntaxNode | null {
  if (array.name !== 'Array') return null;
  let left = place;
  for (let child = array.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === '[' || child.name === ']' || child.name === '⚠') continue;
    if (left === 0) return child;
    left -= 1;
  }
  return null;
}

function property(state: EditorState, object: SyntaxNode, name: string): SyntaxNode | null {
  if (object.name !== 'Object') return null;
  for (const child of object.getChildren('Property')) {
    const key = child.getChild('PropertyName');
    if (key !== null && nameOf(state, key) === name) return child.lastChild;
  }
  return null;
}

function nameOf(state: EditorState, { from, to }: TextPlace): string {
  return state.sliceDoc(from + 1, to - 1);
}
