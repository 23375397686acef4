/** `<trial-transport>`: play, step, leap, speed, and where in the run the page stands. */
import { css, html, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import { VIEW_WORDS } from '../app/commands/look.ts';
import { speedWords } from '../app/commands/play.ts';
import { runCommand } from '../app/commands.ts';
import { parsePlace } from '../app/place.ts';
import { type AppState, SPEEDS, VIEWS } from '../app/state.ts';
import { timeWords } from '../app/words.ts';
import { commandButton } from './command-button.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';

const SWIPE_PX = 40;

class Transport extends Panel {
  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px var(--space-3);
        min-height: 40px;
        contain: layout style;
        padding: 2px var(--space-3);
        background: var(--panel);
        border-bottom: 1px solid var(--line);
      }
      .group {
        display: flex;
        align-items: center;
        gap: 2px;
      }
      .play {
        width: 44px;
      }
      .place {
        display: flex;
        align-items: center;
        gap: 6px;
        color: var(--text-2);
        white-space: nowrap;
      }
      .place input {
        width: 92px;
        text-align: right;
        font-variant-numeric: tabular-nums;
        color: var(--text);
      }
      .time {
        min-width: 112px;
        color: var(--text);
      }
      input[type='range'] {
        flex: 1;
        min-width: 90px;
        padding: 0;
        height: 20px;
        accent-color: var(--accent);
      }
      .views {
        padding: 2px;
        border-radius: var(--radius);
        background: var(--panel-2);
      }
      .views button {
        height: 24px;
        font-size: var(--size-s);
        color: var(--text-2);
      }
      .views button[aria-pressed='true'] {
        background: var(--raised);
        color: var(--text);
        box-shadow: 0 0 0 1px var(--line);
      }
      @media (max-width: 640px) {
        .views,
        .no-phone {
          display: none;
        }
      }
    `,
  ];

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'run', 'position', 'playing', 'speed', 'view');
  }

  protected override render(): TemplateResult {
    const { app } = this;
    const { run, position, playing, speed } = app.state;
    const store = app.slot?.store;
    if (run === null || store === undefined) return html``;
    const timeUs = position === 0 ? 0 : store.timeUs(position);
    return html`
      <div class="group" role="group" aria-label="Transport">
        ${commandButton(app, 'previous-violation', { icon: 'violation', look: 'no-phone' })}
        ${commandButton(app, 'to-start', { icon: 'first' })}
        ${commandButton(app, 'step-back', { icon: 'back' })}
        ${commandButton(app, 'play', {
          icon: playing ? 'pause' : 'play',
          look: 'framed play',
          words: playing ? 'Pause' : 'Play',
        })}
        ${commandButton(app, 'step-forward', { icon: 'on' })}
        ${commandButton(app, 'to-end', { icon: 'last' })}
      </div>
      ${run.complete ? null : this.live(run.held)}
      <div class="group no-phone" role="group" aria-label="Leaps">
        ${commandButton(app, 'next-violation', { icon: 'violation', label: 'Violation' })}
        ${commandButton(app, 'next-fault', { icon: 'fault', label: 'Fault' })}
        ${commandButton(app, 'lane-next', { icon: 'lane', label: 'Lane' })}
      </div>
      <label class="place no-phone"
        >speed
        <select aria-label="Speed" @change=${this.speedChosen}>
          ${SPEEDS.map(
            (one) =>
              html`<option value=${one} ?selected=${one === speed}>${speedWords(one)}</option>`,
          )}
        </select>
      </label>
      <label class="place"
        >event
        <input
          class="num"
          aria-label="Event number or time, such as 2310 or 12.8s"
          .value=${count(position)}
          @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}
          @change=${this.placeGiven}
          spellcheck="false"
          autocomplete="off"
        /><span class="num">/ ${count(run.count)}${run.complete ? '' : ' …'}</span></label
      >
      <span class="place time num">t = ${timeWords(timeUs, run.originUs)}</span>
      <input
        type="range"
        class="no-phone"
        min="0"
        max=${run.count}
        .value=${String(position)}
        aria-label="Position in the run"
        aria-valuetext="event ${position} of ${run.count}"
        @input=${this.scrubbed}
      />
      <div class="group views" role="group" aria-label="View">
        ${VIEWS.map((one) =>
          commandButton(app, `view-${one}`, {
            label: VIEW_WORDS[one],
            pressed: app.state.view === one,
          }),
        )}
      </div>
    `;
  }

  /** While the run is being computed it can be held. */
  private live(isHeld: boolean): TemplateResult {
    const { app } = this;
    return html`<div class="group no-phone" role="group" aria-label="The run in its worker">
      ${commandButton(app, 'hold', {
        icon: isHeld ? 'play' : 'pause',
        label: isHeld ? 'Let it run' : 'Hold',
        look: 'framed',
        pressed: isHeld,
      })}
      ${isHeld ? commandButton(app, 'step-on', { icon: 'on', label: 'Compute a step' }) : null}
    </div>`;
  }

  /** On a touch screen a swipe is a step. */
  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('touchstart', this.touched, { passive: true });
    this.addEventListener('touchend', this.swiped, { passive: true });
  }

  private fromX = 0;

  private readonly touched = (event: TouchEvent): void => {
    this.fromX = event.changedTouches[0]?.clientX ?? 0;
  };

  private readonly swiped = (event: TouchEvent): void => {
    const moved = (event.changedTouches[0]?.clientX ?? 0) - this.fromX;
    if (Math.abs(moved) < SWIPE_PX) return;
    runCommand(this.app, moved < 0 ? 'step-forward' : 'step-back');
  };

  private speedChosen(event: Event): void {
    const speed = Number((event.target as HTMLSelectElement).value);
    this.app.update((draft) => {
      draft.speed = speed;
    });
  }

  private scrubbed(event: Event): void {
    this.app.update((draft) => {
      draft.playing = false;
    });
    this.app.goTo(Number((event.target as HTMLInputElement).value));
  }

  private placeGiven(event: Event): void {
    const field = event.target as HTMLInputElement;
    const { slot } = this.app;
    if (slot === null) return;
    const place = parsePlace(field.value, slot.store);
    if ('problem' in place) this.app.notify('error', place.problem);
    else this.app.goTo(place.event);
    field.value = count(this.app.state.position);
  }
}

customElements.define('trial-transport', Transport);
