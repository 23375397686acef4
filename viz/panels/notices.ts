/** `<trial-notices>`: what went wrong or was done, until it is put away. */
import { css, html, type TemplateResult } from 'lit';
import type { AppState, Notice } from '../app/state.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import { glyph } from './icons.ts';

/** Good news goes by itself; problems stay until they are put away. */
const SHOWN_MS = 6_000;

class Notices extends Panel {
  static override styles = [
    controls,
    css`
      :host {
        position: fixed;
        right: var(--space-4);
        bottom: var(--space-4);
        z-index: 30;
        display: grid;
        gap: var(--space-2);
        width: min(460px, calc(100vw - 24px));
        pointer-events: none;
      }
      .notice {
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: var(--space-2);
        align-items: start;
        padding: var(--space-2) var(--space-2) var(--space-2) var(--space-3);
        border: 1px solid var(--line-strong);
        border-left: 4px solid var(--accent);
        border-radius: var(--radius);
        background: var(--raised);
        box-shadow: var(--shadow);
        pointer-events: auto;
      }
      .notice.error {
        border-left-color: var(--violated);
      }
      .notice > svg {
        margin-top: 5px;
        color: var(--accent);
      }
      .notice.error > svg {
        color: var(--violated-ink);
      }
      strong {
        display: block;
        padding: 4px 0;
        font-weight: var(--weight-strong);
      }
      ul {
        max-height: 220px;
        margin: 0 0 4px;
        padding: 0;
        overflow: auto;
        list-style: none;
        color: var(--text-2);
        font-size: var(--size-s);
        line-height: var(--leading-text);
        overflow-wrap: anywhere;
      }
      /* Not of the list: between its tags are spaces, too. */
      li {
        white-space: pre-wrap;
      }
    `,
  ];

  private readonly timed = new Set<number>();

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'notices');
  }

  protected override render(): TemplateResult {
    const { notices } = this.app.state;
    for (const one of notices) if (one.kind === 'info') this.endLater(one.id);
    return html`${notices.map((one) => this.notice(one))}`;
  }

  private notice(one: Notice): TemplateResult {
    const isError = one.kind === 'error';
    return html`<div class="notice ${one.kind}" role=${isError ? 'alert' : 'status'}>
      ${glyph(isError ? 'violation' : 'check')}
      <div>
        <strong>${one.title}</strong>
        ${
          one.details.length === 0
            ? null
            : html`<ul>
                ${one.details.map((line) => html`<li>${line}</li>`)}
              </ul>`
        }
      </div>
      <button class="icon" aria-label="Put away" @click=${() => this.end(one.id)}>
        ${glyph('cross')}
      </button>
    </div>`;
  }

  private endLater(id: number): void {
    if (this.timed.has(id)) return;
    this.timed.add(id);
    setTimeout(() => this.end(id), SHOWN_MS);
  }

  private end(id: number): void {
    this.timed.delete(id);
    this.app.update((draft) => {
      draft.notices = draft.notices.filter((one) => one.id !== id);
    });
  }
}

customElements.define('trial-notices', Notices);
