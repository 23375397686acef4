/**
 * `<trial-code>`: the scenario as JSON in CodeMirror. Problems stand where they are, hovering a
 * key gives the line of Kafka's documentation, completion knows keys, faults and targets.
 */
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  redo,
  undo,
} from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import {
  bracketMatching,
  foldGutter,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
  syntaxTree,
} from '@codemirror/language';
import { type Diagnostic, linter, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Annotation, EditorState, type Transaction } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap, lineNumbers, type Tooltip } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { targetForms } from '../../sim/faults/targets.ts';
import { faultVerbs } from '../../sim/faults/verbs.ts';
import { configDoc } from '../app/config-docs.ts';
import { type PlacedProblem, withoutPath } from '../app/scenario-check.ts';
import { keyAt, placeOf } from './code-places.ts';

/** Marks a change that came from the store, not from the keyboard. */
const fromStore = Annotation.define<boolean>();

export interface CodeParts {
  readonly parent: HTMLElement;
  readonly root: ShadowRoot;
  /** The text was changed by hand. */
  readonly changed: (text: string) => void;
  readonly problems: (state: EditorState) => readonly PlacedProblem[];
  /** Undo and redo of the page, when the text stands as the page has it. */
  readonly undo: () => void;
  readonly redo: () => void;
  readonly isSettled: (text: string) => boolean;
}

export class CodeEditor {
  readonly view: EditorView;
  private readonly parts: CodeParts;

  constructor(text: string, parts: CodeParts) {
    this.parts = parts;
    this.view = new EditorView({
      parent: parts.parent,
      root: parts.root,
      state: EditorState.create({ doc: text, extensions: this.extensions() }),
    });
    // So that it scrolls by key also where the text is not being written.
    this.view.scrollDOM.tabIndex = 0;
  }

  destroy(): void {
    this.view.destroy();
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Another text from the store; the place of the cursor is kept. */
  setText(text: string): void {
    const { view } = this;
    if (text === this.text) return;
    const at = Math.min(view.state.selection.main.head, text.length);
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: text },
      selection: { anchor: at },
      annotations: fromStore.of(true),
    });
  }

  /** Puts the cursor on a place of the document. */
  reveal(path: readonly (string | number)[]): void {
    const { view } = this;
    const place = placeOf(view.state, path);
    view.dispatch({
      selection: { anchor: place.from, head: place.to },
      effects: EditorView.scrollIntoView(place.from, { y: 'center' }),
    });
  }

  /** Puts the cursor there and writes on. */
  revealAt({ line, column }: { readonly line: number; readonly column: number }): void {
    const { view } = this;
    const of = view.state.doc.line(Math.min(line, view.state.doc.lines));
    const at = Math.min(of.to, of.from + column - 1);
    const effects = EditorView.scrollIntoView(at, { y: 'center' });
    view.dispatch({ selection: { anchor: at }, effects });
    view.focus();
  }

  focus(): void {
    this.view.focus();
  }

  private extensions() {
    const { parts } = this;
    const settled = (state: EditorState): boolean => parts.isSettled(state.doc.toString());
    return [
      lineNumbers(),
      foldGutter(),
      history(),
      bracketMatching(),
      indentOnInput(),
      json(),
      syntaxHighlighting(colours),
      lintGutter(),
      linter((view) => this.lint(view), { delay: 250 }),
      hoverTooltip((view, at) => docTooltip(view, at)),
      autocompletion({ override: [complete] }),
      keymap.of([
        {
          key: 'Mod-z',
          run: (view) => {
            if (!settled(view.state)) return undo(view);
            parts.undo();
            return true;
          },
        },
        {
          key: 'Mod-y',
          mac: 'Mod-Shift-z',
          run: (view) => {
            if (!settled(view.state)) return redo(view);
            parts.redo();
            return true;
          },
        },
        ...defaultKeymap,
        ...historyKeymap,
        ...lintKeymap,
        indentWithTab,
      ]),
      EditorView.contentAttributes.of({ 'aria-label': 'Scenario as JSON; Escape then Tab leaves' }),
      EditorView.updateListener.of((update) => {
        const isOwn = update.transactions.some(
          (one: Transaction) => one.annotation(fromStore) === true,
        );
        if (update.docChanged && !isOwn) parts.changed(this.text);
      }),
      look,
    ];
  }

  private lint(view: EditorView): Diagnostic[] {
    const broken = jsonParseLinter()(view);
    if (broken.length > 0) return broken;
    return this.parts.problems(view.state).map((one) => ({
      ...placeOf(view.state, one.parts),
      severity: 'error',
      message: withoutPath(one),
    }));
  }

  /** Marks problems at once instead of at the next pause. */
  lintNow(): void {
    this.view.dispatch(setDiagnostics(this.view.state, this.lint(this.view)));
  }
}

