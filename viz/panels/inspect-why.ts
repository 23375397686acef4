/**
 * `<trial-inspect-why>`: why the selected event or verdict came about, in at most eight sentences
 * from templates, each with its events and Kafka's rule; and the safer setting to try instead.
 */
import { css, html, type TemplateResult } from 'lit';
import type { Verdict } from '../../sim/check/verdict.ts';
import { runBeside } from '../app/compare-runs.ts';
import type { AppState } from '../app/state.ts';
import { tryInstead } from '../app/try-changes.ts';
import { placeWords } from '../app/words.ts';
import { explain } from '../model/why.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import { eventLink } from './event-link.ts';
import { inspectStyles } from './inspect-styles.ts';
import { badgeStyles, verdictBadge } from './verdict-badge.ts';

class InspectWhy extends Panel {
  static override styles = [
    controls,
    inspectStyles,
    badgeStyles,
    css`
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
        counter-reset: step;
      }
      li.step {
        position: relative;
        padding: 0 0 var(--space-3) 26px;
        counter-increment: step;
      }
      li.step::before {
        content: counter(step);
        position: absolute;
        left: 0;
        top: 1px;
        width: 18px;
        height: 18px;
        border-radius: 50%;
        background: var(--accent-soft);
        color: var(--text);
        font-size: var(--size-xs);
        font-weight: var(--weight-strong);
        line-height: 18px;
        text-align: center;
      }
      li.step:not(:last-child)::after {
        content: '';
        position: absolute;
        left: 8.5px;
        top: 22px;
        bottom: 2px;
        width: 1px;
        background: var(--line-strong);
      }
      .cited {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-2);
        font-size: var(--size-s);
      }
      .verdict {
        margin-bottom: var(--space-3);
      }
      .verdict p {
        margin: 4px 0 0;
      }
      @media (max-width: 640px) {
        div.try {
          display: none;
        }
      }
      .try {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-top: var(--space-2);
      }
    `,
  ];

  protected override readonly paceMs = 250;

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'selection', 'run', 'position', 'playing');
  }

  protected override render(): TemplateResult {
    const { slot, state } = this.app;
    const event = state.selection.event;
    if (slot === null || event === null) {
      return html`<p class="nothing">Select an event, or a verdict that was not kept.</p>`;
    }
    const verdicts = slot.store.identity?.report?.verdicts ?? [];
    const here = verdicts.filter((one) => one.at === event && one.verdict !== 'holds');
    const sentences = explain(slot.store, slot.timeline, event, here[0] ?? null);
    return html`${here.map((one) => this.verdict(one))}
      <section>
        <h3>${here.length > 0 ? 'How it came about' : 'Why this event'}</h3>
        ${
          sentences.length === 0
            ? html`<p class="nothing">Nothing but the order of its own node led here.</p>`
            : html`<ol>
                ${sentences.map(
                  (one) => html`<li class="step">
                    <span>${one.text}</span>
                    <span class="cited"
                      >${one.events.map((cited) => eventLink(this.app, cited))}
                      ${
                        one.rule === null
                          ? null
                          : html`<a href=${one.rule.href} target="_blank" rel="noopener"
                              >${one.rule.name}</a
                            >`
                      }</span
                    >
                  </li>`,
                )}
              </ol>`
        }
      </section>`;
  }

  private verdict(verdict: Verdict): TemplateResult {
    const { slot } = this.app;
    const change = slot === null ? null : tryInstead(slot.spec.scenario, verdict.allowedBy);
    return html`<section class="verdict">
      ${verdictBadge(verdict.verdict)} <strong>${verdict.name}</strong>
      <span class="quiet">${placeWords(verdict)}</span>
      <p class="quiet">${verdict.explanation}</p>
      <p class="cited">${verdict.evidence.map((one) => eventLink(this.app, one))}</p>
      ${
        change === null || slot === null
          ? null
          : html`<div class="try">
              <button
                class="primary"
                data-try=${change.words}
                @click=${() =>
                  void runBeside(this.app, () =>
                    this.app.services.open({ scenario: change.scenario, seed: slot.spec.seed }),
                  )}
              >
                Try ${change.words} and compare
              </button>
            </div>`
      }
    </section>`;
  }
}

customElements.define('trial-inspect-why', InspectWhy);
