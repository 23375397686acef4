/**
 * `<trial-compare>`: two runs at the same scenario time, one above the other, with the first
 * difference named, what came out of each, and the events in which they differ.
 */
import { html, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import type { AlignedRows } from '../app/aligned-rows.ts';
import { closeCompare, compareWith, runBeside } from '../app/compare-runs.ts';
import { comparisonOf } from '../app/comparisons.ts';
import { openEditor } from '../app/edit.ts';
import { nextSeed } from '../app/next-seed.ts';
import { outcomes } from '../app/outcomes.ts';
import { changedFrom, changesBetween, changeWords, runName, runTitle } from '../app/run-names.ts';
import type { RunSlot } from '../app/services.ts';
import { ShadowStore } from '../app/shadow-store.ts';
import type { AppState } from '../app/state.ts';
import { spanWords } from '../app/words.ts';
import { type Alignment, firstDifference } from '../model/align.ts';
import { wordsOf } from '../model/legend.ts';
import { compareStyles } from './compare-styles.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import { glyph } from './icons.ts';
import './aligned-list.ts';
import './diff-strip.ts';

class Compare extends Panel {
  static override styles = [controls, compareStyles];

  private shadow: ShadowStore | null = null;
  private shadowOf = 0;
  private strip: { left: RunSlot; right: RunSlot; rows: AlignedRows['rows'] } | null = null;

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'compare', 'compared', 'run');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // The left run may still be coming in.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.dropShadow();
  }

  protected override willUpdate(): void {
    const { compare } = this.app.state;
    const left = compare?.left ?? 0;
    if (left !== this.shadowOf) {
      this.dropShadow();
      this.shadowOf = left;
      if (this.app.slots.has(left)) this.shadow = new ShadowStore(this.app, left);
    }
  }

  protected override render(): TemplateResult {
    const { app } = this;
    const left = app.slots.get(app.state.compare?.left ?? 0);
    const right = app.slot;
    if (right === null) return html``;
    if (left === undefined || this.shadow === null) return this.choice(right);
    const comparison = comparisonOf(app, left, right);
    return html`${this.head(left, right, comparison?.alignment ?? null)}
      <div class="runs">
        <div class="label left">${glyph('left')}<span class="name">${runName(app.slots, left)}</span>
          <span class="changed">${changeWords(changedFrom(this.changes(left, right)))}</span>
        </div>
        <trial-lanes .app=${this.shadow.store}></trial-lanes>
        <trial-cap-strip .app=${this.shadow.store}></trial-cap-strip>
        <trial-diff-strip
          .app=${app}
          .data=${this.stripOf(left, right, comparison?.aligned ?? null)}
        ></trial-diff-strip>
        <div class="label right">
          ${glyph('right')}<span class="name">${runName(app.slots, right)}</span>
          <span class="changed">${this.notNamed(left, right)}</span>
        </div>
        <trial-lanes .app=${app}></trial-lanes>
        <trial-cap-strip .app=${app}></trial-cap-strip>
      </div>
      <div class="below">
        ${this.outcome(left, right)}
        ${
          comparison === null
            ? this.waiting(left, right)
            : html`<trial-aligned-list
                .app=${app}
                .data=${{ left, right, aligned: comparison.aligned }}
              ></trial-aligned-list>`
        }
      </div>`;
  }

  private head(left: RunSlot, right: RunSlot, alignment: Alignment | null): TemplateResult {
    const changes = this.changes(left, right);
    return html`<header>
      <div class="first" role="status">${this.firstWords(left, right, alignment)}</div>
      <div class="changes">
        ${
          String(left.spec.seed) === String(right.spec.seed)
            ? null
            : html`<span class="change"
                >seed <s>${left.spec.seed}</s> <b>${right.spec.seed}</b></span
              >`
        }
        ${changes.slice(0, 6).map(
          (one) => html`<span class="change"
            >${one.path} ${one.left === undefined ? null : html`<s>${short(one.left)}</s>`}
            <b>${one.right === undefined ? 'taken away' : short(one.right)}</b></span
          >`,
        )}
        <span class="change" ?hidden=${changes.length <= 6}>and ${changes.length - 6} more</span>
      </div>
      <label class="with"
        ><span class="unseen">Compare with</span>
        <select @change=${this.chosen}>
          ${this.others(right).map(
            (one) =>
              html`<option value=${one.id} ?selected=${one === left}>${runName(this.app.slots, one)}</option>`,
          )}
        </select></label
      >
      <button class="framed" @click=${() => this.swap(left)}>Swap</button>
      <button class="icon" aria-label="End the comparison" @click=${() => closeCompare(this.app)}>
        ${glyph('cross')}
      </button>
    </header>`;
  }

  /** How the right run differs from the left one, unless its name says so. */
  private notNamed(left: RunSlot, right: RunSlot): string {
    const words = changeWords(this.changes(left, right));
    return runTitle(this.app.slots, right).changed === words ? '' : words;
  }

  private changes(left: RunSlot, right: RunSlot) {
    return changesBetween(left, right);
  }

  private firstWords(left: RunSlot, right: RunSlot, alignment: Alignment | null): TemplateResult {
    if (alignment === null) {
      const isWorking = left.store.complete && right.store.complete;
      const words = isWorking ? 'comparing the two runs …' : 'waiting for both runs …';
      return html`<span class="quiet">${words}</span>`;
    }
    const first = firstDifference(left.store, right.store, alignment);
    if (first === null) return html`<b>The two runs are the same, event by event.</b>`;
    const event = Math.max(first.left, first.right);
    return html`<b>First difference at event ${count(event)}</b>
      <button
        class="link"
        data-first
        @click=${() => this.app.goTo(Math.min(event, right.store.count))}
      >
        go there
      </button>
      <span class="what"
        ><span class="left-ink">${glyph('left')} ${said(left, first.left)}</span>
        <span class="right-ink">${glyph('right')} ${said(right, first.right)}</span
        >${delay(left, right, first)}</span
      >`;
  }

  private outcome(left: RunSlot, right: RunSlot): TemplateResult {
    const a = left.store.identity?.report ?? null;
    const b = right.store.identity?.report ?? null;
    if (a === null || b === null) {
      return html`<div class="outcome"><p class="quiet">No verdicts yet.</p></div>`;
    }
    return html`<div class="outcome" role="region" aria-label="What came out" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">What came out</th>
            <th scope="col" class="num left-ink">${glyph('left')} left</th>
            <th scope="col" class="num right-ink">${glyph('right')} right</th>
          </tr>
        </thead>
        <tbody>
          ${outcomes(a, b).map(
            (one) => html`<tr class=${one.differs ? 'differs' : ''}>
              <th scope="row">${one.name}</th>
              <td class="num">${one.left}</td>
              <td class="num">${one.right}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** There is nothing to compare with yet: what could be. */
  private choice(right: RunSlot): TemplateResult {
    const { app } = this;
    const { scenario, seed } = right.spec;
    const others = this.others(right);
    return html`<div class="choice">
      <h2>Compare ${runName(app.slots, right)} with</h2>
      ${others.map(
        (one) => html`<button class="framed" @click=${() => compareWith(app, one)}>
          ${runName(this.app.slots, one)}
        </button>`,
      )}
      <button
        class="framed"
        @click=${() =>
          void runBeside(app, () => app.services.open({ scenario, seed: nextSeed(seed) }))}
      >
        ${glyph('play')}the same scenario with the next seed, ${nextSeed(seed)}
      </button>
      <button
        class="framed"
        @click=${() => {
          closeCompare(app);
          openEditor(app);
        }}
      >
        ${glyph('branch')}an edited scenario …
      </button>
      <button @click=${() => closeCompare(app)}>Nothing</button>
    </div>`;
  }

  private others(right: RunSlot): RunSlot[] {
    return [...this.app.slots.values()].filter((one) => one.id !== right.id);
  }

  private chosen(event: Event): void {
    const left = this.app.slots.get(Number((event.target as HTMLSelectElement).value));
    if (left !== undefined) compareWith(this.app, left);
  }

  private swap(left: RunSlot): void {
    const { app } = this;
    const right = app.slot;
    if (right === null) return;
    app.show(left, 0);
    compareWith(app, right);
  }

  private waiting(left: RunSlot, right: RunSlot): TemplateResult {
    if (!left.store.complete || !right.store.complete) {
      return html`<p class="waiting">The events are compared when both runs are complete.</p>`;
    }
    const { compared } = this.app.state;
    return html`<p class="waiting">
      <label
        >Comparing the events, ${Math.floor(compared * 100)} %
        <progress max="1" .value=${compared}></progress
      ></label>
    </p>`;
  }

  private stripOf(left: RunSlot, right: RunSlot, aligned: AlignedRows | null) {
    if (aligned === null) return null;
    const { rows } = aligned;
    if (this.strip?.rows !== rows) this.strip = { left, right, rows };
    return this.strip;
  }

  private dropShadow(): void {
    this.shadow?.end();
    this.shadow = null;
    this.shadowOf = 0;
  }
}

function said({ store }: RunSlot, event: number): string {
  if (event === 0) return 'has ended';
  return wordsOf(store.at(event), store.nodeNames);
}

/** ` · 14 ms later` when the same thing happens at another time. */
function delay(
  left: RunSlot,
  right: RunSlot,
  first: { readonly left: number; readonly right: number },
): string {
  if (first.left === 0 || first.right === 0) return '';
  const [a, b] = [left.store.at(first.left), right.store.at(first.right)];
  if (a.kind !== b.kind || a.node !== b.node || a.timeUs === b.timeUs) return '';
  const us = b.timeUs - a.timeUs;
  return ` · ${spanWords(Math.abs(us))} ${us > 0 ? 'later' : 'earlier'}`;
}

const SHOWN = 60;

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`;
}

customElements.define('trial-compare', Compare);