const verbDocs: ReadonlyMap<string, string> = new Map(faultVerbs.map((one) => [one.name, one.doc]));

function docOf(key: string): string | null {
  const config = configDoc(key);
  if (config !== undefined) {
    const given = config.defaultText === null ? '' : ` Default: ${config.defaultText}.`;
    return `${config.doc}${given}`;
  }
  return verbDocs.get(key) ?? null;
}

function docTooltip(view: EditorView, at: number): Tooltip | null {
  const key = keyAt(view.state, at);
  const doc = key === null ? null : docOf(key.name);
  if (key === null || doc === null) return null;
  return {
    pos: key.from,
    end: key.to,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'doc';
      dom.textContent = doc;
      return { dom };
    },
  };
}

const PATH_WORDS = /"[^"]*/;

function complete(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(PATH_WORDS);
  if (word === null) return null;
  const node = syntaxTree(context.state).resolveInner(context.pos, -1);
  const isKey = node.name === 'PropertyName' || node.parent?.name === 'Object';
  const options = isKey ? keyOptions() : targetOptions();
  return { from: word.from + 1, options, validFor: /^[^"]*$/ };
}

function keyOptions() {
  return [
    ...configKeyNames().map((label) => ({
      label,
      type: 'property',
      info: docOf(label) ?? '',
    })),
    ...faultVerbs.map((one) => ({ label: one.name, type: 'keyword', info: one.doc })),
  ];
}

function targetOptions() {
  return targetForms.map(({ form, doc }) => ({ label: form, type: 'constant', info: doc }));
}

function configKeyNames(): string[] {
  return names;
}

const names: string[] = [];

/** The keys that completion offers; to be set once the table has come. */
export function setConfigKeys(keys: Iterable<string>): void {
  names.splice(0, names.length, ...keys);
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--text)' },
  { tag: tags.string, color: 'var(--green-ink)' },
  { tag: tags.number, color: 'var(--blue-ink)' },
  { tag: [tags.bool, tags.null], color: 'var(--purple-ink)' },
  { tag: tags.punctuation, color: 'var(--text-3)' },
]);

const look = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: 'var(--size-s)',
    color: 'var(--text)',
    backgroundColor: 'var(--panel)',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--cursor)' },
  '.cm-cursor': { borderLeftColor: 'var(--cursor)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'var(--accent-soft) !important',
  },
  '.cm-gutters': {
    backgroundColor: 'var(--panel-2)',
    color: 'var(--text-3)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '.cm-matchingBracket': { backgroundColor: 'var(--pressed)', outline: 'none' },
  '.cm-tooltip': {
    maxWidth: '360px',
    padding: '2px 0',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow)',
  },
  '.cm-tooltip .doc': { padding: '4px 8px', lineHeight: '1.45', fontFamily: 'var(--sans)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-diagnostic': { padding: '4px 8px', fontFamily: 'var(--sans)' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--violated)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--violated)',
    textUnderlineOffset: '3px',
  },
});
