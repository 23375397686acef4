/**
 * `<trial-context-menu>`: what can be done to the thing under the pointer or in the selection.
 * Every entry makes a branch; the run on screen stays as it is.
 */
import { css, html, nothing, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import { performFault } from '../app/branching.ts';
import { CONTEXT_EVENT, type ContextRequest, type ContextTarget } from '../app/context-target.ts';
import { type FaultChoice, faultChoices } from '../app/fault-menu.ts';
import { focusedElement } from '../app/keys.ts';
import { isTooSmall } from '../app/small-screen.ts';
import type { AppState } from '../app/state.ts';
import type { TraceStore } from '../model/trace-store.ts';
import { controls } from './controls.ts';
import { vars } from './css-vars.ts';
import { differs, Panel } from './element.ts';

class ContextMenu extends Panel {
  static override styles = [
    controls,
    css`
      .menu {
        position: fixed;
        z-index: 20;
        left: var(--x);
        top: var(--y);
        width: max-content;
        max-width: min(380px, calc(100vw - 16px));
        max-height: min(560px, calc(100dvh - 16px));
        padding: var(--space-1);
        overflow: auto;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-l);
        background: var(--raised);
        box-shadow: var(--shadow);
      }
      .head {
        padding: 4px var(--space-2) 6px;
        color: var(--text-2);
        font-size: var(--size-s);
      }
      .head b {
        color: var(--text);
        font-weight: var(--weight-strong);
      }
      .group {
        padding: 6px var(--space-2) 2px;
        color: var(--text-3);
        font-size: var(--size-xs);
      }
      button {
        display: flex;
        justify-content: flex-start;
        width: 100%;
        height: 26px;
        font-size: var(--size-s);
        white-space: normal;
        text-align: left;
      }
      button[aria-disabled] {
        color: var(--text-2);
        cursor: not-allowed;
      }
      .refused {
        margin-left: 0.5ch;
        font-style: italic;
      }
      button:focus-visible {
        background: var(--accent-soft);
        outline: none;
      }
    `,
  ];

  private request: ContextRequest | null = null;
  private opener: Element | null = null;
  private endings: (() => void)[] = [];

  protected override shows(state: AppState, before: AppState): boolean {
    const hasGone = differs(state, before, 'run', 'screen', 'overlay');
    if (hasGone) this.request = null;
    return hasGone;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const asked = (event: Event): void => {
      this.open((event as CustomEvent<ContextRequest>).detail);
    };
    const elsewhere = (event: Event): void => {
      if (this.request !== null && !event.composedPath().includes(this)) this.close(false);
    };
    window.addEventListener(CONTEXT_EVENT, asked);
    window.addEventListener('pointerdown', elsewhere, true);
    this.endings.push(
      () => window.removeEventListener(CONTEXT_EVENT, asked),
      () => window.removeEventListener('pointerdown', elsewhere, true),
      this.app.onRequest((what) => {
        if (what === 'context-menu') this.openForSelection();
      }),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.endings.splice(0)) end();
  }

  protected override render(): TemplateResult {
    const { request } = this;
    const { slot, state } = this.app;
    if (request === null || slot === null) return html``;
    const choices = faultChoices(request.target, slot.store, state.position, (event) =>
      slot.timeline.stateAt(event),
    );
    const afters = [...new Set(choices.map((one) => one.after))].sort((a, b) => a - b);
    const after = afters[0] ?? state.position;
    const last = afters.at(-1) ?? after;
    return html`<div
      class="menu"
      role="menu"
      aria-label="Branch: ${nameOf(request.target, slot.store)}"
      ${vars({ '--x': `${request.x}px`, '--y': `${request.y}px` })}
      @keydown=${this.moved}
      @contextmenu=${(event: Event) => event.preventDefault()}
    >
      <div class="head">
        Branch after event <span class="num">${count(after)}</span
        >${last === after ? '' : html` or <span class="num">${count(last)}</span>`} ·
        <b>${nameOf(request.target, slot.store)}</b>
      </div>
      ${grouped(choices).map(
        ([group, members]) => html`<div class="group" role="presentation">${group}</div>
          ${members.map(
            (choice) => html`<button
              role="menuitem"
              tabindex="-1"
              aria-disabled=${choice.refused === '' ? nothing : 'true'}
              @click=${() => this.run(choice)}
            >
              ${choice.words}${
                choice.refused === ''
                  ? null
                  : html`<span class="refused">(${choice.refused})</span>`
              }
            </button>`,
          )}`,
      )}
      ${choices.length === 0 ? html`<div class="head">Nothing can be done to it.</div>` : null}
    </div>`;
  }

  protected override updated(): void {
    const menu = this.renderRoot.querySelector('.menu');
    if (!(menu instanceof HTMLElement) || this.request === null) return;
    const { width, height } = menu.getBoundingClientRect();
    const x = Math.max(8, Math.min(this.request.x, window.innerWidth - width - 8));
    const y = Math.max(8, Math.min(this.request.y, window.innerHeight - height - 8));
    menu.style.setProperty('--x', `${x}px`);
    menu.style.setProperty('--y', `${y}px`);
    if (!menu.contains(focusedElement())) this.items()[0]?.focus();
  }

  private open(request: ContextRequest): void {
    if (this.app.slot === null || isTooSmall(this.app)) return;
    this.opener = focusedElement();
    this.request = request;
    this.requestUpdate();
  }

  /** By key: of the selected lane, else of the event that the page stands at. */
  private openForSelection(): void {
    const { slot, state } = this.app;
    if (slot === null) return;
    const { node, event } = state.selection;
    const target: ContextTarget | null =
      node !== null && node > 0
        ? { kind: 'node', node: slot.store.nodeName(node) }
        : event === null
          ? null
          : { kind: 'event', event };
    if (target === null) return this.app.say('nothing is selected');
    this.open({ target, x: window.innerWidth / 2 - 150, y: window.innerHeight / 4 });
  }

  private moved(event: KeyboardEvent): void {
    const items = this.items();
    const place = items.indexOf(focusedElement() as HTMLElement);
    switch (event.key) {
      case 'ArrowDown':
        items[(place + 1) % items.length]?.focus();
        break;
      case 'ArrowUp':
        items[(place - 1 + items.length) % items.length]?.focus();
        break;
      case 'Home':
        items[0]?.focus();
        break;
      case 'End':
        items.at(-1)?.focus();
        break;
      case 'Escape':
      case 'Tab':
        this.close(true);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  }

  private run(choice: FaultChoice): void {
    if (choice.refused !== '') return this.app.say(`not possible: ${choice.refused}`);
    this.close(true);
    performFault(this.app, choice);
  }

  private close(isBack: boolean): void {
    this.request = null;
    this.requestUpdate();
    if (isBack && this.opener instanceof HTMLElement) this.opener.focus();
  }
}

function nameOf(target: ContextTarget, store: TraceStore): string {
  switch (target.kind) {
    case 'node':
      return target.node;
    case 'link':
      return `${target.from} → ${target.to}`;
    case 'partition':
      return target.partition;
    case 'message':
      return `message of event ${count(target.event)}`;
    case 'event':
      return store.nodeName(store.node(target.event));
  }
}

function grouped(choices: readonly FaultChoice[]): [string, FaultChoice[]][] {
  const groups = new Map<string, FaultChoice[]>();
  for (const choice of choices) {
    const members = groups.get(choice.group);
    if (members === undefined) groups.set(choice.group, [choice]);
    else members.push(choice);
  }
  return [...groups];
}

customElements.define('trial-context-menu', ContextMenu);
