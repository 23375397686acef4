/**
 * `<trial-run>`: all panels of one run. The view chosen gets the room; what is not in it is a
 * strip or not there. Below 1000 px the panels stand below each other, on a phone only to be read.
 */
import { css, html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { AppState } from '../app/state.ts';
import '../canvas/cap-strip-view.ts';
import '../canvas/lag-view.ts';
import '../canvas/lanes-view.ts';
import '../canvas/metrics-view.ts';
import '../canvas/minimap-view.ts';
import '../canvas/partition-log-view.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import './compare.ts';
import './event-list.ts';
import './inspector.ts';
import './lane-twin.ts';
import './sequence.ts';
import './share.ts';
import './transport.ts';
import './verdict-strip.ts';

class RunScreen extends Panel {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-rows: auto auto auto minmax(0, 1fr);
        grid-template-columns: minmax(0, 1fr);
        min-height: 0;
        height: 100%;
      }
      :host([hidden]) {
        display: none;
      }
      trial-share {
        position: absolute;
      }
      trial-minimap {
        height: 64px;
        border-bottom: 1px solid var(--line);
      }
      .work {
        display: grid;
        grid-template-columns: minmax(0, 1fr) clamp(320px, 27vw, 440px);
        min-height: 0;
      }
      .work.comparing:not(.editing) {
        grid-template-columns: minmax(0, 1fr);
      }
      .work.comparing:not(.editing) .side {
        display: none;
      }
      .main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        min-width: 0;
        min-height: 0;
        gap: 1px;
        background: var(--line);
      }
      .main > * {
        min-width: 0;
        min-height: 0;
      }
      trial-inspector,
      trial-editor {
        border-left: 1px solid var(--line);
      }
      .side {
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
        min-height: 0;
        min-width: 0;
      }
      .foot {
        display: grid;
        grid-template-columns: minmax(0, 5fr) minmax(0, 7fr);
        gap: 1px;
        background: var(--line);
      }
      .pair {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        gap: 1px;
        background: var(--line);
      }
      .foot > *,
      .pair > * {
        min-width: 0;
        min-height: 0;
      }
      .main.lanes {
        grid-template-rows: minmax(160px, 5fr) 56px minmax(166px, 3fr) minmax(112px, 3fr);
      }
      .main.logs {
        grid-template-rows: minmax(160px, 4fr) 56px minmax(240px, 5fr);
      }
      .main.groups {
        grid-template-rows: minmax(160px, 4fr) 56px minmax(220px, 5fr);
      }
      .main.sequence {
        grid-template-rows: minmax(200px, 1fr);
      }
      .main.table {
        grid-template-rows: minmax(160px, 2fr) minmax(240px, 4fr);
      }
      .main.compare {
        grid-template-rows: minmax(0, 1fr);
      }
      @media (max-width: 1000px) {
        :host {
          grid-template-rows: auto auto auto auto;
          align-content: start;
          overflow-y: auto;
        }
        .work {
          display: block;
        }
        .main.lanes {
          grid-template-rows: 300px 56px 200px auto;
        }
        .main.logs {
          grid-template-rows: 200px 56px 420px;
        }
        .main.groups {
          grid-template-rows: 200px 90px 420px;
        }
        .main.sequence {
          grid-template-rows: 560px;
        }
        .main.table {
          grid-template-rows: 160px 480px;
        }
        .main.compare {
          grid-template-rows: auto;
        }
        .foot {
          grid-template-columns: minmax(0, 1fr);
          grid-template-rows: 200px 320px;
        }
        .side {
          min-height: 420px;
          border-top: 1px solid var(--line);
        }
        trial-inspector,
        trial-editor {
          border-left: 0;
        }
      }
      @media (max-width: 640px) {
        :host {
          grid-template-rows: auto auto auto minmax(0, 1fr);
          overflow-y: hidden;
        }
        trial-verdicts {
          order: 0;
        }
        trial-minimap {
          order: 1;
          height: 44px;
        }
        .work {
          order: 2;
          overflow-y: auto;
        }
        trial-transport {
          order: 3;
          border-top: 1px solid var(--line);
        }
        :host {
          grid-template-rows: auto auto minmax(0, 1fr) auto;
          align-content: stretch;
        }
        .pair {
          grid-template-columns: minmax(0, 1fr);
          grid-template-rows: 200px 200px;
        }
        .main.lanes {
          grid-template-rows: 300px 56px 260px auto;
        }
        .main.logs {
          grid-template-rows: 200px 56px 480px;
        }
      }
    `,
  ];

  private hasEditor = false;
  /** The first picture is on screen: lists and inspector, which it does without, may come. */
  private hasPicture = false;

  private isAwaited = false;

  /** Made before the run's first rows are here, it is shown with them. */
  protected override updated(): void {
    if (this.isAwaited || this.app.state.screen !== 'run') return;
    this.isAwaited = true;
    // Canvases are painted in the next frame; the task behind it begins when that one was shown.
    requestAnimationFrame(() =>
      setTimeout(() => {
        this.hasPicture = true;
        this.requestUpdate();
      }),
    );
  }

  protected override shows(state: AppState, before: AppState): boolean {
    if (state.editor.open && !this.hasEditor) this.fetchEditor();
    return (
      differs(state, before, 'screen', 'view', 'compare') ||
      state.run?.id !== before.run?.id ||
      state.editor.open !== before.editor.open
    );
  }

  protected override render(): TemplateResult {
    const { app } = this;
    const { state } = app;
    return html`<trial-verdicts role="region" aria-label="Verdicts" .app=${app}></trial-verdicts>
      <trial-transport role="region" aria-label="Transport" .app=${app}></trial-transport>
      <trial-minimap role="region" aria-label="Whole run" .app=${app}></trial-minimap>
      <div
        class=${classMap({
          work: true,
          comparing: state.compare !== null,
          editing: state.editor.open,
        })}
      >
        ${
          state.compare === null
            ? this.main()
            : html`<main class="main compare"><trial-compare .app=${app}></trial-compare></main>`
        }
        <aside class="side" aria-label=${state.editor.open ? 'Scenario editor' : 'Inspector'}>
          ${
            state.editor.open && this.hasEditor
              ? html`<trial-editor .app=${app}></trial-editor>`
              : this.hasPicture
                ? html`<trial-inspector .app=${app}></trial-inspector>`
                : nothing
          }
        </aside>
      </div>
      <trial-share .app=${app}></trial-share>`;
  }

  private main(): TemplateResult {
    const { app } = this;
    const { view } = app.state;
    const { hasPicture } = this;
    const twin = hasPicture ? html`<trial-lane-twin .app=${app}></trial-lane-twin>` : nothing;
    switch (view) {
      case 'lanes':
        return html`<main class="main lanes">
          <trial-lanes .app=${app}></trial-lanes>
          <trial-cap-strip .app=${app}></trial-cap-strip>
          <trial-partition-log .app=${app}></trial-partition-log>
          <div class="foot">
            ${
              hasPicture
                ? html`<trial-lag .app=${app}></trial-lag>
                    <trial-events .app=${app}></trial-events>`
                : nothing
            }
          </div>
          ${twin}
        </main>`;
      case 'logs':
        return html`<main class="main logs">
          <trial-lanes .app=${app}></trial-lanes>
          <trial-cap-strip .app=${app}></trial-cap-strip>
          <trial-partition-log .app=${app}></trial-partition-log>
          ${twin}
        </main>`;
      case 'groups':
        return html`<main class="main groups">
          <trial-lanes .app=${app}></trial-lanes>
          <trial-cap-strip .app=${app}></trial-cap-strip>
          <div class="pair">
            <trial-lag .app=${app}></trial-lag>
            <trial-metrics .app=${app}></trial-metrics>
          </div>
          ${twin}
        </main>`;
      case 'sequence':
        return html`<main class="main sequence">
          <trial-sequence .app=${app}></trial-sequence>
          ${twin}
        </main>`;
      case 'table':
        return html`<main class="main table">
          <trial-lanes .app=${app}></trial-lanes>
          <trial-events .app=${app}></trial-events>
          ${twin}
        </main>`;
    }
  }

  private fetchEditor(): void {
    import('./editor.ts').then(
      () => {
        this.hasEditor = true;
        this.requestUpdate();
      },
      (error: unknown) => this.app.notify('error', 'The editor did not load', [String(error)]),
    );
  }
}

customElements.define('trial-run', RunScreen);
