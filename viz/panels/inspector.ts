/** `<trial-inspector>`: the selected event and the state at this position, in five tabs. */
import { css, html, type TemplateResult } from 'lit';
import { TAB_WORDS } from '../app/commands/look.ts';
import type { AppState, InspectorTab } from '../app/state.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import './inspect-config.ts';
import './inspect-diff.ts';
import './inspect-event.ts';
import './inspect-state.ts';
import './inspect-why.ts';

const TABS: readonly InspectorTab[] = ['event', 'state', 'diff', 'why', 'config'];

class Inspector extends Panel {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
        min-height: 0;
        contain: content;
        background: var(--panel);
      }
      .body {
        min-height: 0;
        overflow: auto;
        scrollbar-width: thin;
      }
      .body:focus-visible {
        outline-offset: -2px;
      }
    `,
  ];

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'tab', 'run');
  }

  protected override render(): TemplateResult {
    const { tab } = this.app.state;
    return html`<div role="tablist" aria-label="Inspector" @keydown=${this.moved}>
        ${TABS.map(
          (one) => html`<button
            role="tab"
            id="tab-${one}"
            aria-selected=${one === tab}
            aria-controls="body"
            tabindex=${one === tab ? 0 : -1}
            @click=${() => this.choose(one)}
          >
            ${TAB_WORDS[one]}
          </button>`,
        )}
      </div>
      <div class="body" id="body" role="tabpanel" aria-labelledby="tab-${tab}" tabindex="0">
        ${this.body(tab)}
      </div>`;
  }

  private body(tab: InspectorTab): TemplateResult {
    const { app } = this;
    switch (tab) {
      case 'event':
        return html`<trial-inspect-event .app=${app}></trial-inspect-event>`;
      case 'state':
        return html`<trial-inspect-state .app=${app}></trial-inspect-state>`;
      case 'diff':
        return html`<trial-inspect-diff .app=${app}></trial-inspect-diff>`;
      case 'why':
        return html`<trial-inspect-why .app=${app}></trial-inspect-why>`;
      case 'config':
        return html`<trial-inspect-config .app=${app}></trial-inspect-config>`;
    }
  }

  private choose(tab: InspectorTab): void {
    this.app.update((draft) => {
      draft.tab = tab;
    });
  }

  private moved(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const place = TABS.indexOf(this.app.state.tab) + step + TABS.length;
    this.choose(TABS[place % TABS.length] ?? 'event');
    void this.updateComplete.then(() => {
      const tab = this.renderRoot.querySelector('[aria-selected="true"]');
      if (tab instanceof HTMLElement) tab.focus();
    });
  }
}

customElements.define('trial-inspector', Inspector);
