/** `<trial-header>`: which run this is, and what can be done with all of it. */
import { css, html, type TemplateResult } from 'lit';
import { runBeside } from '../app/compare-runs.ts';
import { nextSeed } from '../app/next-seed.ts';
import { runTitle } from '../app/run-names.ts';
import { copyText } from '../app/sharing.ts';
import type { AppState } from '../app/state.ts';
import { ENGINE_VERSION } from '../engine/version.ts';
import { commandButton } from './command-button.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import { glyph } from './icons.ts';

class Header extends Panel {
  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        min-height: 44px;
        padding: 0 var(--space-3);
        background: var(--panel);
        border-bottom: 1px solid var(--line);
      }
      .brand {
        padding: 0 var(--space-1);
        font-size: var(--size-l);
        font-weight: var(--weight-strong);
        letter-spacing: -0.01em;
      }
      .brand svg.glyph {
        color: var(--accent);
      }
      .run {
        display: flex;
        align-items: baseline;
        gap: var(--space-3);
        min-width: 0;
        flex: 1;
      }
      h1 {
        margin: 0;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-size: var(--size-m);
        font-weight: var(--weight-strong);
      }
      .fact {
        color: var(--text-2);
        font-size: var(--size-s);
        white-space: nowrap;
      }
      .fact button {
        height: auto;
        padding: 1px 4px;
        font-size: var(--size-s);
        color: var(--text-2);
      }
      .actions {
        display: flex;
        gap: 2px;
      }
      @media (max-width: 1180px) {
        .fact.optional,
        .actions button span {
          display: none;
        }
        .actions button {
          width: var(--control);
          padding: 0;
        }
      }
      @media (max-width: 640px) {
        :host {
          flex-wrap: wrap;
          padding-block: 2px;
        }
        .run {
          order: 1;
          flex: 1 0 100%;
          padding: 0 var(--space-1) var(--space-1);
        }
        .run:empty {
          display: none;
        }
        h1 {
          overflow: visible;
          white-space: normal;
        }
        .actions {
          margin-left: auto;
        }
        .fact {
          display: none;
        }
        .no-phone {
          display: none;
        }
      }
    `,
  ];

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'run', 'screen', 'compare', 'theme', 'editor', 'overlay');
  }

  protected override render(): TemplateResult {
    const { app } = this;
    const { screen, run } = app.state;
    return html`
      ${
        screen === 'run'
          ? commandButton(app, 'gallery', { icon: 'gallery' })
          : html`<span class="brand">Trial</span>`
      }
      <div class="run">${screen === 'run' && run !== null ? this.facts() : null}</div>
      <div class="actions">
        ${screen === 'run' ? this.runActions() : null}
        ${commandButton(app, 'palette', { icon: 'search' })}
        ${commandButton(app, 'theme', {
          icon: app.state.theme === 'light' ? 'light' : 'dark',
          words: `Theme: ${app.state.theme}`,
        })}
        ${commandButton(app, 'help', { icon: 'question' })}
      </div>
    `;
  }

  private facts(): TemplateResult {
    const { run } = this.app.state;
    const slot = this.app.slot;
    if (run === null || slot === null) return html``;
    const from = slot.parent === null ? null : `branch after event ${slot.parent.after}`;
    const { title, changed } = runTitle(this.app.slots, slot);
    return html`<h1 title=${run.name}>
        ${changed === '' ? title : `${changed}, changed from “${title}”`}
      </h1>
      ${from === null ? null : html`<span class="fact">${from}</span>`}
      <span class="fact">seed <span class="mono">${run.seed}</span></span>
      <span class="fact optional">engine ${ENGINE_VERSION}</span>
      <span class="fact optional"
        >${
          run.traceHash === ''
            ? html`running …`
            : html`trace
                <button
                  class="mono"
                  title="Copy the trace hash ${run.traceHash}"
                  @click=${() => this.copyHash(run.traceHash)}
                >
                  ${run.traceHash.slice(0, 8)}
                </button>`
        }</span
      >`;
  }

  private runActions(): TemplateResult {
    const { app } = this;
    return html`
      <button title="Run the same scenario again with the next seed" @click=${this.again}>
        ${glyph('play')}<span>Next seed</span>
      </button>
      <span class="no-phone"
        >${commandButton(app, 'branch', { icon: 'branch', label: 'Branch' })}</span
      >
      ${commandButton(app, 'compare', {
        icon: 'compare',
        label: 'Compare',
        pressed: app.state.compare !== null,
      })}
      ${commandButton(app, 'share', { icon: 'share', label: 'Share' })}
    `;
  }

  private again(): void {
    const { app } = this;
    const { slot } = app;
    if (slot === null) return;
    const { scenario, seed } = slot.spec;
    const isRunBeside = app.state.compare !== null;
    const next = () => app.services.open({ scenario, seed: nextSeed(seed) });
    if (isRunBeside) void runBeside(app, next);
    else next().catch((error: unknown) => app.notify('error', String(error)));
  }

  private copyHash(hash: string): void {
    copyText(hash).then(
      () => this.app.notify('info', 'Trace hash copied'),
      (error: unknown) => this.app.notify('error', 'Not copied', [String(error)]),
    );
  }
}

customElements.define('trial-header', Header);
