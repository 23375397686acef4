/**
 * A layer over the page: a native modal dialog, which keeps the focus inside and gives it back.
 * Escape and a click beside it close it.
 */
import { css, html, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { focusedElement } from '../app/keys.ts';
import { glyph } from './icons.ts';

export interface DialogLooks {
  readonly title: string;
  readonly close: () => void;
  /** `wide`, `palette` or nothing. */
  readonly look?: string;
  readonly hideTitle?: boolean;
}

export function dialog(looks: DialogLooks, body: TemplateResult): TemplateResult {
  const opened = (element: Element | undefined): void => {
    if (element instanceof HTMLDialogElement) openSoon(element);
  };
  const beside = (event: MouseEvent): void => {
    if (event.target === event.currentTarget) looks.close();
  };
  return html`<dialog
    class=${looks.look ?? ''}
    aria-label=${looks.title}
    ${ref(opened)}
    @click=${beside}
    @cancel=${(event: Event) => {
      event.preventDefault();
      looks.close();
    }}
  >
    <div class="inside">
      ${
        looks.hideTitle === true
          ? null
          : html`<div class="top">
              <h2>${looks.title}</h2>
              <button class="icon" aria-label="Close" @click=${looks.close}>
                ${glyph('cross')}
              </button>
            </div>`
      }
      ${body}
    </div>
  </dialog>`;
}

const openers = new WeakMap<HTMLDialogElement, Element | null>();

/** An element can only be opened once it is in the document. */
function openSoon(element: HTMLDialogElement): void {
  if (openers.has(element)) return;
  openers.set(element, focusedElement());
  queueMicrotask(() => {
    if (!element.isConnected || element.open) return;
    element.showModal();
    const gone = new MutationObserver(() => {
      if (element.isConnected) return;
      gone.disconnect();
      const opener = openers.get(element);
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    });
    gone.observe(element.getRootNode(), { childList: true });
  });
}

export const dialogStyles = css`
  dialog {
    width: min(460px, calc(100vw - 24px));
    max-height: min(780px, calc(100dvh - 48px));
    margin: min(14vh, 120px) auto auto;
    padding: 0;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-l);
    background: var(--raised);
    color: var(--text);
    box-shadow: var(--shadow);
    overflow: hidden;
  }
  dialog.wide {
    width: min(980px, calc(100vw - 24px));
    margin-top: min(6vh, 48px);
  }
  dialog.palette {
    width: min(620px, calc(100vw - 24px));
  }
  dialog::backdrop {
    background: var(--shade);
  }
  .inside {
    display: flex;
    flex-direction: column;
    max-height: inherit;
  }
  .top {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
    border-bottom: 1px solid var(--line);
  }
  .top h2 {
    font-size: var(--size-m);
    color: var(--text);
  }
  .content {
    padding: var(--space-4);
    overflow: auto;
  }
`;
