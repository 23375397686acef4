/**
 * `<trial-verdicts>`: one chip per check, worst first. A chip leads to the first violating event
 * and to the answer why; its witnesses are links of their own.
 */
import { css, html, type TemplateResult } from 'lit';
import type { Verdict } from '../../sim/check/verdict.ts';
import { count } from '../../sim/run/words.ts';
import type { AppState } from '../app/state.ts';
import { sortedVerdicts, verdictWords } from '../app/words.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import { badgeStyles, verdictBadge } from './verdict-badge.ts';

class VerdictStrip extends Panel {
  static override styles = [
    controls,
    badgeStyles,
    css`
      :host {
        background: var(--panel-2);
        border-bottom: 1px solid var(--line);
      }
      .strip {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 36px;
        padding: 0 var(--space-3);
        overflow-x: auto;
        scrollbar-width: thin;
      }
      button.chip {
        flex: none;
        gap: 7px;
        height: 26px;
        padding: 0 8px 0 3px;
        border: 1px solid var(--line);
        background: var(--panel);
        font-size: var(--size-s);
      }
      button.chip:hover {
        background: var(--hover);
      }
      button.chip.holds {
        color: var(--text-2);
      }
      button.chip .where {
        color: var(--text-2);
      }
      .met {
        flex: none;
        padding-right: var(--space-2);
        border-right: 1px solid var(--line);
        color: var(--text-2);
        font-size: var(--size-s);
        white-space: nowrap;
      }
      .met b {
        color: var(--text);
        font-weight: var(--weight-strong);
      }
      .problems {
        padding: var(--space-1) var(--space-3) var(--space-2);
        color: var(--violated-ink);
        font-size: var(--size-s);
      }
    `,
  ];

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'run');
  }

  protected override render(): TemplateResult {
    const report = this.app.slot?.store.identity?.report ?? null;
    if (report === null) {
      const isComplete = this.app.slot?.store.complete === true;
      return html`<div class="strip" role="status">
        <span class="quiet"
          >${
            isComplete ? 'This trace came without its verdicts.' : 'Running; not judged yet.'
          }</span
        >
      </div>`;
    }
    const { expectations, problems } = report;
    const met = expectations.filter((one) => one.met).length;
    return html`<div class="strip" role="group" aria-label="Verdicts of the checks">
        ${
          expectations.length === 0
            ? null
            : html`<span class="met" title=${expectationWords(expectations)}
                >expected <b>${met} of ${expectations.length}</b></span
              >`
        }
        ${sortedVerdicts(report).map((one) => this.chip(one))}
      </div>
      ${problems.map((one) => html`<div class="problems">${one}</div>`)}`;
  }

  private chip(verdict: Verdict): TemplateResult {
    const { name, at, allowedBy, explanation } = verdict;
    return html`<button
      class="chip ${verdict.verdict}"
      data-check=${name}
      data-verdict=${verdict.verdict}
      title=${explanation}
      @click=${() => this.open(verdict)}
    >
      ${verdictBadge(verdict.verdict)}<span
        >${name}${allowedBy === null ? null : html` <span class="where">by ${allowedBy}</span>`}${
          at === null ? null : html` <span class="where num">@ev ${count(at)}</span>`
        }</span
      >
    </button>`;
  }

  private open(verdict: Verdict): void {
    const { app } = this;
    if (verdict.at === null || verdict.at < 1) {
      app.say(`${verdict.name} ${verdictWords(verdict)}: ${verdict.explanation}`);
      app.notify('info', `${verdict.name} ${verdictWords(verdict)}`, [verdict.explanation]);
      return;
    }
    app.update((draft) => {
      draft.playing = false;
      draft.tab = 'why';
    });
    app.goTo(verdict.at);
  }
}

function expectationWords(all: readonly { name: string; met: boolean; actual: unknown }[]): string {
  return all
    .map((one) => `${one.met ? '✓' : '✗'} ${one.name}: ${JSON.stringify(one.actual)}`)
    .join('\n');
}

customElements.define('trial-verdicts', VerdictStrip);
