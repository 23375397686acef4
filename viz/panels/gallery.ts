/**
 * `<trial-gallery>`: every story as a card, with what it claims and what must come out. One click
 * runs it here.
 */
import { css, html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { claimGroups } from '../app/claims.ts';
import { linesOf } from '../app/compare-runs.ts';
import { type Card, cards, type Expectation } from '../app/gallery-cards.ts';
import type { AppState } from '../app/state.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import { glyph } from './icons.ts';
import { badgeStyles, verdictBadge } from './verdict-badge.ts';

class Gallery extends Panel {
  static override styles = [
    controls,
    badgeStyles,
    css`
      :host {
        overflow-y: auto;
        background: var(--bg);
      }
      main {
        max-width: 1360px;
        margin: 0 auto;
        padding: var(--space-8) var(--space-6) var(--space-8);
      }
      h1 {
        margin: 0 0 var(--space-1);
        font-size: var(--size-xl);
        font-weight: var(--weight-strong);
      }
      .lead {
        max-width: 74ch;
        margin: 0 0 var(--space-4);
        color: var(--text-2);
        line-height: var(--leading-text);
      }
      .files {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: var(--space-2) var(--space-4);
        margin-bottom: var(--space-6);
      }
      .files h2 {
        margin: 0;
        font-size: inherit;
        font-weight: var(--weight-strong);
      }
      .files a {
        color: var(--accent);
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        margin-bottom: var(--space-6);
      }
      .ways input {
        width: min(320px, 100%);
      }
      .seed {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        color: var(--text-2);
      }
      .seed input {
        width: 96px;
      }
      .group {
        margin-bottom: var(--space-6);
      }
      .group h2 {
        margin-bottom: var(--space-2);
        font-size: var(--size-l);
        color: var(--text);
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(390px, 100%), 1fr));
        gap: var(--space-3);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
      }
      button.card {
        display: grid;
        grid-template-rows: auto 1fr auto;
        justify-items: start;
        align-items: start;
        gap: var(--space-2);
        width: 100%;
        height: auto;
        padding: var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--panel);
        text-align: left;
        white-space: normal;
      }
      button.card:hover {
        border-color: var(--accent);
        background: var(--panel);
      }
      button.card[aria-busy='true'] {
        border-color: var(--accent);
        background: var(--accent-soft);
      }
      .title {
        font-size: var(--size-l);
        font-weight: var(--weight-strong);
        overflow-wrap: anywhere;
      }
      .story {
        line-height: var(--leading-text);
        color: var(--text);
      }
      .claim {
        display: block;
        margin-top: 6px;
        color: var(--text-2);
        font-size: var(--size-s);
        line-height: var(--leading-text);
      }
      .claim b {
        font-weight: var(--weight-strong);
      }
      .outcome {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
        align-items: center;
        width: 100%;
        padding-top: var(--space-2);
        border-top: 1px solid var(--line);
        font-size: var(--size-s);
      }
      .outcome .one {
        display: inline-flex;
        align-items: center;
        gap: 5px;
      }
      .facts {
        width: 100%;
        color: var(--text-3);
        font-size: var(--size-s);
      }
      .none {
        color: var(--text-2);
      }
    `,
  ];

  private search = '';
  private seed = '1';

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'starting', 'screen', 'files');
  }

  protected override render(): TemplateResult {
    const wanted = this.search.trim().toLowerCase();
    const shown = cards.filter((card) => textOf(card).includes(wanted));
    return html`<main>
      <h1>Kafka’s promises on trial</h1>
      <p class="lead">
        Every card is a whole Kafka cluster, simulated in this browser: its clock, network and
        disks are ours to break. Pick a story, watch it run, stop it, step back and ask why.
      </p>
      <div class="ways">
        <input
          type="search"
          placeholder="Search stories"
          aria-label="Search stories"
          .value=${this.search}
          @input=${this.searched}
        />
        <label class="seed"
          >Seed
          <input
            .value=${this.seed}
            @change=${this.seeded}
            inputmode="numeric"
            title="a whole number"
            spellcheck="false"
            autocomplete="off"
          />
        </label>
        <button class="framed" @click=${() => this.app.request('open-file')}>
          ${glyph('file')}Open a trace or scenario …
        </button>
        <span class="faint">or drop the file anywhere on this page</span>
      </div>
      ${this.offered()}
      ${claimGroups.map((group) => this.group(group, shown))}
      <p class="none" ?hidden=${shown.length > 0}>No story speaks of “${this.search}”.</p>
    </main>`;
  }

  /** What the server of the page was given to show: `trial view FOLDER`. */
  private offered(): TemplateResult | null {
    const { files } = this.app.state;
    if (files.length === 0) return null;
    return html`<section class="files" aria-label="Files">
      <h2>Files</h2>
      ${files.map(({ name, href }) => html`<a href=${href}>${name}</a>`)}
    </section>`;
  }

  private group(title: string, shown: readonly Card[]): TemplateResult | null {
    const members = shown.filter((card) => card.group === title);
    if (members.length === 0) return null;
    return html`<section class="group">
      <h2>${title} <span class="faint">${members.length}</span></h2>
      <ul>
        ${repeat(
          members,
          (card) => card.scenario.name,
          (card) => html`<li>${this.card(card)}</li>`,
        )}
      </ul>
    </section>`;
  }

  private card(card: Card): TemplateResult {
    const { name } = card.scenario;
    const isBusy = this.app.state.starting === name;
    return html`<button
      class="card"
      data-scenario=${name}
      aria-busy=${isBusy}
      @click=${() => this.start(card)}
    >
      <span class="title">${card.title}</span>
      <span>
        <span class="story">${card.story}</span>
        <span class="claim" ?hidden=${card.claim === ''}
          >Claim: ${card.claim}.</span
        >
      </span>
      <span class="outcome">
        ${card.expectations.slice(0, 4).map(outcome)}
        <span class="facts">${isBusy ? 'starting …' : card.facts}</span>
      </span>
    </button>`;
  }

  private start(card: Card): void {
    const { app } = this;
    app.update((draft) => {
      draft.starting = card.scenario.name;
    });
    app.services.open({ scenario: card.scenario, seed: this.seed }).catch((error: unknown) => {
      app.update((draft) => {
        draft.starting = null;
      });
      app.notify('error', `${card.title}: the run did not start`, linesOf(error));
    });
  }

  private searched(event: Event): void {
    this.search = (event.target as HTMLInputElement).value;
    this.requestUpdate();
  }

  private seeded(event: Event): void {
    const field = event.target as HTMLInputElement;
    const wished = field.value.trim();
    if (/^\d{1,15}$/.test(wished)) this.seed = wished;
    field.value = this.seed;
  }
}

function outcome(one: Expectation): TemplateResult {
  return html`<span class="one"
    >${one.verdict === null ? null : verdictBadge(one.verdict)}
    <span class="quiet">${one.name}${one.verdict === null ? `: ${one.words}` : ''}</span></span
  >`;
}

function textOf(card: Card): string {
  const names = card.expectations.map((one) => one.name).join(' ');
  const { title, scenario, story, claim, facts } = card;
  return [title, scenario.name, story, claim, facts, names].join(' ').toLowerCase();
}

customElements.define('trial-gallery', Gallery);
