/** `<trial-inspect-diff>`: what the selected event changed in the state, patch by patch. */
import type { Patch } from 'immer';
import { css, html, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import type { AppState } from '../app/state.ts';
import { wordsOf } from '../model/legend.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import { inspectStyles } from './inspect-styles.ts';

class InspectDiff extends Panel {
  static override styles = [
    controls,
    inspectStyles,
    css`
      .path {
        color: var(--text-2);
      }
      .path b {
        color: var(--text);
        font-weight: var(--weight-strong);
      }
      .old,
      .new {
        display: inline-block;
        padding: 0 4px;
        border-radius: var(--radius-s);
        overflow-wrap: anywhere;
        font-family: var(--mono);
        font-size: var(--size-xs);
      }
      .old {
        background: var(--orange-wash);
        color: var(--orange-ink);
        text-decoration: line-through;
      }
      .new {
        background: var(--blue-wash);
        color: var(--blue-ink);
      }
    `,
  ];

  protected override readonly paceMs = 250;

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'position', 'run', 'playing');
  }

  protected override render(): TemplateResult {
    const { slot, state } = this.app;
    const { position } = state;
    if (slot === null || position < 1) {
      return html`<p class="nothing">Before the first event nothing has changed yet.</p>`;
    }
    const before = slot.timeline.stateAt(position - 1);
    const patches = slot.timeline
      .diffAt(position)
      .filter((one) => one.op === 'remove' || !isSame(valueAt(before, one.path), one.value));
    return html`<section>
      <p class="words">
        Event ${count(position)}: ${wordsOf(slot.store.at(position), slot.store.nodeNames)}.
      </p>
      ${
        patches.length === 0
          ? html`<p class="nothing">It changed nothing of the state that the page follows.</p>`
          : html`<table>
              <thead>
                <tr>
                  <th scope="col">what</th>
                  <th scope="col">before → after</th>
                </tr>
              </thead>
              <tbody>
                ${patches.map((patch) => patchRow(patch, before))}
              </tbody>
            </table>`
      }
    </section>`;
  }
}

function patchRow(patch: Patch, before: unknown): TemplateResult {
  const last = patch.path.at(-1);
  const path = patch.path.slice(0, -1);
  const old = valueAt(before, patch.path);
  return html`<tr>
    <td class="path">${path.join(' › ')}${path.length > 0 ? ' › ' : ''}<b>${last}</b></td>
    <td>
      ${old === undefined ? null : html`<span class="old">${shown(old)}</span>`}
      ${
        patch.op === 'remove'
          ? html`<span class="faint">gone</span>`
          : html`<span class="new">${shown(patch.value)}</span>`
      }
    </td>
  </tr>`;
}

function valueAt(tree: unknown, path: readonly (string | number)[]): unknown {
  let value = tree;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** A list or a table put in place of an equal one is no change. */
function isSame(old: unknown, value: unknown): boolean {
  return JSON.stringify(old) === JSON.stringify(value);
}

const SHOWN = 160;

/** `3, 1`, `broker: 2, why: its session timed out`; in brackets what is deeper. */
function shown(value: unknown): string {
  const text = inWords(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}

function inWords(value: unknown): string {
  if (value === '' || value === null || value === undefined) return '–';
  if (typeof value !== 'object') return String(value);
  const isAlone = Object.keys(value).length === 1;
  const inner = (one: unknown) =>
    typeof one === 'object' && one !== null && !isAlone ? `(${inWords(one)})` : inWords(one);
  const parts = Array.isArray(value)
    ? value.map(inner)
    : Object.entries(value).map(([key, one]) => `${key}: ${inner(one)}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

customElements.define('trial-inspect-diff', InspectDiff);
